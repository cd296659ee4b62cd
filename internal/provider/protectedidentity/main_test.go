package protectedidentity_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

func TestMain(m *testing.M) { acctest.Main(m) }

const kind = sandbox.ProtectedIdentity

// personal are the attributes that say who somebody is.
var personal = []string{"first_name", "last_name", "email", "phone_number", "birth_date", "ssn"}

// uuid returns the n-th of the ids in a group of them.
func uuid(group string, n int) string { return fmt.Sprintf("%s-0000-4000-8000-%012d", group, n) }

const (
	tenants       = "7e000000"
	subTenants    = "5b000000"
	addresses     = "ad000000"
	organizations = "0a000000"
)

// expr is an HCL expression, in contrast to a text.
type expr string

// attributes are those that a configuration declares.
type attributes map[string]any

// with returns the attributes with others replaced, or removed by nil.
func (a attributes) with(changes attributes) attributes {
	b := maps.Clone(a)
	for name, value := range changes {
		if value == nil {
			delete(b, name)
		} else {
			b[name] = value
		}
	}
	return b
}

// body is what a request says that declares the attributes, given those that are relations as ids.
func (a attributes) body() map[string]any {
	body := map[string]any{}
	for name, value := range a {
		if member, ok := strings.CutSuffix(name, "_id"); ok && name != "custom_id" {
			body[member] = nil
			if value != nil {
				body[member] = map[string]any{"id": value}
			}
			continue
		}
		body[name] = value
	}
	return body
}

// resource returns the block of pigello_protected_identity with a name.
func resource(name string, a attributes) string {
	var b strings.Builder
	fmt.Fprintf(&b, "resource \"pigello_protected_identity\" %q {\n", name)
	for _, attribute := range slices.Sorted(maps.Keys(a)) {
		fmt.Fprintf(&b, "  %s = %s\n", attribute, literal(a[attribute]))
	}
	b.WriteString("}\n")
	return b.String()
}

func literal(value any) string {
	if e, ok := value.(expr); ok {
		return string(e)
	}
	text, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return strings.NewReplacer("${", "$${", "%{", "%%{").Replace(string(text))
}

func address(name string) string { return "pigello_protected_identity." + name }

// rich declares every attribute, for the n-th tenant.
func rich(n int) attributes {
	return attributes{
		"tenant_id":                     uuid(tenants, n),
		"custom_id":                     fmt.Sprintf("case-%d", n),
		"organization_id":               uuid(organizations, 1),
		"previous_address_id":           uuid(addresses, 1),
		"current_registered_address_id": uuid(addresses, 2),
		"future_address_id":             uuid(addresses, 3),
		"first_name":                    `Åsa "Ö" \ 👩‍🚒 ${x} %{y}`,
		"last_name":                     strings.Repeat("é", 255),
		"email":                         "Asa.Ö@Example.com",
		"phone_number":                  "+46701234567",
		"birth_date":                    "1990-01-01",
		"ssn":                           "19900101-2385",
	}
}

// writes returns the requests that change something.
func writes(w *acctest.Workspace) []sandbox.Request {
	return slices.DeleteFunc(w.Sandbox.Requests(), func(r sandbox.Request) bool { return r.Method == "GET" })
}

// patches returns the bodies that were sent to change objects, by id. Each object must have got one at most.
func patches(t *testing.T, w *acctest.Workspace) map[string]map[string]any {
	t.Helper()
	bodies := map[string]map[string]any{}
	for _, r := range writes(w) {
		parts := strings.Split(strings.Trim(r.Path, "/"), "/")
		id := parts[len(parts)-1]
		if r.Method != "PATCH" || bodies[id] != nil {
			t.Errorf("unexpected %s %s, or one too many", r.Method, r.Path)
		}
		bodies[id] = r.Object()
	}
	return bodies
}

// same fails the test unless two values are the same JSON.
func same(t *testing.T, what string, got, want any) {
	t.Helper()
	g, _ := json.Marshal(got)
	w, _ := json.Marshal(want)
	if string(g) != string(w) {
		t.Errorf("%s:\n got %s\nwant %s", what, g, w)
	}
}

// holds fails the test unless the server's object has these members.
func holds(t *testing.T, w *acctest.Workspace, id string, want map[string]any) {
	t.Helper()
	object, ok := w.Sandbox.Get(kind, id)
	if !ok {
		t.Fatalf("the server has no %s", id)
	}
	for member, value := range want {
		same(t, "the server's "+member, object[member], value)
	}
}

// id returns the id of a resource in the state.
func id(t *testing.T, w *acctest.Workspace, name string) string {
	t.Helper()
	id, _ := w.Attributes(address(name))["id"].(string)
	if id == "" {
		t.Fatalf("%s has no id", name)
	}
	return id
}

// ids returns the ids of all resources in the state by name, with one command.
func ids(t *testing.T, w *acctest.Workspace) map[string]string {
	t.Helper()
	var state struct {
		Resources []struct {
			Mode, Name string
			Instances  []struct{ Attributes struct{ ID string } }
		}
	}
	if err := json.Unmarshal([]byte(w.State()), &state); err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	for _, r := range state.Resources {
		if r.Mode == "managed" && len(r.Instances) > 0 {
			found[r.Name] = r.Instances[0].Attributes.ID
		}
	}
	return found
}
