package sandbox_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// get lists users without a network.
func get(b *testing.B, s *sandbox.Sandbox, query string) {
	b.Helper()
	r := httptest.NewRequestWithContext(b.Context(), "GET", users+"list/?"+query, nil)
	for _, variable := range s.Environment("")[1:] {
		name, value, _ := strings.Cut(variable, "=")
		r.Header.Set("X-"+strings.ReplaceAll(name, "_", "-"), value)
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	if w.Code != 200 {
		b.Fatalf("status %d: %s", w.Code, w.Body)
	}
}

func TestResponses(t *testing.T) {
	f := start(t)
	id := f.Put(sandbox.OrganizationUser, map[string]any{
		"first_name": "Ada", "email": "Ada@Mail@EXAMPLE.com", "ssn": "19121212-1212", "org_no": "5560360793",
		"active_to": "2030-01-01T00:00:00.5Z",
	})
	for _, c := range []struct {
		name   string
		change func(*sandbox.Behaviour)
		want   map[string]any
	}{
		{"plain", func(*sandbox.Behaviour) {}, map[string]any{
			"email": "Ada@Mail@EXAMPLE.com", "ssn": "19121212-1212", "org_no": "5560360793", "active_to": "2030-01-01T00:00:00.5Z",
			"custom_id": nil, "last_login": nil, "zz_revision": nil,
		}},
		{"domain", func(b *sandbox.Behaviour) { b.LowerEmailDomain = true }, map[string]any{"email": "Ada@Mail@example.com"}},
		{"strip", func(b *sandbox.Behaviour) { b.Separators = "strip" }, map[string]any{"ssn": "191212121212", "org_no": "5560360793"}},
		{"insert", func(b *sandbox.Behaviour) { b.Separators = "insert" }, map[string]any{"ssn": "19121212-1212", "org_no": "556036-0793"}},
		{"instants", func(b *sandbox.Behaviour) { b.RewriteInstants = true }, map[string]any{"active_to": "2030-01-01T02:00:00.500000+02:00"}},
		{"empty for null", func(b *sandbox.Behaviour) { b.EmptyForNull = true }, map[string]any{
			"custom_id": "", "birth_date": "", "first_name": "Ada", "role": nil, "tags": nil,
		}},
		{"unknown", func(b *sandbox.Behaviour) { b.UnknownFields = true }, map[string]any{"zz_revision": 7., "first_name": "Ada"}},
		{"hidden", func(b *sandbox.Behaviour) { b.Hide = []string{"first_name", "is_active"} }, map[string]any{"first_name": nil, "is_active": nil, "full_name": "Ada"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			f.Configure(func(b *sandbox.Behaviour) { *b = sandbox.Behaviour{Credentials: b.Credentials}; c.change(b) })
			got := f.object("GET", users+id+"/", "", 200)
			for name, want := range c.want {
				if got[name] != want {
					t.Errorf("%s is %v, want %v", name, got[name], want)
				}
				if listed := f.list(users, "", name); len(listed) != 1 || listed[0] != want {
					t.Errorf("%s is listed as %v, want %v", name, listed, want)
				}
			}
			if stored, _ := f.Get(sandbox.OrganizationUser, id); stored["ssn"] != "19121212-1212" || stored["first_name"] != "Ada" {
				t.Errorf("the store was changed: %v", stored)
			}
		})
	}
}

func TestVolatileFields(t *testing.T) {
	f := start(t, func(b *sandbox.Behaviour) { b.BumpVolatile = true })
	id := f.Put(sandbox.OrganizationUser, map[string]any{"first_name": "Ada"})
	first := f.object("GET", users+id+"/", "", 200)
	second := f.object("GET", users+id+"/", "", 200)
	var changed []string
	for name := range first {
		if fmt.Sprint(first[name]) != fmt.Sprint(second[name]) {
			changed = append(changed, name)
		}
	}
	if len(changed) != 8 {
		t.Errorf("changed: %v", changed)
	}
}

func TestFillOrganization(t *testing.T) {
	f := start(t, func(b *sandbox.Behaviour) { b.FillOrganization = someID })
	organization := func(object map[string]any) string { return fmt.Sprint(object["organization"]) }
	filled := "map[id:" + someID + "]"
	created := f.object("POST", users, `{"detail_access": 0, "first_name": "Ada"}`, 201)
	if organization(created) != filled {
		t.Errorf("created with %v", created["organization"])
	}
	path := users + created["id"].(string) + "/"
	own := "map[id:" + otherID + "]"
	if got := f.object("PATCH", path, `{"organization": {"id": "`+otherID+`"}}`, 200); organization(got) != own {
		t.Errorf("set to %v", got["organization"])
	}
	if got := f.object("PATCH", path, `{"first_name": "Eve"}`, 200); organization(got) != own {
		t.Errorf("changed to %v", got["organization"])
	}
	if got := f.object("PATCH", path, `{"organization": null}`, 200); organization(got) != filled {
		t.Errorf("cleared to %v", got["organization"])
	}
}

func TestAnonymizedName(t *testing.T) {
	f := start(t)
	id := f.Put(sandbox.OrganizationUser, map[string]any{"first_name": "Ada"})
	got := f.object("PATCH", users+id+"/", `{"anonymized": true, "anonymization_name": "N. N."}`, 200)
	if got["full_name"] != "N. N." || got["communication_name"] != "N. N." {
		t.Errorf("%v", got)
	}
}

func TestRefuse(t *testing.T) {
	var asked []string
	f := start(t, func(b *sandbox.Behaviour) {
		b.Refuse = func(method, kind string, body map[string]any) (int, any) {
			asked = append(asked, method+" "+kind)
			if body["first_name"] == "Eve" {
				return http.StatusConflict, map[string]any{"first_name": []string{"Eve is not welcome."}}
			}
			return 0, nil
		}
	})
	id := f.object("POST", users, `{"detail_access": 0, "first_name": "Ada"}`, 201)["id"].(string)
	if got := f.do("PATCH", users+id+"/", `{"first_name": "Eve"}`, 409); string(got.body) != `{"first_name":["Eve is not welcome."]}` {
		t.Errorf("%s", got.body)
	}
	f.do("POST", users+"list/", `[{"detail_access": 0, "first_name": "Zoe"}, {"first_name": "Eve"}]`, 409)
	f.do("GET", users+id+"/", "", 200)
	f.do("GET", users+"list/", "", 200)
	f.do("DELETE", users+id+"/", "", 204)
	want := "POST PATCH POST POST GET GET DELETE"
	if got := strings.ReplaceAll(strings.Join(asked, " "), " organizationuser", ""); got != want {
		t.Errorf("asked %s, want %s", got, want)
	}
	if all := f.All(sandbox.OrganizationUser); len(all) != 0 {
		t.Errorf("left: %v", all)
	}
}

func TestClockAndLatency(t *testing.T) {
	f := start(t, func(b *sandbox.Behaviour) { b.ClockSkew, b.Latency = -48*time.Hour, 30*time.Millisecond })
	began := time.Now()
	got := f.do("POST", users, `{"detail_access": 0, "first_name": "Ada"}`, 201)
	if took := time.Since(began); took < 30*time.Millisecond {
		t.Errorf("answered after %v", took)
	}
	date, err := http.ParseTime(got.header.Get("Date"))
	if err != nil || time.Since(date) < 47*time.Hour {
		t.Errorf("date %v, %v", date, err)
	}
	created, err := time.Parse(time.RFC3339, f.All(sandbox.OrganizationUser)[0]["created_at"].(string))
	if err != nil || time.Since(created) < 47*time.Hour {
		t.Errorf("created %v, %v", created, err)
	}
}

func TestRowLatency(t *testing.T) {
	f := start(t, func(b *sandbox.Behaviour) { b.RowLatency = 20 * time.Millisecond })
	for range 3 {
		f.Put(sandbox.OrganizationUser, map[string]any{"first_name": "Ada", "detail_access": 0})
	}
	began := time.Now()
	f.do("GET", users+"list/?_page=1&_page_size=2", "", 200)
	if took := time.Since(began); took < 40*time.Millisecond {
		t.Errorf("two rows of a list took %v", took)
	}
}
