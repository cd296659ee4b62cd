package reliability_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// importing is an import block for a user.
func importing(name, id string) string {
	return fmt.Sprintf("import {\n  to = pigello_organization_user.%s\n  id = %q\n}\n", name, id)
}

// TestTwoImportsOfOneUser is an error before anything is in the state. Removing one block would delete the person under the other.
func TestTwoImportsOfOneUser(t *testing.T) {
	for name, other := range map[string]func(string) string{
		"the same id":     func(id string) string { return id },
		"in another case": strings.ToUpper,
		"by a key":        func(string) string { return "custom_id:emp-42" },
	} {
		t.Run(name, func(t *testing.T) {
			w := acctest.New(t)
			id := w.Sandbox.Put(kind, map[string]any{"detail_access": 0, "first_name": "ada", "custom_id": "emp-42"})
			line := `custom_id = "emp-42"`
			w.Config(user("ada", line) + user("eve", line) + importing("ada", id) + importing("eve", other(id)))
			for _, command := range [][]string{{"plan", "-input=false"}, {"apply", "-auto-approve", "-input=false"}} {
				errs := w.Try(command...).Errors()
				errs.Only(t, id, "two addresses", "import block", "terraform state rm <address>")
			}
			w.Config(user("ada", line) + importing("ada", id))
			w.Apply()
			w.PlanEmpty()
			agree(t, w, 1)
		})
	}
}

// TestTwoAddressesInTheState comes from the command terraform import, which reads nothing else. Every plan tells, nothing deletes the
// person, and what the error says helps.
func TestTwoAddressesInTheState(t *testing.T) {
	w := acctest.New(t)
	w.Config(user("ada"))
	w.Apply()
	id := ids(t, w)[0]
	w.Config(user("ada") + user("eve"))
	w.OK("import", "-input=false", "pigello_organization_user.eve", id)
	for _, config := range []string{user("ada") + user("eve"), user("ada"), ""} {
		w.Config(config)
		for _, command := range [][]string{
			{"plan", "-input=false"}, {"plan", "-refresh-only", "-input=false"}, {"apply", "-refresh-only", "-auto-approve", "-input=false"},
			{"apply", "-auto-approve", "-input=false"}, {"destroy", "-auto-approve", "-input=false"},
		} {
			errs := w.Try(command...).Errors()
			errs.Only(t, id, "two addresses", "terraform state rm <address>")
		}
	}
	w.Config(user("ada"))
	errs := w.TryApply("-refresh=false").Errors() // which reads nothing
	errs.Only(t, id, "two addresses")
	if len(served(w, kind)) != 1 {
		t.Fatal("the person is gone")
	}
	w.OK("state", "rm", "pigello_organization_user.eve")
	w.Config(user("ada"))
	w.PlanEmpty()
	agree(t, w, 1)
}

