package subtenant

import (
	"github.com/hashicorp/terraform-plugin-framework/datasource"

	"github.com/pigello/terraform-provider-pigello/internal/client"
	"github.com/pigello/terraform-provider-pigello/internal/client/model"
	"github.com/pigello/terraform-provider-pigello/internal/provider/selection"
)

// NewDataSourceList returns the data source pigello_subtenants.
func NewDataSourceList() datasource.DataSource {
	return selection.NewDataSource(selection.Source{
		Type: "pigello_subtenants", Result: "subtenants",
		Entity: model.Subtenant, Objects: (*client.Client).Subtenants,
		Description: "The subtenants that satisfy some filters, or all of them. Each has what `pigello_subtenant` shows, except `ssn`. " +
			"Finding none is no error.\n\n" +
			"The state stores the result, including personal data, unless `ids_only` is set. Some of it, such as `last_login`, changes by " +
			"itself, so a plan that uses it may change every time.",
		Descriptions: descriptions,
	})
}
