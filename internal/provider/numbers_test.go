package provider_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// TestIncompleteCoordinationNumbers takes coordination numbers without a month or a day through all that takes a personal number.
func TestIncompleteCoordinationNumbers(t *testing.T) {
	for i, ssn := range []string{"191500722390", "19150088-2392", "19900160-2383", "199000602384"} {
		t.Run(ssn, func(t *testing.T) {
			w := acctest.New(t, func(b *sandbox.Behaviour) { b.Separators = []string{"strip", "insert"}[i%2] })
			w.Sandbox.Put(sandbox.Subtenant, map[string]any{"custom_id": "s", "ssn": ssn})
			w.Sandbox.Put(sandbox.Subtenant, map[string]any{"custom_id": "t", "ssn": "199001012385"})
			const tenant = "7e000000-0000-4000-8000-00000000000"
			w.Config(fmt.Sprintf(`
locals { ssn = sensitive(%q) }
%s%s
resource "pigello_protected_identity" "plain" {
  tenant_id = "%s1"
  ssn       = local.ssn
}
resource "pigello_protected_identity" "write_only" {
  tenant_id        = "%[4]s2"
  personal_data_wo = { ssn = local.ssn }
}
data "pigello_subtenant" "by_key" { ssn = local.ssn }
data "pigello_subtenants" "filtered" { filters = { ssn = local.ssn } }
data "pigello_subtenants" "part" { filters = { "ssn__startswith" = substr(local.ssn, 0, 8) } }
output "found" {
  value     = [data.pigello_subtenant.by_key.custom_id, length(data.pigello_subtenants.filtered.ids), length(data.pigello_subtenants.part.ids)]
  sensitive = true
}
output "functions" {
  value = [
    provider::pigello::normalize_ssn(local.ssn), provider::pigello::ssn_birth_date(local.ssn), provider::pigello::ssn_is_coordination_number(local.ssn),
  ]
  sensitive = true
}
`, ssn, acctest.UserWithID("plain", "ssn = local.ssn", "birth_date = provider::pigello::ssn_birth_date(local.ssn)"), acctest.UserWithID("write_only", "ssn_wo = local.ssn"), tenant))
			if found := w.Validate(); len(found) > 0 {
				t.Fatalf("validate: %+v", found)
			}
			w.Apply()
			digits := strings.ReplaceAll(ssn, "-", "")
			for _, kind := range []string{sandbox.OrganizationUser, sandbox.ProtectedIdentity} {
				all := w.Sandbox.All(kind)
				for _, object := range all {
					if got, _ := object["ssn"].(string); strings.ReplaceAll(got, "-", "") != digits || object["birth_date"] != nil {
						t.Errorf("%s: ssn %v, birth_date %v", kind, object["ssn"], object["birth_date"])
					}
				}
				if len(all) != 2 {
					t.Errorf("%s: %d objects", kind, len(all))
				}
			}
			for output, want := range map[string]string{"found": `["s",1,1]`, "functions": fmt.Sprintf(`[%q,null,true]`, digits)} {
				if got := strings.TrimSpace(w.OK("output", "-json", output).Stdout); got != want {
					t.Errorf("%s: %s, want %s", output, got, want)
				}
			}
			w.PlanEmpty()
		})
	}
}

// TestOtherSpellings: what a server makes of an e-mail address's domain and of an organization number is no drift.
func TestOtherSpellings(t *testing.T) {
	w := acctest.New(t)
	var spellings atomic.Pointer[strings.Replacer]
	spellings.Store(strings.NewReplacer())
	w.Front(func(r *http.Request, _ map[string]any) acctest.Responder {
		if r.Method != http.MethodGet {
			return nil
		}
		recorder := httptest.NewRecorder()
		w.Sandbox.ServeHTTP(recorder, r)
		return &acctest.Response{Status: recorder.Code, Body: spellings.Load().Replace(recorder.Body.String()), Header: http.Header{"Content-Type": {"application/json"}}}
	})
	const declaredEmail, declaredNumber = "ada@räksmörgås.se", "556012-0452"
	w.Config(acctest.UserWithID("u", `email = "`+declaredEmail+`"`, `org_no = "`+declaredNumber+`"`))
	w.Apply()
	for _, c := range []struct{ email, orgNo, changed string }{
		{"ada@xn--rksmrgs-5wao1o.se", "165560120452", ""},
		{"ada@RÄKSMÖRGÅS.SE", "16556012-0452", ""},
		{"ada@raksmorgas.se", "195560120452", "email org_no"},
	} {
		spellings.Store(strings.NewReplacer(declaredEmail, c.email, declaredNumber, c.orgNo))
		plan, _ := w.Plan()
		changed, _ := acctest.Changed(plan, "pigello_organization_user.u")
		if slices.Sort(changed); strings.Join(changed, " ") != c.changed {
			t.Errorf("%s, %s: the plan changes %v, want %q", c.email, c.orgNo, changed, c.changed)
		}
	}

	w.Config(acctest.UserWithID("u", `org_no = "16556012-0452"`))
	found := w.Validate()
	if len(found) != 1 || !strings.Contains(found[0].Detail, `The value of org_no must be 10 digits without "16" before them`) {
		t.Errorf("%+v", found)
	}
}
