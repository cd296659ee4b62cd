package subtenant_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// TestWaitBeyondTheLimit shows that a look-up does not wait for a day because a server asks for it: it fails at once.
func TestWaitBeyondTheLimit(t *testing.T) {
	w := acctest.New(t)
	w.Config(lookup("s", "custom_id", `"subtenant-1"`))
	w.Sandbox.Inject(sandbox.Fault{Status: 429, Header: http.Header{"Retry-After": {"86400"}}})
	r := w.Run("plan", "-no-color")
	if r.ExitCode != 1 || !strings.Contains(r.Output, "24h0m0s") {
		t.Errorf("want an error that names the wait, got exit code %d\n%s", r.ExitCode, r.Output)
	}
	if n := len(w.Sandbox.Requests()); n != 1 {
		t.Errorf("%d requests", n)
	}
}
