package reliability_test

import (
	"strings"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// TestWriteOnlyDataIsComparedInBulk plans 100 identities without a refresh: the comparison of what is not stored needs a few requests,
// and still sees what was changed.
func TestWriteOnlyDataIsComparedInBulk(t *testing.T) {
	w := acctest.New(t)
	w.Config(`resource "pigello_protected_identity" "p" {
  count            = 100
  tenant_id        = format("7e000000-0000-4000-8000-%012d", count.index)
  custom_id        = "p-${count.index}"
  personal_data_wo = { first_name = "Ada", last_name = "No ${count.index}" }
}
`)
	w.Apply()
	for _, args := range [][]string{{"-refresh=false"}, {"-refresh=true"}} {
		args = append([]string{"plan", "-detailed-exitcode", "-no-color", "-input=false"}, args...)
		w.Sandbox.ResetRequests()
		if r := w.Run(args...); r.ExitCode != 0 {
			t.Fatalf("%v: exit code %d\n%s", args, r.ExitCode, r.Output)
		}
		if n := gets(t, w); n > 4 {
			t.Errorf("%v takes %d requests for 100 identities", args, n)
		}
	}

	changed := w.Attributes("pigello_protected_identity.p[42]")["id"].(string)
	w.Sandbox.Change(sandbox.ProtectedIdentity, changed, map[string]any{"last_name": "Married"})
	w.Sandbox.ResetRequests()
	r := w.Run("plan", "-refresh=false", "-detailed-exitcode", "-no-color", "-input=false")
	if r.ExitCode != 2 || !strings.Contains(r.Output, changed+" will be written") || strings.Count(r.Output, "will be updated in-place") != 1 {
		t.Errorf("after a change of one identity, a plan without a refresh has exit code %d\n%s", r.ExitCode, r.Output)
	}
	if n := gets(t, w); n > 4 {
		t.Errorf("a plan that sees a change takes %d requests for 100 identities", n)
	}
}
