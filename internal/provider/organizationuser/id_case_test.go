package organizationuser_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// TestIDsInAnyCase looks for users by ids in both cases, on servers that compare ids letter by letter and store them in the one or the
// other.
func TestIDsInAnyCase(t *testing.T) {
	lower, upper := uuid(0xabcdef), strings.ToUpper(uuid(0xabcdef))
	for name, c := range map[string]struct {
		stored    string
		sensitive bool
	}{"lower": {lower, true}, "upper": {upper, true}, "upper, without regard to case": {upper, false}} {
		t.Run(name, func(t *testing.T) {
			w := acctest.New(t, func(b *sandbox.Behaviour) { b.CaseSensitiveIDs = c.sensitive })
			w.Sandbox.Put(kind, map[string]any{
				"id": c.stored, "custom_id": "Ada", "first_name": "Ada", "detail_access": 0, "role": map[string]any{"id": lower},
			})
			w.Config(lookup("lower", "id", acctest.Literal(lower)) + lookup("upper", "id", acctest.Literal(upper)) + `
locals {
  upper = "` + upper + `"
}
data "pigello_organization_users" "found" {
  for_each = {
    id           = { id = local.upper }
    id__in       = { id__in = "` + uuid(1) + `,${local.upper}" }
    role         = { role = local.upper }
    role_id__in  = { role_id__in = local.upper }
    id_and_role  = { id = local.upper, role_id = local.upper }
  }
  filters  = each.value
  ids_only = true
}
output "found" { value = { for name, found in data.pigello_organization_users.found : name => found.ids } }
`)
			w.Apply()
			for _, name := range []string{"lower", "upper"} {
				acctest.Same(t, name, states(t, w)[name]["first_name"], "Ada")
			}
			if n := strings.Count(w.OK("output", "-json").Stdout, c.stored); n != 5 {
				t.Errorf("%d of 5 filters find the user:\n%s", n, w.OK("output").Output)
			}

			// Each is imported under the id that the server has, and found by it again.
			for i, given := range []string{"id = " + acctest.Literal(upper), "id = \"custom_id:Ada\"", "identity = { id = " + acctest.Literal(upper) + " }"} {
				if strings.HasPrefix(given, "identity") && !w.Has(acctest.Identities) {
					continue
				}
				name := fmt.Sprint("u", i)
				w.Write("main.tf", user(name, attributes{"custom_id": "Ada", "first_name": "Ada", "detail_access": 0})+
					"import {\n  to = "+address(name)+"\n  "+given+"\n}\n")
				r := w.Apply()
				acctest.Says(t, r.Output, "1 imported, 0 added, 0 changed, 0 destroyed.")
				spelled(t, w, name, attributes{"id": c.stored})
				w.PlanEmpty()
				w.OK("state", "rm", address(name))
			}
		})
	}
}

// TestImportOfNobodyInUpperCase: an id that is looked for says which, and was looked for in both cases.
func TestImportOfNobodyInUpperCase(t *testing.T) {
	api, configuration := serve(t)
	p := start(t, configuration)
	given := strings.ToUpper(uuid(0xabcdef))
	if said := importing(t, p, given); !strings.Contains(said, "No organization user has the id "+given) {
		t.Error(said)
	}
	var asked []string
	for _, r := range api.Requests() {
		asked = append(asked, strings.Trim(r.Path[strings.Index(r.Path, "organizationuser/")+len("organizationuser/"):], "/"))
	}
	acctest.Same(t, "requests", asked, []string{strings.ToLower(given), given})
}
