package sandbox_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/apispec"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

const (
	users      = "/accounts/users/organization/organizationuser/"
	identities = "/accounts/users/customer/protectedidentity/"
	subtenants = "/accounts/users/customer/subtenant/"

	someID  = "aaaaaaaa-0000-4000-8000-000000000001"
	otherID = "aaaaaaaa-0000-4000-8000-000000000002"
)

// fixture is a sandbox with a real server, and a client with the credentials.
type fixture struct {
	*sandbox.Sandbox
	t       *testing.T
	url     string
	headers http.Header
}

func start(t *testing.T, changes ...func(*sandbox.Behaviour)) *fixture {
	t.Helper()
	f := &fixture{Sandbox: sandbox.New(changes...), t: t, headers: http.Header{}}
	server := httptest.NewServer(f)
	t.Cleanup(server.Close)
	f.url = server.URL
	for _, variable := range f.Environment(server.URL)[1:] {
		name, value, _ := strings.Cut(variable, "=")
		f.headers.Set("X-"+strings.ReplaceAll(name, "_", "-"), value)
	}
	return f
}

// reply is a complete response.
type reply struct {
	status int
	header http.Header
	body   []byte
}

func (f *fixture) try(method, path, body string) (reply, error) {
	r, err := http.NewRequestWithContext(f.t.Context(), method, f.url+path, strings.NewReader(body))
	if err != nil {
		return reply{}, err
	}
	r.Header = f.headers.Clone()
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	response, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		return reply{}, err
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	return reply{response.StatusCode, response.Header, text}, err
}

// do sends a request, and expects a status.
func (f *fixture) do(method, path, body string, status int) reply {
	f.t.Helper()
	got, err := f.try(method, path, body)
	if err != nil {
		f.t.Fatalf("%s %s: %v", method, path, err)
	}
	if got.status != status {
		f.t.Fatalf("%s %s: status %d, want %d: %s", method, path, got.status, status, got.body)
	}
	return got
}

func (f *fixture) object(method, path, body string, status int) map[string]any {
	f.t.Helper()
	var object map[string]any
	if err := json.Unmarshal(f.do(method, path, body, status).body, &object); err != nil {
		f.t.Fatal(err)
	}
	return object
}

// list returns one field of each object in a list.
func (f *fixture) list(path, query, field string) []any {
	f.t.Helper()
	var objects []map[string]any
	if err := json.Unmarshal(f.do("GET", path+"list/?"+query, "", 200).body, &objects); err != nil {
		f.t.Fatal(err)
	}
	values := []any{}
	for _, object := range objects {
		values = append(values, object[field])
	}
	return values
}

func TestCredentials(t *testing.T) {
	f := start(t)
	if environment := f.Environment(f.url + "/"); len(environment) != 8 || environment[0] != "PIGELLO_BASE_URL="+f.url {
		t.Fatalf("environment: %v", environment)
	}
	f.do("GET", users+"list/", "", 200)
	complete := f.headers
	for header := range complete {
		for _, value := range []string{"", "wrong"} {
			f.headers = complete.Clone()
			f.headers.Set(header, value)
			if detail := f.object("GET", users+"list/", "", 401)["detail"]; detail == nil {
				t.Errorf("%s=%q is refused without a detail", header, value)
			}
		}
		f.headers = complete.Clone()
		f.headers.Del(header)
		f.do("GET", users+"list/", "", 401)
	}
	f.headers = complete
	f.Configure(func(b *sandbox.Behaviour) { b.Credentials["X-PIGELLO-CLIENT-SECRET"] = "another" })
	f.do("GET", users+"list/", "", 401)
}

func TestRouting(t *testing.T) {
	f := start(t)
	id := f.Put(sandbox.OrganizationUser, map[string]any{"first_name": "Ada"})
	for _, c := range []struct {
		method, path string
		status       int
	}{
		{"GET", users + id + "/", 200},
		{"GET", users + strings.ToUpper(id) + "/", 200},
		{"GET", users + otherID + "/", 404},
		{"PATCH", users + otherID + "/", 404},
		{"DELETE", users + otherID + "/", 404},
		{"GET", identities + id + "/", 404},
		{"GET", users + id + "/more/", 404},
		{"GET", "/accounts/", 404},
		{"GET", users, 405},
		{"PUT", users + id + "/", 405},
		{"DELETE", users + "list/", 405},
		{"GET", "/accounts/users/auth/invite/customer/subtenant/", 405},
		{"POST", "/accounts/users/auth/invite/customer/protectedidentity/", 404},
	} {
		body := ""
		if c.method == "PATCH" || c.method == "POST" {
			body = "{}"
		}
		got := f.do(c.method, c.path, body, c.status)
		if got.header.Get("X-Request-Id") == "" || got.header.Get("Date") == "" {
			t.Errorf("%s %s: no request id, or no date", c.method, c.path)
		}
		if c.status == 404 && string(got.body) != `{"detail":"Not found."}` {
			t.Errorf("%s %s: %s", c.method, c.path, got.body)
		}
	}
	moved := f.do("POST", strings.TrimSuffix(users, "/")+"?a=1", "{}", 301)
	if location := moved.header.Get("Location"); location != users+"?a=1" {
		t.Errorf("moved to %q", location)
	}
}

