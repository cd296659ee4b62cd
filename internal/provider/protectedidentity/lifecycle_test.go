package protectedidentity_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
)

func TestAllAttributes(t *testing.T) {
	w := acctest.New(t)
	declared := rich(1)
	w.Config(resource("p", declared))
	w.Apply()

	requests := acctest.Writes(w.Sandbox)
	if len(requests) != 1 || requests[0].Method != "POST" {
		t.Fatalf("want one POST, got %d requests", len(requests))
	}
	acctest.Same(t, "the request", requests[0].Object(), bodyOf(declared))
	acctest.Holds(t, w.Sandbox, kind, id(t, w, "p"), bodyOf(declared))
	state := w.Attributes(address("p"))
	for name, value := range declared {
		acctest.Same(t, "the state's "+name, state[name], value)
	}
	acctest.Same(t, "sub_tenant_id", state["sub_tenant_id"], nil)
	if created, _ := state["created_at"].(string); created == "" {
		t.Error("created_at is not set")
	}
	w.PlanEmpty()

	// The least that can be declared.
	w.Sandbox.ResetRequests()
	w.Config(resource("p", declared) + resource("least", attributes{"sub_tenant_id": uuid(subTenants, 1)}))
	w.Apply()
	requests = acctest.Writes(w.Sandbox)
	if len(requests) != 1 {
		t.Fatalf("want one request, got %d", len(requests))
	}
	acctest.Same(t, "the request", requests[0].Object(), map[string]any{"sub_tenant": map[string]any{"id": uuid(subTenants, 1)}})
	w.PlanEmpty()

	w.Sandbox.ResetRequests()
	w.OK("destroy", "-auto-approve", "-no-color")
	if requests = acctest.Writes(w.Sandbox); len(requests) != 2 || len(w.Sandbox.All(kind)) != 0 {
		t.Errorf("destroy: %d requests, %d objects left", len(requests), len(w.Sandbox.All(kind)))
	}
}

// changes are a new value for every attribute.
var changes = map[string]any{
	"custom_id":                     "case-new",
	"organization_id":               uuid(organizations, 2),
	"previous_address_id":           uuid(addresses, 11),
	"current_registered_address_id": uuid(addresses, 12),
	"future_address_id":             uuid(addresses, 13),
	"first_name":                    "Beda",
	"last_name":                     `Öberg "the" \ 🏠`,
	"email":                         "asa.Ö@example.com",
	"phone_number":                  "0701234567",
	"birth_date":                    "1990-01-02",
	"ssn":                           "19900161-2382",
	"tenant_id":                     uuid(tenants, 1000),
}

// clearable are the attributes that can be removed.
func clearable() []string {
	names := []string{}
	for name := range changes {
		if name != "tenant_id" {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

func TestEachAttributeChangedAndRemoved(t *testing.T) {
	w := acctest.New(t)
	names := append(clearable(), "tenant_id")
	config := func(edit func(name string, a attributes) attributes) {
		var b strings.Builder
		for i, name := range names {
			b.WriteString(resource(name, edit(name, rich(i))))
		}
		w.Config(b.String())
	}
	config(func(_ string, a attributes) attributes { return a })
	w.Apply()
	before := ids(t, w)

	config(func(name string, a attributes) attributes { return a.With(attributes{name: changes[name]}) })
	plan, r := w.Plan()
	if !strings.Contains(r.Output, "Plan: 0 to add, 12 to change, 0 to destroy.") {
		t.Errorf("the plan: %s", r.Output)
	}
	for _, name := range names {
		changed, unknown := acctest.Changed(plan, address(name))
		acctest.Same(t, "changed in "+name, changed, []string{name})
		acctest.Same(t, "unknown in "+name, unknown, nil)
	}
	w.Sandbox.ResetRequests()
	w.OK("apply", "-no-color", "tfplan")
	acctest.Same(t, "the ids", ids(t, w), before)
	bodies := acctest.Patches(t, w.Sandbox, path)
	for i, name := range names {
		want := attributes{"tenant_id": uuid(tenants, i), name: changes[name]}
		acctest.Same(t, "the PATCH for "+name, bodies[before[name]], bodyOf(want))
		acctest.Holds(t, w.Sandbox, kind, before[name], bodyOf(rich(i).With(want)))
	}
	w.PlanEmpty()

	config(func(name string, a attributes) attributes {
		if name == "tenant_id" {
			return a.With(attributes{name: changes[name]})
		}
		return a.With(attributes{name: nil})
	})
	plan, _ = w.Plan()
	w.Sandbox.ResetRequests()
	w.OK("apply", "-no-color", "tfplan")
	bodies = acctest.Patches(t, w.Sandbox, path)
	for i, name := range names {
		if name == "tenant_id" {
			continue
		}
		changed, unknown := acctest.Changed(plan, address(name))
		if name == "organization_id" { // the server may refill it
			changed, unknown = unknown, changed
		}
		acctest.Same(t, "changed in "+name, changed, []string{name})
		acctest.Same(t, "unknown in "+name, unknown, nil)
		want := attributes{"tenant_id": uuid(tenants, i), name: nil}
		acctest.Same(t, "the PATCH for "+name, bodies[before[name]], bodyOf(want))
		acctest.Holds(t, w.Sandbox, kind, before[name], bodyOf(want))
	}
	acctest.Same(t, "number of requests", len(bodies), len(names)-1)
	acctest.Same(t, "the ids", ids(t, w), before)
	w.PlanEmpty()
}

func TestMove(t *testing.T) {
	w := acctest.New(t)
	there, back := rich(1), attributes{"sub_tenant_id": uuid(subTenants, 2), "first_name": "Ada"}
	w.Config(resource("there", there) + resource("back", back))
	w.Apply()
	before := ids(t, w)

	move := map[string]attributes{
		"there": {"tenant_id": nil, "sub_tenant_id": uuid(subTenants, 1)},
		"back":  {"sub_tenant_id": nil, "tenant_id": uuid(tenants, 2)},
	}
	w.Config(resource("there", there.With(move["there"])) + resource("back", back.With(move["back"])))
	plan, _ := w.Plan()
	w.Sandbox.ResetRequests()
	w.OK("apply", "-no-color", "tfplan")
	acctest.Same(t, "the ids", ids(t, w), before)
	bodies := acctest.Patches(t, w.Sandbox, path)
	for name, body := range move {
		changed, unknown := acctest.Changed(plan, address(name))
		slices.Sort(changed)
		acctest.Same(t, "changed in "+name, changed, []string{"sub_tenant_id", "tenant_id"})
		acctest.Same(t, "unknown in "+name, unknown, nil)
		acctest.Same(t, "the PATCH for "+name, bodies[before[name]], bodyOf(body))
		acctest.Holds(t, w.Sandbox, kind, before[name], bodyOf(body))
	}
	w.PlanEmpty()
}

func TestEverythingRemovedAtOnce(t *testing.T) {
	w := acctest.New(t)
	w.Config(resource("p", rich(1)))
	w.Apply()
	w.Sandbox.ResetRequests()
	w.Config(resource("p", attributes{"tenant_id": uuid(tenants, 1)}))
	w.Apply()
	want := attributes{"tenant_id": uuid(tenants, 1)}
	for _, name := range clearable() {
		want[name] = nil
	}
	acctest.Same(t, "the PATCH", acctest.Patches(t, w.Sandbox, path)[id(t, w, "p")], bodyOf(want))
	acctest.Holds(t, w.Sandbox, kind, id(t, w, "p"), bodyOf(want))
	w.PlanEmpty()
}
