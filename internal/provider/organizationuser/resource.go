// Package organizationuser is the resource and the data source pigello_organization_user, and the action that invites a user.
package organizationuser

import (
	"context"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/pigello/terraform-provider-pigello/internal/client"
	"github.com/pigello/terraform-provider-pigello/internal/client/model"
	"github.com/pigello/terraform-provider-pigello/internal/provider/managed"
)

// NewResource returns the resource pigello_organization_user.
func NewResource() resource.Resource { return managed.NewResource(spec()) }

// spec is created once, since the framework creates a new resource for every call.
var spec = sync.OnceValue(func() *managed.Spec {
	return managed.Prepare(managed.Spec{
		TypeName:    typeName,
		Description: description,
		Entity:      model.OrganizationUser,
		Objects:     (*client.Client).OrganizationUsers,
		ImportKeys:  []string{"email", "custom_id", "username"},
		Attributes:  attributes(context.Background()),
		WriteOnly: &managed.WriteOnly{
			Attribute: "ssn_wo", Version: "ssn_wo_version", Declared: "ssn_wo_declared", WrittenAt: "ssn_written_at", Fields: []string{"ssn"},
		},
		Deactivated: model.Body{"is_active": false},
		Warnings:    warnings,
	})
})

// warnings warns about a change that may not be reversible.
func warnings(before, after map[string]attr.Value) (diags diag.Diagnostics) {
	const anonymized = "anonymized"
	was, _ := before[anonymized].(types.Bool)
	is, _ := after[anonymized].(types.Bool)
	if is.ValueBool() && !was.ValueBool() {
		diags.AddAttributeWarning(path.Root(anonymized), "Anonymization may not be reversible",
			"Pigello may remove the user's personal data for good when anonymized becomes true. Apply only if that is meant.")
	}
	return diags
}