func TestLifeOfAnObject(t *testing.T) {
	f := start(t)
	created := f.object("POST", users, `{"detail_access": 2, "first_name": "Ada", "last_name": "Byron",
		"role": {"id": "`+strings.ToUpper(someID)+`"},
		"external_clients": [{"id": "`+otherID+`"}, {"id": "`+someID+`"}, {"id": "`+otherID+`"}],
		"debt_distribution_instruction": [{"n": 12345678901234567890}]}`, 201)
	if len(created) != 38 {
		t.Errorf("%d fields, want 38", len(created))
	}
	id, _ := created["id"].(string)
	username, _ := created["username"].(string)
	for name, want := range map[string]any{
		"full_name": "Ada Byron", "communication_name": "Ada Byron", "is_active": true, "anonymized": false, "email": nil,
		"detail_access": 2.,
	} {
		if created[name] != want {
			t.Errorf("%s is %v, want %v", name, created[name], want)
		}
	}
	if fmt.Sprint(created["role"]) != "map[id:"+someID+"]" {
		t.Errorf("role: %v", created["role"])
	}
	if fmt.Sprint(created["external_clients"]) != "[map[id:"+someID+"] map[id:"+otherID+"]]" {
		t.Errorf("external_clients: %v", created["external_clients"])
	}
	if n := len(username); n < 8 || n > 150 {
		t.Errorf("username %q", username)
	}
	path := users + id + "/"
	if got := f.do("GET", path, "", 200); !bytes.Contains(got.body, []byte("12345678901234567890")) {
		t.Errorf("digits were lost: %s", got.body)
	}

	changed := f.object("PATCH", path, `{"last_name": null, "corporate_name": "Engines"}`, 200)
	if changed["full_name"] != "Engines" || changed["first_name"] != "Ada" || changed["username"] != username {
		t.Errorf("after the change: %v", changed)
	}
	f.Change(sandbox.OrganizationUser, id, map[string]any{"corporate_name": nil, "detail_access": 1})
	if got := f.object("GET", path, "", 200); got["full_name"] != "Ada" || got["detail_access"] != 1. {
		t.Errorf("after the change behind the back: %v", got)
	}
	if stored, ok := f.Get(sandbox.OrganizationUser, id); !ok || stored["detail_access"] != 1. {
		t.Errorf("stored: %v", stored)
	}

	if got := f.do("DELETE", path, "", 204); len(got.body) != 0 {
		t.Errorf("DELETE responds %q", got.body)
	}
	f.do("GET", path, "", 404)
	if all := f.All(sandbox.OrganizationUser); len(all) != 0 {
		t.Errorf("left: %v", all)
	}
	id = f.Put(sandbox.OrganizationUser, nil)
	f.Remove(sandbox.OrganizationUser, id)
	f.do("GET", users+id+"/", "", 404)
}

func TestReturnedObjectsAreCopies(t *testing.T) {
	f := start(t)
	id := f.Put(sandbox.OrganizationUser, map[string]any{"first_name": "Ada", "role": map[string]string{"id": someID}})
	got, _ := f.Get(sandbox.OrganizationUser, id)
	got["first_name"] = "Eve"
	got["role"].(map[string]any)["id"] = otherID
	again, _ := f.Get(sandbox.OrganizationUser, id)
	if again["first_name"] != "Ada" || again["role"].(map[string]any)["id"] != someID {
		t.Errorf("the store was changed: %v", again)
	}
}

func TestLog(t *testing.T) {
	f := start(t)
	f.do("POST", users+"?a=1", `{"detail_access": 0, "first_name": "Ada"}`, 201)
	f.do("GET", users+someID+"/", "", 404)
	log := f.Requests()
	if len(log) != 2 {
		t.Fatalf("%d requests", len(log))
	}
	first := log[0]
	if first.Method != http.MethodPost || first.Path != users || first.Query.Get("a") != "1" || first.Status != 201 || first.At.IsZero() ||
		first.Object()["first_name"] != "Ada" || first.Header.Get("X-Pigello-Client-Ct") == "" {
		t.Errorf("%+v", first)
	}
	if log[1].Status != 404 || log[1].Object() != nil {
		t.Errorf("%+v", log[1])
	}
	f.ResetRequests()
	if len(f.Requests()) != 0 {
		t.Error("the log is not empty")
	}
}

