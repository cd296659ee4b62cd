package organizationuser_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// spelling declares what a server may spell otherwise, and respelling the same in another way.
var (
	spelling = rich.With(attributes{
		"email":               "Ada@Example.COM",
		"ssn":                 "19900101-2385",
		"org_no":              "5560360793",
		"active_to":           "2030-12-31T23:59:59.1234567+01:00",
		"organization_id":     "ABCDEF01-0000-4000-8000-000000000001",
		"role_id":             "abcdef01-0000-4000-8000-000000000002",
		"external_client_ids": []string{"ABCDEF01-0000-4000-8000-000000000003", "abcdef01-0000-4000-8000-000000000004"},

		"debt_distribution_instruction":    "[ ]",
		"invoice_distribution_instruction": `[{"b": 1.0, "a": {"d": "å", "c": []}}]`,
	})
	respelling = spelling.With(attributes{
		"email":               "Ada@example.com",
		"ssn":                 "199001012385",
		"org_no":              "556036-0793",
		"active_to":           "2030-12-31T22:59:59.123456Z",
		"organization_id":     "abcdef01-0000-4000-8000-000000000001",
		"role_id":             "ABCDEF01-0000-4000-8000-000000000002",
		"external_client_ids": []string{"ABCDEF01-0000-4000-8000-000000000004", "abcdef01-0000-4000-8000-000000000003"},

		"debt_distribution_instruction":    "[]",
		"invoice_distribution_instruction": "[\n  {\"a\":{\"c\":[],\"d\":\"\\u00e5\"},\"b\":1}\n]",
	})
)

// servers are what servers do to what they store.
var servers = map[string]func(*sandbox.Behaviour){
	"plain": func(*sandbox.Behaviour) {},
	"strip": func(b *sandbox.Behaviour) {
		b.Separators, b.LowerEmailDomain, b.RewriteInstants, b.BumpVolatile = "strip", true, true, true
	},
	"all": func(b *sandbox.Behaviour) {
		b.LowerEmailDomain, b.RewriteInstants, b.EmptyForNull, b.UnknownFields = true, true, true, true
		b.BumpVolatile, b.ValidateAlone, b.Separators, b.FillOrganization = true, true, "insert", uuid(9)
	},
}

// TestServers runs the same life on each of them.
func TestServers(t *testing.T) {
	for name, behaviour := range servers {
		t.Run(name, func(t *testing.T) {
			w := acctest.New(t, behaviour)
			least := attributes{"detail_access": 0, "corporate_name": "Analytical Engines AB"}
			config := func(rich attributes) { w.Config(users(map[string]attributes{"rich": rich, "least": least})) }
			config(spelling)
			w.Apply()
			if requests := acctest.Writes(w.Sandbox); len(requests) != 2 {
				t.Errorf("want two requests, got %d", len(requests))
			}
			richID := id(t, w, "rich")
			spelled(t, w, "rich", spelling)
			for attribute, value := range states(t, w)["least"] {
				if value == "" {
					t.Errorf("%s is empty instead of null", attribute)
				}
			}
			w.PlanEmpty()

			// Another spelling of the same is nothing to do, and the state keeps the first one.
			config(respelling)
			w.Apply()
			acctest.NoWrites(t, w.Sandbox)
			spelled(t, w, "rich", spelling)

			// Beside a real change, that change alone is sent.
			config(respelling.With(attributes{"fmi": other["fmi"]}))
			plan, _ := w.Plan()
			plans(t, plan, "rich", []string{"fmi"}, nil)
			plans(t, plan, "least", nil, nil)
			w.OK("apply", "-no-color", "tfplan")
			acctest.Same(t, "the change", acctest.Patches(t, w.Sandbox, path)[richID], body(rich.Only(required...).With(attributes{"fmi": other["fmi"]})))
			w.PlanEmpty()

			// What the server changes for real is drift.
			drifted := []string{"active_to", "email", "external_client_ids", "invoice_distribution_instruction", "org_no", "organization_id", "role_id", "ssn"}
			w.Sandbox.Change(kind, richID, map[string]any{
				"email":                            "ADA@example.com",
				"ssn":                              "19850615-1235",
				"org_no":                           "202100-5489",
				"active_to":                        "2030-12-31T22:59:59.123458Z",
				"organization":                     map[string]any{"id": uuid(1)},
				"role":                             nil,
				"external_clients":                 []any{map[string]any{"id": uuid(5)}},
				"invoice_distribution_instruction": []any{map[string]any{"b": 1.5, "a": map[string]any{"d": "å", "c": []any{}}}},
			})
			plan, r := w.Plan()
			if r.ExitCode != 2 {
				t.Errorf("want exit code 2, got %d", r.ExitCode)
			}
			plans(t, plan, "rich", drifted, nil)
			w.OK("apply", "-no-color", "tfplan")
			acctest.Same(t, "the repair", acctest.Patches(t, w.Sandbox, path)[richID], body(respelling.Only(append(required, drifted...)...)))
			w.PlanEmpty()
		})
	}
}

