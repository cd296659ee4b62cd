package protectedidentity_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// normalising are servers that respond in their own way with what means the same.
var normalising = map[string]func(*sandbox.Behaviour){
	"strip": func(b *sandbox.Behaviour) {
		b.LowerEmailDomain, b.Separators, b.RewriteInstants = true, "strip", true
		b.EmptyForNull, b.UnknownFields, b.BumpVolatile = true, true, true
		b.FillOrganization = uuid(organizations, 9)
	},
	"insert": func(b *sandbox.Behaviour) {
		b.LowerEmailDomain, b.Separators, b.RewriteInstants = true, "insert", true
		b.ValidateAlone, b.UnknownFields = true, true
	},
}

// spellings are two ways to write the same.
func spellings(n int) (a, b attributes) {
	a = rich(n).With(attributes{
		"tenant_id":       fmt.Sprintf("abcdef00-0000-4000-8000-%012d", n),
		"organization_id": "ABCDEF00-0000-4000-8000-00000000000F",
		"email":           "Asa@EXAMPLE.com",
	})
	b = a.With(attributes{
		"tenant_id":       strings.ToUpper(fmt.Sprint(a["tenant_id"])),
		"organization_id": "abcdef00-0000-4000-8000-00000000000f",
		"email":           "Asa@example.COM",
		"ssn":             "199001012385",
	})
	return a, b
}

func TestServerNormalises(t *testing.T) {
	for name, behaviour := range normalising {
		t.Run(name, func(t *testing.T) {
			w := acctest.New(t, behaviour)
			a, b := spellings(1)
			least := attributes{"sub_tenant_id": uuid(subTenants, 1)}
			w.Config(resource("a", a) + resource("least", least))
			if r := w.Apply(); strings.Contains(r.Output, "Warning: The API stored") {
				t.Errorf("a false warning:\n%s", r.Output)
			}
			w.PlanEmpty()
			// The server changes its ways.
			for _, other := range normalising {
				w.Sandbox.Configure(other)
				w.PlanEmpty()
			}
			w.Sandbox.Configure(behaviour)

			// Another spelling plans nothing, and the state keeps the first.
			w.Sandbox.ResetRequests()
			w.Config(resource("a", b) + resource("least", least))
			w.PlanEmpty()
			w.Apply("-refresh=false")
			acctest.NoWrites(t, w.Sandbox)
			state := w.Attributes(address("a"))
			for name, value := range a {
				acctest.Same(t, "the state's "+name, state[name], value)
			}

			// Beside a real change it plans nothing either.
			w.Config(resource("a", b.With(attributes{"birth_date": "1990-01-03"})) + resource("least", least))
			plan, _ := w.Plan()
			changed, unknown := acctest.Changed(plan, address("a"))
			acctest.Same(t, "changed", append(changed, unknown...), []string{"birth_date"})
			w.OK("apply", "-no-color", "tfplan")
			bodies := acctest.Patches(t, w.Sandbox, path)
			want := attributes{"tenant_id": a["tenant_id"], "birth_date": "1990-01-03"}
			acctest.Same(t, "the PATCH", bodies[id(t, w, "a")], bodyOf(want))
			w.PlanEmpty()

			// What means something else is drift.
			w.Sandbox.Change(kind, id(t, w, "a"), map[string]any{"email": "asa@example.com", "ssn": "199001612382"})
			plan, _ = w.Plan()
			changed, _ = acctest.Changed(plan, address("a"))
			slices.Sort(changed)
			acctest.Same(t, "changed", changed, []string{"email", "ssn"})
			w.OK("apply", "-no-color", "tfplan")
			w.PlanEmpty()
		})
	}
}

const hides = "The API hides what was written"

