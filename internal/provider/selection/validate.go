package selection

import (
	"context"
	"errors"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/pigello/terraform-provider-pigello/internal/client/model"
)

var (
	// A null filter would have no effect, so the result would have the objects that it should leave out.
	errNull  = errors.New("must not be null: leave it out if it is not wanted")
	errEmpty = errors.New("is empty; leave it out")
)

// FiltersValidator returns a validator of the attribute filters. An error has the path of its filter, and never repeats the operand.
func FiltersValidator(entity model.Entity) validator.Map { return filters{entity} }

type filters struct{ entity model.Entity }

func (filters) Description(context.Context) string             { return "must hold filters that Pigello has" }
func (f filters) MarkdownDescription(c context.Context) string { return f.Description(c) }

// ValidateMap implements validator.Map.
func (f filters) ValidateMap(_ context.Context, req validator.MapRequest, resp *validator.MapResponse) {
	elements := req.ConfigValue.Elements()
	for _, name := range slices.Sorted(maps.Keys(elements)) {
		err := f.entity.CheckFilterName(name)
		if operand, ok := elements[name].(types.String); err == nil && ok && !operand.IsUnknown() {
			if err = errNull; !operand.IsNull() {
				err = f.entity.CheckFilter(name, operand.ValueString())
			}
		}
		invalid(&resp.Diagnostics, req.Path.AtMapKey(name), err)
	}
}

// OrderByValidator returns a validator of the attribute order_by. An error has the path of its element.
func OrderByValidator(entity model.Entity) validator.List { return order{entity} }

type order struct{ entity model.Entity }

func (order) Description(context.Context) string             { return "must hold fields to order by" }
func (o order) MarkdownDescription(c context.Context) string { return o.Description(c) }

// ValidateList implements validator.List.
func (o order) ValidateList(_ context.Context, req validator.ListRequest, resp *validator.ListResponse) {
	for i, element := range req.ConfigValue.Elements() {
		field, ok := element.(types.String)
		if !ok || field.IsUnknown() {
			continue
		}
		err := errNull
		switch {
		case field.IsNull():
		case field.ValueString() == "":
			err = errEmpty
		default:
			err = o.entity.CheckOrder(field.ValueString())
		}
		invalid(&resp.Diagnostics, req.Path.AtListIndex(i), err)
	}
}

func invalid(diags *diag.Diagnostics, at path.Path, err error) {
	if err != nil {
		diags.AddAttributeError(at, "Invalid value", at.String()+" "+err.Error()+".")
	}
}