// TestServerChangesItsSpelling lets the server spell otherwise from one day to the next.
func TestServerChangesItsSpelling(t *testing.T) {
	w := acctest.New(t)
	w.Config(user("u", spelling))
	w.Apply()
	created := states(t, w)["u"]["created_at"]
	w.Sandbox.Configure(servers["all"])
	w.PlanEmpty()
	w.Apply()
	spelled(t, w, "u", spelling.With(attributes{"created_at": created}))
	w.Sandbox.Configure(func(b *sandbox.Behaviour) { b.RewriteInstants, b.Separators = false, "strip" })
	w.PlanEmpty()
}

// TestSetsChange adds and removes single elements of a set of which others are spelled otherwise.
func TestSetsChange(t *testing.T) {
	w := acctest.New(t)
	a, b, c := "abcdef01-0000-4000-8000-00000000000a", "abcdef01-0000-4000-8000-00000000000b", "abcdef01-0000-4000-8000-00000000000c"
	declared := func(ids ...string) attributes {
		return attributes{"detail_access": 0, "first_name": "Ada", "external_client_ids": ids}
	}
	relate := func(ids ...string) map[string]any { return body(declared(ids...).Only("external_client_ids")) }
	w.Config(user("u", declared(strings.ToUpper(a), b)))
	w.Apply()
	w.PlanEmpty()
	acctest.Writes(w.Sandbox)
	userID := id(t, w, "u")

	w.Config(user("u", declared(c, strings.ToUpper(a), b)))
	w.Apply()
	acctest.Holds(t, w.Sandbox, kind, userID, relate(a, b, c))
	w.PlanEmpty()

	// One that was added elsewhere goes, and the spelling of the others stays.
	ours := []string{strings.ToUpper(a), b, c}
	spelled(t, w, "u", attributes{"external_client_ids": ours})
	w.Sandbox.Change(kind, userID, relate(uuid(1), a, b, c))
	plan, _ := w.Plan()
	plans(t, plan, "u", []string{"external_client_ids"}, nil)
	before, _ := plan.ResourceChanges[0].Change.Before.(map[string]any)
	acctest.Same(t, "what the plan finds", before["external_client_ids"], append([]string{uuid(1)}, ours...))
	w.OK("apply", "-no-color", "tfplan")
	acctest.Holds(t, w.Sandbox, kind, userID, relate(a, b, c))
	spelled(t, w, "u", attributes{"external_client_ids": ours})
	w.PlanEmpty()
	acctest.Writes(w.Sandbox)

	// An empty set is a value of its own: nothing there, and nothing tolerated.
	w.Config(user("u", attributes{"detail_access": 0, "first_name": "Ada", "external_client_ids": expr("[]")}))
	w.Apply()
	acctest.Same(t, "the removal of all", acctest.Patches(t, w.Sandbox, path)[userID], map[string]any{"detail_access": 0, "first_name": "Ada", "external_clients": []any{}})
	w.PlanEmpty()
	w.Sandbox.Change(kind, userID, relate(a))
	plan, _ = w.Plan()
	plans(t, plan, "u", []string{"external_client_ids"}, nil)
}

// TestNoInstructions treats [] and null as the same, whoever says which.
func TestNoInstructions(t *testing.T) {
	w := acctest.New(t)
	instructions := slices.DeleteFunc(all(), func(name string) bool { return !strings.HasSuffix(name, "_instruction") })
	least := attributes{"detail_access": 0, "first_name": "Ada"}
	empty, both := maps.Clone(least), map[string]any{}
	for _, name := range instructions {
		empty[name] = expr("jsonencode([])")
		both[name] = []any{}
	}
	w.Config(users(map[string]attributes{"empty": empty, "null": least}))
	w.Apply()
	w.PlanEmpty()
	acctest.Writes(w.Sandbox)
	for _, stored := range []any{[]any{}, nil} {
		for _, name := range instructions {
			both[name] = stored
		}
		w.Sandbox.Change(kind, id(t, w, "empty"), both)
		w.Sandbox.Change(kind, id(t, w, "null"), both)
		w.PlanEmpty()
	}
	for _, name := range instructions {
		spelled(t, w, "empty", attributes{name: "[]"})
		spelled(t, w, "null", attributes{name: nil})
	}

	// The state follows the configuration; the server has nothing to do.
	w.Config(users(map[string]attributes{"empty": least, "null": empty}))
	w.Apply()
	acctest.NoWrites(t, w.Sandbox)
	for _, name := range instructions {
		spelled(t, w, "empty", attributes{name: nil})
		spelled(t, w, "null", attributes{name: "[]"})
	}
	w.PlanEmpty()
}
