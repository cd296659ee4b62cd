package validate

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/pigello/terraform-provider-pigello/internal/ident"
)

// Form returns a validator of texts that must be well formed.
func Form(form ident.Form) validator.String { return formValidator{form} }

type formValidator struct{ form ident.Form }

func (formValidator) Description(context.Context) string             { return "must be well formed" }
func (v formValidator) MarkdownDescription(c context.Context) string { return v.Description(c) }

// ValidateString implements validator.String.
func (v formValidator) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if req.ConfigValue.ValueString() == "" {
		resp.Diagnostics.Append(invalid(req.Path, empty))
		return
	}
	if err := v.form.Check(req.ConfigValue.ValueString()); err != nil {
		resp.Diagnostics.Append(invalid(req.Path, err.Error()))
	}
}
