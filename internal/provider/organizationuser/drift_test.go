package organizationuser_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
)

// TestEachAttributeDrifts changes, and then takes away, another declared attribute of each user behind Terraform's back.
func TestEachAttributeDrifts(t *testing.T) {
	w := acctest.New(t)
	declared := forEach(all(), func(string) attributes { return rich })
	w.Config(users(declared))
	w.Apply()
	acctest.Writes(w.Sandbox)

	for _, theirs := range []struct {
		what  string
		value func(name string) any
	}{
		{"changed", func(name string) any { return other[name] }},
		{"taken away", func(name string) any {
			if name == "detail_access" || slices.Contains(booleans, name) {
				return other[name] // these always have a value
			}
			return nil
		}},
	} {
		for name := range declared {
			w.Sandbox.Change(kind, id(t, w, name), map[string]any{field(name): wire(name, theirs.value(name))})
		}
		plan, r := w.Plan()
		if r.ExitCode != 2 {
			t.Fatalf("%s: want exit code 2, got %d", theirs.what, r.ExitCode)
		}
		acctest.Says(t, r.Output, fmt.Sprintf("Plan: 0 to add, %d to change, 0 to destroy.", len(declared)))
		for name := range declared {
			plans(t, plan, name, []string{name}, derived(name))
		}
		acctest.NoWrites(t, w.Sandbox)
		w.OK("apply", "-no-color", "tfplan")
		bodies := acctest.Patches(t, w.Sandbox, path)
		for name := range declared {
			acctest.Same(t, name+" "+theirs.what, bodies[id(t, w, name)], body(rich.Only(append(required, name)...)))
			acctest.Holds(t, w.Sandbox, kind, id(t, w, name), body(rich))
			spelled(t, w, name, rich)
		}
		w.PlanEmpty()
	}
}

// TestEachUndeclaredAttributeFilled lets somebody else fill what the configuration leaves out.
func TestEachUndeclaredAttributeFilled(t *testing.T) {
	w := acctest.New(t)
	theirs := slices.DeleteFunc(optional(), func(name string) bool {
		return slices.Contains(booleans, name) || slices.Contains(relations, name)
	})
	least := attributes{"detail_access": 1, "last_name": "Lovelace"}
	corporate := attributes{"detail_access": 1, "corporate_name": "Analytical Engines AB"}
	declared := forEach(theirs, func(name string) attributes {
		if name == "last_name" {
			return corporate
		}
		return least
	})
	w.Config(users(declared))
	w.Apply()
	acctest.Writes(w.Sandbox)
	for name := range declared {
		w.Sandbox.Change(kind, id(t, w, name), body(rich.Only(name)))
	}

	// No line means no value, which a change elsewhere cannot alter. A personal number alone counts only once it was
	// declared, so that nobody's is written to disk unasked.
	plan, r := w.Plan()
	acctest.Says(t, r.Output, fmt.Sprintf("Plan: 0 to add, %d to change, 0 to destroy.", len(declared)-1))
	for name := range declared {
		if name == "ssn" {
			plans(t, plan, name, nil, nil)
			continue
		}
		plans(t, plan, name, []string{name}, derived(name))
	}
	w.OK("apply", "-no-color", "tfplan")
	bodies := acctest.Patches(t, w.Sandbox, path)
	for name, want := range declared {
		if name == "ssn" {
			acctest.Same(t, "what was sent of "+name, bodies[id(t, w, name)], nil)
			acctest.Holds(t, w.Sandbox, kind, id(t, w, name), body(rich.Only(name)))
			spelled(t, w, name, attributes{"ssn": nil})
			continue
		}
		sent := body(want)
		sent[name] = nil
		acctest.Same(t, "what was sent of "+name, bodies[id(t, w, name)], sent)
		acctest.Holds(t, w.Sandbox, kind, id(t, w, name), map[string]any{name: nil})
	}
	w.PlanEmpty()
}

// TestRemovedBehindTheBack deletes a user that the configuration declares, while others remain.
func TestRemovedBehindTheBack(t *testing.T) {
	w := acctest.New(t)
	w.Setenv("PIGELLO_ON_DUPLICATE", "ignore")             // the two share all that they have
	declared := rich.With(attributes{"anonymized": false}) // true would have a warning of its own
	w.Config(users(map[string]attributes{"gone": declared, "stays": declared}))
	w.Apply()
	acctest.Writes(w.Sandbox)
	gone, stays := id(t, w, "gone"), id(t, w, "stays")
	w.Sandbox.Remove(kind, gone)

	plan, r := w.Plan()
	if r.ExitCode != 2 {
		t.Errorf("want exit code 2, got %d", r.ExitCode)
	}
	if found := warnings(r); len(found) != 1 || !strings.Contains(found[0], gone) {
		t.Errorf("want one warning, about %s, got\n%s", gone, r.Output)
	}
	acctest.Says(t, r.Output, "Plan: 1 to add, 0 to change, 0 to destroy.")
	for _, change := range plan.ResourceChanges {
		if want := change.Address == address("gone"); change.Change.Actions.Create() != want {
			t.Errorf("%s: %v", change.Address, change.Change.Actions)
		}
	}
	w.OK("apply", "-no-color", "tfplan")
	requests := acctest.Writes(w.Sandbox)
	if len(requests) != 1 || requests[0].Method != "POST" {
		t.Fatalf("want one POST, got %d requests", len(requests))
	}
	acctest.Same(t, "the request", requests[0].Object(), body(declared))
	if id(t, w, "gone") == gone || id(t, w, "stays") != stays {
		t.Error("the ids are wrong")
	}
	w.PlanEmpty()
}