func TestBulkWrite(t *testing.T) {
	f := start(t)
	id := f.Put(sandbox.ProtectedIdentity, map[string]any{"tenant": map[string]string{"id": someID}, "first_name": "Ada"})
	got := f.do("POST", identities+"list/", `[
		{"id": "`+id+`", "first_name": "Eve"},
		{"sub_tenant": {"id": "`+someID+`"}}]`, 201)
	var written []map[string]any
	if err := json.Unmarshal(got.body, &written); err != nil {
		t.Fatal(err)
	}
	if len(written) != 2 || written[0]["id"] != id || written[0]["first_name"] != "Eve" || written[0]["tenant"] == nil {
		t.Errorf("%s", got.body)
	}

	// A bulk write that fails stores nothing, even if the conflict is only between its elements.
	before := f.All(sandbox.ProtectedIdentity)
	refused := f.do("POST", identities+"list/", `[
		{"id": "`+id+`", "first_name": "Zoe"},
		{"tenant": {"id": "`+otherID+`"}},
		{"tenant": {"id": "`+otherID+`"}},
		{"id": "`+otherID+`"}, 7]`, 400)
	want := `[null,null,{"tenant":["This field must be unique."]},{"id":["Object does not exist."]},` +
		`{"non_field_errors":["Invalid data. Expected a dictionary."]}]`
	if string(refused.body) != want {
		t.Errorf("got  %s\nwant %s", refused.body, want)
	}
	if after := f.All(sandbox.ProtectedIdentity); fmt.Sprint(after) != fmt.Sprint(before) {
		t.Errorf("the store was changed: %v", after)
	}
	f.do("POST", identities+"list/", `{}`, 400)
}

func TestInvites(t *testing.T) {
	f := start(t)
	got := f.do("POST", "/accounts/users/auth/invite/organization/organizationuser/", `{"id": "`+someID+`"}`, 201)
	f.do("POST", "/accounts/users/auth/invite/customer/subtenant/", `[1]`, 201)
	if string(got.body) != "null" {
		t.Errorf("response: %s", got.body)
	}
	if invites := f.Invites(); len(invites) != 2 || string(invites[1]) != "[1]" {
		t.Errorf("invites: %s", invites)
	}
}

// TestResponsesSatisfyTheDescription reads objects of all entities with all behaviours that do not violate the description on purpose. If
// an object violated it, the status would be 501.
func TestResponsesSatisfyTheDescription(t *testing.T) {
	f := start(t, func(b *sandbox.Behaviour) {
		b.BumpVolatile, b.RewriteInstants, b.Separators, b.LowerEmailDomain = true, true, "insert", true
		b.FillOrganization = someID
	})
	for kind, path := range map[string]string{
		sandbox.OrganizationUser: users, sandbox.ProtectedIdentity: identities, sandbox.Subtenant: subtenants,
	} {
		f.Put(kind, map[string]any{
			"first_name": "Ada", "email": "Ada@Example.COM", "ssn": "189001019802", "organization": map[string]any{"id": someID},
		})
		f.do("GET", path+"list/", "", 200)
	}
	f.Put(sandbox.OrganizationUser, map[string]any{"birth_date": "soon"})
	if got := f.do("GET", users+"list/", "", 501); !bytes.Contains(got.body, []byte("sandbox: organizationuser")) {
		t.Errorf("%s", got.body)
	}
}

func TestKindsAreThoseOfTheDescription(t *testing.T) {
	kinds := []string{sandbox.OrganizationUser, sandbox.ProtectedIdentity, sandbox.Subtenant}
	if !slices.Equal(kinds, apispec.Entities()) {
		t.Errorf("%v, %v", kinds, apispec.Entities())
	}
}

// TestConcurrentUse calls everything in parallel, for the race detector.
func TestConcurrentUse(t *testing.T) {
	f := start(t)
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			for range 5 {
				created, err := f.try("POST", users, fmt.Sprintf(`{"detail_access": 1, "first_name": "n%d"}`, i))
				if err != nil || created.status != 201 {
					t.Errorf("POST: %v %s", err, created.body)
					return
				}
				f.Configure(func(b *sandbox.Behaviour) {
					b.BumpVolatile = !b.BumpVolatile
					maps.Copy(b.Credentials, maps.Clone(b.Credentials)) // writes to the map, for the race detector
				})
				_, _ = f.try("GET", users+"list/?_order_by=-created_at", "")
				f.Inject(sandbox.Fault{Method: "PUT", Status: 500})
				for _, object := range f.All(sandbox.OrganizationUser) {
					f.Change(sandbox.OrganizationUser, object["id"].(string), map[string]any{"last_name": "changed"})
				}
				f.Requests()
			}
		})
	}
	group.Wait()
	if n := len(f.All(sandbox.OrganizationUser)); n != 40 {
		t.Errorf("%d objects, want 40", n)
	}
}

// object merges fields into a JSON object for a body.
func object(t *testing.T, fields ...map[string]any) string {
	t.Helper()
	merged := map[string]any{}
	for _, m := range fields {
		maps.Copy(merged, m)
	}
	text, err := json.Marshal(merged)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
