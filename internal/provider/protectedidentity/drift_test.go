package protectedidentity_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

func TestDriftOfEachAttribute(t *testing.T) {
	for what, drift := range map[string]map[string]any{"changed": changes, "cleared": {}} {
		t.Run(what, func(t *testing.T) {
			w := acctest.New(t)
			names := clearable()
			if what == "changed" {
				names = append(names, "tenant_id")
			}
			var config strings.Builder
			for i, name := range names {
				config.WriteString(resource(name, rich(i)))
			}
			w.Config(config.String())
			w.Apply()
			before := ids(t, w)
			for i, name := range names {
				w.Sandbox.Change(kind, before[name], bodyOf(attributes{name: drift[name]}))
				if i%2 == 0 { // what others do to it besides
					w.Sandbox.Change(kind, before[name], map[string]any{"sub_tenant": nil})
				}
			}

			plan, r := w.Plan()
			if r.ExitCode != 2 || !strings.Contains(r.Output, "0 to add, "+itoa(len(names))+" to change, 0 to destroy") {
				t.Fatalf("exit code %d\n%s", r.ExitCode, r.Output)
			}
			for _, name := range names {
				changed, unknown := acctest.Changed(plan, address(name))
				acctest.Same(t, "changed in "+name, changed, []string{name})
				acctest.Same(t, "unknown in "+name, unknown, nil)
			}
			w.Sandbox.ResetRequests()
			w.OK("apply", "-no-color", "tfplan")
			bodies := acctest.Patches(t, w.Sandbox, path)
			for i, name := range names {
				declared := rich(i)
				want := attributes{"tenant_id": uuid(tenants, i), name: declared[name]}
				acctest.Same(t, "the PATCH for "+name, bodies[before[name]], bodyOf(want))
				acctest.Holds(t, w.Sandbox, kind, before[name], bodyOf(declared))
			}
			acctest.Same(t, "the ids", ids(t, w), before)
			w.PlanEmpty()
		})
	}
}

func itoa(n int) string { return strings.TrimSpace(acctest.Literal(n)) }

// TestMovedBehindTheBack is drift in both halves of a pair of which one is declared.
func TestMovedBehindTheBack(t *testing.T) {
	w := acctest.New(t)
	w.Config(resource("p", attributes{"tenant_id": uuid(tenants, 1)}))
	w.Apply()
	before := id(t, w, "p")
	w.Sandbox.Change(kind, before, bodyOf(attributes{"tenant_id": nil, "sub_tenant_id": uuid(subTenants, 1)}))
	plan, r := w.Plan()
	changed, unknown := acctest.Changed(plan, address("p"))
	slices.Sort(changed)
	acctest.Same(t, "changed", changed, []string{"sub_tenant_id", "tenant_id"})
	acctest.Same(t, "unknown", unknown, nil)
	acctest.Same(t, "exit code", r.ExitCode, 2)
	w.Sandbox.ResetRequests()
	w.OK("apply", "-no-color", "tfplan")
	want := attributes{"tenant_id": uuid(tenants, 1), "sub_tenant_id": nil}
	acctest.Same(t, "the PATCH", acctest.Patches(t, w.Sandbox, path)[before], bodyOf(want))
	w.PlanEmpty()
}

func TestGone(t *testing.T) {
	w := acctest.New(t)
	config := resource("gone", rich(1)) + resource("stays", rich(2))
	w.Config(config)
	w.Apply()
	gone := id(t, w, "gone")
	w.Sandbox.Remove(kind, gone)

	_, r := w.Plan()
	if r.ExitCode != 2 || !strings.Contains(r.Output, "Plan: 1 to add, 0 to change, 0 to destroy.") {
		t.Errorf("exit code %d\n%s", r.ExitCode, r.Output)
	}
	if _, warning, _ := strings.Cut(r.Output, "Warning:"); !strings.Contains(warning, gone) {
		t.Errorf("no warning names %s:\n%s", gone, r.Output)
	}
	w.Apply()
	if id(t, w, "gone") == gone || len(w.Sandbox.All(kind)) != 2 {
		t.Error("it was not made again")
	}
	w.PlanEmpty()

	// What is gone already can be destroyed.
	w.Sandbox.Remove(kind, id(t, w, "gone"))
	w.OK("destroy", "-auto-approve", "-no-color", "-refresh=false")
	acctest.Same(t, "objects left", len(w.Sandbox.All(kind)), 0)
}

