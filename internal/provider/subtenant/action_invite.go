package subtenant

import (
	"github.com/hashicorp/terraform-plugin-framework/action"

	"github.com/pigello/terraform-provider-pigello/internal/client"
	"github.com/pigello/terraform-provider-pigello/internal/client/model"
	"github.com/pigello/terraform-provider-pigello/internal/provider/invite"
)

// NewInviteAction returns the action pigello_subtenant_invite.
func NewInviteAction() action.Action {
	return invite.New("pigello_subtenant_invite", "a subtenant", "sub_tenant_id",
		model.Subtenant, (*client.Client).Subtenants)
}
