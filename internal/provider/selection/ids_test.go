package selection_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// canary returns a value for each field of a person that could name them. No test configuration has one.
func canary(i int) map[string]any {
	return map[string]any{
		"first_name": fmt.Sprintf("Canaryfirst%d", i), "last_name": fmt.Sprintf("Canarylast%d", i), "email": fmt.Sprintf("canaryemail%d@canary.example", i),
		"phone_number": "+46701234567", "ssn": "19900101-2385", "birth_date": "1990-01-01", "username": fmt.Sprintf("canaryusername%d", i),
		"org_no": "556036-0793", "custom_id": fmt.Sprintf("canarycustom%d", i), "tags": []any{"canarytag"}, "anonymization_name": "Canaryanonym",
	}
}

// canaries are traces of what canary returns.
var canaries = []string{
	"Canaryfirst", "Canarylast", "canaryemail", "canary.example", "+46701234567", "19900101-2385", "1990-01-01", "canaryusername", "556036-0793",
	"canarycustom", "canarytag", "Canaryanonym",
}

// TestIDsOnly shows ids in order, whatever the list is asked for, and asks for ids alone only where the client need not filter again, and
// can see whether the server keeps the order.
func TestIDsOnly(t *testing.T) {
	selections := []struct {
		name, lines, want string
		slim              bool
	}{
		{"all", "", "1 2 3 4 5 6 7 8 9 10 11 12", true},
		{"empty", "filters = {}\n  order_by = []", "1 2 3 4 5 6 7 8 9 10 11 12", true},
		{"backwards", `order_by = ["-id"]`, "12 11 10 9 8 7 6 5 4 3 2 1", true},
		{"first", "limit = 2", "1 2", true},
		{"filtered", `filters = { "custom_id__endswith" = "1" }`, "1 11", false},
		{"searched", `search = "c00"`, "3 4 5 6 7 8 9 10 11 12", false},
		{"ordered", `order_by = ["custom_id"]`, "12 11 10 9 8 7 6 5 4 3 2 1", false},
	}
	for name, behaviour := range map[string]func(*sandbox.Behaviour){
		"plain":   func(b *sandbox.Behaviour) { b.PageCap = 5 },
		"ignores": func(b *sandbox.Behaviour) { b.IgnoreSlim, b.PastEnd = true, "repeat" },
		"shuffles": func(b *sandbox.Behaviour) {
			b.IgnoreOrder, b.ShuffleUnordered, b.PastEnd = true, true, "404"
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := acctest.New(t, behaviour)
			for _, l := range lists {
				l.put(w, 12, func(int) map[string]any { return nil })
			}
			for _, l := range lists {
				for _, s := range selections {
					w.Sandbox.ResetRequests()
					w.Config(l.block("some", s.lines, "ids_only = true"))
					w.Apply()
					got := w.DataSources()["some"]
					want := []any{}
					for number := range strings.FieldsSeq(s.want) {
						var n int
						_, _ = fmt.Sscan(number, &n)
						want = append(want, id(n))
					}
					if ids, _ := got["ids"].([]any); !slices.Equal(ids, want) {
						t.Errorf("%s, %s: %v, want %v", l.name, s.name, got["ids"], want)
					}
					if got[l.result] != nil || got["ssn_by_id"] != nil {
						t.Errorf("%s, %s: there is more than ids: %v", l.name, s.name, got)
					}
					for _, r := range w.Sandbox.Requests() {
						if slim := r.Query.Get("_slim") == "true"; slim != s.slim {
							t.Errorf("%s, %s asks for %v", l.name, s.name, r.Query)
						}
					}
					listed(t, w)
				}
			}
		})
	}
}

// TestIDsOnlyStoresNothingPersonal looks for what the server knows of people, also where it was fetched to filter by it: in the state, the
// plan, the output and the log.
func TestIDsOnlyStoresNothingPersonal(t *testing.T) {
	w := acctest.New(t, func(b *sandbox.Behaviour) { b.IgnoreSlim, b.IgnoreFilters = true, true })
	var config strings.Builder
	for _, l := range lists {
		for i := range 3 {
			fields := canary(i)
			if l == subtenants {
				delete(fields, "username")
			}
			w.Sandbox.Put(l.kind, fields)
		}
		for name, lines := range map[string]string{
			"all": "", "filtered": `filters = { "email__isnull!" = "true", "ssn__isnull" = "false" }`, "ordered": `order_by = ["last_name", "-ssn"]`,
			"searched": "search = \"an\"\n  limit = 2",
		} {
			config.WriteString(l.block(l.result+"_"+name, lines, "ids_only = true"))
			fmt.Fprintf(&config, "output \"%s_%s\" { value = data.%s.%s_%s.ids }\n", l.result, name, l.name, l.result, name)
		}
	}
	w.Config(config.String())
	w.StderrTo("provider.log")
	w.Setenv("TF_LOG_PROVIDER", "TRACE")
	planned := w.OK("plan", "-no-color", "-input=false", "-out=tfplan")
	shown := w.OK("show", "-json", "tfplan")
	applied := w.OK("apply", "-no-color", "-input=false", "tfplan")
	state := w.OK("show", "-json")
	for _, trace := range w.Traces(canaries, planned.Output, shown.Output, applied.Output, state.Output) {
		t.Error(trace)
	}
	if n := len(w.DataSources()["users_filtered"]["ids"].([]any)); n != 3 {
		t.Errorf("%d ids", n)
	}
	w.PlanEmpty()

	w.Config(users.block("whole"))
	w.Apply()
	if len(w.Traces(canaries)) == 0 {
		t.Error("the test would not notice a canary")
	}
}

// TestWhoIsNotDeclared has a check block name those who exist and stand in no configuration. It is a warning: the plan succeeds.
func TestWhoIsNotDeclared(t *testing.T) {
	w := acctest.New(t)
	undeclared := w.Sandbox.Put(users.kind, canary(1))
	config := `
resource "pigello_organization_user" "staff" {
  for_each      = toset(["ada", "grace"])
  custom_id     = each.key
  first_name    = each.key
  detail_access = 0
}
data "pigello_organization_users" "all" {
  ids_only   = true
  depends_on = [pigello_organization_user.staff]
}
locals {
  undeclared = setsubtract(data.pigello_organization_users.all.ids, [for user in pigello_organization_user.staff : user.id])
}
check "everybody_is_declared" {
  assert {
    condition     = length(local.undeclared) == 0
    error_message = "Not declared: ${join(", ", local.undeclared)}"
  }
}
`
	w.Config(config)
	applied := w.Apply()
	planned := w.OK("plan", "-no-color", "-input=false", "-out=tfplan")
	for _, r := range []acctest.Result{applied, planned} {
		flat := strings.Join(strings.Fields(strings.ReplaceAll(r.Output, "│", "")), " ")
		if !strings.Contains(flat, "Warning: Check block assertion failed") || !strings.Contains(flat, "Not declared: "+undeclared) {
			t.Errorf("no warning that names %s:\n%s", undeclared, r.Output)
		}
		if strings.Count(flat, "Not declared") != 1 {
			t.Errorf("who is declared is named, too:\n%s", r.Output)
		}
	}
	for _, trace := range w.Traces(canaries, applied.Output, planned.Output) {
		t.Error(trace)
	}
	w.Sandbox.Remove(users.kind, undeclared)
	if r := w.OK("plan", "-no-color", "-input=false", "-detailed-exitcode"); strings.Contains(r.Output, "Warning: Check") {
		t.Errorf("a warning about nobody:\n%s", r.Output)
	}
}
