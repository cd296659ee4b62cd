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

// Key is a member by which an object can be looked up, what its value must be, and what is to be said of it as a key.
type Key struct {
	Member      string
	Validator   validator.String
	Description string
}

// Schema returns the schema of a data source that shows every member of an entity, and is asked for one object by exactly
// one of the keys. The descriptions are those of the attributes, by member.
func Schema(entity model.Entity, description string, descriptions map[string]string, keys ...Key) schema.Schema {
	result := schema.Schema{MarkdownDescription: description, Attributes: map[string]schema.Attribute{}}
	for _, member := range entity.Fields {
		result.Attributes[mapping.AttributeName(member)] = mapping.DataSourceAttribute(member.Kind, descriptions[member.Name])
	}
	var all []path.Expression
	var names []string
	for _, key := range keys {
		all = append(all, path.MatchRoot(key.Member))
		names = append(names, key.Member)
	}
	last := len(names) - 1
	rule := "exactly one of " + strings.Join(names[:last], ", ") + " and " + names[last] + " must be set"
	for i, key := range keys {
		member, _ := entity.Field(key.Member)
		validators := []validator.String{key.Validator}
		if i == 0 {
			validators = append(validators, validate.String(stringvalidator.ExactlyOneOf(all...), rule))
		}
		result.Attributes[key.Member] = schema.StringAttribute{
			Optional: true, Computed: true, Sensitive: member.Kind == model.PersonalNumber,
			MarkdownDescription: descriptions[key.Member] + " " + key.Description, Validators: validators,
		}
	}
	return result
}
