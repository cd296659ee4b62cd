package validate

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// NoEffectWithout returns a validator that warns about a number that has no effect without another attribute. It is not an error, since a
// module may pass null for the other attribute and a constant for this one.
func NoEffectWithout(attribute string) validator.Number { return noEffectWithout{attribute} }

type noEffectWithout struct{ attribute string }

func (v noEffectWithout) Description(context.Context) string {
	return "has no effect without " + v.attribute
}
func (v noEffectWithout) MarkdownDescription(c context.Context) string { return v.Description(c) }

// ValidateNumber implements validator.Number.
func (v noEffectWithout) ValidateNumber(ctx context.Context, req validator.NumberRequest, resp *validator.NumberResponse) {
	if req.ConfigValue.IsNull() {
		return
	}
	var other attr.Value
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root(v.attribute), &other)...)
	if other != nil && other.IsNull() {
		resp.Diagnostics.AddAttributeWarning(req.Path, "Attribute without effect",
			fmt.Sprintf("%[1]s has no effect, because %[2]s is not set. Set %[2]s, or leave out %[1]s.", req.Path, v.attribute))
	}
}
