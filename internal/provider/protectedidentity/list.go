package protectedidentity

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/pigello/terraform-provider-pigello/internal/client"
	"github.com/pigello/terraform-provider-pigello/internal/provider/managed"
	"github.com/pigello/terraform-provider-pigello/internal/provider/selection"
)

var _ list.ListResourceWithConfigure = (*ListResource)(nil)

// ListResource is the list resource pigello_protected_identity. Nothing personal is in what it shows.
type ListResource struct{ managed.ListResource }

// NewListResource returns the list resource.
func NewListResource() list.ListResource {
	return &ListResource{managed.NewListResource(layout(), (*client.Client).ProtectedIdentities, noName)}
}

// noName keeps the name of somebody who lives under protected identity out of what a list shows.
func noName(client.Object) string { return "" }

// Metadata implements list.ListResource.
func (*ListResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = typeName
}

// ListResourceConfigSchema implements list.ListResource.
func (*ListResource) ListResourceConfigSchema(
	_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse,
) {
	resp.Schema = selection.ListSchema(client.ProtectedIdentity, "The protected identities, for `terraform query`, which needs Terraform "+
		"1.14. A result has the id of the protected identity, to import it by, and is called by it, too. With `include_resource` it holds "+
		"what an import would bring into the state: all attributes of the resource, but for the personal ones, which enter the state only "+
		"once they are declared. Nothing personal is in a result.")
}
