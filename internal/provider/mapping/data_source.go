package mapping

import (
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/pigello/terraform-provider-pigello/internal/client/model"
)

// DataSourceAttribute returns the computed attribute of a data source for a field. Personal numbers are sensitive.
func DataSourceAttribute(kind model.Kind, description string) schema.Attribute {
	switch kind {
	case model.Bool:
		return schema.BoolAttribute{Computed: true, MarkdownDescription: description}
	case model.Integer:
		return schema.NumberAttribute{Computed: true, MarkdownDescription: description}
	case model.Relations:
		return schema.SetAttribute{Computed: true, ElementType: types.StringType, MarkdownDescription: description}
	case model.Picture:
		return schema.SingleNestedAttribute{
			Computed: true, MarkdownDescription: description,
			Attributes: map[string]schema.Attribute{
				"name":     schema.StringAttribute{Computed: true, MarkdownDescription: "The file's name."},
				"md5_hash": schema.StringAttribute{Computed: true, MarkdownDescription: "Base64 of the MD5 of the file's content."},
			},
		}
	default:
		return schema.StringAttribute{
			Computed: true, Sensitive: kind == model.PersonalNumber, MarkdownDescription: description,
		}
	}
}
