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

	requests := acctest.Writes(w.Sandbox)
	if len(requests) != len(declared) {
		t.Fatalf("want %d requests, got %d", len(declared), len(requests))
	}
	for _, r := range requests {
		if r.Method != "POST" || r.Path != path {
			t.Fatalf("unexpected %s %s", r.Method, r.Path)
		}
		acctest.Same(t, "the request", r.Object(), body(rich))
	}
	before := states(t, w)
	for name := range declared {
		acctest.Holds(t, w.Sandbox, kind, id(t, w, name), body(rich))
		spelled(t, w, name, rich)
	}
	w.PlanEmpty()
	acctest.NoWrites(t, w.Sandbox)

	for name := range declared {
		declared[name] = rich.With(other.Only(name))
	}
	w.Config(users(declared))
	plan, r := w.Plan()
	acctest.Says(t, r.Output, fmt.Sprintf("Plan: 0 to add, %d to change, 0 to destroy.", len(declared)))
	for name := range declared {
		plans(t, plan, name, []string{name}, derived(name))
	}
	w.OK("apply", "-no-color", "tfplan")

	after, bodies := states(t, w), acctest.Patches(t, w.Sandbox, path)
	for name, want := range declared {
		userID := id(t, w, name)
		if before[name]["id"] != userID {
			t.Errorf("%s: the id was %v and is %v", name, before[name]["id"], userID)
		}
		acctest.Same(t, "the change of "+name, bodies[userID], body(want.Only(append(required, name)...)))
		acctest.Holds(t, w.Sandbox, kind, userID, body(want))
		spelled(t, w, name, want)
		for _, computed := range []string{"full_name", "communication_name", "username", "created_at"} {
			acctest.Same(t, computed+" of "+name, after[name][computed], object(t, w, userID)[computed])
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
	acctest.Writes(w.Sandbox)

	for name := range declared {
		declared[name] = rich.With(attributes{name: nil})
	}
	w.Config(users(declared))
	plan, r := w.Plan()
	acctest.Says(t, r.Output, fmt.Sprintf("Plan: 0 to add, %d to change, 0 to destroy.", len(declared)-len(booleans)))
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

	bodies := acctest.Patches(t, w.Sandbox, path)
	for name, want := range declared {
		userID := id(t, w, name)
		if slices.Contains(booleans, name) {
			if body := bodies[userID]; body != nil {
				t.Errorf("the removal of %s sent %v", name, body)
			}
			acctest.Holds(t, w.Sandbox, kind, userID, body(rich))
			continue
		}
		sent := body(want.Only(slices.DeleteFunc(slices.Clone(required), func(n string) bool { return n == name })...))
		sent[field(name)] = wire(name, nil)
		acctest.Same(t, "the removal of "+name, bodies[userID], sent)
		stored := body(want)
		stored[field(name)] = wire(name, nil)
		acctest.Holds(t, w.Sandbox, kind, userID, stored)
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
	for _, r := range acctest.Writes(w.Sandbox) {
		acctest.Same(t, "the request", r.Object(), map[string]any{"detail_access": 0, "first_name": "Ada"})
	}
	leastID := id(t, w, "least")

	// Never declared: whatever the server puts there is its own business.
	theirs := rich.Only(names...)
	for name := range states(t, w) {
		w.Sandbox.Change(kind, id(t, w, name), body(theirs))
	}
	quiet(t, w)

	// Declared as it is: nothing to do, and nothing declared, so that removing it again does nothing either.
	w.Config(user("least", least.With(theirs)) + users(forEach(names, func(string) attributes { return least })))
	w.Apply()
	spelled(t, w, "least", theirs)
	w.Config(user("least", least) + users(forEach(names, func(string) attributes { return least })))
	w.Apply()
	acctest.NoWrites(t, w.Sandbox)
	acctest.Holds(t, w.Sandbox, kind, leastID, body(theirs))

	// Declared otherwise, one each; and as it is, but beside a change.
	w.Config(user("least", least.With(theirs).With(attributes{"fmi": rich["fmi"]})) +
		users(forEach(names, func(name string) attributes { return least.With(other.Only(name)) })))
	w.Apply()
	bodies := acctest.Patches(t, w.Sandbox, path)
	acctest.Same(t, "the change beside", bodies[leastID], map[string]any{"detail_access": 0, "first_name": "Ada", "fmi": rich["fmi"]})
	for _, name := range names {
		acctest.Same(t, "the change of "+name, bodies[id(t, w, name)], body(least.With(other.Only(name))))
	}
	w.PlanEmpty()

	// Removed, beside another change: true and false stay as they are, the rest is cleared.
	w.Config(user("least", least) +
		users(forEach(names, func(string) attributes { return least.With(attributes{"custom_id": "c"}) })))
	plan, _ := w.Plan()
	plans(t, plan, "least", []string{"fmi"}, relations)
	w.OK("apply", "-no-color", "tfplan")
	bodies = acctest.Patches(t, w.Sandbox, path)
	cleared := map[string]any{"external_clients": []any{}, "organization": nil, "role": nil}
	want := map[string]any{"detail_access": 0, "first_name": "Ada", "fmi": nil}
	maps.Copy(want, cleared)
	acctest.Same(t, "the removal of all", bodies[leastID], want)
	acctest.Holds(t, w.Sandbox, kind, leastID, cleared)
	for _, name := range names {
		userID := id(t, w, name)
		want := map[string]any{"detail_access": 0, "first_name": "Ada", "custom_id": "c"}
		if slices.Contains(relations, name) {
			plans(t, plan, name, []string{"custom_id"}, []string{name})
			want[field(name)] = wire(name, nil)
			acctest.Holds(t, w.Sandbox, kind, userID, map[string]any{field(name): wire(name, nil)})
		} else {
			plans(t, plan, name, []string{"custom_id"}, nil)
			acctest.Holds(t, w.Sandbox, kind, userID, body(other.Only(name)))
		}
		acctest.Same(t, "the removal of "+name, bodies[userID], want)
	}
	w.PlanEmpty()

	// Nothing is declared any more: the server's business again.
	for name := range states(t, w) {
		w.Sandbox.Change(kind, id(t, w, name), body(theirs))
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
	acctest.Writes(w.Sandbox)

	w.Config(user("u", declared.With(attributes{"organization_id": nil})))
	w.Apply()
	acctest.Same(t, "the removal", acctest.Patches(t, w.Sandbox, path)[id(t, w, "u")], map[string]any{"detail_access": 0, "last_name": "Lovelace", "organization": nil})
	spelled(t, w, "u", attributes{"organization_id": uuid(9)})
	w.PlanEmpty()
}

// TestDestroy deletes what was created, once.
func TestDestroy(t *testing.T) {
	w := acctest.New(t)
	bystander := w.Sandbox.Put(kind, map[string]any{"detail_access": 0, "first_name": "Bystander"})
	w.Config(users(map[string]attributes{"a": rich, "b": rich}))
	w.Apply()
	acctest.Writes(w.Sandbox)
	w.OK("destroy", "-auto-approve", "-no-color")
	requests := acctest.Writes(w.Sandbox)
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
	w.Config(user("u", declared.With(attributes{"anonymized": true})))
	_, r := w.Plan()
	acctest.Says(t, r.Output, warning)
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
	acctest.Writes(w.Sandbox)
	userID, before := id(t, w, "u"), states(t, w)["u"]

	removed := rich.With(attributes{"role_id": nil, "ssn": nil, "email": "augusta@example.com"})
	w.Config(user("u", removed))
	w.Sandbox.Inject(sandbox.Fault{Method: "PATCH", Status: 400, Body: `{"email": ["Not that one."]}`})
	r := w.Run("apply", "-auto-approve", "-no-color", "-input=false")
	if r.ExitCode != 1 || strings.Count(r.Output, "Error: ") != 1 {
		t.Errorf("want one error, got\n%s", r.Output)
	}
	acctest.Says(t, r.Output, `email = "augusta@example.com"`)
	acctest.Says(t, r.Output, "Not that one.")
	acctest.Same(t, "the state", states(t, w)["u"], before)
	acctest.Holds(t, w.Sandbox, kind, userID, body(rich))
	acctest.Writes(w.Sandbox)

	w.Apply()
	sent := body(removed.Only(append(required, "email")...))
	sent["role"], sent["ssn"] = nil, nil
	acctest.Same(t, "the next try", acctest.Patches(t, w.Sandbox, path)[userID], sent)
	w.PlanEmpty()
}