func TestOrganization(t *testing.T) {
	w := acctest.New(t, func(b *sandbox.Behaviour) { b.FillOrganization = uuid(organizations, 9) })
	never := attributes{"tenant_id": uuid(tenants, 1), "custom_id": "never"}
	declared := attributes{"tenant_id": uuid(tenants, 2), "organization_id": uuid(organizations, 1)}
	w.Config(resource("never", never) + resource("declared", declared))
	w.Apply()
	ids := ids(t, w)
	acctest.Same(t, "the server's choice", w.Attributes(address("never"))["organization_id"], uuid(organizations, 9))
	acctest.Holds(t, w.Sandbox, kind, ids["declared"], bodyOf(declared))
	w.PlanEmpty()

	// Never declared: whatever the server puts there is no drift, and is left alone by other changes.
	for _, organization := range []any{uuid(organizations, 8), nil} {
		w.Sandbox.Change(kind, ids["never"], bodyOf(attributes{"organization_id": organization}))
		plan, r := w.Plan()
		if r.ExitCode != 0 {
			t.Errorf("want no change, got %s", r.Output)
		}
		changed, unknown := acctest.Changed(plan, address("never"))
		acctest.Same(t, "changed", append(changed, unknown...), nil)
	}
	never["custom_id"] = "never-2"
	w.Config(resource("never", never) + resource("declared", declared))
	plan, _ := w.Plan()
	changed, unknown := acctest.Changed(plan, address("never"))
	acctest.Same(t, "changed", append(changed, unknown...), []string{"custom_id"})
	w.Sandbox.ResetRequests()
	w.OK("apply", "-no-color", "tfplan")
	acctest.Same(t, "the PATCH", acctest.Patches(t, w.Sandbox, path)[ids["never"]], bodyOf(never))

	// Declared, then removed: cleared, and what the server makes of it is no drift.
	for _, refill := range []string{uuid(organizations, 9), ""} {
		w.Sandbox.Configure(func(b *sandbox.Behaviour) { b.FillOrganization = refill })
		w.Config(resource("never", never) + resource("declared", declared))
		w.Apply()
		w.Sandbox.ResetRequests()
		w.Config(resource("never", never) + resource("declared", declared.With(attributes{"organization_id": nil})))
		w.Apply()
		want := attributes{"tenant_id": uuid(tenants, 2), "organization_id": nil}
		acctest.Same(t, "the PATCH", acctest.Patches(t, w.Sandbox, path)[ids["declared"]], bodyOf(want))
		if refill != "" {
			want["organization_id"] = refill
		}
		acctest.Holds(t, w.Sandbox, kind, ids["declared"], bodyOf(want))
		w.PlanEmpty()
	}
	w.Sandbox.Change(kind, ids["declared"], bodyOf(attributes{"organization_id": uuid(organizations, 5)}))
	if r := w.OK("plan", "-detailed-exitcode", "-no-color"); r.ExitCode != 0 {
		t.Errorf("want no change, got %s", r.Output)
	}
}

// TestUndeclaredPersonalData stays out of the state, however it gets onto the server.
func TestUndeclaredPersonalData(t *testing.T) {
	w := acctest.New(t)
	w.Config(resource("p", attributes{"tenant_id": uuid(tenants, 1)}))
	w.Apply()
	theirs := maps.Clone(rich(1))
	maps.DeleteFunc(theirs, func(name string, _ any) bool { return !slices.Contains(personal, name) })
	w.Sandbox.Change(kind, id(t, w, "p"), theirs)
	w.PlanEmpty()
	w.OK("apply", "-refresh-only", "-auto-approve", "-no-color")
	state := w.Attributes(address("p"))
	for _, name := range personal {
		acctest.Same(t, name, state[name], nil)
	}
	// Another change leaves it alone.
	w.Sandbox.ResetRequests()
	declared := attributes{"tenant_id": uuid(tenants, 1), "custom_id": "c"}
	w.Config(resource("p", declared))
	w.Apply()
	acctest.Same(t, "the PATCH", acctest.Patches(t, w.Sandbox, path)[id(t, w, "p")], bodyOf(declared))
	acctest.Holds(t, w.Sandbox, kind, id(t, w, "p"), theirs)
	w.PlanEmpty()
}
