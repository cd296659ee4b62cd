package protectedidentity_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
)

// TestWriteOnlyDrift changes each field on the server: the plan names it, and apply writes it, with one request.
func TestWriteOnlyDrift(t *testing.T) {
	all := map[string]person{"everything": newPerson(1), "nothing": newPerson(2), "cleared": newPerson(3)}
	for i, field := range fields {
		all[field] = newPerson(10 + i)
	}
	names := slices.Sorted(maps.Keys(all))
	p := newPeople(t, all)
	p.Apply()
	count, _ := p.sent()
	acctest.Same(p.t, "requests of the creation", count, map[string]int{"POST protectedidentity": len(all)})
	p.PlanEmpty()
	count, _ = p.sent()
	acctest.Same(p.t, "requests of an empty plan", count, each(1, "GET", names...))

	drifted := newPerson(50)
	for _, field := range fields {
		p.change(field, drifted.only(field))
	}
	p.change("everything", drifted)
	p.change("cleared", person{"ssn": ""})
	plan, r := p.Plan()
	p.Exits(r, 2)
	p.wantSent(each(1, "GET", names...), nil)
	written := map[string][]string{"everything": fields, "cleared": {"ssn"}}
	for _, field := range fields {
		written[field] = []string{field}
	}
	bodies := map[string]map[string]any{}
	for name, names := range written {
		p.warns(r, name, strings.Join(names, ", "))
		bodies[name] = body(name, all[name].only(names...))
	}
	p.saysNot(r, p.id("nothing")+" will")
	if n := strings.Count(r.Output, "will be updated in-place"); n != len(written) {
		t.Errorf("%d objects are to be updated, want %d", n, len(written))
	}
	if n := strings.Count(r.Output, "(known after apply)"); n != len(written) {
		t.Errorf("%d attributes are known after apply, want %d", n, len(written))
	}
	if n := len(plan.ResourceDrift); n != 0 {
		t.Errorf("%d objects have drifted in the eyes of Terraform, want none: nothing is stored of them", n)
	}

	r = p.OK("apply", "-no-color", "tfplan")
	changed := slices.Sorted(maps.Keys(written))
	// Of what a read has not shown any more, another one tells whether the API hides it.
	p.wantSent(merge(each(1, "GET", changed...), each(2, "GET", "cleared"), each(1, "PATCH", changed...)), bodies)
	for name, data := range all {
		p.serverHas(name, data)
	}
	p.PlanEmpty()
	p.sent()
	p.noTrace(append(slices.Collect(maps.Values(all)), drifted), r)

	// Without a refresh, the comparison costs its own request.
	p.change("email", person{"email": drifted["email"]})
	_, r = p.Plan("-refresh=false")
	p.Exits(r, 2)
	p.wantSent(each(1, "GET", names...), nil)
	p.warns(r, "email", "email")
}

