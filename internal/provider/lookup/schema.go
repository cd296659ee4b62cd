package lookup

import (
	"strings"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/pigello/terraform-provider-pigello/internal/client/model"
	"github.com/pigello/terraform-provider-pigello/internal/provider/mapping"
	"github.com/pigello/terraform-provider-pigello/internal/provider/validate"
)

// Key is a field by which an object can be looked up.
type Key struct {
	Field       string
	Validator   validator.String
	Description string // is added to the description of the field
}

// Schema returns the schema of a data source with all fields of an entity, in which exactly one of the keys must be set. The descriptions are
// those of the attributes, by field.
func Schema(entity model.Entity, description string, descriptions map[string]string, keys ...Key) schema.Schema {
	result := schema.Schema{MarkdownDescription: description, Attributes: map[string]schema.Attribute{}}
	for _, field := range entity.Fields {
		result.Attributes[mapping.AttributeName(field)] = mapping.DataSourceAttribute(field.Kind, descriptions[field.Name])
	}
	var all []path.Expression
	var names []string
	for _, key := range keys {
		all = append(all, path.MatchRoot(key.Field))
		names = append(names, key.Field)
	}
	last := len(names) - 1
	rule := "exactly one of " + strings.Join(names[:last], ", ") + " and " + names[last] + " must be set"
	for i, key := range keys {
		field, _ := entity.Field(key.Field)
		validators := []validator.String{key.Validator}
		if i == 0 {
			validators = append(validators, validate.String(stringvalidator.ExactlyOneOf(all...), rule))
		}
		result.Attributes[key.Field] = schema.StringAttribute{
			Optional: true, Computed: true, Sensitive: field.Kind == model.PersonalNumber,
			MarkdownDescription: descriptions[key.Field] + " " + key.Description, Validators: validators,
		}
	}
	return result
}
