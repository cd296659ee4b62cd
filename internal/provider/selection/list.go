package selection

import (
	"github.com/hashicorp/terraform-plugin-framework/list/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/pigello/terraform-provider-pigello/internal/client/model"
	"github.com/pigello/terraform-provider-pigello/internal/provider/validate"
)

// listDescription is the common description of all list resources.
const listDescription = "Terraform shows 100 results unless the block's own `limit` says otherwise, and does not report that there are more. " +
	"The objects are read page by page up to the limit, for at most 20 minutes. After an error there are no results. " +
	"With `include_resource`, an object that cannot be read is left out, and a warning names it."

// ListSchema returns the schema of a list resource.
func ListSchema(entity model.Entity, description string) schema.Schema {
	return schema.Schema{
		MarkdownDescription: description + "\n\n" + listDescription,
		Attributes: map[string]schema.Attribute{
			Filters: schema.MapAttribute{
				Optional: true, ElementType: types.StringType,
				MarkdownDescription: FiltersDescription(entity),
				Validators:          []validator.Map{FiltersValidator(entity)},
			},
			Search: schema.StringAttribute{
				Optional: true, MarkdownDescription: SearchDescription(entity),
				Validators: []validator.String{validate.Length(1, 255)},
			},
			OrderBy: schema.ListAttribute{
				Optional: true, ElementType: types.StringType,
				MarkdownDescription: OrderByDescription,
				Validators:          []validator.List{OrderByValidator(entity)},
			},
		},
	}
}
