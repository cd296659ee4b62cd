package failures_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

func TestRefusedCredentials(t *testing.T) {
	w := acctest.New(t)
	config := user("u") + "resource \"pigello_protected_identity\" \"p\" { tenant_id = \"7e000000-0000-4000-8000-000000000001\" }\n"
	w.Config(config)
	w.Apply()
	state := objectsInState(t, w)
	check := func(what string, found []diagnostic, objects int, words ...string) {
		t.Helper()
		if len(found) != objects {
			t.Errorf("%s: want %d errors, got %+v", what, objects, found)
		}
		for _, d := range found {
			for _, word := range append(words, what) {
				if !strings.Contains(d.text(), word) {
					t.Errorf("%s: the error does not say %q: %s", what, word, d.text())
				}
			}
			if strings.Contains(d.text(), "not-the-secret") {
				t.Errorf("%s: the error tells the secret: %s", what, d.text())
			}
		}
		if now := objectsInState(t, w); now != state {
			t.Errorf("%s: the state changed from %s to %s", what, state, now)
		}
	}
	w.Setenv("PIGELLO_CLIENT_SECRET", "not-the-secret")
	w.Sandbox.ResetRequests()
	// The first error tells all, and nothing is sent after it.
	once := func(found []diagnostic) {
		t.Helper()
		var full []diagnostic
		for _, d := range found {
			if !strings.Contains(d.text(), "see the first error") {
				full = append(full, d)
			}
		}
		check("401", full, max(1, len(full)), "client_secret", "PIGELLO_CLIENT_SECRET")
		if n := len(w.Sandbox.Requests()); len(found) != 2 || n < 1 || n > 2 {
			t.Errorf("%d errors after %d requests for two objects: %v", len(found), n, found)
		}
		w.Sandbox.ResetRequests()
	}
	once(diagnose(t, w, "plan"))
	once(diagnose(t, w, "destroy", "-auto-approve", "-refresh=false"))
	w.Setenv("PIGELLO_CLIENT_SECRET", "sandbox-client-secret")

	w.Sandbox.Inject(sandbox.Fault{Status: 403, Body: `{"detail": "You do not have permission."}`, Times: -1})
	check("403", diagnose(t, w, "plan"), 2, "permission")
	w.Config(config + user("more"))
	check("403", apply(t, w, "-refresh=false"), 1, "permission")
}

