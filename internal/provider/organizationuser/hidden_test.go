package organizationuser_test

import (
	"strings"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// personal are the members that an integration may not be allowed to see.
var personal = []string{"first_name", "last_name", "corporate_name", "email", "phone_number", "birth_date", "ssn"}

// TestHiddenPersonalMembers answers null for personal data that was written, which is no drift as long as it lasts.
func TestHiddenPersonalMembers(t *testing.T) {
	for name, behaviour := range map[string]func(*sandbox.Behaviour){
		"null": func(b *sandbox.Behaviour) { b.Hide = personal },
		"all": func(b *sandbox.Behaviour) {
			servers["all"](b)
			b.Hide = personal
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := acctest.New(t, behaviour)
			w.Config(user("u", rich.with(attributes{"anonymized": false})))
			r := w.Apply()
			found := warnings(r)
			if len(found) != 1 {
				t.Fatalf("want one warning, got\n%s", r.Output)
			}
			for _, attribute := range personal {
				says(t, found[0], attribute)
				if value := rich[attribute].(string); strings.Contains(found[0], value) {
					t.Errorf("the warning quotes the %s", attribute)
				}
			}
			userID := id(t, w, "u")
			spelled(t, w, "u", rich.only(personal...))
			w.PlanEmpty()
			writes(w)
			if r := w.Apply(); len(warnings(r)) != 0 {
				t.Errorf("want no warning twice, got\n%s", r.Output)
			}
			noWrites(t, w)

			// A change is written, and needs no second warning.
			declared := rich.with(attributes{"anonymized": false, "email": "augusta@example.com"})
			w.Config(user("u", declared))
			plan, _ := w.Plan()
			plans(t, plan, "u", []string{"email"}, nil)
			if r := w.OK("apply", "-no-color", "tfplan"); len(warnings(r)) != 0 {
				t.Errorf("want no warning, got\n%s", r.Output)
			}
			same(t, "the change", patches(t, w)[userID], declared.only(append(required, "email")...).body())
			spelled(t, w, "u", declared.only(personal...))
			w.PlanEmpty()

			// So is a removal.
			declared = declared.with(attributes{"phone_number": nil, "ssn": nil})
			w.Config(user("u", declared))
			w.Apply()
			holds(t, w, userID, map[string]any{"phone_number": nil, "ssn": nil})
			w.PlanEmpty()
			writes(w)
		})
	}
}

// TestHidingEnds shows what was hidden, and hides it again.
func TestHidingEnds(t *testing.T) {
	w := acctest.New(t, func(b *sandbox.Behaviour) { b.Hide = personal })
	w.Config(user("u", rich.with(attributes{"anonymized": false})))
	w.Apply()
	w.PlanEmpty()
	userID := id(t, w, "u")
	writes(w)

	w.Sandbox.Configure(func(b *sandbox.Behaviour) { b.Hide = nil })
	w.Sandbox.Change(kind, userID, map[string]any{"email": "somebody@example.com"})
	plan, _ := w.Plan()
	plans(t, plan, "u", []string{"email"}, nil)
	w.OK("apply", "-no-color", "tfplan")
	holds(t, w, userID, rich.only("email").body())
	w.Apply() // what was seen is remembered when an apply saves it
	w.PlanEmpty()
	writes(w)

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
	same(t, "the repair", patches(t, w)[userID], rich.only(append(required, "birth_date", "phone_number")...).body())
	w.PlanEmpty()
}

// TestHiddenOtherMember answers null for what is nobody's personal data.
func TestHiddenOtherMember(t *testing.T) {
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
