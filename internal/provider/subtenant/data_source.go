// Package subtenant is the data sources pigello_subtenant and pigello_subtenants, and the action that invites a subtenant.
package subtenant

import (
	"github.com/hashicorp/terraform-plugin-framework/datasource"

	"github.com/pigello/terraform-provider-pigello/internal/client"
	"github.com/pigello/terraform-provider-pigello/internal/provider/lookup"
)

// NewDataSource returns the data source pigello_subtenant.
func NewDataSource() datasource.DataSource {
	return lookup.NewDataSource("pigello_subtenant", dataSourceSchema, (*client.Client).Subtenants)
}