// objectsInState are the attributes in the state, as JSON.
func objectsInState(t *testing.T, w *acctest.Workspace) string {
	t.Helper()
	var state struct {
		Resources []struct {
			Name      string
			Instances []struct{ Attributes map[string]any }
		}
	}
	if err := json.Unmarshal([]byte(w.State()), &state); err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(state)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestRedirects: none is followed, and nobody else sees a header.
func TestRedirects(t *testing.T) {
	w := acctest.New(t)
	elsewhere := newOther(t)
	type redirect struct {
		method, target string
		status         int
	}
	var current atomic.Pointer[redirect]
	current.Store(&redirect{})
	front(t, w, func(r *http.Request, _ map[string]any) *raw {
		now := current.Load()
		if r.Method != now.method {
			return nil
		}
		return &raw{status: now.status, header: http.Header{"Location": {now.target + r.URL.Path}}}
	})
	w.Config(user("u"))
	host := strings.TrimPrefix(elsewhere.URL, "http://")
	check := func(now redirect, run func() []diagnostic) {
		t.Helper()
		current.Store(&now)
		found := run()
		if len(found) != 1 || !strings.Contains(found[0].text(), fmt.Sprint(now.status)) ||
			now.target != "" && !strings.Contains(found[0].text(), host) {
			t.Errorf("%s answered with %d: want one error with the status and the host, got %+v", now.method, now.status, found)
		}
	}
	create := func() []diagnostic { return apply(t, w) }
	for _, status := range []int{301, 302, 303, 307, 308} {
		check(redirect{"POST", elsewhere.URL, status}, create)
	}
	current.Store(&redirect{})
	w.Apply()
	refresh := func() []diagnostic { return diagnose(t, w, "plan") }
	for _, status := range []int{301, 307} {
		check(redirect{"GET", elsewhere.URL, status}, refresh)
	}
	check(redirect{"GET", "", 307}, refresh) // to the same host
	check(redirect{"DELETE", elsewhere.URL, 308}, func() []diagnostic { return diagnose(t, w, "destroy", "-auto-approve") })
	w.Config(user("u", `last_name = "New"`))
	check(redirect{"PATCH", elsewhere.URL, 308}, func() []diagnostic { return apply(t, w) })
	if n := len(elsewhere.seen()); n != 0 {
		t.Errorf("%d requests were made elsewhere", n)
	}
	if n := len(w.Sandbox.All(sandbox.OrganizationUser)); n != 1 {
		t.Errorf("%d users", n)
	}
}

// TestRetries: what is safe to repeat is repeated, on what may pass.
func TestRetries(t *testing.T) {
	w := acctest.New(t)
	faults := []sandbox.Fault{
		{Status: 408}, {Status: 423}, {Status: 425}, {Status: 500}, {Status: 502}, {Status: 503}, {Status: 504},
		{Status: 429, Header: http.Header{"Retry-After": {"1"}}}, {Status: 503, Body: "<html>"}, {Drop: true}, {Truncate: true},
	}
	config := func(more ...string) {
		var b strings.Builder
		for i := range faults {
			b.WriteString(user(fmt.Sprintf("u%d", i), more...))
		}
		w.Config(b.String())
	}
	inject := func(method string) {
		w.Sandbox.ResetRequests()
		for _, f := range faults {
			f.Method = method
			w.Sandbox.Inject(f)
		}
	}
	enough := func(method string) {
		t.Helper()
		// Go's transport repeats a request by itself that met a connection which had ended, so there may be more.
		if n := count(w.Sandbox.Requests(), method); n < 2*len(faults)-1 || n > 2*len(faults)+1 {
			t.Errorf("%d %s requests for %d objects with a fault each", n, method, len(faults))
		}
	}
	config()
	w.Apply()
	inject("GET")
	w.OK("plan", "-detailed-exitcode", "-no-color")
	enough("GET")
	config(`last_name = "New"`)
	inject("PATCH")
	w.Apply("-refresh=false")
	enough("PATCH")
	w.PlanEmpty()
	inject("DELETE")
	w.OK("destroy", "-auto-approve", "-no-color", "-refresh=false")
	if n := len(w.Sandbox.All(sandbox.OrganizationUser)); n != 0 {
		t.Errorf("%d users are left", n)
	}
	enough("DELETE")
}

// TestNoRetries: what will not pass is not repeated, and max_retries is obeyed.
func TestNoRetries(t *testing.T) {
	w := acctest.New(t)
	w.Config(user("u"))
	w.Apply()
	for _, status := range []int{400, 401, 403, 405, 409, 422, 501, 505} {
		w.Sandbox.ResetRequests()
		w.Sandbox.Inject(sandbox.Fault{Method: "GET", Status: status})
		if found := diagnose(t, w, "plan"); len(found) != 1 || len(w.Sandbox.Requests()) != 1 {
			t.Errorf("%d: %d requests, %+v", status, len(w.Sandbox.Requests()), found)
		}
	}
	w.Setenv("PIGELLO_MAX_RETRIES", "1")
	w.Sandbox.ResetRequests()
	w.Sandbox.Inject(sandbox.Fault{Method: "GET", Status: 503, Times: -1})
	if found := diagnose(t, w, "plan"); len(found) != 1 || len(w.Sandbox.Requests()) != 2 || !strings.Contains(found[0].text(), "503") {
		t.Errorf("%d requests, %+v", len(w.Sandbox.Requests()), found)
	}
}

// TestEnormousAnswer: an answer that no API gives ends in an error, not in a crash.
func TestEnormousAnswer(t *testing.T) {
	w := acctest.New(t)
	w.Setenv("PIGELLO_MAX_RETRIES", "0")
	w.Config(user("u"))
	enormous := strings.Repeat("x", 65<<20)
	front(t, w, func(*http.Request, map[string]any) *raw { return &raw{status: 507, body: enormous} })
	if found := apply(t, w); len(found) != 1 || !strings.Contains(found[0].text(), "507") || len(found[0].text()) > 2500 {
		t.Errorf("want one error with the status, got %+v", found)
	}
}
