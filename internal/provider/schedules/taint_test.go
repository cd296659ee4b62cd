package schedules_test

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/pigello/terraform-provider-pigello/internal/ident"
	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// mangling is a way to the sandbox on which the responses to creations change.
type mangling struct {
	next   http.RoundTripper
	change func(object map[string]any)
}

// RoundTrip implements http.RoundTripper.
func (m mangling) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := m.next.RoundTrip(req)
	if err != nil || req.Method != http.MethodPost {
		return resp, err
	}
	content, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	var object map[string]any
	if err := json.Unmarshal(content, &object); err != nil {
		return nil, err
	}
	m.change(object)
	if content, err = json.Marshal(object); err != nil {
		return nil, err
	}
	resp.Body = io.NopCloser(bytes.NewReader(content))
	return resp, nil
}

// TestNothingTaints responds to a creation with odd objects. An error would taint the user, and the next apply would destroy a person.
func TestNothingTaints(t *testing.T) {
	for name, change := range map[string]func(map[string]any){
		"as it is": func(map[string]any) {},
		"wrong types": func(o map[string]any) {
			for field := range o {
				if field != "id" {
					o[field] = map[string]any{"odd": []any{1}}
				}
			}
		},
		"numbers": func(o map[string]any) {
			for field := range o {
				if field != "id" {
					o[field] = 1e300
				}
			}
		},
		"nothing but the id": func(o map[string]any) {
			maps.DeleteFunc(o, func(field string, _ any) bool { return field != "id" })
		},
		"all null": func(o map[string]any) {
			for field := range o {
				if field != "id" {
					o[field] = nil
				}
			}
		},
		"others": func(o map[string]any) {
			o["first_name"], o["email"], o["detail_access"], o["is_active"] = "Eve", "eve@example.com", 0, "yes"
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := sandbox.New()
			p := start(t, mangling{s.Transport(), change}, s)
			plan, err := plan(t.Context(), p, nobody, declared(0, true))
			if err != nil {
				t.Fatal(err)
			}
			created, diags := p.Apply(t.Context(), plan)
			diags.NoErrors(t)
			want := s.All(sandbox.OrganizationUser)[0]["id"].(string)
			if state := created.Fields(); id(created) != want || acctest.Text(state["first_name"]) != "Ada" || created.Identity == nil {
				t.Errorf("the state is %v", state)
			}
			refreshed, diags := p.Read(t.Context(), created)
			if diags.Err() != nil || acctest.Text(refreshed.Fields()["username"]) == "" {
				t.Errorf("the next read does not make it good: %v, %v", diags.Err(), refreshed.Fields())
			}
		})
	}
}

// isImportID reports whether an import id has the form of an id or of a key and its value. Only such a one is repeated to the user.
func isImportID(id string) bool {
	key, _, hasKey := strings.Cut(id, ":")
	return ident.UUID{}.Check(strings.TrimSpace(id)) == nil ||
		hasKey && slices.Contains([]string{"email", "custom_id", "username"}, strings.TrimSpace(key))
}

// FuzzImport imports whatever is given as an id: it is refused, or asked for, and nothing panics or is repeated to the user.
func FuzzImport(f *testing.F) {
	for _, id := range []string{
		"", "497f6eca-6276-4993-bfeb-53cbbbba6f08", "497F6ECA-6276-4993-BFEB-53CBBBBA6F08", "email:ada@example.com", "ssn:19900101-2385",
		" custom_id : a:b ", "username:\x00?_page=2&x#", "email:", "custom_id:497f6eca-6276-4993-bfeb-53cbbbba6f08",
		"../../tenant", "list", "a/b?c=d#e", "\x00", "ⅷ", strings.Repeat("x", 1000), "497f6eca-6276-4993-bfeb-53cbbbba6f08/../x",
	} {
		f.Add(id)
	}
	s := sandbox.New()
	f.Fuzz(func(t *testing.T, id string) {
		s.ResetRequests()
		p := start(t, s.Transport(), s)
		_, diags := p.Import(t.Context(), userType, id, nil)
		refused := diags.Err()
		if refused != nil && strings.ContainsFunc(strings.ReplaceAll(refused.Error(), "\n", ""), unicode.IsControl) {
			t.Errorf("%q: the error holds control characters: %q", id, refused)
		}
		switch {
		case refused == nil:
			if _, diags := p.Adopt(t.Context(), userType, id, nil); diags.Err() == nil {
				t.Errorf("%q is imported, and nobody is there", id)
			}
		case len(id) > 12 && strings.Contains(refused.Error(), id) && !isImportID(id):
			t.Errorf("%q is repeated: %v", id, refused)
		}
		for _, r := range s.Requests() {
			if r.Method != http.MethodGet || strings.Count(r.Path, "/") != 6 || strings.Contains(r.Path, "..") {
				t.Errorf("%q asks for %s", id, r.Path)
			}
		}
	})
}
