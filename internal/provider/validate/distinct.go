package validate

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/pigello/terraform-provider-pigello/internal/ident"
)

// Distinct returns a validator of sets. No two elements may mean the same in the form.
func Distinct(form ident.Keyed) validator.Set { return distinctValidator{form} }

type distinctValidator struct{ form ident.Keyed }

func (distinctValidator) Description(context.Context) string             { return "must have distinct elements" }
func (v distinctValidator) MarkdownDescription(c context.Context) string { return v.Description(c) }

// ValidateSet implements validator.Set.
func (v distinctValidator) ValidateSet(_ context.Context, req validator.SetRequest, resp *validator.SetResponse) {
	seen := map[string]bool{}
	for _, element := range req.ConfigValue.Elements() {
		s, ok := element.(types.String)
		if !ok || s.IsUnknown() || s.IsNull() {
			continue
		}
		key := v.form.Key(s.ValueString())
		if seen[key] {
			resp.Diagnostics.Append(invalid(req.Path, "must not hold the same element in two spellings"))
			return
		}
		seen[key] = true
	}
}
