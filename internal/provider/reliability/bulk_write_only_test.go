package reliability_test

import (
	"strings"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// TestWriteOnlyDataIsComparedInBulk plans 100 identities with and without a refresh: the comparison of what is not stored takes a few
// requests, and sees what was changed.
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
	modes := []string{"-refresh=true", "-refresh=false"}
	if w.Has(acctest.MinimalRefresh) {
		modes = append(modes, "-minimal-refresh")
	}
	plan := func(mode string, exitCode, most int) string {
		t.Helper()
		var r acctest.Result
		takes(t, w, most, func() {
			r = w.Run("plan", mode, "-detailed-exitcode", "-no-color", "-input=false")
			if r.ExitCode != exitCode {
				t.Fatalf("%s: exit code %d, want %d\n%s", mode, r.ExitCode, exitCode, r.Output)
			}
		})
		return r.Output
	}
	for _, mode := range modes {
		plan(mode, 0, 4)
	}
	changed := w.Attributes("pigello_protected_identity.p[42]")["id"].(string)
	w.Sandbox.Change(sandbox.ProtectedIdentity, changed, map[string]any{"last_name": "Married"})
	for _, mode := range modes {
		most := 4
		if mode == "-minimal-refresh" {
			most++ // what differs in the first plan is read once more
		}
		output := plan(mode, 2, most)
		if !strings.Contains(output, changed+" will be written") || strings.Count(output, "will be updated in-place") != 1 {
			t.Errorf("%s does not see the change of one identity:\n%s", mode, output)
		}
	}
}
