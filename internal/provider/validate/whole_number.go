package validate

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// WholeNumber returns a validator of whole numbers in a range.
func WholeNumber(least, most int64) validator.Number { return wholeNumber{least, most} }

type wholeNumber struct{ least, most int64 }

func (v wholeNumber) Description(context.Context) string {
	return fmt.Sprintf("must be a whole number from %d to %d", v.least, v.most)
}
func (v wholeNumber) MarkdownDescription(c context.Context) string { return v.Description(c) }

// ValidateNumber implements validator.Number.
func (v wholeNumber) ValidateNumber(c context.Context, req validator.NumberRequest, resp *validator.NumberResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	value := req.ConfigValue.ValueBigFloat()
	if n, _ := value.Int64(); !value.IsInt() || n < v.least || n > v.most {
		resp.Diagnostics.Append(invalid(req.Path, v.Description(c)))
	}
}
