package failures_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// oddAnswers are failures as proxies, and servers that nobody foresaw, answer them.
func oddAnswers() []raw {
	html := "<!DOCTYPE html>\n<html><body><h1>Bad gateway</h1></body></html>"
	deep := strings.Repeat(`{"detail":`, 200) + "1" + strings.Repeat("}", 200)
	deeper := strings.Repeat("[", 20000) + strings.Repeat("]", 20000)
	answers := []raw{
		{status: 500, body: html, header: http.Header{"Content-Type": {"text/html"}}},
		{status: 502, body: " \n" + html},
		{status: 503, body: ""},
		{status: 400, body: ""},
		{status: 400, body: "[]"}, {status: 400, body: "{}"}, {status: 400, body: "null"},
		{status: 400, body: `"text"`}, {status: 400, body: "12"}, {status: 400, body: "true"},
		{status: 400, body: `["text", ["more"], {"detail": "x"}, null]`},
		{status: 400, body: `{"detail": null}`}, {status: 400, body: `{"": ""}`}, {status: 400, body: `{"nobody_knows": ["what"]}`},
		{status: 400, body: `{"detail": {"code": 7, "errors": [{"message": "no"}]}, "title": "t"}`},
		{status: 422, body: deep}, {status: 409, body: deeper},
		{status: 400, body: `{"detail": "` + strings.Repeat("long ", 1<<20) + `"}`},
		{status: 500, body: "just text"}, {status: 400, body: "{\"detail\": \"cut o"},
		{status: 400, body: "\xff\xfe\x00\x01"}, {status: 400, body: "{\"detail\": \"\xff\"}"},
		{status: 400, body: "\ufeff{\"detail\": \"with a byte order mark\"}"},
		{status: 400, body: `{"detail": "twice"}{"detail": "over"}`},
		{status: 500, body: `{"detail": "cut off"`, truncate: true},
		{status: 400, body: html, truncate: true},
		{status: 451, body: html}, {status: 405, body: `{"detail": "Method not allowed."}`}, {status: 418, body: "\x1b[31mred\a"},
		{status: 599, body: "x"}, {status: 300, body: html}, {status: 304, body: ""},
	}
	return answers
}

// oddSuccesses are answers that say that all is well, and are not what was asked for.
func oddSuccesses() []raw {
	answers := []raw{{status: 202, body: ""}, {status: 206, body: "{}"}}
	for _, body := range []string{
		"<html></html>", "[]", "12", `"text"`, "null", "{}", `{"id": null}`, `{"id": 7}`, `{"id": ""}`, `[{"id": "x"}]`, "{", " ",
	} {
		answers = append(answers, raw{status: 200, body: body})
	}
	return answers
}

// TestOddAnswers: each gives exactly one error, with the status, and changes nothing in the state.
func TestOddAnswers(t *testing.T) {
	w := acctest.New(t)
	w.Setenv("PIGELLO_BULK_READ", "false") // so that each is read alone, and answered in its own way
	w.Setenv("PIGELLO_MAX_RETRIES", "0")
	answers := append(oddAnswers(), oddSuccesses()...)
	var method atomic.Value
	method.Store("")
	front(t, w, func(r *http.Request, body map[string]any) *raw {
		if r.Method != method.Load() {
			return nil
		}
		custom := body["custom_id"]
		if object, ok := w.Sandbox.Get(sandbox.OrganizationUser, lastPart(r.URL.Path)); ok {
			custom = object["custom_id"]
		}
		if n, err := strconv.Atoi(strings.TrimPrefix(fmt.Sprint(custom), "u")); err == nil && n < len(answers) {
			return &answers[n]
		}
		return nil
	})
	config := func(more ...string) {
		var b strings.Builder
		for n := range answers {
			b.WriteString(user("u"+strconv.Itoa(n), more...))
		}
		w.Config(b.String())
	}
	ids := map[string]string{}
	check := func(found []diagnostic, ok func(raw) bool) {
		t.Helper()
		for i, d := range found { // what is destroyed has no place in the configuration
			for name, id := range ids {
				if d.Address == "" && strings.Contains(d.text(), id) {
					found[i].Address = "pigello_organization_user." + name
				}
			}
		}
		sorted := byAddress(found)
		for n, a := range answers {
			got := sorted["pigello_organization_user.u"+strconv.Itoa(n)]
			want := 1
			if ok(a) {
				want = 0
			}
			if len(got) != want {
				t.Errorf("%s answered with %d %.80q: want %d errors, got %+v", method, a.status, a.body, want, got)
				continue
			}
			for _, d := range got {
				if !strings.Contains(d.text(), strconv.Itoa(a.status)) || len(d.text()) > 2500 || strings.ContainsAny(d.text(), "\x1b\a\x00") {
					t.Errorf("%s answered with %d %.80q: %q", method, a.status, a.body, d.text())
				}
			}
		}
	}
	never := func(raw) bool { return false }

	config()
	method.Store("POST")
	check(apply(t, w), never)
	method.Store("")
	w.Apply()
	for _, object := range w.Sandbox.All(sandbox.OrganizationUser) {
		ids[fmt.Sprint(object["custom_id"])] = fmt.Sprint(object["id"])
	}
	if len(ids) != len(answers) {
		t.Fatalf("%d objects were made of %d", len(ids), len(answers))
	}

	method.Store("GET")
	check(diagnose(t, w, "plan"), never)

	config(`last_name = "New"`)
	method.Store("PATCH")
	// An answer without an object is made good by a read.
	check(apply(t, w), func(a raw) bool { return a.status/100 == 2 && a.body == "" })
	method.Store("")
	if r := w.OK("plan", "-refresh=false", "-no-color"); !strings.Contains(r.Output, fmt.Sprintf("%d to change", len(answers)-1)) {
		t.Errorf("a failed PATCH must leave the old values in the state: %s", r.Output)
	}

	method.Store("DELETE")
	// What is neither nothing nor JSON comes from somebody else than the API, and says nothing about the object.
	deleted := func(a raw) bool { return a.status/100 == 2 && !strings.HasPrefix(a.body, "<") && a.body != "{" }
	check(diagnose(t, w, "destroy", "-auto-approve"), deleted)
	left := len(slices.DeleteFunc(slices.Clone(answers), deleted))
	if n := strings.Count(w.State(), `"detail_access"`); n != left {
		t.Errorf("%d objects are left in the state, want %d", n, left)
	}
}

