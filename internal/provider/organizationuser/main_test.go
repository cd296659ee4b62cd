package organizationuser_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	tfjson "github.com/hashicorp/terraform-json"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

func TestMain(m *testing.M) { acctest.Main(m) }

const (
	kind = sandbox.OrganizationUser
	path = "/accounts/users/organization/organizationuser/"
)

type (
	expr       = acctest.Expr
	attributes = acctest.Attributes
)

// field returns the API's name of an attribute.
func field(attribute string) string {
	switch attribute {
	case "external_client_ids":
		return "external_clients"
	case "organization_id", "role_id":
		return strings.TrimSuffix(attribute, "_id")
	}
	return attribute
}

// wire returns what the API sees of an attribute's value.
func wire(attribute string, value any) any {
	switch {
	case value == nil && attribute == "external_client_ids":
		return []any{}
	case value == nil:
		return nil
	case attribute == "external_client_ids":
		relations := []any{}
		for _, id := range value.([]string) {
			relations = append(relations, map[string]any{"id": id})
		}
		return relations
	case attribute == "organization_id", attribute == "role_id":
		return map[string]any{"id": value}
	case strings.HasSuffix(attribute, "_instruction"):
		return json.RawMessage(value.(string))
	}
	return value
}

// body is what a request says that declares the attributes.
func body(a attributes) map[string]any {
	body := map[string]any{}
	for name, value := range a {
		body[field(name)] = wire(name, value)
	}
	return body
}

// user returns the block of a user with a name.
func user(name string, a attributes) string { return a.Resource(resourceType, name) }

// users returns the blocks of several users.
func users(all map[string]attributes) string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(all)) {
		b.WriteString(user(name, all[name]))
	}
	return b.String()
}

func address(name string) string { return "pigello_organization_user." + name }

// uuid returns the n-th of some ids.
func uuid(n int) string { return fmt.Sprintf("%08x-0000-4000-8000-abcdefabcdef", n) }

// object returns the server's object, which must exist.
func object(t *testing.T, w *acctest.Workspace, id string) map[string]any {
	t.Helper()
	object, ok := w.Sandbox.Get(kind, id)
	if !ok {
		t.Fatalf("the server has no %q", id)
	}
	return object
}

// states returns the attributes of all users in the state: by name, or by name and key for those with for_each.
func states(t *testing.T, w *acctest.Workspace) map[string]map[string]any {
	t.Helper()
	found := map[string]map[string]any{}
	for _, i := range w.Instances() {
		name := i.Name
		if i.Key != "" {
			name = fmt.Sprintf("%s[%q]", i.Name, i.Key)
		}
		if i.Type == resourceType {
			found[name] = i.Attributes
		}
	}
	return found
}

// id returns the id of a user in the state.
func id(t *testing.T, w *acctest.Workspace, name string) string {
	t.Helper()
	id, _ := states(t, w)[name]["id"].(string)
	if id == "" {
		t.Fatalf("%s has no id", name)
	}
	return id
}

// spelled fails the test unless the state holds the attributes as they are spelled here.
func spelled(t *testing.T, w *acctest.Workspace, name string, want attributes) {
	t.Helper()
	state := maps.Clone(states(t, w)[name])
	maps.DeleteFunc(state, func(name string, _ any) bool { _, ok := want[name]; return !ok })
	acctest.Same(t, "the state of "+name, state, want)
}

// plans fails the test unless a plan changes just these attributes of a user, and makes just those unknown.
func plans(t *testing.T, plan *tfjson.Plan, name string, changed, unknown []string) {
	t.Helper()
	gotChanged, gotUnknown := acctest.Changed(plan, address(name))
	slices.Sort(gotChanged)
	slices.Sort(gotUnknown)
	if !slices.Equal(gotChanged, changed) || !slices.Equal(gotUnknown, unknown) {
		t.Errorf("the plan of %s: want change of %v and unknown %v, got change of %v and unknown %v",
			name, changed, unknown, gotChanged, gotUnknown)
	}
}

// quiet fails the test unless a plan has nothing to do. In contrast to PlanEmpty the server may have changed what nobody
// declares.
func quiet(t *testing.T, w *acctest.Workspace) {
	t.Helper()
	if r := w.Run("plan", "-detailed-exitcode", "-input=false", "-no-color"); r.ExitCode != 0 {
		t.Errorf("terraform plan: want no changes, got exit code %d\n%s", r.ExitCode, r.Output)
	}
}

// warnings returns the warnings in an output, but for the one about the provider's being under development. The last
// one may have other output behind it.
func warnings(r acctest.Result) []string {
	found := strings.Split(r.Output, "Warning: ")[1:]
	return slices.DeleteFunc(found, func(w string) bool { return strings.HasPrefix(w, "Provider development overrides") })
}
