package discovery_test

import (
	"net/http"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/pigello/terraform-provider-pigello/internal/provider"
	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// start returns a configured provider, with a sandbox of its own.
func start(t *testing.T, behaviour ...func(*sandbox.Behaviour)) (*acctest.InProcess, *sandbox.Sandbox) {
	t.Helper()
	t.Parallel()
	api := sandbox.New(behaviour...)
	return startBehind(t, api, api), api
}

// startBehind returns a provider that is configured for a sandbox behind a handler.
func startBehind(t *testing.T, api *sandbox.Sandbox, handler http.Handler) *acctest.InProcess {
	t.Helper()
	config := acctest.Configuration(api, acctest.Listen(t, handler)).With(acctest.Attributes{"max_retries": 1})
	return unconfigured(t).Configure(config)
}

func unconfigured(t *testing.T) *acctest.InProcess {
	t.Helper()
	return acctest.Serve(t, provider.New("test")())
}

// adopt imports an object by its identity, and reads it.
func adopt(t *testing.T, p *acctest.InProcess, of, id string) acctest.Object {
	t.Helper()
	object, diags := p.Adopt(t.Context(), of, "", p.Identity(of, id))
	diags.None(t)
	return object
}

// same fails the test unless Terraform takes two states for the same.
func same(t *testing.T, what string, want, got tftypes.Value) {
	t.Helper()
	diffs, err := acctest.Stored(want).Diff(acctest.Stored(got))
	if err != nil || len(diffs) > 0 {
		t.Errorf("%s: %v (%v)", what, diffs, err)
	}
}
