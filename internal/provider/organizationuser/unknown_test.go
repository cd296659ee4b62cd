package organizationuser_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
)

// TestForEachOverVariable declares users by a variable without type or default: at validate nothing is known, not even
// which attributes there are.
func TestForEachOverVariable(t *testing.T) {
	w := acctest.New(t)
	each := attributes{}
	for _, name := range all() {
		each[name] = expr("try(each.value." + name + ", null)")
	}
	w.Config("variable \"users\" {}\n" + strings.Replace(user("u", each), "{\n", "{\n  for_each = var.users\n", 1))
	if found := w.Validate(); len(found) != 0 {
		t.Fatalf("want no error, got %v", found)
	}

	declared := map[string]attributes{"rich": rich, "other": other, "least": {"detail_access": 0, "corporate_name": "x"}}
	variables, err := json.Marshal(map[string]any{"users": declared})
	if err != nil {
		t.Fatal(err)
	}
	w.Write("terraform.tfvars.json", string(variables))
	w.Apply()
	for name, want := range declared {
		name = `u["` + name + `"]`
		spelled(t, w, name, want)
		acctest.Holds(t, w.Sandbox, kind, id(t, w, name), body(want))
	}
	w.PlanEmpty()
}

// later returns a configuration of one user per attribute, which that user has from a resource that is not made yet, one
// with all attributes and one with a whole set from there, and that resource.
func later(source attributes) string {
	everything := attributes{}
	alone := map[string]attributes{}
	for _, name := range all() {
		everything[name] = expr("terraform_data.source.output." + name)
		if name == "external_client_ids" {
			everything[name] = expr("[terraform_data.source.output.external_client_ids[0], terraform_data.source.output.external_client_ids[1]]")
			alone["set"] = attributes{"detail_access": 0, "first_name": "Ada", name: expr("terraform_data.source.output." + name)}
		}
		alone[name] = attributes{"detail_access": 0, "first_name": "Ada"}.With(attributes{name: everything[name]})
	}
	alone["everything"] = everything
	// One element is known, and so is that it is not the other one.
	alone["external_client_ids"]["external_client_ids"] = expr("[\"" + source["external_client_ids"].([]string)[0] + "\", terraform_data.source.output.external_client_ids[1]]")
	input, err := json.Marshal(source)
	if err != nil {
		panic(err)
	}
	return users(alone) + "resource \"terraform_data\" \"source\" {\n  input = jsondecode(" + acctest.Literal(string(input)) + ")\n  triggers_replace = var.generation\n}\nvariable \"generation\" { default = 1 }\n"
}

// TestKnownAfterApply takes every attribute from another resource.
func TestKnownAfterApply(t *testing.T) {
	w := acctest.New(t)
	w.Config(later(rich))
	if found := w.Validate(); len(found) != 0 {
		t.Fatalf("want no error, got %v", found)
	}
	w.Apply()
	check := func(source attributes) {
		t.Helper()
		for name := range states(t, w) {
			want := attributes{"detail_access": 0, "first_name": "Ada"}.With(source.Only("external_client_ids"))
			switch name {
			case "everything":
				want = source
			case "set":
			default:
				want = attributes{"detail_access": 0, "first_name": "Ada"}.With(source.Only(name))
			}
			spelled(t, w, name, want)
			acctest.Holds(t, w.Sandbox, kind, id(t, w, name), body(want))
		}
	}
	check(rich)
	w.PlanEmpty()
	acctest.Writes(w.Sandbox)

	// The source is made anew with the same values: unknown while planning, and in the end nothing to send.
	plan, _ := w.Plan("-var=generation=2")
	plans(t, plan, "fmi", nil, []string{"fmi"})
	plans(t, plan, "first_name", nil, []string{"communication_name", "first_name", "full_name"})
	w.OK("apply", "-no-color", "tfplan")
	acctest.NoWrites(t, w.Sandbox)
	check(rich)

	// With other values: what has changed is sent.
	w.Config(later(other))
	w.Setenv("TF_VAR_generation", "2")
	plan, _ = w.Plan()
	unknown := slices.DeleteFunc(append(all(), "communication_name", "full_name"), func(name string) bool {
		return name == "external_client_ids" // a set of two, whose elements are unknown
	})
	slices.Sort(unknown)
	plans(t, plan, "everything", []string{"external_client_ids"}, unknown)
	plans(t, plan, "ssn", nil, []string{"ssn"})
	w.OK("apply", "-no-color", "tfplan")
	bodies := acctest.Patches(t, w.Sandbox, path)
	acctest.Same(t, "the change of everything", bodies[id(t, w, "everything")], body(other))
	acctest.Same(t, "the change of fmi", bodies[id(t, w, "fmi")], body(attributes{"detail_access": 0, "first_name": "Ada", "fmi": other["fmi"]}))
	check(other)
	w.PlanEmpty()
}