// TestWriteOnlyChanges declares other values.
func TestWriteOnlyChanges(t *testing.T) {
	before, after := newPerson(1), newPerson(2)
	bare := newPerson(3).only("last_name", "email")
	respelled := newPerson(5)
	all := map[string]person{
		"changed": before, "removed": before, "emptied": before, "gone": before, "bumped": before, "bare": bare,
		"respelled": respelled, "later": nil, "untouched": newPerson(6), "moved": before,
	}
	p := newPeople(t, all)
	p.Apply()
	p.change("bare", newPerson(4).only("ssn", "first_name")) // never declared
	p.sent()

	next := maps.Clone(all)
	next["changed"] = before.with(after.only("first_name", "ssn"))
	next["removed"] = before.with(person{"phone_number": ""})
	next["emptied"] = person{}
	next["gone"] = nil
	next["bare"] = bare.with(person{"email": "someone.else@hemlig.example"})
	next["respelled"] = respelled.with(person{
		"ssn": strings.ReplaceAll(respelled["ssn"], "-", ""), "email": strings.ReplaceAll(respelled["email"], "Hemlig", "hEMLIG"),
	})
	next["later"] = after.only("email")
	p.declare(next)
	p.Variable("versions", map[string]int{"bumped": 1})
	p.Variable("addresses", map[string]string{"moved": tenantOf("an address")})
	_, r := p.Plan()
	p.Exits(r, 2)
	p.wantSent(each(1, "GET", slices.Collect(maps.Keys(all))...), nil)
	p.warns(r, "changed", "first_name, ssn")
	p.warns(r, "bare", "email")
	p.warns(r, "later", "email")
	p.says(r, p.id("removed")+" will be cleared")
	p.says(r, "personal_data_wo no longer declares phone_number.")
	p.saysNot(r, p.id("respelled")+" will")
	p.saysNot(r, p.id("untouched")+" will")
	p.OK("apply", "-no-color", "tfplan")
	written := []string{"changed", "removed", "emptied", "gone", "bumped", "bare", "later", "moved"}
	_, bodies := p.sent()
	address := body("moved", nil)
	address["future_address"] = map[string]any{"id": tenantOf("an address")}
	acctest.Same(p.t, "bodies", bodies, map[string]map[string]any{
		"changed": body("changed", after.only("first_name", "ssn")),
		"removed": body("removed", person{"phone_number": ""}),
		"emptied": body("emptied", without(fields...)),
		"gone":    body("gone", without(fields...)),
		"bumped":  body("bumped", before),
		"bare":    body("bare", person{"email": "someone.else@hemlig.example"}),
		"later":   body("later", after.only("email")),
		"moved":   address,
	})
	p.PlanEmpty()
	p.serverHas("bare", next["bare"].with(newPerson(4).only("ssn", "first_name")))
	p.serverHas("gone", nil)
	p.serverHas("respelled", respelled)
	p.sent()

	// Once more, and each the other way.
	p.declare(all)
	p.Variable("addresses", map[string]string{})
	address["future_address"] = nil
	p.Variable("versions", map[string]int{"bumped": 2})
	r = p.Apply()
	count, bodies := p.sent()
	acctest.Same(p.t, "bodies", bodies, map[string]map[string]any{
		"changed": body("changed", before.only("first_name", "ssn")),
		"removed": body("removed", before.only("phone_number")),
		"emptied": body("emptied", before),
		"gone":    body("gone", before),
		"bumped":  body("bumped", before),
		"bare":    body("bare", bare.only("email")),
		"later":   body("later", person{"email": ""}),
		"moved":   address,
	})
	for _, name := range written {
		acctest.Same(p.t, "reads of "+name, count["GET "+name], 2) // in the plan, and in the apply
	}
	p.PlanEmpty()
	p.noTrace([]person{before, after, newPerson(3), newPerson(4), respelled}, r)
}

// TestWriteOnlyMoves moves fields between the plain and the write-only form. The new value is sent, never null.
func TestWriteOnlyMoves(t *testing.T) {
	one, other := newPerson(1), newPerson(2)
	all := map[string]person{"in": nil, "in and changed": nil, "out": one, "out and changed": one, "half": one}
	p := newPlainPeople(t, all)
	p.Variable("plain", map[string]person{"in": one, "in and changed": one})
	p.Apply()
	p.PlanEmpty()
	p.sent()

	p.declare(map[string]person{"in": one, "in and changed": other})
	p.Variable("plain", map[string]person{"out": one, "out and changed": other, "half": one.only("ssn")})
	p.Apply()
	_, bodies := p.sent()
	acctest.Same(p.t, "bodies", bodies, map[string]map[string]any{
		"in":              body("in", one),
		"in and changed":  body("in and changed", other),
		"out":             body("out", one),
		"out and changed": body("out and changed", other),
		"half":            body("half", merge(without(fields...), one.only("ssn"))),
	})
	p.PlanEmpty()
	for name, attributes := range p.instances() {
		for _, field := range fields {
			value, _ := attributes[field].(string)
			stored := map[string]person{"out": one, "out and changed": other, "half": one.only("ssn")}[name][field]
			if value != stored {
				t.Errorf("the state's %s of %s is %q, want %q", field, name, value, stored)
			}
		}
	}
	p.sent()

	// Now both are followed in their new form.
	p.change("in", other.only("email"))
	p.change("out", other.only("email"))
	p.Apply()
	_, bodies = p.sent()
	acctest.Same(p.t, "bodies", bodies, map[string]map[string]any{"in": body("in", one.only("email")), "out": body("out", one.only("email"))})
}
