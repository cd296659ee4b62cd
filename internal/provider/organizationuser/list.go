package organizationuser

import (
	"cmp"
	"strings"
	"unicode"

	"github.com/hashicorp/terraform-plugin-framework/list"

	"github.com/pigello/terraform-provider-pigello/internal/client/model"
	"github.com/pigello/terraform-provider-pigello/internal/provider/managed"
)

// NewListResource returns the list resource pigello_organization_user.
func NewListResource() list.ListResource {
	return managed.NewListResource(spec(), displayName, "The users of the organization, for "+
		"`terraform query`, which needs "+
		"Terraform 1.14. A result has the user's id, to import it by. Its display name is the full name, else the e-mail address, else the "+
		"id. With `include_resource` it has everything that an import would store in the state: all attributes of the resource except `ssn`, "+
		"which enters the state only after it was declared.")
}

// displayName returns the full name of a user, else the e-mail address.
func displayName(user model.Object) string {
	return cmp.Or(line(user, "full_name"), line(user, "email"))
}

// line returns a field as one line: terraform query prints one line for each user, and does not escape it.
func line(user model.Object, name string) string {
	field, _ := model.OrganizationUser.Field(name)
	value, _ := user.Value(field)
	text, _ := value.(string)
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return ' '
		}
		return r
	}, text))
}
