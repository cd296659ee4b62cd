package organizationuser_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// TestWriteOnlySSN changes personal numbers on the server and in the configuration.
func TestWriteOnlySSN(t *testing.T) {
	all := numbers{
		"drifts": number(1), "emptied": number(2), "changes": number(3), "removed": number(4), "respelled": number(5), "bumped": number(6),
		"moves in": "", "moves out": number(8), "never": "", "quiet": number(9), "other": number(10), "later": "",
	}
	wo := maps.Clone(all)
	maps.DeleteFunc(wo, func(_, ssn string) bool { return ssn == "" })
	s := newStaff(t, namesOf(all))
	s.declare(wo)
	s.Variable("plain", numbers{"moves in": number(7)})
	s.Apply()
	s.PlanEmpty()
	s.change(numbers{"never": number(11)})
	acctest.Same(s.t, "the state", s.stored(), numbers{"moves in": number(7)})
	acctest.Sent(s.Sandbox, kind)

	s.change(numbers{"drifts": number(12), "emptied": ""})
	_, r := s.Plan()
	s.Exits(r, 2)
	count, _ := acctest.Sent(s.Sandbox, kind)
	for request, n := range count {
		if n != 1 {
			t.Errorf("%d times %s in a plan", n, request)
		}
	}
	acctest.Same(s.t, "number of requests", len(count), len(all))
	s.warns(r, "drifts", "emptied")
	r = s.OK("apply", "-no-color", "tfplan")
	s.wrote(1, numbers{"drifts": number(1), "emptied": number(2)}, "emptied")
	s.PlanEmpty()
	acctest.Sent(s.Sandbox, kind)

	next := maps.Clone(wo)
	next["changes"], next["respelled"] = number(13), strings.ReplaceAll(number(5), "-", "")
	next["moves in"], next["later"] = number(14), number(15)
	delete(next, "removed")
	delete(next, "moves out")
	s.declare(next)
	s.Variable("plain", numbers{"moves out": number(16)})
	s.Variable("versions", map[string]int{"bumped": 2})
	s.Variable("roles", map[string]string{"other": "12345678901234567"})
	_, r2 := s.Plan()
	s.Exits(r2, 2)
	s.warns(r2, "changes", "moves in", "later")
	if r2.Count("Differs in Pigello: ssn.")+r2.Count("Not written by Terraform before: ssn.") != 3 || r2.Count("ssn_wo no longer declares ssn. The apply clears this in Pigello") != 1 {
		t.Error(r2.Output)
	}
	acctest.Sent(s.Sandbox, kind)
	r3 := s.OK("apply", "-no-color", "tfplan")
	_, bodies := acctest.Sent(s.Sandbox, kind)
	if other := bodies["other"]; other["ssn"] != nil || other["fmi"] != "12345678901234567" || len(other) != 4 {
		t.Errorf("another attribute changes: the body is %v", other)
	}
	for name, want := range (numbers{
		"changes": number(13), "removed": "", "bumped": number(6), "moves in": number(14), "moves out": number(16), "later": number(15),
	}) {
		acctest.Same(s.t, "the body of "+name, bodies[name], map[string]any{
			"detail_access": 1, "first_name": name, "last_name": "Lovelace", "ssn": wireOf(want),
		})
	}
	acctest.Same(s.t, "how many were written", len(bodies), 7)
	s.PlanEmpty()
	acctest.Same(s.t, "the state", s.stored(), numbers{"moves out": number(16)})
	acctest.Same(s.t, "the server's number that was never declared", acctest.ByCustomID(s.t, s.Sandbox, kind, "never")["ssn"], number(11))

	// Nothing but what was in plain attributes shows anywhere.
	var secret []string
	for n := range 20 {
		if n != 7 && n != 16 {
			secret = append(secret, number(n))
		}
	}
	s.noTrace(secret, r, r2, r3)

	// Without a refresh, the comparison costs its own request, for those alone who are compared.
	s.change(numbers{"later": number(17)})
	acctest.Sent(s.Sandbox, kind)
	_, r = s.Plan("-refresh=false")
	s.Exits(r, 2)
	s.warns(r, "later")
	count, _ = acctest.Sent(s.Sandbox, kind)
	acctest.Same(s.t, "number of requests", len(count), len(next))
}

// TestWriteOnlySSNHidden has a server that does not show personal numbers.
func TestWriteOnlySSNHidden(t *testing.T) {
	s := newStaff(t, []string{"plain", "wo"}, func(b *sandbox.Behaviour) { b.Hide = []string{"ssn"} })
	s.declare(numbers{"wo": number(1)})
	s.Variable("plain", numbers{"plain": number(2)})
	const warning = "The API hides what was written"
	r := s.Apply()
	acctest.Same(s.t, "warnings", r.Count(warning)+r.Count("(and one more similar warning elsewhere)"), 2)
	s.PlanEmpty()
	s.declare(numbers{"wo": number(3)}) // cannot be compared
	s.PlanEmpty()
	acctest.Sent(s.Sandbox, kind)
	s.Variable("versions", map[string]int{"wo": 1})
	r = s.Apply()
	s.wrote(2, numbers{"wo": number(3)})
	acctest.Same(s.t, "warnings", r.Count(warning), 0)
	s.PlanEmpty()
	s.declare(numbers{})
	s.Variable("plain", numbers{})
	acctest.Sent(s.Sandbox, kind)
	s.Apply()
	_, bodies := acctest.Sent(s.Sandbox, kind)
	acctest.Same(s.t, "how many were cleared", len(bodies), 2)
	acctest.Same(s.t, "the server's numbers", []any{acctest.ByCustomID(s.t, s.Sandbox, kind, "wo")["ssn"], acctest.ByCustomID(s.t, s.Sandbox, kind, "plain")["ssn"]}, []any{nil, nil})
	s.PlanEmpty()
}

// TestWriteOnlySSNImport adopts users. Terraform has no record of what was written: it writes once.
func TestWriteOnlySSNImport(t *testing.T) {
	s := newStaff(t, []string{"plain", "same", "undeclared"})
	s.declare(numbers{"same": number(1)})
	s.Variable("plain", numbers{"plain": number(2)})
	ids := map[string]string{}
	for name, ssn := range (numbers{"same": number(1), "plain": number(2), "undeclared": number(3)}) {
		ids[name] = s.put(name, ssn)
	}
	s.Write("import.tf", acctest.Imports("pigello_organization_user.u", ids))
	_, r := s.Plan()
	s.Exits(r, 2)
	s.warns(r, "same")
	acctest.Same(s.t, "the plan", r.Count("Plan: 3 to import, 0 to add, 2 to change, 0 to destroy."), 1)
	count, _ := acctest.Sent(s.Sandbox, kind)
	acctest.Same(s.t, "requests", count, map[string]int{"GET plain": 1, "GET same": 1, "GET undeclared": 1})
	s.OK("apply", "-no-color", "tfplan")
	_, bodies := acctest.Sent(s.Sandbox, kind)
	acctest.Same(s.t, "who was written", namesOf(bodies), []string{"plain", "same"})
	s.PlanEmpty()
	acctest.Same(s.t, "the state", s.stored(), numbers{"plain": number(2)})
	s.noTrace([]string{number(1), number(3)}, r)
}
