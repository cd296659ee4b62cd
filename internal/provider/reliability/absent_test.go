package reliability_test

import (
	"net/http"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// TestFailedReads leaves the state as it is, whatever the API responds with that is not the object.
func TestFailedReads(t *testing.T) {
	w := acctest.New(t)
	w.Setenv("PIGELLO_MAX_RETRIES", "0")
	w.Config(user("ada") + user("eve"))
	w.Apply()
	state := w.State()
	for name, c := range map[string]struct {
		fault sandbox.Fault
		says  string
	}{
		"401":             {sandbox.Fault{Status: 401}, "credentials"},
		"403":             {sandbox.Fault{Status: 403}, "permission"},
		"429":             {sandbox.Fault{Status: 429}, "limits the rate"},
		"500":             {sandbox.Fault{Status: 500}, "500"},
		"503":             {sandbox.Fault{Status: 503, Body: "<html>"}, "web page"},
		"a web page":      {sandbox.Fault{Body: "<html>"}, "cannot be understood"},
		"{}":              {sandbox.Fault{Body: "{}"}, "cannot be understood"},
		"null":            {sandbox.Fault{Body: "null"}, "cannot be understood"},
		"[]":              {sandbox.Fault{Body: "[]"}, "cannot be understood"},
		"another one":     {sandbox.Fault{Body: `{"id": "deadbeef-0000-4000-8000-abcdefabcdef"}`}, "another one"},
		"nothing":         {sandbox.Fault{Status: 204}, "cannot be understood"},
		"a redirect":      {sandbox.Fault{Status: 302, Header: http.Header{"Location": {"https://login.example/?next=1"}}}, "login.example"},
		"half of it":      {sandbox.Fault{Truncate: true}, "cut off"},
		"a lost response": {sandbox.Fault{Drop: true}, "connection"},
	} {
		c.fault.Times = -1
		w.Sandbox.Inject(c.fault)
		for _, command := range [][]string{{"plan"}, {"apply", "-auto-approve"}, {"apply", "-refresh-only", "-auto-approve"}, {"destroy", "-auto-approve"}} {
			if command[0] != "plan" && name != "a web page" {
				continue
			}
			errs := w.Try(append(command, "-input=false")...).Errors()
			// Of one cause, one error may tell all.
			if len(errs) != 2 || !slices.ContainsFunc(errs, func(d acctest.Diagnostic) bool { return strings.Contains(d.Summary+d.Detail, c.says) }) {
				t.Errorf("%s, %v: %+v", name, command, errs)
			}
			if w.State() != state {
				t.Errorf("%s, %v: the state has changed", name, command)
			}
		}
		w.Sandbox.ClearFaults()
	}
	w.PlanEmpty()
	agree(t, w, 2)
}

// TestNotFoundElsewhere looks for a user with the credentials of another place, for reading and for deleting.
func TestNotFoundElsewhere(t *testing.T) {
	w := acctest.New(t)
	w.Config(user("ada"))
	w.Apply()
	id := ids(t, w)[0]
	w.Sandbox.Remove(kind, id)
	w.Sandbox.Put(kind, map[string]any{"detail_access": 0, "first_name": "Bystander"})
	headers := map[string]string{
		"customer_id": "X-PIGELLO-CUSTOMER-ID", "application_id": "X-PIGELLO-APPLICATION-ID", "service_id": "X-PIGELLO-SERVICE-ID",
		"service_version_id": "X-PIGELLO-SERVICE-VERSION-ID", "client_ct": "X-PIGELLO-CLIENT-CT", "client_entity": "X-PIGELLO-CLIENT-ENTITY",
	}
	check := func(name, was, is string) {
		t.Helper()
		for _, command := range [][]string{{"plan"}, {"destroy", "-auto-approve", "-refresh=false"}} {
			errs := w.Try(command...).Errors()
			errs.Only(t, id, name, was, is, "terraform state rm")
			if !slices.Equal(ids(t, w), []string{id}) {
				t.Errorf("%s, %v: the state has changed", name, command)
			}
		}
	}
	host := strings.TrimPrefix(w.URL, "http://")
	elsewhere := strings.Replace(host, "127.0.0.1", "localhost", 1)
	w.Setenv("PIGELLO_BASE_URL", "http://"+elsewhere)
	check("host", host, elsewhere)
	w.Setenv("PIGELLO_ACCEPT_EMPTY", "true") // waives another rule
	check("host", host, elsewhere)
	w.Setenv("PIGELLO_ACCEPT_EMPTY", "")
	w.Setenv("PIGELLO_BASE_URL", w.URL)
	for name, header := range headers {
		var was string
		w.Sandbox.Configure(func(b *sandbox.Behaviour) { was, b.Credentials[header] = b.Credentials[header], "another-"+name })
		w.Setenv("PIGELLO_"+strings.ToUpper(name), "another-"+name)
		check(name, was, "another-"+name)
		w.Sandbox.Configure(func(b *sandbox.Behaviour) { b.Credentials[header] = was })
		w.Setenv("PIGELLO_"+strings.ToUpper(name), was)
	}
	// The secret is none of it: it changes, and the object is the same.
	w.Sandbox.Configure(func(b *sandbox.Behaviour) { b.Credentials["X-PIGELLO-CLIENT-SECRET"] = "another-secret" })
	w.Setenv("PIGELLO_CLIENT_SECRET", "another-secret")
	warnings := w.Try("plan").Warnings()
	warnings.Only(t, id, "gone")
}

// TestScopeFollows shows that an object which is seen with new credentials belongs to them from then on.
func TestScopeFollows(t *testing.T) {
	w := acctest.New(t)
	w.Config(user("ada") + user("eve"))
	w.Apply()
	w.Sandbox.Configure(func(b *sandbox.Behaviour) { b.Credentials["X-PIGELLO-SERVICE-VERSION-ID"] = "the-next-version" })
	w.Setenv("PIGELLO_SERVICE_VERSION_ID", "the-next-version")
	w.OK("apply", "-refresh-only", "-auto-approve", "-input=false")
	w.Config(user("ada") + user("eve", `custom_id = "emp-42"`))
	w.Apply() // one by an update, the other by a read
	for _, id := range ids(t, w) {
		w.Sandbox.Remove(kind, id)
	}
	w.OK("destroy", "-auto-approve", "-refresh=false", "-input=false")
	agree(t, w, 0)
}

// TestNoObjectAtAll does not believe an API that shows nobody, unless told to.
func TestNoObjectAtAll(t *testing.T) {
	w := acctest.New(t)
	w.Config(user("ada"))
	w.Apply()
	id := ids(t, w)[0]
	w.Sandbox.Remove(kind, id)
	errs := w.Try("plan").Errors()
	errs.Only(t, id, "accept_empty", "PIGELLO_ACCEPT_EMPTY", "terraform state rm")
	if !slices.Equal(ids(t, w), []string{id}) {
		t.Errorf("the state has changed")
	}
	w.Sandbox.Configure(func(b *sandbox.Behaviour) { b.ForbidLists = true })
	errs = w.Try("plan").Errors()
	errs.Only(t, "403")
	w.Sandbox.Configure(func(b *sandbox.Behaviour) { b.ForbidLists = false })
	w.Setenv("PIGELLO_ACCEPT_EMPTY", "true")
	warnings := w.Try("plan").Warnings()
	warnings.Only(t, id, "gone")
	w.Setenv("PIGELLO_ACCEPT_EMPTY", "")
	w.Write("accept.tf", "provider \"pigello\" {\n  accept_empty = true\n}\n")
	w.Apply()
	agree(t, w, 1)
	w.PlanEmpty()
}

// TestProvenGone removes from the state who is gone, with a warning, and creates anew.
func TestProvenGone(t *testing.T) {
	w := acctest.New(t)
	w.Config(user("ada") + user("eve"))
	w.Apply()
	gone := w.Attributes("pigello_organization_user.ada")["id"].(string)
	w.Sandbox.Remove(kind, gone)
	warnings := w.TryApply().Warnings()
	warnings.Only(t, gone, "gone", "deleted outside of Terraform")
	agree(t, w, 2)
	w.PlanEmpty()
}

// TestLagAfterCreate waits out a "not found" just after the creation, in whatever process.
func TestLagAfterCreate(t *testing.T) {
	w := acctest.New(t, func(b *sandbox.Behaviour) { b.LagAfterCreate = 4 })
	w.Config(user("ada") + user("eve"))
	w.Apply()
	w.PlanEmpty()
	agree(t, w, 2)
}

// TestDeletedAlready destroys who is gone.
func TestDeletedAlready(t *testing.T) {
	for _, status := range []int{0, 410} {
		w := acctest.New
		t.Run(http.StatusText(status), func(t *testing.T) {
			w := w(t)
			w.Config(user("ada"))
			w.Apply()
			w.Sandbox.Remove(kind, ids(t, w)[0])
			if status != 0 {
				w.Sandbox.Inject(sandbox.Fault{Method: http.MethodDelete, Status: status})
			}
			w.OK("destroy", "-auto-approve", "-refresh=false", "-input=false")
			agree(t, w, 0)
		})
	}
}

// TestLostDeletion loses the response to a deletion: the repetition finds nobody, which is as it should be.
func TestLostDeletion(t *testing.T) {
	w := acctest.New(t)
	w.Config(many(6))
	w.Apply()
	for _, fault := range []sandbox.Fault{{Drop: true, AfterCommit: true}, {Status: 500, AfterCommit: true}, {Drop: true}} {
		fault.Method = http.MethodDelete
		w.Sandbox.Inject(fault)
	}
	w.OK("destroy", "-auto-approve", "-input=false")
	agree(t, w, 0)
}

// TestFailedChange keeps the old values.
func TestFailedChange(t *testing.T) {
	for name, fault := range map[string]sandbox.Fault{
		"400":                 {Status: 400, Body: `{"last_name": ["No."]}`},
		"500":                 {Status: 500},
		"reset":               {Drop: true},
		"a web page":          {Body: "<html>"},
		"made, and then lost": {Drop: true, AfterCommit: true},
	} {
		t.Run(name, func(t *testing.T) {
			w := acctest.New(t)
			w.Setenv("PIGELLO_MAX_RETRIES", "0")
			w.Config(user("ada", `last_name = "Lovelace"`))
			w.Apply()
			w.Config(user("ada", `last_name = "King"`))
			fault.Method = http.MethodPatch
			w.Sandbox.Inject(fault)
			errs := w.TryApply().Errors()
			errs.Only(t, "Could not update")
			agree(t, w, 1)
			if has := w.Attributes("pigello_organization_user.ada")["last_name"]; has != "Lovelace" {
				t.Errorf("the state says %v", has)
			}
			w.Apply()
			w.PlanEmpty()
		})
	}
}

// TestLostRoute has a gateway that loses its way to the API in the middle of a refresh, and then responds with an empty 404: nobody leaves the
// state.
func TestLostRoute(t *testing.T) {
	for _, bulk := range []string{"true", "false"} {
		t.Run("bulk_read "+bulk, func(t *testing.T) {
			w := acctest.New(t)
			w.Setenv("PIGELLO_BULK_READ", bulk)
			var left atomic.Int64
			left.Store(1000)
			w.Front(func(*http.Request, map[string]any) acctest.Responder {
				if left.Add(-1) < 0 {
					return &acctest.Response{Status: http.StatusNotFound}
				}
				return nil
			})
			w.Config(user("ada") + user("bo") + user("cleo") + user("dan"))
			w.Apply()
			left.Store(1)
			errs := w.Try("plan", "-parallelism=1").Errors()
			if len(errs) != 3 || !strings.Contains(errs[0].Text(), "accept_empty") {
				t.Errorf("%v", errs)
			}
		})
	}
}

// TestOneFalse404 has a server that responds once with 404, for somebody who is there.
func TestOneFalse404(t *testing.T) {
	w := acctest.New(t)
	w.Config(user("ada") + user("bo"))
	w.Apply()
	for _, id := range ids(t, w) {
		w.Sandbox.Inject(sandbox.Fault{Method: http.MethodGet, Path: id, Status: http.StatusNotFound})
	}
	w.PlanEmpty()
}
