package protectedidentity

import (
	"github.com/hashicorp/terraform-plugin-framework/list"

	"github.com/pigello/terraform-provider-pigello/internal/client/model"
	"github.com/pigello/terraform-provider-pigello/internal/provider/managed"
)

// NewListResource returns the list resource pigello_protected_identity. Its results have no personal data.
func NewListResource() list.ListResource {
	return managed.NewListResource(spec(), noName, "The protected identities, for "+
		"`terraform query`, which needs Terraform "+
		"1.14. A result has the id of the protected identity, to import it by, which is also its display name. With `include_resource` it has "+
		"everything that an import would store in the state: all attributes of the resource except the personal ones, which enter the state only "+
		"after they were declared. Nothing personal is in a result.")
}

// noName leaves the display name empty: a list must not show the name of a person with protected identity.
func noName(model.Object) string { return "" }
