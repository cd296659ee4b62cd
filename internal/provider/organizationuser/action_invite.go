package organizationuser

import (
	"github.com/hashicorp/terraform-plugin-framework/action"

	"github.com/pigello/terraform-provider-pigello/internal/client"
	"github.com/pigello/terraform-provider-pigello/internal/client/model"
	"github.com/pigello/terraform-provider-pigello/internal/provider/invite"
)

// NewInviteAction returns the action pigello_organization_user_invite.
func NewInviteAction() action.Action {
	return invite.New("pigello_organization_user_invite", "a user of the organization", "user_id",
		model.OrganizationUser, (*client.Client).OrganizationUsers)
}
