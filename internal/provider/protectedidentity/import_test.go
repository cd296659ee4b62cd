package protectedidentity_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// withoutPersonal returns the attributes without those that say who somebody is.
func withoutPersonal(a attributes) attributes {
	for _, name := range personal {
		a = a.With(attributes{name: nil})
	}
	return a
}

// onlyPersonal returns nothing else, and the tenant.
func onlyPersonal(a attributes) attributes {
	b := attributes{"tenant_id": a["tenant_id"]}
	for _, name := range personal {
		b[name] = a[name]
	}
	return b
}

func TestImport(t *testing.T) {
	for _, way := range []string{"command", "block"} {
		t.Run(way, func(t *testing.T) {
			w := acctest.New(t, normalising["strip"])
			declared, respelled := spellings(1)
			object := w.Sandbox.Put(kind, bodyOf(declared))
			config := resource("p", withoutPersonal(respelled))
			if way == "command" {
				w.Config(config)
				w.OK("import", "-no-color", address("p"), object)
			} else {
				w.Config(config + "import {\n  to = " + address("p") + "\n  id = \"" + strings.ToUpper(object) + "\"\n}\n")
				_, r := w.Plan()
				if !strings.Contains(r.Output, "Plan: 1 to import, 0 to add, 0 to change, 0 to destroy.") {
					t.Errorf("the plan: %s", r.Output)
				}
				w.OK("apply", "-no-color", "tfplan")
				w.Config(config)
			}
			acctest.Same(t, "the id", id(t, w, "p"), object)
			w.PlanEmpty()
			w.Apply()
			w.PlanEmpty()
			acctest.NoWrites(t, w.Sandbox)
			state := w.Attributes(address("p"))
			for _, name := range personal {
				acctest.Same(t, "the state's "+name, state[name], nil)
			}
			acctest.Same(t, "the state's custom_id", state["custom_id"], declared["custom_id"])

			// Declaring the personal data adds it, even if it is what the server has.
			w.Config(resource("p", respelled))
			plan, _ := w.Plan()
			changed, unknown := acctest.Changed(plan, address("p"))
			slices.Sort(changed)
			want := slices.Sorted(slices.Values(personal))
			acctest.Same(t, "changed", append(changed, unknown...), want)
			w.OK("apply", "-no-color", "tfplan")
			body := bodyOf(onlyPersonal(respelled).With(attributes{"tenant_id": nil}))
			sent := acctest.Patches(t, w.Sandbox, path)[object]
			delete(sent, "tenant") // in either spelling
			acctest.Same(t, "the PATCH", sent, body)
			w.PlanEmpty()

			// From now on it is followed, and removing a line clears it.
			w.Sandbox.Change(kind, object, map[string]any{"last_name": "Other"})
			plan, _ = w.Plan()
			changed, _ = acctest.Changed(plan, address("p"))
			acctest.Same(t, "changed", changed, []string{"last_name"})
			w.OK("apply", "-no-color", "tfplan")
			w.Config(resource("p", respelled.With(attributes{"ssn": nil})))
			w.Apply()
			acctest.Holds(t, w.Sandbox, kind, object, map[string]any{"ssn": nil, "last_name": respelled["last_name"]})
			w.PlanEmpty()
		})
	}
}

// TestImportDeclaresNothing: an organization that was imported, and is declared with the same value, is the server's.
func TestImportDeclaresNothing(t *testing.T) {
	w := acctest.New(t)
	declared := withoutPersonal(rich(1))
	object := w.Sandbox.Put(kind, bodyOf(declared))
	w.Config(resource("p", declared))
	w.OK("import", "-no-color", address("p"), object)
	w.PlanEmpty()
	w.Config(resource("p", declared.With(attributes{"organization_id": nil})))
	w.PlanEmpty()
	// The optional attributes are not: without a line they are cleared.
	w.Config(resource("p", attributes{"tenant_id": declared["tenant_id"]}))
	plan, _ := w.Plan()
	changed, unknown := acctest.Changed(plan, address("p"))
	slices.Sort(changed)
	acctest.Same(t, "changed", append(changed, unknown...),
		[]string{"current_registered_address_id", "custom_id", "future_address_id", "previous_address_id"})
}

// terraformsOwn is the line in which terraform itself repeats an import id, before or after the error.
var terraformsOwn = regexp.MustCompile(`Importing from ID "[^"]*"`)

func TestGeneratedConfiguration(t *testing.T) {
	w := acctest.New(t)
	object := w.Sandbox.Put(kind, bodyOf(rich(1)))
	w.Config("import {\n  provider = pigello\n  to = " + address("p") + "\n  id = \"" + object + "\"\n}\n") // Terraform 1.16 needs the provider
	w.OK("plan", "-no-color", "-generate-config-out=generated.tf", "-out=tfplan")
	content := acctest.ReadFile(t, w.Dir, "generated.tf")
	for _, secret := range []string{"Åsa", "19900101", "0701234567", "1990-01-01", "Example.com"} {
		if strings.Contains(content, secret) {
			t.Errorf("the generated configuration holds %s", secret)
		}
	}
	w.OK("apply", "tfplan")
	w.Config("")
	w.PlanEmpty()
	acctest.NoWrites(t, w.Sandbox)
}

