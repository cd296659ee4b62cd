package validate

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/pigello/terraform-provider-pigello/internal/ident"
)

// Form returns a validator of texts that must be well formed.
func Form(form ident.Form) validator.String { return text(form.Check) }

// OneOf returns a validator of texts that are one of two or more.
func OneOf(values ...string) validator.String {
	return text(func(s string) error {
		if !slices.Contains(values, s) {
			last := len(values) - 1
			return fmt.Errorf("must be %s or %s", strings.Join(values[:last], ", "), values[last])
		}
		return nil
	})
}

// Duration returns a validator of Go durations above zero.
func Duration() validator.String {
	return text(func(s string) error {
		if length, err := time.ParseDuration(s); err != nil || length <= 0 {
			return errors.New("must be a duration above zero, such as 90s or 5m")
		}
		return nil
	})
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

// text is a validator of texts: a check as for Text.
type text func(string) error

// Description implements validator.Describer. It is what the check says of a text without content.
func (v text) Description(context.Context) string {
	if err := v(""); err != nil {
		return err.Error()
	}
	return ""
}

// MarkdownDescription implements validator.Describer.
func (v text) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

// ValidateString implements validator.String.
func (v text) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	resp.Diagnostics.Append(Text(req.Path, req.ConfigValue.ValueString(), v)...)
}
