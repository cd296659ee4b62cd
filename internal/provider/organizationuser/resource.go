// Package organizationuser is the resource and the data source pigello_organization_user, and the action that invites a user.
package organizationuser

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/pigello/terraform-provider-pigello/internal/client"
	"github.com/pigello/terraform-provider-pigello/internal/provider/managed"
)

var (
	_ resource.ResourceWithConfigure   = (*Resource)(nil)
	_ resource.ResourceWithIdentity    = (*Resource)(nil)
	_ resource.ResourceWithImportState = (*Resource)(nil)
	_ resource.ResourceWithModifyPlan  = (*Resource)(nil)
)

// Resource is pigello_organization_user.
type Resource struct{ managed.Resource }

// NewResource returns the resource.
func NewResource() resource.Resource {
	return &Resource{managed.NewResource(layout(), (*client.Client).OrganizationUsers, "email", "custom_id", "username")}
}

// Metadata implements resource.Resource.
func (*Resource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = typeName
}

// Schema implements resource.Resource.
func (*Resource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = resourceSchema(ctx)
}

// ModifyPlan implements resource.ResourceWithModifyPlan.
func (r *Resource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	r.Resource.ModifyPlan(ctx, req, resp)
	if req.Plan.Raw.IsNull() {
		return
	}
	var before, after types.Bool
	anonymized := path.Root("anonymized")
	if !req.State.Raw.IsNull() {
		resp.Diagnostics.Append(req.State.GetAttribute(ctx, anonymized, &before)...)
	}
	resp.Diagnostics.Append(req.Plan.GetAttribute(ctx, anonymized, &after)...)
	if after.ValueBool() && !before.ValueBool() {
		resp.Diagnostics.AddAttributeWarning(anonymized, "Anonymization may not be reversible",
			"Pigello may remove the user's personal data for good when anonymized becomes true. Apply only if that is meant.")
	}
}
