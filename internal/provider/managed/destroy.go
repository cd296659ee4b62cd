package managed

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/pigello/terraform-provider-pigello/internal/client"
	"github.com/pigello/terraform-provider-pigello/internal/client/model"
	"github.com/pigello/terraform-provider-pigello/internal/client/transport"
	"github.com/pigello/terraform-provider-pigello/internal/provider/tfdiag"
)

// The values of the attribute on_destroy.
const (
	DestroyDelete     = "delete"     // delete the object
	DestroyDeactivate = "deactivate" // set is_active to false, and remove the object from the state
	DestroyAbandon    = "abandon"    // only remove the object from the state
)

const onDestroy = "on_destroy"

// setDefaults sets the values of Terraform's own attributes that are missing after an import, or in the state of an older version.
func (s *Spec) setDefaults(state values) {
	if value, ok := state[onDestroy]; ok && value.IsNull() {
		state[onDestroy] = types.StringValue(DestroyDelete)
	}
	if s.WriteOnly != nil && state[s.WriteOnly.Declared].IsNull() {
		state[s.WriteOnly.Declared] = s.declaredNames(declaration{namesKnown: true})
	}
}

// isDeactivated reports whether an object is as on_destroy = "deactivate" leaves it, as far as the API shows it.
func (s *Spec) isDeactivated(object model.Object) bool {
	for name, sent := range s.Deactivated {
		field, _ := s.Entity.Field(name)
		if value, err := object.Value(field); err != nil || value != nil && !field.Kind.Equal(value, field.Sent(sent)) {
			return false
		}
	}
	return true
}

// Delete implements resource.Resource.
func (r *Resource) Delete(ctx context.Context, req resource.DeleteRequest, resp *resource.DeleteResponse) {
	state := get(ctx, req.State, &resp.Diagnostics)
	remembered := loadRecord(ctx, req.Private, &resp.Diagnostics)
	ctx, cancel := withTimeout(ctx, state, "delete", timeouts.Value.Delete, &resp.Diagnostics)
	defer cancel()
	if resp.Diagnostics.HasError() {
		return
	}
	id := idOf(state)
	mode, _ := state[onDestroy].(types.String)
	if mode.ValueString() == DestroyAbandon {
		// With the same summary, Terraform merges the warnings.
		resp.Diagnostics.AddWarning(fmt.Sprintf("Some %s were left as they are", r.spec.Entity.Plural), fmt.Sprintf(
			"on_destroy of the %s %s is %s: Terraform has forgotten it, and Pigello keeps it.", r.spec.Entity.Title, id, DestroyAbandon))
		return
	}
	if !r.configured("delete", &resp.Diagnostics) {
		return
	}
	r.data.PlanChecks.StartApply()
	if r.protectsClient(id, removalEnds(mode.ValueString()), &resp.Diagnostics) {
		return
	}
	objects := r.spec.Objects(r.data.Client)
	var operation tfdiag.Operation
	var object model.Object
	var err error
	switch mode.ValueString() {
	case DestroyDeactivate:
		operation = r.operation("deactivate", id)
		object, err = r.update(ctx, id, r.spec.Deactivated, state, nil, remembered)
	default:
		operation = r.operation("delete", id)
		err = objects.Delete(ctx, id)
	}
	switch {
	case errors.Is(err, client.ErrAdopted):
		resp.Diagnostics.AddError(operation.Summary(), fmt.Sprintf("It was not deleted, since %s. The state now has it twice. Remove it from the state "+
			"with terraform state rm, and import it again:\n\n%s", client.ErrAdopted, operation.ImportBlock(id)))
	case transport.IsNotFound(err):
		failure, _ := errors.AsType[*transport.Error](err)
		// After a lost response it may be gone because of the first attempt.
		if r.sameScope(id, remembered, operation, &resp.Diagnostics) && failure.Attempts == 1 {
			// One summary, as above: Terraform names each object that it destroys.
			resp.Diagnostics.AddWarning(fmt.Sprintf("Some %s were gone already", r.spec.Entity.Plural), fmt.Sprintf(
				"The API says that the %s %s does not exist: somebody has deleted it outside of Terraform. Terraform has forgotten it.",
				r.spec.Entity.Title, id))
		}
	case err != nil:
		tfdiag.Add(&resp.Diagnostics, operation, err)
	case mode.ValueString() == DestroyDeactivate && !r.spec.isDeactivated(object):
		resp.Diagnostics.AddError(operation.Summary(), fmt.Sprintf("The API accepts the change, but its response shows the %s %s as it was. The state is "+
			"unchanged. Check whether the credentials (service version) may deactivate it. Otherwise deactivate it in Pigello, and remove it from the state "+
			"with terraform state rm.", r.spec.Entity.Title, id))
	case mode.ValueString() == DestroyDeactivate:
		resp.Diagnostics.AddWarning(fmt.Sprintf("Some %s were deactivated", r.spec.Entity.Plural), fmt.Sprintf(
			"on_destroy of the %s %s is %s: Terraform has forgotten it, and Pigello keeps it, inactive.", r.spec.Entity.Title, id, DestroyDeactivate))
	}
}
