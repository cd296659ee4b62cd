package organizationuser_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// TestEachAttributeChanged declares everything for one user per attribute, and then changes another attribute of each.
func TestEachAttributeChanged(t *testing.T) {
	w := acctest.New(t)
	declared := forEach(all(), func(string) attributes { return rich })
	w.Config(users(declared))
	w.Apply()

	requests := writes(w)
	if len(requests) != len(declared) {
		t.Fatalf("want %d requests, got %d", len(declared), len(requests))
	}
	for _, r := range requests {
		if r.Method != "POST" || r.Path != path {
			t.Fatalf("unexpected %s %s", r.Method, r.Path)
		}
		same(t, "the request", r.Object(), rich.body())
	}
	before := states(t, w)
	for name := range declared {
		holds(t, w, id(t, w, name), rich.body())
		spelled(t, w, name, rich)
	}
	w.PlanEmpty()
	noWrites(t, w)

	for name := range declared {
		declared[name] = rich.with(other.only(name))
	}
	w.Config(users(declared))
	plan, r := w.Plan()
	says(t, r.Output, fmt.Sprintf("Plan: 0 to add, %d to change, 0 to destroy.", len(declared)))
	for name := range declared {
		plans(t, plan, name, []string{name}, derived(name))
	}
	w.OK("apply", "-no-color", "tfplan")

	after, bodies := states(t, w), patches(t, w)
	for name, want := range declared {
		userID := id(t, w, name)
		if before[name]["id"] != userID {
			t.Errorf("%s: the id was %v and is %v", name, before[name]["id"], userID)
		}
		same(t, "the change of "+name, bodies[userID], want.only(append(required, name)...).body())
		holds(t, w, userID, want.body())
		spelled(t, w, name, want)
		for _, computed := range []string{"full_name", "communication_name", "username", "created_at"} {
			same(t, computed+" of "+name, after[name][computed], object(t, w, userID)[computed])
		}
	}
	w.PlanEmpty()
}

// TestEachAttributeRemoved declares everything for one user per attribute, and then removes another attribute of each.
func TestEachAttributeRemoved(t *testing.T) {
	w := acctest.New(t)
	declared := forEach(optional(), func(string) attributes { return rich })
	w.Config(users(declared))
	w.Apply()
	writes(w)

	for name := range declared {
		declared[name] = rich.with(attributes{name: nil})
	}
	w.Config(users(declared))
	plan, r := w.Plan()
	says(t, r.Output, fmt.Sprintf("Plan: 0 to add, %d to change, 0 to destroy.", len(declared)-len(booleans)))
	for name := range declared {
		switch {
		case slices.Contains(booleans, name): // cannot be cleared
			plans(t, plan, name, nil, nil)
		case slices.Contains(relations, name): // the server may fill it again
			plans(t, plan, name, nil, []string{name})
		default:
			plans(t, plan, name, []string{name}, derived(name))
		}
	}
	w.OK("apply", "-no-color", "tfplan")

	bodies := patches(t, w)
	for name, want := range declared {
		userID := id(t, w, name)
		if slices.Contains(booleans, name) {
			if body := bodies[userID]; body != nil {
				t.Errorf("the removal of %s sent %v", name, body)
			}
			holds(t, w, userID, rich.body())
			continue
		}
		sent := want.only(slices.DeleteFunc(slices.Clone(required), func(n string) bool { return n == name })...).body()
		sent[member(name)] = wire(name, nil)
		same(t, "the removal of "+name, bodies[userID], sent)
		stored := want.body()
		stored[member(name)] = wire(name, nil)
		holds(t, w, userID, stored)
	}
	w.PlanEmpty()
}

// TestLeftToTheServer goes through what an optional and computed attribute can meet: never declared, declared as it is,
// declared otherwise, removed.
func TestLeftToTheServer(t *testing.T) {
	w := acctest.New(t)
	names := append(slices.Clone(booleans), relations...)
	least := attributes{"detail_access": 0, "first_name": "Ada"}
	w.Config(user("least", least) + users(forEach(names, func(string) attributes { return least })))
	w.Apply()
	for _, r := range writes(w) {
		same(t, "the request", r.Object(), map[string]any{"detail_access": 0, "first_name": "Ada"})
	}
	leastID := id(t, w, "least")

	// Never declared: whatever the server puts there is its own business.
	theirs := rich.only(names...)
	for name := range states(t, w) {
		w.Sandbox.Change(kind, id(t, w, name), theirs.body())
	}
	quiet(t, w)

	// Declared as it is: nothing to do, and nothing declared, so that removing it again does nothing either.
	w.Config(user("least", least.with(theirs)) + users(forEach(names, func(string) attributes { return least })))
	w.Apply()
	spelled(t, w, "least", theirs)
	w.Config(user("least", least) + users(forEach(names, func(string) attributes { return least })))
	w.Apply()
	noWrites(t, w)
	holds(t, w, leastID, theirs.body())

	// Declared otherwise, one each; and as it is, but beside a change.
	w.Config(user("least", least.with(theirs).with(attributes{"fmi": rich["fmi"]})) +
		users(forEach(names, func(name string) attributes { return least.with(other.only(name)) })))
	w.Apply()
	bodies := patches(t, w)
	same(t, "the change beside", bodies[leastID], map[string]any{"detail_access": 0, "first_name": "Ada", "fmi": rich["fmi"]})
	for _, name := range names {
		same(t, "the change of "+name, bodies[id(t, w, name)], least.with(other.only(name)).body())
	}
	w.PlanEmpty()

	// Removed, beside another change: true and false stay as they are, the rest is cleared.
	w.Config(user("least", least) +
		users(forEach(names, func(string) attributes { return least.with(attributes{"custom_id": "c"}) })))
	plan, _ := w.Plan()
	plans(t, plan, "least", []string{"fmi"}, relations)
	w.OK("apply", "-no-color", "tfplan")
	bodies = patches(t, w)
	cleared := map[string]any{"external_clients": []any{}, "organization": nil, "role": nil}
	want := map[string]any{"detail_access": 0, "first_name": "Ada", "fmi": nil}
	maps.Copy(want, cleared)
	same(t, "the removal of all", bodies[leastID], want)
	holds(t, w, leastID, cleared)
	for _, name := range names {
		userID := id(t, w, name)
		want := map[string]any{"detail_access": 0, "first_name": "Ada", "custom_id": "c"}
		if slices.Contains(relations, name) {
			plans(t, plan, name, []string{"custom_id"}, []string{name})
			want[member(name)] = wire(name, nil)
			holds(t, w, userID, map[string]any{member(name): wire(name, nil)})
		} else {
			plans(t, plan, name, []string{"custom_id"}, nil)
			holds(t, w, userID, other.only(name).body())
		}
		same(t, "the removal of "+name, bodies[userID], want)
	}
	w.PlanEmpty()

	// Nothing is declared any more: the server's business again.
	for name := range states(t, w) {
		w.Sandbox.Change(kind, id(t, w, name), theirs.body())
	}
	quiet(t, w)
}