// TestKnownAfterApplyAndWrong learns only while applying that a value is wrong.
func TestKnownAfterApplyAndWrong(t *testing.T) {
	w := acctest.New(t)
	bad := attributes{"email": "ada", "ssn": "199001012386", "client": strings.ToUpper(uuid(1)), "name": nil}
	input, _ := json.Marshal(bad)
	declared := attributes{"detail_access": 0, "first_name": "Ada"}
	w.Config(users(map[string]attributes{
		"email":  declared.With(attributes{"email": expr("terraform_data.source.output.email")}),
		"ssn":    declared.With(attributes{"ssn": expr("terraform_data.source.output.ssn")}),
		"twice":  declared.With(attributes{"external_client_ids": expr(`["` + uuid(1) + `", terraform_data.source.output.client]`)}),
		"nobody": {"detail_access": 0, "last_name": expr("terraform_data.source.output.name")},
	}) + "resource \"terraform_data\" \"source\" {\n  input = jsondecode(" + acctest.Literal(string(input)) + ")\n}\n")
	r := w.Run("apply", "-auto-approve", "-no-color", "-input=false")
	if r.ExitCode != 1 || strings.Count(r.Output, "Error: ") != 4 {
		t.Errorf("want four errors, got\n%s", r.Output)
	}
	for _, said := range []string{"The value of email", "The value of ssn", "The value of external_client_ids", "first_name"} {
		acctest.Says(t, r.Output, said)
	}
	acctest.NoWrites(t, w.Sandbox)
}

// TestProviderKnownAfterApply configures the provider with an address that is known only while applying. The environment
// has another one, which must not be used instead.
func TestProviderKnownAfterApply(t *testing.T) {
	w := acctest.New(t)
	w.Setenv("PIGELLO_BASE_URL", "http://127.0.0.1:1")
	config := func(declared attributes) {
		w.Config(user("u", declared) + `
variable "generation" { default = 1 }
resource "terraform_data" "address" {
  input            = "` + w.URL + `"
  triggers_replace = var.generation
}
provider "pigello" {
  base_url = terraform_data.address.output
}`)
	}
	config(rich)
	if found := w.Validate(); len(found) != 0 {
		t.Fatalf("want no error, got %v", found)
	}
	w.Apply()
	w.PlanEmpty()
	acctest.Writes(w.Sandbox)

	// With a user in the state there is something to read, but not yet anybody to ask.
	plan, _ := w.Plan("-var=generation=2")
	plans(t, plan, "u", nil, nil)
	config(rich.With(attributes{"fmi": other["fmi"]}))
	plan, _ = w.Plan("-var=generation=2")
	plans(t, plan, "u", []string{"fmi"}, nil)
	w.OK("apply", "-no-color", "tfplan")
	acctest.Same(t, "the change", acctest.Patches(t, w.Sandbox, path)[id(t, w, "u")], body(rich.Only(required...).With(other.Only("fmi"))))
	w.Setenv("TF_VAR_generation", "2")
	w.PlanEmpty()
}
