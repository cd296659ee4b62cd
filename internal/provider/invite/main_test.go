package invite_test

import (
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/provider"
	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

func TestMain(m *testing.M) { acctest.Main(m) }

const (
	userInvite      = "pigello_organization_user_invite"
	subtenantInvite = "pigello_subtenant_invite"

	id = "497F6ECA-6276-4993-BFEB-53CBBBBA6F08"
)

// keys are the actions with the attributes that say whom to invite.
var keys = map[string]string{userInvite: "user_id", subtenantInvite: "sub_tenant_id"}

// serve returns a provider that is not configured.
func serve(t *testing.T) *acctest.InProcess {
	t.Helper()
	return acctest.Serve(t, provider.New("test")())
}

// configured returns a provider that is configured for a sandbox.
func configured(t *testing.T, changes acctest.Attributes) (*acctest.InProcess, *sandbox.Sandbox) {
	t.Helper()
	t.Parallel()
	api := sandbox.New()
	config := acctest.Configuration(api, acctest.Listen(t, api)).With(acctest.Attributes{"request_timeout": "1s", "max_retries": 1})
	return serve(t).Configure(config.With(changes)), api
}
