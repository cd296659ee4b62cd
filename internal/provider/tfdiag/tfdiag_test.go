package tfdiag_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/pigello/terraform-provider-pigello/internal/client"
	"github.com/pigello/terraform-provider-pigello/internal/client/model"
	"github.com/pigello/terraform-provider-pigello/internal/client/transport"
	"github.com/pigello/terraform-provider-pigello/internal/provider/tfdiag"
)

const id = "497f6eca-6276-4993-bfeb-53cbbbba6f08"

// failure lets the client get a response, and returns its error.
func failure(t *testing.T, method string, status int, body string, header ...string) error {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		for i := 0; i < len(header); i += 2 {
			w.Header().Set(header[i], header[i+1])
		}
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	}))
	defer server.Close()
	base, err := transport.ParseBaseURL(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	users := client.New(transport.Config{
		BaseURL: base, RequestTimeout: transport.DefaultRequestTimeout, Credentials: transport.Credentials{ClientSecret: "canary-secret"},
	}).OrganizationUsers()
	switch method {
	case http.MethodPost:
		_, err = users.Create(t.Context(), model.Body{"first_name": "Ada"})
	case http.MethodPatch:
		_, err = users.Update(t.Context(), id, model.Body{"first_name": "Ada"})
	case http.MethodDelete:
		err = users.Delete(t.Context(), id)
	default:
		_, err = users.Get(t.Context(), id)
	}
	if err == nil {
		t.Fatal("no error")
	}
	return err
}

// at is the attribute of each field but nickname's.
func at(field string) (path.Path, bool) {
	return path.Root(field), field == "email" || field == "first_name"
}

func add(verb, object string, err error) diag.Diagnostics {
	var diags diag.Diagnostics
	tfdiag.Add(&diags, tfdiag.Operation{Verb: verb, Entity: model.OrganizationUser, ID: object, Attribute: at}, err)
	return diags
}

// TestAdd shows, for each way to fail, what was tried, on which object, what the server said, and what to do next.
func TestAdd(t *testing.T) {
	for name, c := range map[string]struct {
		verb, object string
		err          error
		says         []string
		never        []string
	}{
		"401": {
			"read", id, failure(t, "GET", 401, `{"detail": "Invalid."}`),
			[]string{id, "401 Unauthorized", "The server says: Invalid.", "customer_id", "client_secret", "PIGELLO_CLIENT_SECRET", "base_url"}, nil,
		},
		"403": {
			"update", id, failure(t, "PATCH", 403, `{"detail": "No permission."}`),
			[]string{id, "403 Forbidden", "No permission.", "Either the credentials are wrong", "service_version_id", "grant the permission"}, nil,
		},
		"404 of an object": {
			"update", id, failure(t, "PATCH", 404, `{"detail": "Not found."}`), []string{"404 Not Found", "The organization user " + id + " does not exist", "plan again"}, nil,
		},
		"404 of an address": {
			"create", "", failure(t, "POST", 404, `<html>`), []string{"404 Not Found", "web page", "proves nothing", "base_url"}, []string{"does not exist"},
		},
		"a redirect": {
			"read", id, failure(t, "GET", 302, "", "Location", "https://login.example/canary?canary=1"),
			[]string{"302 Found", "redirects the request to login.example", "never follows", "base_url"}, []string{"canary"},
		},
		"a redirect to nowhere": {"read", id, failure(t, "GET", 302, ""), []string{"302 Found", "redirects the request.", "never follows"}, nil},
		"429":                   {"delete", id, failure(t, "DELETE", 429, ""), []string{"429 Too Many Requests", "limits the rate", "-parallelism", "max_requests_per_second"}, nil},
		"503": {
			"update", id, failure(t, "PATCH", 503, `upstream is down`, "X-Request-Id", "0af76519-16cd-43dd-8448-eb211c80319c"),
			[]string{id, "503 Service Unavailable", "The server says: upstream is down", "Run Terraform again", "Request ID: 0af76519-16cd-43dd-8448-eb211c80319c"}, []string{"Tried"},
		},
		"500 of a creation": {
			"create", "", failure(t, "POST", 500, ``), []string{"500 Internal Server Error", "not known whether the organization user was created", "import"}, []string{"unchanged"},
		},
		"201 with a page": {
			"create", "", failure(t, "POST", 201, `<html>canary`), []string{"201 Created", "not known whether", "import"}, []string{"canary"},
		},
		"200 with a page": {
			"read", id, failure(t, "GET", 200, `<html>canary`), []string{"cannot be understood", "200 OK"}, []string{"canary"},
		},
		"400 without a word": {"create", "", failure(t, "POST", 400, ``), []string{"400 Bad Request"}, []string{"not known", "The server says"}},
		"not the client's":   {"import", id, errors.New("something else"), []string{"Something else."}, nil},
		"wrapped":            {"read", id, errors.Join(context.Canceled, failure(t, "GET", 401, "")), []string{"401", "credentials"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			diags := add(c.verb, c.object, c.err)
			if len(diags) != 1 || diags.ErrorsCount() != 1 {
				t.Fatalf("%v, want one error", diags)
			}
			if want := strings.TrimSpace("Could not " + c.verb + " the organization user " + c.object); diags[0].Summary() != want {
				t.Errorf("the summary is %q, want %q", diags[0].Summary(), want)
			}
			if _, ok := errors.AsType[*transport.Error](c.err); ok && !strings.Contains(diags[0].Detail(), " at 127.0.0.1:") {
				t.Errorf("nothing names the host:\n%s", diags[0].Detail())
			}
			for _, part := range c.says {
				if !strings.Contains(diags[0].Detail(), part) {
					t.Errorf("nothing says %q:\n%s", part, diags[0].Detail())
				}
			}
			for _, part := range append(c.never, "http://", "Ada") {
				if strings.Contains(diags[0].Detail(), part) {
					t.Errorf("something says %q:\n%s", part, diags[0].Detail())
				}
			}
		})
	}
}

