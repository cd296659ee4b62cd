package protectedidentity_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
)

// TestWriteOnlyBetweenPlanAndApply saves a plan, lets the server change, and applies the plan.
func TestWriteOnlyBetweenPlanAndApply(t *testing.T) {
	one, other := newPerson(1), newPerson(2)
	all := map[string]person{
		"drifts more": one, "is repaired": one, "address only": one, "dropped": one, "filled": one.only("ssn"), "bumped": one, "emptied": one,
	}
	p := newPeople(t, all)
	p.Apply()
	p.change("drifts more", other.only("email"))
	p.change("is repaired", other.only("ssn"))
	p.change("dropped", without(fields...)) // somebody was faster
	next := merge(all, map[string]person{"dropped": nil, "filled": {}, "emptied": {"email": one["email"]}})
	p.declare(next)
	p.Variable("addresses", map[string]string{
		"address only": tenantOf("x"), "dropped": tenantOf("x"), "filled": tenantOf("x"), "bumped": tenantOf("x"),
	})
	p.Variable("versions", map[string]int{"bumped": 1})
	_, r := p.Plan()
	p.Exits(r, 2)

	p.change("drifts more", other.only("last_name"))
	p.change("is repaired", one)
	p.change("address only", other.only("phone_number"))
	p.change("dropped", other.only("first_name"))
	p.change("filled", other)
	p.change("bumped", other)
	p.change("emptied", without(fields...))
	p.sent()
	r = p.OK("apply", "-no-color", "tfplan")
	p.saysNot(r, "inconsistent")
	count, bodies := p.sent()
	with := func(name string, values person) map[string]any {
		return merge(body(name, values), map[string]any{"future_address": map[string]any{"id": tenantOf("x")}})
	}
	acctest.Same(p.t, "bodies", bodies, map[string]map[string]any{
		"drifts more":  body("drifts more", one.only("email", "last_name")),
		"address only": with("address only", one.only("phone_number")),
		"dropped":      with("dropped", without("first_name")),
		"filled":       with("filled", without("ssn")),
		"bumped":       with("bumped", one),
		"emptied":      body("emptied", one.only("email")),
	})
	for name := range all {
		acctest.Same(p.t, "reads of "+name, count["GET "+name], 1)
	}
	p.PlanEmpty()
	p.serverHas("is repaired", one)
	p.serverHas("filled", other.with(without("ssn")))
	p.noTrace([]person{one, other}, r)

	// A plan of another change, with other data in the plan than in the apply: the apply's counts.
	p.Variable("addresses", map[string]string{})
	p.declare(merge(next, map[string]person{"address only": other}))
	_, r = p.Plan()
	p.Exits(r, 2)
	p.declare(next)
	r = p.OK("apply", "-no-color", "tfplan")
	p.saysNot(r, "inconsistent")
	p.serverHas("address only", one)
	p.serverHas("emptied", one.only("email"))
	p.PlanEmpty()

	// What is gone is an error, and the next plan makes it anew.
	p.change("bumped", other.only("email"))
	p.Plan()
	id := p.id("bumped")
	p.Sandbox.Remove("protectedidentity", id)
	r = p.Run("apply", "-no-color", "tfplan")
	p.Exits(r, 1)
	p.says(r, "The API says that the protected identity "+id+" does not exist")
	p.saysNot(r, "inconsistent")
	p.noTrace([]person{one, other}, r)
}

// TestWriteOnlyRefreshOnly refreshes the state alone: nothing is written, there or here.
func TestWriteOnlyRefreshOnly(t *testing.T) {
	one, other := newPerson(1), newPerson(2)
	p := newPeople(t, map[string]person{"a": one})
	p.Apply()
	before := p.instances()
	p.change("a", other)
	p.sent()
	r := p.Apply("-refresh-only")
	p.wantSent(each(1, "GET", "a"), nil)
	acctest.Same(p.t, "the state", p.instances(), before)
	p.noTrace([]person{one, other}, r)
	_, r = p.Plan()
	p.Exits(r, 2)
	p.warns(r, "a", strings.Join(fields, ", "))
}

// TestWriteOnlyProviderUnknown plans with a provider whose address is known only after apply.
func TestWriteOnlyProviderUnknown(t *testing.T) {
	one, other := newPerson(1), newPerson(2)
	p := newPeople(t, map[string]person{"a": one, "b": one})
	p.Write("address.tf", `
variable "address" { type = string }
resource "terraform_data" "address" { input = var.address }
provider "pigello" { base_url = terraform_data.address.output }
`)
	p.Setenv("PIGELLO_BASE_URL", "")
	p.Setenv("TF_VAR_address", p.URL)
	r := p.Apply()
	p.saysNot(r, "inconsistent")
	p.PlanEmpty()
	before := p.instances()

	p.Setenv("TF_VAR_address", strings.Replace(p.URL, "127.0.0.1", "localhost", 1))
	p.change("a", other.only("email"))
	p.Variable("addresses", map[string]string{"b": tenantOf("x")})
	p.sent()
	_, r = p.Plan()
	p.Exits(r, 2)
	p.wantSent(map[string]int{}, nil)
	r = p.OK("apply", "-no-color", "tfplan")
	p.saysNot(r, "inconsistent")
	p.wantSent(merge(each(1, "GET", "a", "b"), each(1, "PATCH", "a", "b")), map[string]map[string]any{
		"a": body("a", one.only("email")),
		"b": merge(body("b", nil), map[string]any{"future_address": map[string]any{"id": tenantOf("x")}}),
	})
	p.PlanEmpty()
	acctest.Same(p.t, "the time at which nothing was written", p.instances()["b"]["personal_data_written_at"], before["b"]["personal_data_written_at"])
	p.noTrace([]person{one, other}, r)
}

// TestWriteOnlyUnknown declares data that is known only at the apply, as a whole and in part.
func TestWriteOnlyUnknown(t *testing.T) {
	w := acctest.New(t)
	p := &people{Workspace: w, t: t}
	one, other := newPerson(1), newPerson(2)
	ids := []any{}
	for i, q := range []person{one, other} {
		ids = append(ids, w.Sandbox.Put("protectedidentity", merge(q.wire(), map[string]any{
			"tenant": map[string]any{"id": tenantOf(fmt.Sprint("source", i))},
		})))
	}
	config := func(i int) string {
		return fmt.Sprintf(`
resource "terraform_data" "id" { input = %q }
ephemeral "pigello_protected_identity" "source" { id = terraform_data.id.output }
resource "pigello_protected_identity" "whole" {
  tenant_id = %q
  custom_id = "whole"
  personal_data_wo = { for k, v in ephemeral.pigello_protected_identity.source : k => v if contains(["ssn", "email"], k) }
}
resource "pigello_protected_identity" "part" {
  tenant_id = %q
  custom_id = "part"
  personal_data_wo = { ssn = ephemeral.pigello_protected_identity.source.ssn, email = "fast@hemlig.example" }
}
`, ids[i], tenantOf("whole"), tenantOf("part"))
	}
	for i, q := range []person{one, other} {
		w.Config(config(i))
		_, r := p.Plan()
		p.Exits(r, 2)
		r = p.OK("apply", "-no-color", "tfplan")
		p.saysNot(r, "inconsistent")
		p.serverHas("whole", q.only("ssn", "email"))
		p.serverHas("part", person{"ssn": q["ssn"], "email": "fast@hemlig.example"})
		p.PlanEmpty()
		p.noTrace([]person{one, other}, r)
	}
}