func TestImportOfNothing(t *testing.T) {
	w := acctest.New(t)
	w.Config(resource("p", attributes{"tenant_id": uuid(tenants, 1)}))
	const missing = "497f6eca-6276-4993-bfeb-53cbbbba6f08"
	for given, want := range map[string]string{
		missing:             "does not exist",
		"19900101-2385":     "UUID",
		"list":              "UUID",
		"a/../../b":         "UUID",
		"asa@example.com":   "UUID",
		missing + "/":       "UUID",
		" " + missing + " ": "does not exist",
		"{" + missing + "}": "UUID",
		// A person is found by who is protected, never by personal data, which Terraform would print.
		"email:ada@example.se":   "tenant:<uuid>, sub_tenant:<uuid>, custom_id:<custom_id>",
		"tenant_id:" + missing:   "not a key",
		"tenant:" + missing[1:]:  "tenant must be a UUID",
		"sub_tenant:":            "sub_tenant is empty",
		"custom_id: ":            "is empty",
		":" + missing:            "not a key",
		"tenant: " + missing:     "has the tenant " + missing,
		"sub_tenant: " + missing: "has the sub_tenant " + missing,
		"custom_id:" + missing:   "has the custom_id " + missing,
	} {
		w.Sandbox.ResetRequests()
		r := w.Run("import", "-no-color", address("p"), given)
		_, message, failed := strings.Cut(strings.Join(strings.Fields(r.Output), " "), "Error:")
		if r.ExitCode != 1 || !failed || strings.Contains(message, "Error:") || !strings.Contains(message, want) ||
			strings.Contains(terraformsOwn.ReplaceAllString(message, ""), "ada@") {
			t.Errorf("import of %q: exit code %d\n%s", given, r.ExitCode, r.Output)
		}
		requests := len(w.Sandbox.Requests())
		if asks := strings.Contains(want, "exist") || strings.HasPrefix(want, "has "); asks != (requests > 0) {
			t.Errorf("import of %q: %d requests\n%s", given, requests, r.Output)
		}
	}
	w.Config(resource("p", attributes{"tenant_id": uuid(tenants, 1)}) + "import {\n  to = " + address("p") + "\n  id = \"" + missing + "\"\n}\n")
	if r := w.Run("plan", "-no-color"); r.ExitCode != 1 || !strings.Contains(r.Output, "does not exist") {
		t.Errorf("import block: exit code %d\n%s", r.ExitCode, r.Output)
	}
	acctest.NoWrites(t, w.Sandbox)
}

// TestImportByKey imports by who is protected, and by the organization's own identifier.
func TestImportByKey(t *testing.T) {
	for name, behaviour := range map[string]func(*sandbox.Behaviour){
		"plain":          func(*sandbox.Behaviour) {},
		"no_filters":     func(b *sandbox.Behaviour) { b.IgnoreFilters, b.IgnoreOrder, b.PageCap = true, true, 2 },
		"case_sensitive": func(b *sandbox.Behaviour) { b.CaseSensitiveIDs = true },
	} {
		t.Run(name, func(t *testing.T) {
			w := acctest.New(t, behaviour)
			of := func(n int, role string) attributes {
				return attributes{role + "_id": uuid(tenants, n), "custom_id": fmt.Sprintf("case:%d", n)}
			}
			declared := map[string]attributes{"t": of(1, "tenant"), "s": of(2, "sub_tenant"), "c": of(3, "tenant")}
			given := map[string]string{
				"t": "tenant:" + strings.ToUpper(uuid(tenants, 1)), "s": " sub_tenant : " + uuid(tenants, 2), "c": "custom_id:case:3",
			}
			want, config := map[string]string{}, ""
			for name, a := range declared {
				want[name] = w.Sandbox.Put(kind, bodyOf(a))
				config += resource(name, a) + fmt.Sprintf("import {\n  to = %s\n  id = %q\n}\n", address(name), given[name])
			}
			w.Sandbox.Put(kind, bodyOf(of(2, "tenant").With(attributes{"custom_id": "case"}))) // a tenant with the subtenant's id
			w.Config(config)
			if r := w.Apply(); !strings.Contains(r.Output, "Resources: 3 imported, 0 added, 0 changed, 0 destroyed.") {
				t.Error(r.Output)
			}
			acctest.Same(t, "the ids", ids(t, w), want)
			acctest.NoWrites(t, w.Sandbox)
			w.PlanEmpty()
		})
	}
}
