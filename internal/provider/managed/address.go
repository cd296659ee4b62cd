package managed

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// planAddress adds an error if a plan removes an object and keeps it at another address.
func (r *Resource) planAddress(ctx context.Context, req resource.ModifyPlanRequest, diags *diag.Diagnostics) {
	if r.data == nil || req.State.Raw.IsNull() {
		return
	}
	var id types.String
	diags.Append(req.State.GetAttribute(ctx, path.Root("id"), &id)...)
	if !diags.HasError() && !r.data.Addresses.Plan(id.ValueString(), req.Plan.Raw.IsNull()) {
		r.addSecondAddress("plan", id.ValueString(), diags)
	}
}

// addSecondAddress adds the error about an object with two addresses.
func (r *Resource) addSecondAddress(verb, id string, diags *diag.Diagnostics) {
	title, operation := r.spec.Entity.Title, r.operation(verb, id)
	diags.AddError(operation.Summary(), fmt.Sprintf("The %[1]s %[2]s has two addresses in this configuration or state: the one that this error is about, and "+
		"another one. As soon as one of them goes, Terraform would delete the %[1]s, although the other one declares it. The state is unchanged.\n\n"+
		"Keep one address. Remove the import block of the other one, and its resource. If the other one is in the state, remove it from there with "+
		"terraform state rm <address>, which deletes nothing in Pigello.\n\nIf there is only one address (a replacement has failed and left the "+
		"%[1]s in the state twice), remove that one from the state, and import it again:\n\n%[3]s", title, id, operation.ImportBlock(id)))
}
