// Package protectedidentity is the resource pigello_protected_identity.
package protectedidentity

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/pigello/terraform-provider-pigello/internal/client"
	"github.com/pigello/terraform-provider-pigello/internal/provider/managed"
)

var (
	_ resource.ResourceWithConfigure   = (*Resource)(nil)
	_ resource.ResourceWithIdentity    = (*Resource)(nil)
	_ resource.ResourceWithImportState = (*Resource)(nil)
	_ resource.ResourceWithModifyPlan  = (*Resource)(nil)
)

// Resource is pigello_protected_identity.
type Resource struct{ managed.Resource }

// NewResource returns the resource.
func NewResource() resource.Resource {
	return &Resource{managed.NewResource(layout(), (*client.Client).ProtectedIdentities, "tenant", "sub_tenant", "custom_id")}
}

// Metadata implements resource.Resource.
func (*Resource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = typeName
}

// Schema implements resource.Resource.
func (*Resource) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = resourceSchema(ctx)
}
