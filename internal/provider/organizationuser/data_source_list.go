package organizationuser

import (
	"github.com/hashicorp/terraform-plugin-framework/datasource"

	"github.com/pigello/terraform-provider-pigello/internal/client"
	"github.com/pigello/terraform-provider-pigello/internal/client/model"
	"github.com/pigello/terraform-provider-pigello/internal/provider/selection"
)

// NewDataSourceList returns the data source pigello_organization_users.
func NewDataSourceList() datasource.DataSource {
	return selection.NewDataSource(selection.Source{
		Type: typeName + "s", Result: "users",
		Entity: model.OrganizationUser, Objects: (*client.Client).OrganizationUsers,
		Description: "The users of the organization that satisfy some filters, or all of them, with all that " +
			"`pigello_organization_user` shows. None is no error.\n\n" +
			"The result is stored in the state, personal data included. Some of it, such as `last_login`, changes by itself: what is made " +
			"of it may change at every plan.",
		Descriptions: descriptions,
	})
}
