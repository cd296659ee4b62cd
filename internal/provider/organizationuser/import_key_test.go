package organizationuser_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// TestImportByKey imports users by what they are found by, each among people who are nearly the same.
func TestImportByKey(t *testing.T) {
	for name, behaviour := range map[string]func(*sandbox.Behaviour){
		"plain":      func(*sandbox.Behaviour) {},
		"normalises": func(b *sandbox.Behaviour) { b.LowerEmailDomain, b.PastEnd = true, "repeat" },
		"no filters": func(b *sandbox.Behaviour) {
			b.IgnoreFilters, b.IgnoreOrder, b.PageCap, b.PastEnd = true, true, 4, "404"
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := acctest.New(t, behaviour)
			w.Setenv("PIGELLO_BULK_READ", "false") // so that reads can be told from look-ups
			given := map[string]string{
				"email": "email:Ada@Example.com", "domain": "email:Grace@EXAMPLE.com", "spaces": " email : Edsger@Example.com ", "space": "custom_id:emp 7 ", "plus": "email:a:b+c@example.com",
				"custom": "custom_id:emp-42", "colons": "custom_id:staff:7:a", "email_like": "custom_id:email:x@example.com", "name": "username:ada.lovelace@x",
				"id": " " + strings.ToUpper(uuid(9)) + " ",
			}
			want := map[string]string{}
			declared, imports := map[string]attributes{}, ""
			for name, fields := range map[string]map[string]any{
				"email": {"email": "Ada@Example.com"}, "domain": {"email": "Grace@Example.com"}, "spaces": {"email": "Edsger@example.com"},
				"plus": {"email": "a:b+c@example.com"}, "custom": {"custom_id": "emp-42"}, "colons": {"custom_id": "staff:7:a"},
				"email_like": {"custom_id": "email:x@example.com"}, "space": {"custom_id": "emp 7 "}, "name": {"username": "ada.lovelace@x"}, "id": {"id": uuid(9)},
			} {
				fields["detail_access"], fields["first_name"] = 0, "Ada"
				want[name] = w.Sandbox.Put(kind, fields)
				declared[name] = attributes{"detail_access": 0, "first_name": "Ada"}
				for _, key := range []string{"email", "custom_id"} {
					if fields[key] != nil {
						declared[name][key] = fields[key]
					}
				}
				imports += fmt.Sprintf("import {\n  to = %s\n  id = %q\n}\n", address(name), given[name])
			}
			for _, other := range []map[string]any{
				{"email": "ada@example.com", "custom_id": "EMP-42", "username": "Ada.Lovelace@x"}, {"custom_id": "staff"}, {"custom_id": "7:a"}, {"custom_id": "emp 7"}, {"custom_id": " emp 7 "},
				{"email": "x@example.com"}, {"custom_id": nil, "email": nil},
			} {
				w.Sandbox.Put(kind, other)
			}
			w.Config(users(declared))
			w.Write("imports.tf", imports)
			_, r := w.Plan()
			acctest.Says(t, r.Output, "Plan: 10 to import, 0 to add, 0 to change, 0 to destroy.")
			// An import costs one read, and one more, or a listing, to find what is not given by the id as the server writes it. A listing
			// of a page ends with the one behind it.
			reads, lists := 0, 0
			for _, r := range w.Sandbox.Requests() {
				if strings.HasSuffix(r.Path, "/list/") {
					lists++
				} else {
					reads++
				}
			}
			if reads != len(given)+1 || name != "no filters" && lists > 2*(len(given)-1) {
				t.Errorf("%d reads and %d requests for lists", reads, lists)
			}
			w.Sandbox.ResetRequests()
			r = w.OK("apply", "-no-color", "-input=false", "tfplan")
			acctest.Says(t, r.Output, "Resources: 10 imported, 0 added, 0 changed, 0 destroyed.")
			if n := len(w.Sandbox.Requests()); n != 0 {
				t.Errorf("the apply of a plan that imports makes %d requests", n)
			}
			for name, id := range want {
				spelled(t, w, name, attributes{"id": id})
			}
			w.PlanEmpty()
			w.OK("state", "rm", address("custom"))
			w.Sandbox.ResetRequests()
			w.OK("import", "-no-color", "-input=false", address("custom"), given["custom"])
			spelled(t, w, "custom", attributes{"id": want["custom"]})
			if n := len(w.Sandbox.Requests()); name == "plain" && n > 3 {
				t.Errorf("the command takes %d requests", n)
			}
			acctest.NoWrites(t, w.Sandbox)
		})
	}
}

// importing imports a user, and returns the error, or "".
func importing(t *testing.T, p *acctest.InProcess, id string) string {
	t.Helper()
	_, diags := p.Import(t.Context(), resourceType, id, nil)
	if len(diags) == 0 {
		return ""
	}
	if len(diags) != 1 || diags.Err() == nil {
		t.Errorf("%q: %v", id, diags)
	}
	return diags[0].Text()
}

// accepted is what an error says that is about an import id.
const accepted = "the id that Pigello gave the organization user (a UUID), email:<email>, custom_id:<custom_id>, username:<username>."

