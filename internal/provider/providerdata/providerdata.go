// Package providerdata passes data from the provider's Configure to its resources and data sources.
package providerdata

import (
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/pigello/terraform-provider-pigello/internal/client"
)

// Timeout is the default time limit of an operation, including all retries and waits.
const Timeout = 20 * time.Minute

// Data is shared by all resources and data sources of a configured provider.
type Data struct {
	Client *client.Client
	Recent *Recent
	// Addresses finds objects with two addresses.
	Addresses *Addresses
	// PlanChecks holds what is known so far about the plan.
	PlanChecks *PlanChecks
	// AcceptEmpty accepts an API that shows no object of a kind: all of them were deleted on purpose.
	AcceptEmpty bool
	// OnDuplicate says what a plan does if a new object has a key of an existing one.
	OnDuplicate OnDuplicate
	// MaxDestroys is how many people may lose access in one plan; nil is no limit.
	MaxDestroys *int64
}

// OnDuplicate is a value of the provider's on_duplicate.
type OnDuplicate string

// The values of on_duplicate.
const (
	Warn   OnDuplicate = "warn"
	Error  OnDuplicate = "error"
	Ignore OnDuplicate = "ignore"
)

// From returns the data of a Configure request. It is nil, without an error, before the provider is configured, and during
// a plan whose provider configuration is not known yet.
func From(data any, diags *diag.Diagnostics) *Data {
	if data == nil {
		return nil
	}
	d, ok := data.(*Data)
	if !ok {
		diags.AddError("Unexpected provider data",
			fmt.Sprintf("This is a bug of the provider: expected its own data and got %T. Please report it.", data))
	}
	return d
}
