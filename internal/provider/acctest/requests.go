package acctest

import (
	"slices"
	"strings"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// Writes returns the requests that change something since the last look, and forgets all requests.
func Writes(api *sandbox.Sandbox) []sandbox.Request {
	requests := slices.DeleteFunc(api.Requests(), func(r sandbox.Request) bool { return r.Method == "GET" })
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

// Patches returns the bodies that were sent to change objects, by id. Each object must have got one at most, and nothing else must have
// been sent.
func Patches(t testing.TB, api *sandbox.Sandbox) map[string]map[string]any {
	t.Helper()
	bodies := map[string]map[string]any{}
	for _, r := range Writes(api) {
		id := LastPart(r.Path)
		if r.Method != "PATCH" || bodies[id] != nil || r.Status != 200 {
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