// TestImportKeyErrors goes through what is no import id, or that of nobody, or of several.
func TestImportKeyErrors(t *testing.T) {
	api, configuration := serve(t)
	p := start(t, configuration)
	twins := []string{api.Put(kind, map[string]any{"custom_id": "twin", "email": "Twin@example.com"})}
	twins = append(twins, api.Put(kind, map[string]any{"custom_id": "twin", "email": "Twin@EXAMPLE.com"}))
	for given, want := range map[string]string{
		"ada@example.com": "neither an id nor a key", "emp-42": "neither an id nor a key", "19900101-2385": "neither an id nor a key", "": "neither an id nor a key",
		" ": "neither an id nor a key", "ssn:19900101-2385": "not a key", ":": "not a key", ":emp-42": "not a key", "Email:ada@example.com": "not a key",
		"id:" + uuid(1): "not a key", uuid(1) + ":": "not a key", "19900101-2385:email": "not a key", "full_name:Ada": "not a key",
		"email:": "email is empty", "email: ": "email is empty", "email:ada": "email must be an e-mail address",
		"email:a@b@example.com": "email must be an e-mail address", "custom_id:": "custom_id is empty", "username:": "username is empty",
	} {
		said := importing(t, p, given)
		if !strings.Contains(said, want) || !strings.Contains(said, accepted) {
			t.Errorf("%q: %s", given, said)
		}
		for _, part := range []string{"ada", "19900101", "2385", "emp-42"} {
			if strings.Contains(said, part) {
				t.Errorf("%q is repeated: %s", given, said)
			}
		}
	}
	if n := len(api.Requests()); n != 0 {
		t.Errorf("%d requests for what is no import id", n)
	}
	for _, ignores := range []bool{false, true} {
		api.Configure(func(b *sandbox.Behaviour) { b.IgnoreFilters = ignores })
		for given, key := range map[string]string{"email:nobody@example.com": "email", "email:twin@example.com": "email", "custom_id:Twin": "custom_id", "username:twin": "username"} {
			said := importing(t, p, given)
			_, value, _ := strings.Cut(given, ":")
			want := "Could not import the organization user " + given + "\nNo organization user has the " + key + " " + value +
				", or it is not visible to these credentials (service version). It was not imported. Check the import id: " + given
			if said != want {
				t.Errorf("%q: %s\nwant %s", given, said, want)
			}
		}
		for given, key := range map[string]string{"email:Twin@Example.com": "email", "custom_id:twin": "custom_id"} {
			said := importing(t, p, given)
			_, value, _ := strings.Cut(given, ":")
			if !strings.HasPrefix(said, "Could not import the organization user "+given+"\n2 organization users have the "+key+" "+value+".") {
				t.Errorf("%q: %s", given, said)
			}
			for _, id := range twins {
				if !strings.Contains(said, "import {\n  to = pigello_organization_user.<name>\n  id = \""+id+"\"\n}\n") {
					t.Errorf("%q: no block for %s: %s", given, id, said)
				}
			}
		}
	}
	api.Inject(sandbox.Fault{Method: http.MethodGet, Status: 403, Body: `{"detail": "No permission."}`})
	if said := importing(t, p, "custom_id:twin"); !strings.Contains(said, "403") || !strings.Contains(said, "No permission.") ||
		!strings.Contains(said, "custom_id:twin") {
		t.Errorf("a refused listing: %s", said)
	}
	for _, r := range api.Requests() {
		if r.Method != http.MethodGet || !strings.HasSuffix(r.Path, "/list/") {
			t.Errorf("unexpected %s %s", r.Method, r.Path)
		}
	}
	// By key and by id alike: there is nobody to ask.
	unconfigured := start(t, nil)
	for _, given := range []string{"custom_id:twin", twins[0]} {
		if said := importing(t, unconfigured, given); !strings.Contains(said, "configuration is not known") {
			t.Errorf("%q without a provider: %s", given, said)
		}
	}
}

// TestImportWithoutProvider plans an import while it is not known where the API is: an error, and no plan that is guessed.
func TestImportWithoutProvider(t *testing.T) {
	w := acctest.New(t)
	id := w.Sandbox.Put(kind, body(rich))
	w.Setenv("PIGELLO_BASE_URL", "http://127.0.0.1:1")
	w.Config(user("u", rich.With(attributes{"ssn": nil})) + `
resource "terraform_data" "address" { input = "` + w.URL + `" }
provider "pigello" { base_url = terraform_data.address.output }
import {
  to = pigello_organization_user.u
  id = "custom_id:emp-42"
}`)
	r := w.Run("plan", "-no-color", "-input=false")
	if r.ExitCode != 1 || strings.Count(r.Output, "Error:") != 1 {
		t.Errorf("exit code %d\n%s", r.ExitCode, r.Output)
	}
	acctest.Says(t, r.Output, "configuration is not known")
	w.Apply("-target=terraform_data.address")
	w.Apply()
	spelled(t, w, "u", attributes{"id": id})
	acctest.NoWrites(t, w.Sandbox)
}
