package validate

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/pigello/terraform-provider-pigello/internal/ident"
)

// Distinct returns a validator of sets in which no two elements mean the same in a form.
func Distinct(form ident.Form) validator.Set { return distinctValidator{form} }

type distinctValidator struct{ form ident.Form }

func (distinctValidator) Description(context.Context) string             { return "must have distinct elements" }
func (v distinctValidator) MarkdownDescription(c context.Context) string { return v.Description(c) }

// ValidateSet implements validator.Set.
func (v distinctValidator) ValidateSet(_ context.Context, req validator.SetRequest, resp *validator.SetResponse) {
	var seen []string
	for _, element := range req.ConfigValue.Elements() {
		s, ok := element.(types.String)
		if !ok || s.IsUnknown() || s.IsNull() {
			continue
		}
		for _, other := range seen {
			if v.form.Equal(other, s.ValueString()) {
				resp.Diagnostics.Append(invalid(req.Path, "must not hold the same element in two spellings"))
				return
			}
		}
		seen = append(seen, s.ValueString())
	}
}
