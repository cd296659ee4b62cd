package organizationuser_test

import (
	"strings"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// personal are the fields that an integration may not be allowed to see.
var personal = []string{"first_name", "last_name", "corporate_name", "email", "phone_number", "birth_date", "ssn"}

// TestHiddenPersonalFields shows null for personal data that was written, which is no drift as long as it lasts.
func TestHiddenPersonalFields(t *testing.T) {
	for name, behaviour := range map[string]func(*sandbox.Behaviour){
		"null": func(b *sandbox.Behaviour) { b.Hide = personal },
		"all": func(b *sandbox.Behaviour) {
			servers["all"](b)
			b.Hide = personal
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := acctest.New(t, behaviour)
			w.Config(user("u", rich.With(attributes{"anonymized": false})))
			r := w.Apply()
			found := warnings(r)
			if len(found) != 1 {
				t.Fatalf("want one warning, got\n%s", r.Output)
			}
			for _, attribute := range personal {
				acctest.Says(t, found[0], attribute)
				if value := rich[attribute].(string); strings.Contains(found[0], value) {
					t.Errorf("the warning quotes the %s", attribute)
				}
			}
			userID := id(t, w, "u")
			spelled(t, w, "u", rich.Only(personal...))
			w.PlanEmpty()
			acctest.Writes(w.Sandbox)
			if r := w.Apply(); len(warnings(r)) != 0 {
				t.Errorf("want no warning twice, got\n%s", r.Output)
			}
			acctest.NoWrites(t, w.Sandbox)

			// A change is written, and needs no second warning.
			declared := rich.With(attributes{"anonymized": false, "email": "augusta@example.com"})
			w.Config(user("u", declared))
			plan, _ := w.Plan()
			plans(t, plan, "u", []string{"email"}, nil)
			if r := w.OK("apply", "-no-color", "tfplan"); len(warnings(r)) != 0 {
				t.Errorf("want no warning, got\n%s", r.Output)
			}
			acctest.Same(t, "the change", acctest.Patches(t, w.Sandbox, path)[userID], body(declared.Only(append(required, "email")...)))
			spelled(t, w, "u", declared.Only(personal...))
			w.PlanEmpty()

			// So is a removal.
			declared = declared.With(attributes{"phone_number": nil, "ssn": nil})
			w.Config(user("u", declared))
			w.Apply()
			acctest.Holds(t, w.Sandbox, kind, userID, map[string]any{"phone_number": nil, "ssn": nil})
			w.PlanEmpty()
			acctest.Writes(w.Sandbox)
		})
	}
}

// TestHidingEnds shows what was hidden, and hides it again.
func TestHidingEnds(t *testing.T) {
	w := acctest.New(t, func(b *sandbox.Behaviour) { b.Hide = personal })
	w.Config(user("u", rich.With(attributes{"anonymized": false})))
	w.Apply()
	w.PlanEmpty()
	userID := id(t, w, "u")
	acctest.Writes(w.Sandbox)

	w.Sandbox.Configure(func(b *sandbox.Behaviour) { b.Hide = nil })
	w.Sandbox.Change(kind, userID, map[string]any{"email": "somebody@example.com"})
	plan, _ := w.Plan()
	plans(t, plan, "u", []string{"email"}, nil)
	w.OK("apply", "-no-color", "tfplan")
	acctest.Holds(t, w.Sandbox, kind, userID, body(rich.Only("email")))
	w.Apply() // what was seen is remembered when an apply saves it
	w.PlanEmpty()
	acctest.Writes(w.Sandbox)

	// From now on null means that nothing is there, until a write shows otherwise.
	w.Sandbox.Configure(func(b *sandbox.Behaviour) { b.Hide = []string{"birth_date", "phone_number"} })
	plan, r := w.Plan()
	if r.ExitCode != 2 {
		t.Errorf("want exit code 2, got %d", r.ExitCode)
	}
	plans(t, plan, "u", []string{"birth_date", "phone_number"}, nil)
	r = w.OK("apply", "-no-color", "tfplan")
	if found := warnings(r); len(found) != 1 {
		t.Errorf("want one warning, got\n%s", r.Output)
	}
	acctest.Same(t, "the repair", acctest.Patches(t, w.Sandbox, path)[userID], body(rich.Only(append(required, "birth_date", "phone_number")...)))
	w.PlanEmpty()
}

// TestHiddenOtherField shows null for what is nobody's personal data.
func TestHiddenOtherField(t *testing.T) {
	w := acctest.New(t, func(b *sandbox.Behaviour) { b.Hide = []string{"custom_id", "role"} })
	declared := attributes{"detail_access": 0, "first_name": "Ada", "custom_id": "emp-42", "role_id": uuid(1)}
	w.Config(user("u", declared))
	w.Apply()
	spelled(t, w, "u", declared)
	plan, r := w.Plan()
	if r.ExitCode != 2 {
		t.Errorf("want exit code 2, got %d", r.ExitCode)
	}
	plans(t, plan, "u", []string{"custom_id", "role_id"}, nil)
	if len(w.Sandbox.All(kind)) != 1 {
		t.Error("want one user")
	}
}