// TestOneAddress runs whatever reads a user, moves it or replaces it: none of that is a second address.
func TestOneAddress(t *testing.T) {
	w := acctest.New(t)
	agree := func(n int) { // terraform_data has ids, too
		t.Helper()
		if now := len(served(w, kind)); now != n {
			t.Fatalf("%d users, want %d", now, n)
		}
	}
	replaceable := func(name, version string) string {
		return fmt.Sprintf("resource \"terraform_data\" %q { input = %q }\n", name, version) +
			user(name, "lifecycle {\n create_before_destroy = true\n replace_triggered_by = [terraform_data."+name+"]\n }")
	}
	w.Config(many(12) + replaceable("ada", "1"))
	w.Apply()
	w.Config(many(12) + replaceable("ada", "2"))
	w.Apply()
	w.OK("plan", "-input=false")
	w.OK("plan", "-destroy", "-input=false")
	w.OK("plan", "-refresh-only", "-input=false")
	w.OK("refresh", "-input=false")
	w.OK("apply", "-refresh-only", "-auto-approve", "-input=false")
	w.Apply("-replace=pigello_organization_user.u[0]", "-replace=pigello_organization_user.ada")
	agree(13)

	// A deposed object, which the destruction of the replaced one has left behind.
	w.Setenv("PIGELLO_MAX_RETRIES", "0")
	w.Sandbox.Inject(sandbox.Fault{Method: http.MethodDelete, Status: http.StatusForbidden})
	if r := w.Run("apply", "-auto-approve", "-input=false", "-replace=pigello_organization_user.ada"); r.ExitCode != 1 {
		t.Fatalf("%s", r.Output)
	}
	w.OK("plan", "-input=false")
	w.Apply()
	agree(13)

	// Imports: by the command, and by blocks with for_each; then all moves.
	first := w.Sandbox.Put(kind, map[string]any{"detail_access": 0, "first_name": "eve"})
	w.Config(many(12) + replaceable("ada", "2") + user("eve"))
	w.OK("import", "-input=false", "pigello_organization_user.eve", first)
	w.PlanEmpty()
	others := map[string]string{}
	for _, name := range []string{"fia", "gun", "ida"} {
		others[name] = w.Sandbox.Put(kind, map[string]any{"detail_access": 0, "first_name": name})
	}
	of, _ := json.Marshal(others)
	w.Config(many(12) + replaceable("ada", "2") + fmt.Sprintf(`locals { ids = %s }
resource "pigello_organization_user" "more" {
  for_each      = local.ids
  detail_access = 0
  first_name    = each.key
}
import {
  for_each = local.ids
  to       = pigello_organization_user.more[each.key]
  id       = each.value
}
moved {
  from = pigello_organization_user.eve
  to   = pigello_organization_user.moved
}
`, of) + strings.Replace(user("moved"), `first_name = "moved"`, `first_name = "eve"`, 1))
	w.Apply()
	w.PlanEmpty()
	agree(17)
	w.OK("destroy", "-auto-approve", "-input=false")
	agree(0)
}

// TestTerraformTest runs several commands of one test, which Terraform may serve by fewer processes.
func TestTerraformTest(t *testing.T) {
	w := acctest.New(t)
	w.Config(user("ada") + user("eve"))
	w.Write("main.tftest.hcl", `run "first" {}
run "again" {}
run "plan" { command = plan }
run "last" {
  assert {
    condition     = pigello_organization_user.ada.id != pigello_organization_user.eve.id
    error_message = "one id"
  }
}
`)
	r := w.OK("test", "-no-color")
	if !strings.Contains(r.Output, "4 passed, 0 failed") || len(served(w, kind)) != 0 {
		t.Errorf("%s", r.Output)
	}
}

// TestReplacementInDoubt replaces a user a moment after the creation, creating first. The creation is lost, and what it is taken for is the
// very user that is to be destroyed: nobody would be left. No plan and no apply after it deletes the person, and what the errors say helps.
func TestReplacementInDoubt(t *testing.T) {
	w := acctest.New(t)
	w.Setenv("PIGELLO_MAX_RETRIES", "0")
	w.Config(user("ada", "lifecycle { create_before_destroy = true }"))
	w.Apply()
	id := ids(t, w)[0]
	// As if it had been created within this second, however long the commands take.
	w.Sandbox.Configure(func(b *sandbox.Behaviour) {
		b.Refuse = func(method, _ string, _ map[string]any) (int, any) {
			if method != http.MethodPost {
				return 0, nil
			}
			w.Sandbox.Change(kind, id, map[string]any{"created_at": time.Now().UTC().Format(time.RFC3339Nano)})
			return http.StatusBadGateway, nil
		}
	})
	errs := w.TryApply("-replace=pigello_organization_user.ada", "-refresh=false").Errors()
	errs.Only(t, id, "nobody", "terraform state rm")
	for _, command := range [][]string{
		{"plan", "-input=false"}, {"apply", "-auto-approve", "-input=false"}, {"apply", "-auto-approve", "-input=false", "-refresh=false"},
		{"plan", "-destroy", "-input=false"}, {"apply", "-refresh-only", "-auto-approve", "-input=false"},
	} {
		errs := w.Try(command...).Errors()
		errs.Only(t, id, "two addresses", "import {")
		if !slices.Equal(served(w, kind), []string{id}) || acctest.Count(w.Sandbox, http.MethodDelete) > 0 {
			t.Fatalf("%v: the person is gone", command)
		}
	}
	w.OK("state", "rm", "pigello_organization_user.ada")
	adopt(t, w, errs[0], "ada", id)
	agree(t, w, 1)
}
