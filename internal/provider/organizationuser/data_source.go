package organizationuser

import (
	"github.com/hashicorp/terraform-plugin-framework/datasource"

	"github.com/pigello/terraform-provider-pigello/internal/client"
	"github.com/pigello/terraform-provider-pigello/internal/provider/lookup"
)

// NewDataSource returns the data source pigello_organization_user.
func NewDataSource() datasource.DataSource {
	return lookup.NewDataSource(typeName, dataSourceSchema, (*client.Client).OrganizationUsers)
}
