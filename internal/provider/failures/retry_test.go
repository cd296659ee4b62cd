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
	config := acctest.UserWithID("u") + "resource \"pigello_protected_identity\" \"p\" { tenant_id = \"7e000000-0000-4000-8000-000000000001\" }\n"
	w.Config(config)
	w.Apply()
	state := objectsInState(t, w)
	check := func(what string, found acctest.Diagnostics, objects int, words ...string) {
		t.Helper()
		if len(found) != objects {
			t.Errorf("%s: want %d errors, got %+v", what, objects, found)
		}
		for _, d := range found {
			for _, word := range append(words, what) {
				if !strings.Contains(d.Text(), word) {
					t.Errorf("%s: the error does not say %q: %s", what, word, d.Text())
				}
			}
			if strings.Contains(d.Text(), "not-the-secret") {
				t.Errorf("%s: the error tells the secret: %s", what, d.Text())
			}
		}
		if now := objectsInState(t, w); now != state {
			t.Errorf("%s: the state changed from %s to %s", what, state, now)
		}
	}
	w.Setenv("PIGELLO_CLIENT_SECRET", "not-the-secret")
	w.Sandbox.ResetRequests()
	// The first error tells all, and nothing is sent after it.
	once := func(found acctest.Diagnostics) {
		t.Helper()
		var full acctest.Diagnostics
		for _, d := range found {
			if !strings.Contains(d.Text(), "see the first error") {
				full = append(full, d)
			}
		}
		check("401", full, max(1, len(full)), "client_secret", "PIGELLO_CLIENT_SECRET")
		if n := len(w.Sandbox.Requests()); len(found) != 2 || n < 1 || n > 2 {
			t.Errorf("%d errors after %d requests for two objects: %v", len(found), n, found)
		}
		w.Sandbox.ResetRequests()
	}
	once(w.Try("plan").Errors())
	once(w.Try("destroy", "-auto-approve", "-refresh=false").Errors())
	w.Setenv("PIGELLO_CLIENT_SECRET", "sandbox-client-secret")

	w.Sandbox.Inject(sandbox.Fault{Status: 403, Body: `{"detail": "You do not have permission."}`, Times: -1})
	check("403", w.Try("plan").Errors(), 2, "permission")
	w.Config(config + acctest.UserWithID("more"))
	check("403", w.TryApply("-refresh=false").Errors(), 1, "permission")
}

// objectsInState are the attributes in the state, as JSON.
func objectsInState(t *testing.T, w *acctest.Workspace) string {
	t.Helper()
	text, err := json.Marshal(w.Instances())
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// TestRedirects: none is followed, and nobody else sees a header.
func TestRedirects(t *testing.T) {
	w := acctest.New(t)
	elsewhere, requests := acctest.Elsewhere(t)
	type redirect struct {
		method, target string
		status         int
	}
	var current atomic.Pointer[redirect]
	current.Store(&redirect{})
	w.Front(func(r *http.Request, _ map[string]any) acctest.Responder {
		now := current.Load()
		if r.Method != now.method {
			return nil
		}
		return &acctest.Response{Status: now.status, Header: http.Header{"Location": {now.target + r.URL.Path}}}
	})
	w.Config(acctest.UserWithID("u"))
	host := strings.TrimPrefix(elsewhere, "http://")
	check := func(now redirect, run func() acctest.Diagnostics) {
		t.Helper()
		current.Store(&now)
		found := run()
		if len(found) != 1 || !strings.Contains(found[0].Text(), fmt.Sprint(now.status)) ||
			now.target != "" && !strings.Contains(found[0].Text(), host) {
			t.Errorf("%s responded with %d: want one error with the status and the host, got %+v", now.method, now.status, found)
		}
	}
	create := func() acctest.Diagnostics { return w.TryApply().Errors() }
	for _, status := range []int{301, 302, 303, 307, 308} {
		check(redirect{"POST", elsewhere, status}, create)
	}
	current.Store(&redirect{})
	w.Apply()
	refresh := func() acctest.Diagnostics { return w.Try("plan").Errors() }
	for _, status := range []int{301, 307} {
		check(redirect{"GET", elsewhere, status}, refresh)
	}
	check(redirect{"GET", "", 307}, refresh) // to the same host
	check(redirect{"DELETE", elsewhere, 308}, func() acctest.Diagnostics { return w.Try("destroy", "-auto-approve").Errors() })
	w.Config(acctest.UserWithID("u", `last_name = "New"`))
	check(redirect{"PATCH", elsewhere, 308}, func() acctest.Diagnostics { return w.TryApply().Errors() })
	if n := requests(); n != 0 {
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
			b.WriteString(acctest.UserWithID(fmt.Sprintf("u%d", i), more...))
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
		if n := acctest.Count(w.Sandbox, method); n < 2*len(faults)-1 || n > 2*len(faults)+1 {
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
	w.Config(acctest.UserWithID("u"))
	w.Apply()
	for _, status := range []int{400, 401, 403, 405, 409, 422, 501, 505} {
		w.Sandbox.ResetRequests()
		w.Sandbox.Inject(sandbox.Fault{Method: "GET", Status: status})
		if found := w.Try("plan").Errors(); len(found) != 1 || len(w.Sandbox.Requests()) != 1 {
			t.Errorf("%d: %d requests, %+v", status, len(w.Sandbox.Requests()), found)
		}
	}
	w.Setenv("PIGELLO_MAX_RETRIES", "1")
	w.Sandbox.ResetRequests()
	w.Sandbox.Inject(sandbox.Fault{Method: "GET", Status: 503, Times: -1})
	if found := w.Try("plan").Errors(); len(found) != 1 || len(w.Sandbox.Requests()) != 2 || !strings.Contains(found[0].Text(), "503") {
		t.Errorf("%d requests, %+v", len(w.Sandbox.Requests()), found)
	}
}

// TestEnormousResponse: a response that no API gives ends in an error, not in a crash.
func TestEnormousResponse(t *testing.T) {
	w := acctest.New(t)
	w.Setenv("PIGELLO_MAX_RETRIES", "0")
	w.Config(acctest.UserWithID("u"))
	enormous := strings.Repeat("x", 65<<20)
	w.Front(func(*http.Request, map[string]any) acctest.Responder {
		return &acctest.Response{Status: 507, Body: enormous}
	})
	if found := w.TryApply().Errors(); len(found) != 1 || !strings.Contains(found[0].Text(), "507") || len(found[0].Text()) > 2500 {
		t.Errorf("want one error with the status, got %+v", found)
	}
}
