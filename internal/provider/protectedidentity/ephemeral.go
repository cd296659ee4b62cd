package protectedidentity

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/pigello/terraform-provider-pigello/internal/client"
	"github.com/pigello/terraform-provider-pigello/internal/client/model"
	"github.com/pigello/terraform-provider-pigello/internal/ident"
	"github.com/pigello/terraform-provider-pigello/internal/provider/lookup"
	"github.com/pigello/terraform-provider-pigello/internal/provider/mapping"
	"github.com/pigello/terraform-provider-pigello/internal/provider/providerdata"
	"github.com/pigello/terraform-provider-pigello/internal/provider/validate"
)

var _ ephemeral.EphemeralResourceWithConfigure = (*EphemeralResource)(nil)

// EphemeralResource is the ephemeral resource pigello_protected_identity. There is no data source, since its result would be in the state.
type EphemeralResource struct{ data *providerdata.Data }

// NewEphemeralResource returns the ephemeral resource.
func NewEphemeralResource() ephemeral.EphemeralResource { return &EphemeralResource{} }

// Metadata implements ephemeral.EphemeralResource.
func (*EphemeralResource) Metadata(_ context.Context, _ ephemeral.MetadataRequest, resp *ephemeral.MetadataResponse) {
	resp.TypeName = typeName
}

// Schema implements ephemeral.EphemeralResource.
func (*EphemeralResource) Schema(_ context.Context, _ ephemeral.SchemaRequest, resp *ephemeral.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: "A protected identity, read for one Terraform command. Nothing of it is stored. It is looked " +
			"up by exactly one of `id`, `tenant_id` and `sub_tenant_id`. It is an error if no protected identity or several have that value.",
		Attributes: map[string]schema.Attribute{},
	}
	for _, field := range model.ProtectedIdentity.Fields {
		resp.Schema.Attributes[mapping.AttributeName(field)] = schema.StringAttribute{
			Computed: true, Sensitive: field.Personal, MarkdownDescription: descriptions[field.Name],
		}
	}
	key := func(name string, validators ...validator.String) {
		field, _ := model.ProtectedIdentity.Field(name)
		resp.Schema.Attributes[mapping.AttributeName(field)] = schema.StringAttribute{
			Optional: true, Computed: true, MarkdownDescription: descriptions[name],
			Validators: append([]validator.String{validate.Form(ident.UUID{})}, validators...),
		}
	}
	key("id", validate.String(stringvalidator.ExactlyOneOf(path.MatchRoot("id"), path.MatchRoot("tenant_id"), path.MatchRoot("sub_tenant_id")),
		"exactly one of id, tenant_id and sub_tenant_id must be set"))
	key("tenant")
	key("sub_tenant")
}

// descriptions are the descriptions of the ephemeral resource's attributes by field.
var descriptions = map[string]string{
	"id":                         "The protected identity's id, a UUID. A key to look it up by.",
	"tenant":                     "The id of the tenant whose identity is protected, a UUID. A key to look it up by.",
	"sub_tenant":                 "The id of the subtenant whose identity is protected, a UUID. A key to look it up by.",
	"created_at":                 "When the protected identity was created, in RFC 3339.",
	"custom_id":                  "The organization's own identifier of the protected identity.",
	"organization":               "The id of the organization that the protected identity belongs to, a UUID.",
	"previous_address":           "The id of the address before the present one, a UUID.",
	"current_registered_address": "The id of the address in the population register, a UUID.",
	"future_address":             "The id of the address that the person will move to, a UUID.",
	"first_name":                 "The first name.",
	"last_name":                  "The last name.",
	"email":                      "The e-mail address.",
	"phone_number":               "The phone number.",
	"birth_date":                 "The date of birth, `YYYY-MM-DD`.",
	"ssn":                        "The Swedish personal or coordination number.",
}

// Configure implements ephemeral.EphemeralResourceWithConfigure.
func (e *EphemeralResource) Configure(_ context.Context, req ephemeral.ConfigureRequest, resp *ephemeral.ConfigureResponse) {
	e.data = providerdata.From(req.ProviderData, &resp.Diagnostics)
}

// Open implements ephemeral.EphemeralResource.
func (e *EphemeralResource) Open(ctx context.Context, req ephemeral.OpenRequest, resp *ephemeral.OpenResponse) {
	var config types.Object
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	result := lookup.Attributes(ctx, e.data, (*client.Client).ProtectedIdentities, config, &resp.Diagnostics)
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(resp.Result.Set(ctx, result)...)
	}
}