func TestHiddenMembers(t *testing.T) {
	w := acctest.New(t, func(b *sandbox.Behaviour) { b.Hide = personal })
	config := func(a attributes) string { w.Config(resource("p", a)); return w.Apply().Output }
	declared := rich(1)
	output := config(declared)
	if strings.Count(output, "Warning: The API") != 1 || strings.Count(output, hides) != 1 {
		t.Errorf("want one warning:\n%s", output)
	}
	object := id(t, w, "p")
	acctest.Holds(t, w.Sandbox, kind, object, bodyOf(declared))
	state := w.Attributes(address("p"))
	for _, name := range personal {
		acctest.Same(t, "the state's "+name, state[name], declared[name])
	}
	w.PlanEmpty()

	// It is known now: no more warnings, and changes are written.
	w.Sandbox.ResetRequests()
	declared = declared.With(attributes{"first_name": "Beda", "custom_id": "new"})
	if output = config(declared); strings.Contains(output, "Warning: The API") {
		t.Errorf("want no warning:\n%s", output)
	}
	want := attributes{"tenant_id": declared["tenant_id"], "first_name": "Beda", "custom_id": "new"}
	acctest.Same(t, "the PATCH", acctest.Patches(t, w.Sandbox, path)[object], bodyOf(want))
	w.PlanEmpty()

	// Clearing writes null.
	w.Sandbox.ResetRequests()
	declared = declared.With(attributes{"last_name": nil})
	config(declared)
	acctest.Same(t, "the PATCH", acctest.Patches(t, w.Sandbox, path)[object], bodyOf(attributes{"tenant_id": declared["tenant_id"], "last_name": nil}))
	w.PlanEmpty()

	// What shows again is followed again: a change elsewhere is drift, and so is null from then on.
	w.Sandbox.Configure(func(b *sandbox.Behaviour) { b.Hide = nil })
	w.PlanEmpty()
	w.OK("apply", "-refresh-only", "-auto-approve", "-no-color")
	w.Sandbox.Change(kind, object, map[string]any{"ssn": "199001612382", "email": nil})
	plan, _ := w.Plan()
	changed, unknown := acctest.Changed(plan, address("p"))
	slices.Sort(changed)
	acctest.Same(t, "changed", append(changed, unknown...), []string{"email", "ssn"})
	w.OK("apply", "-no-color", "tfplan")
	w.PlanEmpty()
}

// TestHiddenLater loses the permission to see one field after it was written.
func TestHiddenLater(t *testing.T) {
	w := acctest.New(t)
	w.Config(resource("p", rich(1)))
	w.Apply()
	w.Sandbox.Configure(func(b *sandbox.Behaviour) { b.Hide = []string{"ssn"} })
	plan, _ := w.Plan()
	changed, _ := acctest.Changed(plan, address("p"))
	acctest.Same(t, "changed", changed, []string{"ssn"})
	if r := w.OK("apply", "-no-color", "tfplan"); strings.Count(r.Output, hides) != 1 {
		t.Errorf("want one warning:\n%s", r.Output)
	}
	w.PlanEmpty()
	w.Sandbox.Change(kind, id(t, w, "p"), map[string]any{"last_name": "Other"})
	plan, _ = w.Plan()
	changed, _ = acctest.Changed(plan, address("p"))
	acctest.Same(t, "changed", changed, []string{"last_name"})
}

// TestHiddenOther is about a field that is not personal: that the server does not keep it is drift.
func TestHiddenOther(t *testing.T) {
	w := acctest.New(t, func(b *sandbox.Behaviour) { b.Hide = []string{"custom_id"} })
	w.Config(resource("p", rich(1)))
	if r := w.Apply(); strings.Count(r.Output, "Warning: The API") != 1 || !strings.Contains(r.Output, "For custom_id of") {
		t.Errorf("want one warning that names custom_id:\n%s", r.Output)
	}
	plan, r := w.Plan()
	changed, _ := acctest.Changed(plan, address("p"))
	acctest.Same(t, "changed", changed, []string{"custom_id"})
	acctest.Same(t, "exit code", r.ExitCode, 2)
}
