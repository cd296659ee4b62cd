package validate

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
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
	resp.Diagnostics.Append(Text(req.Path, req.ConfigValue.ValueString(), v.form.Check)...)
}

// Text returns an error if a text is empty, or if a check fails. The error of the check reads on from a name ("must be ...").
func Text(at path.Path, value string, check func(string) error) diag.Diagnostics {
	if value == "" {
		return diag.Diagnostics{invalid(at, empty)}
	}
	if err := check(value); err != nil {
		return diag.Diagnostics{invalid(at, err.Error())}
	}
	return nil
}
