// Package reliability_test shows with the real terraform CLI that nothing is made twice, lost, or wrongly forgotten.
package reliability_test

import (
	"fmt"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

const (
	kind     = sandbox.OrganizationUser
	identity = sandbox.ProtectedIdentity
	tenant   = "7e000000-0000-4000-8000-000000000001"
)

func TestMain(m *testing.M) { acctest.Main(m) }

// user declares one user.
func user(name string, lines ...string) string {
	return acctest.Attributes{"detail_access": 0, "first_name": name}.Resource("pigello_organization_user", name, lines...)
}

// many declares users that are told apart by custom_id, by e-mail address and by names alone, in turn.
func many(n int) string {
	return fmt.Sprintf(`resource "pigello_organization_user" "u" {
  count         = %d
  detail_access = 0
  first_name    = "Ada"
  last_name     = "No ${count.index}"
  custom_id     = count.index %% 3 == 0 ? "emp-${count.index}" : null
  email         = count.index %% 3 == 1 ? "ada.${count.index}@Example.com" : null
}
`, n)
}

// ids returns the sorted ids in the state, none of which may be tainted.
func ids(t *testing.T, w *acctest.Workspace) []string {
	t.Helper()
	found := []string{}
	for _, i := range w.Instances() {
		if i.Status != "" {
			t.Errorf("%s.%s is %s", i.Type, i.Name, i.Status)
		}
		found = append(found, i.Attributes["id"].(string))
	}
	slices.Sort(found)
	return found
}

// served returns the sorted ids on the server.
func served(w *acctest.Workspace, kind string) []string {
	found := []string{}
	for _, object := range w.Sandbox.All(kind) {
		found = append(found, object["id"].(string))
	}
	slices.Sort(found)
	return found
}

// agree fails the test unless state and server hold the same n users.
func agree(t *testing.T, w *acctest.Workspace, n int) {
	t.Helper()
	state, server := ids(t, w), served(w, kind)
	if !slices.Equal(state, server) || len(server) != n {
		t.Fatalf("%d users in the state and %d on the server, want %d in both\n%v\n%v", len(state), len(server), n, state, server)
	}
}

// await waits until n requests of a method have arrived.
func await(t *testing.T, w *acctest.Workspace, method string, n int) {
	t.Helper()
	for deadline := time.Now().Add(time.Minute); acctest.Count(w.Sandbox, method) < n; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("no %d %s requests arrive", n, method)
		}
	}
}

func retryAfter(seconds string) http.Header { return http.Header{"Retry-After": {seconds}} }
