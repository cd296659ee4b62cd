// Package providerdata hands what the provider's Configure made to its resources and data sources.
package providerdata

import (
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/pigello/terraform-provider-pigello/internal/client"
)

// Timeout bounds one operation on the API, its repetitions and waits included, where the user does not say otherwise.
const Timeout = 20 * time.Minute

// Data is what a configured provider shares among all that it offers.
type Data struct {
	Client *client.Client
	Recent *Recent
	// Addresses are those of the objects that this process has read.
	Addresses *Addresses
	// Foresight is what the plan has shown so far of people.
	Foresight *Foresight
	// AcceptEmpty believes an API that shows no object of a kind at all.
	AcceptEmpty bool
	// OnDuplicate is what a plan says of a creation that somebody who exists already matches.
	OnDuplicate OnDuplicate
	// MaxDestroys is how many people one plan may remove or lock out; nil is without limit.
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
