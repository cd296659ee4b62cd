package subtenant

import (
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/pigello/terraform-provider-pigello/internal/client"
	"github.com/pigello/terraform-provider-pigello/internal/provider/mapping"
)

// fromAPI returns the attributes of a subtenant as the API answers it.
func fromAPI(object client.Object, diags *diag.Diagnostics) map[string]attr.Value {
	result := map[string]attr.Value{}
	for _, member := range client.Subtenant.Members {
		name := mapping.AttributeName(member)
		value, err := object.Value(member)
		if err != nil {
			diags.AddAttributeError(path.Root(name), "Unreadable answer", fmt.Sprintf("Could not read the subtenant: %s.", err))
		}
		result[name] = mapping.FromGo(member.Kind, value)
	}
	return result
}
