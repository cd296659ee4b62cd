package acctest

import (
	"fmt"
	"maps"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/zclconf/go-cty/cty"
)

// Value builds a value of a type from Go: maps, slices, texts, numbers, booleans, nil and tftypes.UnknownValue. A tftypes.Value stays as it
// is. A nil map is null, and so is what is left out of an object.
func Value(of tftypes.Type, v any) tftypes.Value {
	switch given := v.(type) {
	case tftypes.Value:
		return given
	case Attributes:
		return Value(of, map[string]any(given))
	case map[string]any:
		if given == nil {
			return tftypes.NewValue(of, nil)
		}
		values := map[string]tftypes.Value{}
		if object, ok := of.(tftypes.Object); ok {
			for name := range given {
				if object.AttributeTypes[name] == nil {
					panic(fmt.Sprintf("there is no attribute %s", name))
				}
			}
			for name, attribute := range object.AttributeTypes {
				values[name] = Value(attribute, given[name])
			}
			return tftypes.NewValue(of, values)
		}
		for name, element := range given {
			values[name] = Value(elementOf(of), element)
		}
		return tftypes.NewValue(of, values)
	case []any:
		values := []tftypes.Value{}
		for _, element := range given {
			values = append(values, Value(elementOf(of), element))
		}
		return tftypes.NewValue(of, values)
	}
	return tftypes.NewValue(of, v)
}

func elementOf(of tftypes.Type) tftypes.Type {
	switch of := of.(type) {
	case tftypes.List:
		return of.ElementType
	case tftypes.Set:
		return of.ElementType
	case tftypes.Map:
		return of.ElementType
	}
	panic(fmt.Sprintf("%s has no elements", of))
}

// Dynamic is Value as Terraform sends it.
func Dynamic(of tftypes.Type, v any) *tfprotov6.DynamicValue {
	d, err := tfprotov6.NewDynamicValue(of, Value(of, v))
	if err != nil {
		panic(err)
	}
	return &d
}

// Decode returns what Dynamic has encoded. Nothing at all is null.
func Decode(of tftypes.Type, d *tfprotov6.DynamicValue) tftypes.Value {
	if d == nil {
		return tftypes.NewValue(of, nil)
	}
	v, err := d.Unmarshal(of)
	if err != nil {
		panic(err)
	}
	return v
}

// Fields returns a copy of the attributes of an object, nil for null.
func Fields(object tftypes.Value) map[string]tftypes.Value {
	if object.IsNull() {
		return nil
	}
	var fields map[string]tftypes.Value
	if err := object.As(&fields); err != nil {
		panic(err)
	}
	return maps.Clone(fields) // As returns the map in the value
}

// Text returns a text, "" for what is none.
func Text(v tftypes.Value) string {
	var s *string
	if v.As(&s) != nil || s == nil {
		return ""
	}
	return *s
}

// Stored returns a value as Terraform stores it, which composes letters and their accents.
func Stored(v tftypes.Value) tftypes.Value {
	v, err := tftypes.Transform(v, func(_ *tftypes.AttributePath, v tftypes.Value) (tftypes.Value, error) {
		if !v.Type().Is(tftypes.String) || v.IsNull() || !v.IsKnown() {
			return v, nil
		}
		return tftypes.NewValue(tftypes.String, cty.NormalizeString(Text(v))), nil
	})
	if err != nil {
		panic(err)
	}
	return v
}
