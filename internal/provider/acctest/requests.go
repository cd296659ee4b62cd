package acctest

import (
	"cmp"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// Writes returns the requests that change something since the last look, and forgets all requests.
func Writes(api *sandbox.Sandbox) []sandbox.Request {
	requests := slices.DeleteFunc(api.Requests(), func(r sandbox.Request) bool { return r.Method == http.MethodGet })
	api.ResetRequests()
	return requests
}

// NoWrites fails the test if anything was changed since the last look.
func NoWrites(t testing.TB, api *sandbox.Sandbox) {
	t.Helper()
	for _, r := range Writes(api) {
		t.Errorf("unexpected %s %s %s", r.Method, r.Path, r.Body)
	}
}

// Patches returns the bodies that were sent to change objects at a path, by id. Each object must have got one at most, and nothing else must
// have been sent.
func Patches(t testing.TB, api *sandbox.Sandbox, path string) map[string]map[string]any {
	t.Helper()
	bodies := map[string]map[string]any{}
	for _, r := range Writes(api) {
		id := LastPart(r.Path)
		if r.Method != http.MethodPatch || r.Path != path+id+"/" || bodies[id] != nil || r.Status != http.StatusOK {
			t.Errorf("unexpected %s %s (%d)", r.Method, r.Path, r.Status)
		}
		bodies[id] = r.Object()
	}
	return bodies
}

// Count returns how many requests with a method have arrived.
func Count(api *sandbox.Sandbox, method string) int {
	n := 0
	for _, r := range api.Requests() {
		if r.Method == method {
			n++
		}
	}
	return n
}

// LastPart returns the last part of a path: the id of an object.
func LastPart(path string) string {
	path = strings.Trim(path, "/")
	return path[strings.LastIndex(path, "/")+1:]
}

// Sent returns how many requests were sent since the last look, by method and the custom_id of the object of a kind, and the bodies of PATCHes
// by custom_id.
func Sent(api *sandbox.Sandbox, kind string) (count map[string]int, bodies map[string]map[string]any) {
	names := map[string]string{}
	for _, object := range api.All(kind) {
		id, _ := object["id"].(string)
		names[id], _ = object["custom_id"].(string)
	}
	count, bodies = map[string]int{}, map[string]map[string]any{}
	for _, r := range api.Requests() {
		id := LastPart(r.Path)
		name := cmp.Or(names[id], id)
		count[r.Method+" "+name]++
		if r.Method == http.MethodPatch {
			bodies[name] = r.Object()
		}
	}
	api.ResetRequests()
	return count, bodies
}

// ByCustomID returns the API's object with a custom_id, which must exist.
func ByCustomID(t testing.TB, api *sandbox.Sandbox, kind, customID string) map[string]any {
	t.Helper()
	for _, object := range api.All(kind) {
		if object["custom_id"] == customID {
			return object
		}
	}
	t.Fatalf("the server has no %s", customID)
	return nil
}
