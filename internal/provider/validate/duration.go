package validate

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// Duration returns a validator of Go durations above zero.
func Duration() validator.String { return duration{} }

type duration struct{}

// Description implements validator.Describer.
func (duration) Description(context.Context) string { return "must be a duration above zero" }

// MarkdownDescription implements validator.Describer.
func (d duration) MarkdownDescription(ctx context.Context) string { return d.Description(ctx) }

// ValidateString implements validator.String.
func (d duration) ValidateString(ctx context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if req.ConfigValue.ValueString() == "" {
		resp.Diagnostics.Append(invalid(req.Path, empty))
		return
	}
	if length, err := time.ParseDuration(req.ConfigValue.ValueString()); err != nil || length <= 0 {
		resp.Diagnostics.Append(invalid(req.Path, d.Description(ctx)+", such as 90s or 5m"))
	}
}
