package managed

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/pigello/terraform-provider-pigello/internal/client/model"
	"github.com/pigello/terraform-provider-pigello/internal/client/transport"
	"github.com/pigello/terraform-provider-pigello/internal/provider/tfdiag"
)

// The values of the attribute on_destroy.
const (
	DestroyDelete     = "delete"     // delete the object
	DestroyDeactivate = "deactivate" // set is_active to false, then forget the object
	DestroyAbandon    = "abandon"    // forget the object
)

const onDestroy = "on_destroy"

// keep fills what is Terraform's own and that an import, or a state of before, lacks.
func (l *Layout) keep(state values) {
	if value, ok := state[onDestroy]; ok && value.IsNull() {
		state[onDestroy] = types.StringValue(DestroyDelete)
	}
}

// Delete implements resource.Resource.
func (r *Resource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	state := get(ctx, req.State, &resp.Diagnostics)
	remembered := loadRecord(ctx, req.Private, &resp.Diagnostics)
	ctx, cancel := withTimeout(ctx, state, timeouts.Value.Delete, &resp.Diagnostics)
	defer cancel()
	if resp.Diagnostics.HasError() {
		return
	}
	id := idOf(state)
	mode, _ := state[onDestroy].(types.String)
	if mode.ValueString() == DestroyAbandon {
		resp.Diagnostics.AddWarning(fmt.Sprintf("The %s %s was left as it is", r.layout.entity.Title, id),
			"on_destroy is "+DestroyAbandon+": Terraform has forgotten it, and Pigello keeps it.")
		return
	}
	if !r.configured("delete", &resp.Diagnostics) {
		return
	}
	objects := r.objects(r.data.Client)
	var operation tfdiag.Operation
	var err error
	switch mode.ValueString() {
	case DestroyDeactivate:
		operation = r.operation("deactivate", id)
		body := model.Body{"is_active": false}
		r.layout.complete(body, state)
		_, err = objects.Update(ctx, id, body)
	default:
		operation = r.operation("delete", id)
		err = objects.Delete(ctx, id)
	}
	switch {
	case transport.IsNotFound(err):
		r.sameScope(id, remembered, operation, &resp.Diagnostics)
	case err != nil:
		tfdiag.Add(&resp.Diagnostics, operation, err)
	case mode.ValueString() == DestroyDeactivate:
		resp.Diagnostics.AddWarning(fmt.Sprintf("The %s %s was deactivated", r.layout.entity.Title, id),
			"on_destroy is "+DestroyDeactivate+": Terraform has forgotten it, and Pigello keeps it, inactive.")
	}
}