func lastPart(path string) string {
	parts := strings.Split(strings.Trim(path, "/"), "/")
	return parts[len(parts)-1]
}

// TestFieldErrors: what the server says about members is on their attributes.
func TestFieldErrors(t *testing.T) {
	answers := map[string]struct {
		body any
		on   map[string]string // words by attribute; "resource" for none
	}{
		"one":     {map[string]any{"email": []string{"Enter another one."}}, map[string]string{"email": "Enter another one."}},
		"text":    {map[string]any{"email": "Enter another one."}, map[string]string{"email": "Enter another one."}},
		"nested":  {map[string]any{"organization": map[string]any{"id": []string{"No such organization."}}}, map[string]string{"organization_id": "No such organization."}},
		"list":    {map[string]any{"external_clients": []any{map[string]any{}, map[string]any{"id": []string{"No such client."}}}}, map[string]string{"external_client_ids": "No such client."}},
		"wrapped": {map[string]any{"errors": map[string]any{"email": []string{"Not that one."}}}, map[string]string{"email": "Not that one."}},
		"several": {map[string]any{
			"email": []string{"First.", "Second."}, "phone_number": []string{"Third."}, "role": []string{"Fourth."},
			"non_field_errors": []string{"Fifth."}, "detail": "Sixth.", "a_member_of_tomorrow": []string{"Seventh."},
		}, map[string]string{"email": "Second.", "phone_number": "Third.", "role_id": "Fourth.", "resource": "Fifth."}},
		"computed": {map[string]any{"username": []string{"Taken."}}, map[string]string{"resource": "Taken."}},
	}
	w := acctest.New(t)
	w.Sandbox.Configure(func(b *sandbox.Behaviour) {
		b.Refuse = func(_, _ string, body map[string]any) (int, any) {
			if custom, ok := body["custom_id"].(string); ok && body["last_name"] != "fine" {
				return http.StatusBadRequest, answers[strings.TrimSuffix(custom, "2")].body
			}
			return 0, nil
		}
	})
	config := func(suffix, lastName string) string {
		var b strings.Builder
		for name := range answers {
			b.WriteString(strings.Replace(user(name,
				`last_name = "`+lastName+`"`, `email = "ada@example.com"`, `phone_number = "0701234567"`,
				`organization_id = "497f6eca-6276-4993-bfeb-53cbbbba6f08"`, `role_id = "497f6eca-6276-4993-bfeb-53cbbbba6f08"`,
				`external_client_ids = ["497f6eca-6276-4993-bfeb-53cbbbba6f08"]`),
				fmt.Sprintf("custom_id = %q", name), fmt.Sprintf("custom_id = %q", name+suffix), 1))
		}
		return b.String()
	}
	check := func(found []diagnostic) {
		t.Helper()
		sorted := byAddress(found)
		for name, a := range answers {
			got := map[string]string{}
			for _, d := range sorted["pigello_organization_user."+name] {
				if got[d.on()] != "" {
					t.Errorf("%s: several errors on %s", name, d.on())
				}
				got[d.on()] = d.text()
				if !strings.Contains(d.text(), "400") {
					t.Errorf("%s: no status: %s", name, d.text())
				}
			}
			if len(got) != len(a.on) {
				t.Errorf("%s: want errors on %d places, got %q", name, len(a.on), got)
			}
			for on, words := range a.on {
				if !strings.Contains(got[on], words) {
					t.Errorf("%s: %q is not among the words on %s: %q", name, words, on, got[on])
				}
			}
		}
	}
	w.Config(config("", "x"))
	check(apply(t, w))
	if rest := byAddress(apply(t, w))["pigello_organization_user.several"]; len(rest) > 0 {
		all, _ := json.Marshal(rest)
		for _, words := range []string{"First.", "Sixth.", "a_member_of_tomorrow", "Seventh."} {
			if !strings.Contains(string(all), words) {
				t.Errorf("%q is lost", words)
			}
		}
	}
	w.Config(config("", "fine"))
	w.Apply()
	w.Config(config("2", "x"))
	check(apply(t, w))
}
