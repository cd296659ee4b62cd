package discovery_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pigello/terraform-provider-pigello/internal/cli"
	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// TestTerraformVersions hands a state from an older command, which knows no identities, to a newer one and back.
func TestTerraformVersions(t *testing.T) {
	w := acctest.New(t)
	older, newer := w.Engine(), w.Next()
	if w.Has(acctest.Identities) {
		t.Skipf("%s knows identities", older)
	}
	declare := func(first string) {
		w.Config(fmt.Sprintf(`
resource "pigello_organization_user" "u" {
  detail_access                   = 0
  first_name                      = %q
  email                           = "ada@EXAMPLE.com"
  ssn                             = "19900101-2385"
  active_to                       = "2030-12-31T23:59:59+01:00"
  invoice_distribution_instruction = jsonencode([{ channel = "mail" }])
  on_destroy                      = "deactivate"
  timeouts                        = { read = "5m" }
}

resource "pigello_organization_user" "gone" {
  detail_access = 0
  first_name    = "Bo"
}

resource "pigello_protected_identity" "p" {
  tenant_id        = "00000001-2000-4000-8000-abcdefabcdef"
  personal_data_wo = { first_name = %q, ssn = "19900101-2385" }
}
`, first, first))
	}
	writes := func(want string) {
		t.Helper()
		var got []string
		for _, r := range acctest.Writes(w.Sandbox) {
			got = append(got, r.Method)
		}
		if slices.Sort(got); strings.Join(got, " ") != want {
			t.Errorf("%v was written, want %s", got, want)
		}
	}

	w.Use(older)
	declare("Ada")
	w.Apply()
	writes("POST POST POST")
	if ids := identities(t, w); ids != 0 {
		t.Fatalf("an older terraform has stored %d identities", ids)
	}

	w.Use(newer)
	w.PlanEmpty()
	w.Apply()
	writes("")
	if ids := identities(t, w); ids != 3 {
		t.Errorf("%s has stored %d identities of 3", newer, ids)
	}

	w.Use(older)
	w.PlanEmpty()
	declare("Augusta")
	w.Apply()
	writes("PATCH PATCH")

	w.Use(newer)
	w.PlanEmpty()
	declare("Åsa")
	w.Apply()
	writes("PATCH PATCH")

	gone := w.Attributes("pigello_organization_user.gone")["id"].(string)
	for i, engine := range []cli.Engine{older, newer, older} {
		w.Use(engine)
		w.PlanEmpty()
		w.Sandbox.Configure(func(b *sandbox.Behaviour) { b.ClockSkew += time.Hour }) // the absence of what is new would be waited out
		w.Sandbox.Remove(sandbox.OrganizationUser, gone)
		_, r := w.Plan()
		if !strings.Contains(r.Output, "1 to add, 0 to change, 0 to destroy.") || !strings.Contains(r.Output, "organization user "+gone) {
			t.Errorf("%d: the deletion is not seen:\n%s", i, r.Output)
		}
		w.Apply()
		writes("POST")
		gone = w.Attributes("pigello_organization_user.gone")["id"].(string)
	}
	w.Use(newer)
	w.OK("apply", "-destroy", "-auto-approve", "-no-color")
	writes("DELETE DELETE PATCH")
}

// identities counts the identities in the state.
func identities(t *testing.T, w *acctest.Workspace) int {
	t.Helper()
	n := 0
	for _, i := range w.Instances() {
		if i.Identity["id"] != nil {
			n++
		}
	}
	return n
}
