package validate

import (
	"context"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// OneOf returns a validator of texts that are one of two or more.
func OneOf(values ...string) validator.String { return oneOf{values} }

type oneOf struct{ values []string }

// Description implements validator.Describer.
func (v oneOf) Description(context.Context) string {
	last := len(v.values) - 1
	return "must be " + strings.Join(v.values[:last], ", ") + " or " + v.values[last]
}

// MarkdownDescription implements validator.Describer.
func (v oneOf) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

// ValidateString implements validator.String.
func (v oneOf) ValidateString(ctx context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	value := req.ConfigValue.ValueString()
	switch {
	case req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() || slices.Contains(v.values, value):
	case value == "":
		resp.Diagnostics.Append(invalid(req.Path, empty))
	default:
		resp.Diagnostics.Append(invalid(req.Path, v.Description(ctx)))
	}
}
