package selection_test

import (
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

func TestMain(m *testing.M) { acctest.Main(m) }

// list is one of the data sources, with what it shows and the data source of a single object.
type list struct{ kind, name, result, one string }

var (
	users      = list{sandbox.OrganizationUser, "pigello_organization_users", "users", "pigello_organization_user"}
	subtenants = list{sandbox.Subtenant, "pigello_subtenants", "subtenants", "pigello_subtenant"}
	lists      = []list{users, subtenants}
)

// block is a data source in HCL.
func (l list) block(name string, lines ...string) string {
	return fmt.Sprintf("data %q %q {\n  %s\n}\n", l.name, name, strings.Join(lines, "\n  "))
}

// put stores objects with these custom ids. The ids follow their order backwards.
func (l list) put(w *acctest.Workspace, n int, more func(i int) map[string]any) {
	for i := range n {
		fields := map[string]any{"id": id(n - i), "custom_id": fmt.Sprintf("c%03d", i)}
		maps.Copy(fields, more(i))
		w.Sandbox.Put(l.kind, fields)
	}
}

func id(n int) string { return fmt.Sprintf("%08x-aaaa-4aaa-8aaa-%012x", n, n) }

func relation(id string) map[string]any { return map[string]any{"id": id} }

// shown returns an attribute of all objects that a data source shows, in their order.
func shown(t *testing.T, attributes map[string]any, result, attribute string) string {
	t.Helper()
	var all []string
	objects, ok := attributes[result].([]any)
	ids, ok2 := attributes["ids"].([]any)
	if !ok || !ok2 || len(objects) != len(ids) {
		t.Fatalf("%s is %v, and ids %v", result, attributes[result], attributes["ids"])
	}
	for i, object := range objects {
		object := object.(map[string]any)
		if object["id"] != ids[i] {
			t.Errorf("%s[%d] has the id %v, and ids[%d] is %v", result, i, object["id"], i, ids[i])
		}
		all = append(all, fmt.Sprint(object[attribute]))
	}
	return strings.Join(all, " ")
}

// listed counts the requests for lists since the log was emptied, and fails the test if there were others.
func listed(t *testing.T, w *acctest.Workspace) int {
	t.Helper()
	n := 0
	for _, r := range w.Sandbox.Requests() {
		if n++; r.Method != "GET" || !strings.HasSuffix(r.Path, "/list/") {
			t.Errorf("unexpected %s %s", r.Method, r.Path)
		}
	}
	return n
}