// TestClearedIsFilledAgain clears an organization that the server fills at once.
func TestClearedIsFilledAgain(t *testing.T) {
	w := acctest.New(t, func(b *sandbox.Behaviour) { b.FillOrganization = uuid(9) })
	declared := attributes{"detail_access": 0, "last_name": "Lovelace", "organization_id": uuid(1)}
	w.Config(user("u", declared))
	w.Apply()
	spelled(t, w, "u", declared)
	w.PlanEmpty()
	writes(w)

	w.Config(user("u", declared.with(attributes{"organization_id": nil})))
	w.Apply()
	same(t, "the removal", patches(t, w)[id(t, w, "u")], map[string]any{"detail_access": 0, "last_name": "Lovelace", "organization": nil})
	spelled(t, w, "u", attributes{"organization_id": uuid(9)})
	w.PlanEmpty()
}

// TestDestroy deletes what was created, once.
func TestDestroy(t *testing.T) {
	w := acctest.New(t)
	bystander := w.Sandbox.Put(kind, map[string]any{"detail_access": 0, "first_name": "Bystander"})
	w.Config(users(map[string]attributes{"a": rich, "b": rich}))
	w.Apply()
	writes(w)
	w.OK("destroy", "-auto-approve", "-no-color")
	requests := writes(w)
	for _, r := range requests {
		if r.Method != "DELETE" || !strings.HasPrefix(r.Path, path) {
			t.Errorf("unexpected %s %s", r.Method, r.Path)
		}
	}
	if left := w.Sandbox.All(kind); len(requests) != 2 || len(left) != 1 || left[0]["id"] != bystander {
		t.Errorf("%d requests left %d users", len(requests), len(left))
	}
}

// TestAnonymizationWarns asks twice before personal data may be gone for good.
func TestAnonymizationWarns(t *testing.T) {
	w := acctest.New(t)
	declared := attributes{"detail_access": 0, "first_name": "Ada", "anonymized": false}
	const warning = "may not be reversible"
	w.Config(user("u", declared))
	if r := w.Apply(); strings.Contains(r.Output, warning) {
		t.Errorf("a warning without a reason:\n%s", r.Output)
	}
	w.Config(user("u", declared.with(attributes{"anonymized": true})))
	_, r := w.Plan()
	says(t, r.Output, warning)
	w.Apply()
	if r := w.OK("plan", "-no-color"); strings.Contains(r.Output, warning) {
		t.Errorf("a warning about what is done:\n%s", r.Output)
	}
}

// TestRefusedChange keeps what is in the state, and what it knows of it, for the next try.
func TestRefusedChange(t *testing.T) {
	w := acctest.New(t)
	w.Config(user("u", rich))
	w.Apply()
	writes(w)
	userID, before := id(t, w, "u"), states(t, w)["u"]

	removed := rich.with(attributes{"role_id": nil, "ssn": nil, "email": "augusta@example.com"})
	w.Config(user("u", removed))
	w.Sandbox.Inject(sandbox.Fault{Method: "PATCH", Status: 400, Body: `{"email": ["Not that one."]}`})
	r := w.Run("apply", "-auto-approve", "-no-color", "-input=false")
	if r.ExitCode != 1 || strings.Count(r.Output, "Error: ") != 1 {
		t.Errorf("want one error, got\n%s", r.Output)
	}
	says(t, r.Output, `email = "augusta@example.com"`)
	says(t, r.Output, "Not that one.")
	same(t, "the state", states(t, w)["u"], before)
	holds(t, w, userID, rich.body())
	writes(w)

	w.Apply()
	sent := removed.only(append(required, "email")...).body()
	sent["role"], sent["ssn"] = nil, nil
	same(t, "the next try", patches(t, w)[userID], sent)
	w.PlanEmpty()
}
