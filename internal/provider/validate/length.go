package validate

import (
	"context"
	"fmt"
	"unicode/utf8"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// Length returns a validator of texts by their number of characters.
func Length(least, most int) validator.String { return lengthValidator{least, most} }

type lengthValidator struct{ least, most int }

func (v lengthValidator) Description(context.Context) string {
	return "must have " + characters(v.least, v.most)
}
func (v lengthValidator) MarkdownDescription(c context.Context) string { return v.Description(c) }

// ValidateString implements validator.String.
func (v lengthValidator) ValidateString(c context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	n := utf8.RuneCountInString(req.ConfigValue.ValueString())
	switch {
	case n == 0:
		resp.Diagnostics.Append(invalid(req.Path, empty))
	case n < v.least || n > v.most:
		resp.Diagnostics.Append(invalid(req.Path, v.Description(c)+" but has "+characters(n, n)))
	}
}

func characters(least, most int) string {
	switch {
	case least == most && least == 1:
		return "1 character"
	case least == most:
		return fmt.Sprintf("%d characters", least)
	}
	return fmt.Sprintf("%d to %d characters", least, most)
}
