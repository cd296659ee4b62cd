package reliability_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// nginx is what a proxy sends when it knows no such address.
const nginx = "<html>\n<head><title>404 Not Found</title></head>\n<body><hr><center>nginx</center></body>\n</html>"

// protected declares a protected identity.
func protected(lines ...string) string {
	return "resource \"pigello_protected_identity\" \"p\" {\n  tenant_id = \"" + tenant + "\"\n" + strings.Join(lines, "\n") + "\n}\n"
}

// TestWebPagesProveNothing has a proxy respond 404 or 410 with a web page. Nobody is gone because of that: not from the state, and not
// for a deletion.
func TestWebPagesProveNothing(t *testing.T) {
	for name, c := range map[string]struct {
		status      int
		acceptEmpty string
	}{
		"404":                   {404, ""},
		"404 with accept_empty": {404, "true"},
		"410":                   {410, ""},
	} {
		t.Run(name, func(t *testing.T) {
			w := acctest.New(t)
			w.Setenv("PIGELLO_MAX_RETRIES", "0")
			w.Config(user("ada") + user("eve", `on_destroy = "deactivate"`) + protected())
			w.Apply()
			w.Setenv("PIGELLO_ACCEPT_EMPTY", c.acceptEmpty)
			state, everybody := ids(t, w), append(served(w, kind), served(w, identity)...)
			host := strings.TrimPrefix(w.URL, "http://")
			fails := func(errors int, args ...string) {
				t.Helper()
				errs := w.Try(append(args, "-input=false")...).Errors()
				if len(errs) != errors {
					t.Fatalf("%v: want %d errors, got %+v", args, errors, errs)
				}
				for _, d := range errs {
					for _, word := range []string{"web page", "proves nothing", host, "base_url"} {
						if !strings.Contains(d.Detail, word) {
							t.Errorf("%v: %q is not in %s\n%s", args, word, d.Summary, d.Detail)
						}
					}
					if strings.Contains(d.Detail, "accept_empty") || strings.Contains(d.Detail, "state rm") || strings.Contains(d.Detail, "nginx") {
						t.Errorf("%v: %s\n%s", args, d.Summary, d.Detail)
					}
				}
				if now := ids(t, w); !slices.Equal(now, state) {
					t.Errorf("%v: the state holds %v, was %v", args, now, state)
				}
				if now := append(served(w, kind), served(w, identity)...); !slices.Equal(now, everybody) {
					t.Errorf("%v: %v exist, %v existed", args, now, everybody)
				}
				if n := acctest.Count(w.Sandbox, http.MethodPost); n != 3 {
					t.Errorf("%v: %d creations were sent", args, n-3)
				}
			}
			page := sandbox.Fault{Status: c.status, Body: nginx, Times: -1}
			// To all reads; and, as lists fail too, to one GET of each object alone.
			page.Method = http.MethodGet
			w.Sandbox.Inject(page)
			fails(3, "apply", "-auto-approve")
			w.Sandbox.ClearFaults()
			if c.status == 404 {
				w.Setenv("PIGELLO_BULK_READ", "false")
				page.Path = w.Attributes("pigello_organization_user.ada")["id"].(string)
				w.Sandbox.Inject(page)
				fails(1, "apply", "-auto-approve")
				w.Sandbox.ClearFaults()
			}
			// To the deletions, and to the change that deactivates.
			w.Sandbox.Inject(
				sandbox.Fault{Method: http.MethodDelete, Status: c.status, Body: nginx, Times: -1},
				sandbox.Fault{Method: http.MethodPatch, Status: c.status, Body: nginx, Times: -1},
			)
			fails(3, "destroy", "-auto-approve", "-refresh=false")
			for _, object := range w.Sandbox.All(kind) {
				if object["is_active"] != true {
					t.Errorf("%v is inactive", object["id"])
				}
			}
		})
	}
}

// TestGoneAlready destroys who is gone: a genuine 404 is a success, and a warning says so.
func TestGoneAlready(t *testing.T) {
	for name, body := range map[string]string{"empty": "", "JSON": `{"detail": "Not found."}`} {
		t.Run(name, func(t *testing.T) {
			w := acctest.New(t)
			w.Config(user("ada") + user("eve", `on_destroy = "deactivate"`) + protected())
			w.Apply()
			gone := ids(t, w)
			for _, id := range gone {
				w.Sandbox.Remove(kind, id)
				w.Sandbox.Remove(identity, id)
			}
			w.Sandbox.Inject(sandbox.Fault{Status: 404, Body: body, Times: -1})
			found := w.Try("destroy", "-auto-approve", "-refresh=false", "-input=false")
			warnings := found.Warnings()
			if len(found) != 3 || len(warnings) != 3 {
				t.Fatalf("%v", found)
			}
			for _, id := range gone {
				if !slices.ContainsFunc(warnings, func(d acctest.Diagnostic) bool {
					return strings.Contains(d.Summary, "were gone already") && strings.Contains(d.Detail, id)
				}) {
					t.Errorf("no warning names %s: %+v", id, warnings)
				}
			}
			agree(t, w, 0)
		})
	}
}

// TestWebPagesToReaders sends a web page to whatever else reads: data sources and imports.
func TestWebPagesToReaders(t *testing.T) {
	w := acctest.New(t)
	w.Setenv("PIGELLO_MAX_RETRIES", "0")
	id := w.Sandbox.Put(kind, map[string]any{"detail_access": 0, "first_name": "Ada", "custom_id": "emp-42"})
	w.Config(`
data "pigello_organization_user" "by_id" { id = "` + id + `" }
data "pigello_organization_user" "by_key" { custom_id = "emp-42" }
data "pigello_subtenant" "by_id" { id = "` + id + `" }
data "pigello_organization_users" "all" {}
data "pigello_subtenants" "all" {}
`)
	w.Sandbox.Inject(sandbox.Fault{Status: 404, Body: nginx, Times: -1})
	errs := w.Try("plan").Errors()
	if len(errs) != 5 {
		t.Errorf("want 5 errors, got %+v", errs)
	}
	w.Config(user("ada") + user("eve") + protected() + `
import {
  to = pigello_organization_user.ada
  id = "` + id + `"
}
import {
  to = pigello_organization_user.eve
  id = "custom_id:emp-42"
}
import {
  to = pigello_protected_identity.p
  id = "tenant:` + tenant + `"
}
`)
	imports := w.Try("plan", "-input=false").Errors()
	if len(imports) == 0 {
		t.Errorf("the imports succeed")
	}
	errs = append(errs, imports...)
	for _, d := range errs {
		if !strings.Contains(d.Detail, "web page") || !strings.Contains(d.Detail, "base_url") || strings.Contains(d.Detail, "does not exist") {
			t.Errorf("%s\n%s", d.Summary, d.Detail)
		}
	}
}