func TestAddOnAttributes(t *testing.T) {
	diags := add("create", "", failure(t, "POST", 400,
		`{"email": ["Enter a valid address."], "first_name": ["Too long.", "Too odd."], "nickname": ["No."], "detail": "Look again.", "role": ["Gone."]}`))
	want := map[string]string{"email": "Enter a valid address.", "first_name": "Too long. Too odd.", "": "Look again."}
	if len(diags) != len(want) || diags.ErrorsCount() != len(want) {
		t.Fatalf("%v", diags)
	}
	for _, d := range diags {
		on := ""
		if withPath, ok := d.(diag.DiagnosticWithPath); ok {
			on = withPath.Path().String()
		}
		if want[on] == "" || !strings.Contains(d.Detail(), want[on]) || !strings.Contains(d.Detail(), "400 Bad Request") ||
			d.Summary() != "Could not create the organization user" {
			t.Errorf("on %q: %s: %s", on, d.Summary(), d.Detail())
		}
		if on == "" && (!strings.Contains(d.Detail(), "nickname: No.") || !strings.Contains(d.Detail(), "role: Gone.")) {
			t.Errorf("what has no attribute is lost: %s", d.Detail())
		}
		delete(want, on)
	}
}

func TestAddCountsAttempts(t *testing.T) {
	e := &transport.Error{Entity: model.OrganizationUser, Method: http.MethodGet, Path: "/x/", Status: 503, Attempts: 9}
	diags := add("read", id, e)
	if len(diags) != 1 || !strings.Contains(diags[0].Detail(), "Tried 9 times.") {
		t.Errorf("%v", diags)
	}
}

// TestAddWithoutAttributes is what a data source does: nothing there has an attribute of its own.
func TestAddWithoutAttributes(t *testing.T) {
	var diags diag.Diagnostics
	err := failure(t, "GET", 400, `{"email": ["Enter a valid address."]}`)
	tfdiag.Add(&diags, tfdiag.Operation{Verb: "read", Entity: model.Subtenant}, err)
	if len(diags) != 1 || diags[0].Summary() != "Could not read the subtenant" || !strings.Contains(diags[0].Detail(), "email: Enter a valid address.") {
		t.Errorf("%v", diags)
	}
}

// TestAddOfMany is what a list does: a part of it could be taken for the whole, so that nothing is shown.
func TestAddOfMany(t *testing.T) {
	var diags diag.Diagnostics
	tfdiag.Add(&diags, tfdiag.Operation{Verb: "list", Entity: model.ProtectedIdentity, Many: true}, failure(t, "GET", 503, ""))
	if len(diags) != 1 || diags[0].Summary() != "Could not list the protected identities" || !strings.Contains(diags[0].Detail(), "Nothing is shown") {
		t.Errorf("%v", diags)
	}
}
