// Package mapping maps the fields of the API to attributes of Terraform: names, types and values.
package mapping

import (
	"math/big"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/pigello/terraform-provider-pigello/internal/client/model"
)

// AttributeName returns the name of the attribute for a field. Relations are flat: the field organization is the attribute organization_id,
// external_clients is external_client_ids.
func AttributeName(f model.Field) string {
	switch f.Kind {
	case model.Relation:
		return f.Name + "_id"
	case model.Relations:
		return strings.TrimSuffix(f.Name, "s") + "_ids"
	default:
		return f.Name
	}
}

// pictureTypes are the types of the attributes of a file.
var pictureTypes = map[string]attr.Type{"name": types.StringType, "md5_hash": types.StringType}

// FromGo converts a field's value (see model.Kind) to an attribute's value.
func FromGo(kind model.Kind, value any) attr.Value {
	switch kind {
	case model.Bool:
		if v, ok := value.(bool); ok {
			return types.BoolValue(v)
		}
		return types.BoolNull()
	case model.Integer:
		if v, ok := value.(int64); ok {
			return types.NumberValue(new(big.Float).SetInt64(v))
		}
		return types.NumberNull()
	case model.Relations:
		ids, _ := value.([]string)
		elements := make([]attr.Value, len(ids))
		for i, id := range ids {
			elements[i] = types.StringValue(id)
		}
		return types.SetValueMust(types.StringType, elements)
	case model.Picture:
		file, ok := value.(model.File)
		if !ok {
			return types.ObjectNull(pictureTypes)
		}
		return types.ObjectValueMust(pictureTypes, map[string]attr.Value{
			"name": text(file.Name), "md5_hash": text(file.MD5Hash),
		})
	default:
		s, _ := value.(string)
		return text(s)
	}
}

func text(s string) attr.Value {
	if s == "" {
		return types.StringNull()
	}
	return types.StringValue(s)
}

// Unknown returns an unknown value of the attribute's type.
func Unknown(kind model.Kind) attr.Value {
	switch kind {
	case model.Bool:
		return types.BoolUnknown()
	case model.Integer:
		return types.NumberUnknown()
	case model.Relations:
		return types.SetUnknown(types.StringType)
	case model.Picture:
		return types.ObjectUnknown(pictureTypes)
	default:
		return types.StringUnknown()
	}
}

// ToGo converts an attribute's value, which must be known, to a field's value (see model.Kind).
func ToGo(value attr.Value) any {
	if value.IsNull() {
		return nil
	}
	switch v := value.(type) {
	case types.String:
		return v.ValueString()
	case types.Bool:
		return v.ValueBool()
	case types.Number:
		n, _ := v.ValueBigFloat().Int64()
		return n
	case types.Set:
		ids := []string{}
		for _, element := range v.Elements() {
			if id, ok := element.(types.String); ok {
				ids = append(ids, id.ValueString())
			}
		}
		return ids
	case types.Object:
		name, _ := v.Attributes()["name"].(types.String)
		sum, _ := v.Attributes()["md5_hash"].(types.String)
		return model.File{Name: name.ValueString(), MD5Hash: sum.ValueString()}
	}
	return nil
}

// IsKnown reports whether a value, and each of its elements, is known.
func IsKnown(value attr.Value) bool {
	if set, ok := value.(types.Set); ok {
		for _, element := range set.Elements() {
			if element.IsUnknown() {
				return false
			}
		}
	}
	return !value.IsUnknown()
}
