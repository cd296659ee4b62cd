// Package providerdata hands what the provider's Configure made to its resources and data sources.
package providerdata

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/pigello/terraform-provider-pigello/internal/client"
)

// Client returns the client in the data of a Configure request. It is nil, without an error, before the provider is
// configured, and during a plan whose provider configuration is not known yet.
func Client(data any, diags *diag.Diagnostics) *client.Client {
	if data == nil {
		return nil
	}
	c, ok := data.(*client.Client)
	if !ok {
		diags.AddError("Unexpected provider data",
			fmt.Sprintf("This is a bug of the provider: expected a client and got %T. Please report it.", data))
	}
	return c
}
