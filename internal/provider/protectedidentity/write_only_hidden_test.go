package protectedidentity_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

const plainPeople = `
  first_name = try(var.plain[each.key].first_name, null)
  last_name = try(var.plain[each.key].last_name, null)
  email = try(var.plain[each.key].email, null)
  phone_number = try(var.plain[each.key].phone_number, null)
  birth_date = try(var.plain[each.key].birth_date, null)
  ssn = try(var.plain[each.key].ssn, null)
`

// newPlainPeople is newPeople with the variable plain, for those who are declared in plain attributes.
func newPlainPeople(t *testing.T, all map[string]person, behaviour ...func(*sandbox.Behaviour)) *people {
	t.Helper()
	p := newPeople(t, nil, behaviour...)
	p.also = plainPeople
	p.Write("plain.tf", "variable \"plain\" {\n  type = any\n  default = {}\n}\n")
	p.configure(all)
	return p
}

// TestWriteOnlyHidden has a server that does not show personal data to this integration.
func TestWriteOnlyHidden(t *testing.T) {
	one, other, third := newPerson(1), newPerson(2), newPerson(3)
	p := newPlainPeople(t, map[string]person{"wo": one, "part": one, "plain": nil}, func(b *sandbox.Behaviour) { b.Hide = fields })
	p.Variable("plain", map[string]person{"plain": one})
	r := p.Apply()
	const warning = "The API hides what was written"
	p.says(r, warning) // Terraform prints warnings with one summary once
	p.says(r, "(and 2 more similar warnings elsewhere)")
	p.PlanEmpty()
	p.sent()

	// What differs cannot be seen, but for what the configuration itself tells.
	p.declare(map[string]person{"wo": other, "part": one.with(without("email", "ssn"))})
	p.change("wo", other.only("email"))
	p.change("plain", third.only("email"))
	p.Variable("plain", map[string]person{"plain": one.with(third.only("ssn"))})
	r = p.Apply()
	p.saysNot(r, warning)
	p.saysNot(r, p.id("wo")+" will be")
	_, bodies := p.sent()
	acctest.Same(p.t, "bodies", bodies, map[string]map[string]any{
		"part": body("part", without("email", "ssn")), "plain": body("plain", third.only("ssn")),
	})
	p.PlanEmpty()
	p.sent()

	// A version bump writes.
	p.Variable("versions", map[string]int{"wo": 1, "part": 1})
	r = p.Apply()
	p.saysNot(r, warning)
	_, bodies = p.sent()
	acctest.Same(p.t, "bodies", bodies, map[string]map[string]any{
		"wo": body("wo", other), "part": body("part", one.with(without("email", "ssn"))),
	})
	p.serverHas("wo", other)
	p.PlanEmpty()

	// It shows them again: what differs is drift again.
	p.Sandbox.Configure(func(b *sandbox.Behaviour) { b.Hide = nil })
	p.change("wo", one.only("first_name"))
	p.sent()
	_, r = p.Plan()
	p.Exits(r, 2)
	p.warns(r, "wo", "first_name")
	p.OK("apply", "-no-color", "tfplan")
	_, bodies = p.sent()
	acctest.Same(p.t, "bodies of write-only data", bodies["wo"], body("wo", other.only("first_name")))
	acctest.Same(p.t, "bodies of plain data", bodies["plain"], body("plain", one.only("email")))
	p.PlanEmpty()

	// It hides them later: one attempt to write, one warning, and no more.
	p.Sandbox.Configure(func(b *sandbox.Behaviour) { b.Hide = []string{"email"} })
	p.sent()
	r = p.Apply()
	p.says(r, warning)
	_, bodies = p.sent()
	acctest.Same(p.t, "bodies", bodies, map[string]map[string]any{"wo": body("wo", other.only("email")), "plain": body("plain", one.only("email"))})
	p.saysNot(p.Apply(), warning)
	p.PlanEmpty()
	p.noTrace([]person{other}, r)
}

// TestWriteOnlyImport adopts people: by the command and by a block, whether the configuration declares them in write-only form,
// in plain attributes, or not at all.
func TestWriteOnlyImport(t *testing.T) {
	all := map[string]person{
		"block": newPerson(1), "block not declared": nil, "block plain": nil, "command": newPerson(2), "command plain": nil, "differs": newPerson(3),
	}
	plain := map[string]person{"block plain": newPerson(4), "command plain": newPerson(5)}
	has := merge(all, plain, map[string]person{"block not declared": newPerson(6), "differs": newPerson(7)})
	p := newPlainPeople(t, all)
	ids := map[string]string{}
	for _, name := range slices.Sorted(maps.Keys(has)) {
		id := p.Sandbox.Put(sandbox.ProtectedIdentity, merge(has[name].wire(), map[string]any{
			"tenant": map[string]any{"id": tenantOf(name)}, "custom_id": name,
		}))
		if name == "command" || name == "command plain" {
			p.OK("import", "-no-color", `pigello_protected_identity.p["`+name+`"]`, id)
		} else {
			ids[name] = id
		}
	}
	people := slices.Collect(maps.Values(has))
	p.noTrace(people)
	p.Write("import.tf", acctest.Imports("pigello_protected_identity.p", ids))
	p.Variable("plain", plain)
	p.sent()
	plan, r := p.Plan()
	p.Exits(r, 2)
	p.says(r, "Plan: 4 to import, 0 to add, 5 to change, 0 to destroy.")
	for _, name := range []string{"block", "command", "differs"} {
		p.warns(r, name, "birth_date, email, first_name, last_name, phone_number, ssn")
	}
	p.wantSent(each(1, "GET", slices.Collect(maps.Keys(has))...), nil)
	for _, change := range plan.ResourceChanges {
		before, _ := change.Change.Before.(map[string]any)
		for _, field := range fields {
			if before[field] != nil {
				t.Errorf("%s holds %s before it is declared", change.Address, field)
			}
		}
	}
	p.noTrace([]person{has["block"], has["command"], has["differs"], has["block not declared"], all["differs"]}, r)

	r = p.OK("apply", "-no-color", "tfplan")
	_, bodies := p.sent()
	acctest.Same(p.t, "bodies", bodies, map[string]map[string]any{
		"block": body("block", all["block"]), "command": body("command", all["command"]), "differs": body("differs", all["differs"]),
		"block plain": body("block plain", plain["block plain"]), "command plain": body("command plain", plain["command plain"]),
	})
	p.PlanEmpty()
	p.noTrace([]person{has["block"], has["command"], has["differs"], has["block not declared"], all["differs"]}, r)

	// From here on they are followed.
	p.change("block plain", newPerson(8).only("email"))
	p.change("command", newPerson(8).only("email"))
	p.change("block not declared", newPerson(8).only("email"))
	p.Variable("plain", map[string]person{"block plain": plain["block plain"]})
	p.sent()
	p.Apply()
	_, bodies = p.sent()
	acctest.Same(p.t, "bodies", bodies, map[string]map[string]any{
		"block plain": body("block plain", plain["block plain"].only("email")), "command": body("command", all["command"].only("email")),
		"command plain": body("command plain", without(fields...)),
	})
	p.PlanEmpty()
}
