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

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/pigello/terraform-provider-pigello/internal/ident"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// mangling is a way to the sandbox on which the answers to creations change.
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

// TestNothingTaints answers a creation with odd objects. An error would taint the user, and the next apply would destroy a person.
func TestNothingTaints(t *testing.T) {
	for name, change := range map[string]func(map[string]any){
		"as it is": func(map[string]any) {},
		"wrong types": func(o map[string]any) {
			for member := range o {
				if member != "id" {
					o[member] = map[string]any{"odd": []any{1}}
				}
			}
		},
		"numbers": func(o map[string]any) {
			for member := range o {
				if member != "id" {
					o[member] = 1e300
				}
			}
		},
		"nothing but the id": func(o map[string]any) {
			maps.DeleteFunc(o, func(member string, _ any) bool { return member != "id" })
		},
		"all null": func(o map[string]any) {
			for member := range o {
				if member != "id" {
					o[member] = nil
				}
			}
		},
		"others": func(o map[string]any) {
			o["first_name"], o["email"], o["detail_access"], o["is_active"] = "Eve", "eve@example.com", 0, "yes"
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := sandbox.New()
			p := start(t, mangling{s.Transport(), change}, s.Environment("https://host.example"))
			config := declared(0, true)
			plan, err := p.plan(t.Context(), instance{}, config)
			if err != nil {
				t.Fatal(err)
			}
			created, err := p.apply(t.Context(), plan)
			if err != nil {
				t.Fatal(err)
			}
			id := s.All(sandbox.OrganizationUser)[0]["id"].(string)
			if state := attributes(created.state); text(state["id"]) != id || text(state["first_name"]) != "Ada" || created.identity == nil {
				t.Errorf("the state is %v", state)
			}
			refreshed, err := p.refresh(t.Context(), created)
			if err != nil || text(attributes(refreshed.state)["username"]) == "" {
				t.Errorf("the next read does not make it good: %v, %v", err, attributes(refreshed.state))
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
		p := start(t, s.Transport(), s.Environment("https://host.example"))
		resp, err := p.ImportResourceState(t.Context(), &tfprotov6.ImportResourceStateRequest{TypeName: userType, ID: id})
		if err != nil {
			t.Fatal(err)
		}
		refused := failure(resp.Diagnostics)
		if refused != nil && strings.ContainsFunc(strings.ReplaceAll(refused.Error(), "\n", ""), unicode.IsControl) {
			t.Errorf("%q: the error holds control characters: %q", id, refused)
		}
		switch {
		case refused == nil:
			if _, err := p.adopt(t.Context(), id); err == nil {
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
