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

// oddResponses are failures as proxies, and servers that nobody foresaw, report them.
func oddResponses() []acctest.Response {
	html := "<!DOCTYPE html>\n<html><body><h1>Bad gateway</h1></body></html>"
	deep := strings.Repeat(`{"detail":`, 200) + "1" + strings.Repeat("}", 200)
	deeper := strings.Repeat("[", 20000) + strings.Repeat("]", 20000)
	responses := []acctest.Response{
		{Status: 500, Body: html, Header: http.Header{"Content-Type": {"text/html"}}},
		{Status: 502, Body: " \n" + html},
		{Status: 503, Body: ""},
		{Status: 400, Body: ""},
		{Status: 400, Body: "[]"}, {Status: 400, Body: "{}"}, {Status: 400, Body: "null"},
		{Status: 400, Body: `"text"`}, {Status: 400, Body: "12"}, {Status: 400, Body: "true"},
		{Status: 400, Body: `["text", ["more"], {"detail": "x"}, null]`},
		{Status: 400, Body: `{"detail": null}`}, {Status: 400, Body: `{"": ""}`}, {Status: 400, Body: `{"nobody_knows": ["what"]}`},
		{Status: 400, Body: `{"detail": {"code": 7, "errors": [{"message": "no"}]}, "title": "t"}`},
		{Status: 422, Body: deep}, {Status: 409, Body: deeper},
		{Status: 400, Body: `{"detail": "` + strings.Repeat("long ", 1<<20) + `"}`},
		{Status: 500, Body: "just text"}, {Status: 400, Body: "{\"detail\": \"cut o"},
		{Status: 400, Body: "\xff\xfe\x00\x01"}, {Status: 400, Body: "{\"detail\": \"\xff\"}"},
		{Status: 400, Body: "\ufeff{\"detail\": \"with a byte order mark\"}"},
		{Status: 400, Body: `{"detail": "twice"}{"detail": "over"}`},
		{Status: 500, Body: `{"detail": "cut off"`, Truncate: true},
		{Status: 400, Body: html, Truncate: true},
		{Status: 451, Body: html}, {Status: 405, Body: `{"detail": "Method not allowed."}`}, {Status: 418, Body: "\x1b[31mred\a"},
		{Status: 599, Body: "x"}, {Status: 300, Body: html}, {Status: 304, Body: ""},
	}
	return responses
}

// oddSuccesses are responses that say that all is well, and are not what was asked for.
func oddSuccesses() []acctest.Response {
	responses := []acctest.Response{{Status: 202, Body: ""}, {Status: 206, Body: "{}"}}
	for _, body := range []string{
		"<html></html>", "[]", "12", `"text"`, "null", "{}", `{"id": null}`, `{"id": 7}`, `{"id": ""}`, `[{"id": "x"}]`, "{", " ",
	} {
		responses = append(responses, acctest.Response{Status: 200, Body: body})
	}
	return responses
}

// TestOddResponses: each gives exactly one error, with the status, and changes nothing in the state.
func TestOddResponses(t *testing.T) {
	w := acctest.New(t)
	w.Setenv("PIGELLO_BULK_READ", "false") // so that each is read alone, and responded to in its own way
	w.Setenv("PIGELLO_MAX_RETRIES", "0")
	responses := append(oddResponses(), oddSuccesses()...)
	var method atomic.Value
	method.Store("")
	w.Front(func(r *http.Request, body map[string]any) acctest.Responder {
		if r.Method != method.Load() {
			return nil
		}
		custom := body["custom_id"]
		if object, ok := w.Sandbox.Get(sandbox.OrganizationUser, acctest.LastPart(r.URL.Path)); ok {
			custom = object["custom_id"]
		}
		if n, err := strconv.Atoi(strings.TrimPrefix(fmt.Sprint(custom), "u")); err == nil && n < len(responses) {
			return &responses[n]
		}
		return nil
	})
	config := func(more ...string) {
		var b strings.Builder
		for n := range responses {
			b.WriteString(acctest.UserWithID("u"+strconv.Itoa(n), more...))
		}
		w.Config(b.String())
	}
	ids := map[string]string{}
	check := func(found acctest.Diagnostics, ok func(acctest.Response) bool) {
		t.Helper()
		for i, d := range found { // what is destroyed has no place in the configuration
			for name, id := range ids {
				if d.Address == "" && strings.Contains(d.Text(), id) {
					found[i].Address = "pigello_organization_user." + name
				}
			}
		}
		sorted := found.ByAddress()
		for n, a := range responses {
			got := sorted["pigello_organization_user.u"+strconv.Itoa(n)]
			want := 1
			if ok(a) {
				want = 0
			}
			if len(got) != want {
				t.Errorf("%s responded with %d %.80q: want %d errors, got %+v", method, a.Status, a.Body, want, got)
				continue
			}
			for _, d := range got {
				if !strings.Contains(d.Text(), strconv.Itoa(a.Status)) || len(d.Text()) > 2500 || strings.ContainsAny(d.Text(), "\x1b\a\x00") {
					t.Errorf("%s responded with %d %.80q: %q", method, a.Status, a.Body, d.Text())
				}
			}
		}
	}
	never := func(acctest.Response) bool { return false }

	config()
	method.Store("POST")
	check(w.TryApply().Errors(), never)
	method.Store("")
	w.Apply()
	for _, object := range w.Sandbox.All(sandbox.OrganizationUser) {
		ids[fmt.Sprint(object["custom_id"])] = fmt.Sprint(object["id"])
	}
	if len(ids) != len(responses) {
		t.Fatalf("%d objects were made of %d", len(ids), len(responses))
	}

	method.Store("GET")
	check(w.Try("plan").Errors(), never)

	config(`last_name = "New"`)
	method.Store("PATCH")
	// A response without an object is made good by a read.
	check(w.TryApply().Errors(), func(a acctest.Response) bool { return a.Status/100 == 2 && a.Body == "" })
	method.Store("")
	if r := w.OK("plan", "-refresh=false", "-no-color"); !strings.Contains(r.Output, fmt.Sprintf("%d to change", len(responses)-1)) {
		t.Errorf("a failed PATCH must leave the old values in the state: %s", r.Output)
	}

	method.Store("DELETE")
	// What is neither nothing nor JSON comes from somebody else than the API, and says nothing about the object.
	deleted := func(a acctest.Response) bool {
		return a.Status/100 == 2 && !strings.HasPrefix(a.Body, "<") && a.Body != "{"
	}
	check(w.Try("destroy", "-auto-approve").Errors(), deleted)
	left := len(slices.DeleteFunc(slices.Clone(responses), deleted))
	if n := strings.Count(w.State(), `"detail_access"`); n != left {
		t.Errorf("%d objects are left in the state, want %d", n, left)
	}
}

// TestFieldErrors: what the server says about fields is on their attributes.
func TestFieldErrors(t *testing.T) {
	responses := map[string]struct {
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
			"non_field_errors": []string{"Fifth."}, "detail": "Sixth.", "a_field_of_tomorrow": []string{"Seventh."},
		}, map[string]string{"email": "Second.", "phone_number": "Third.", "role_id": "Fourth.", "resource": "Fifth."}},
		"computed": {map[string]any{"username": []string{"Taken."}}, map[string]string{"resource": "Taken."}},
	}
	w := acctest.New(t)
	w.Sandbox.Configure(func(b *sandbox.Behaviour) {
		b.Refuse = func(_, _ string, body map[string]any) (int, any) {
			if custom, ok := body["custom_id"].(string); ok && body["last_name"] != "fine" {
				return http.StatusBadRequest, responses[strings.TrimSuffix(custom, "2")].body
			}
			return 0, nil
		}
	})
	config := func(suffix, lastName string) string {
		var b strings.Builder
		for name := range responses {
			b.WriteString(strings.Replace(acctest.UserWithID(name,
				`last_name = "`+lastName+`"`, `email = "ada@example.com"`, `phone_number = "0701234567"`,
				`organization_id = "497f6eca-6276-4993-bfeb-53cbbbba6f08"`, `role_id = "497f6eca-6276-4993-bfeb-53cbbbba6f08"`,
				`external_client_ids = ["497f6eca-6276-4993-bfeb-53cbbbba6f08"]`),
				fmt.Sprintf("custom_id = %q", name), fmt.Sprintf("custom_id = %q", name+suffix), 1))
		}
		return b.String()
	}
	check := func(found acctest.Diagnostics) {
		t.Helper()
		sorted := found.ByAddress()
		for name, a := range responses {
			got := map[string]string{}
			for _, d := range sorted["pigello_organization_user."+name] {
				if got[d.On()] != "" {
					t.Errorf("%s: several errors on %s", name, d.On())
				}
				got[d.On()] = d.Text()
				if !strings.Contains(d.Text(), "400") {
					t.Errorf("%s: no status: %s", name, d.Text())
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
	check(w.TryApply().Errors())
	if rest := w.TryApply().Errors().ByAddress()["pigello_organization_user.several"]; len(rest) > 0 {
		all, _ := json.Marshal(rest)
		for _, words := range []string{"First.", "Sixth.", "a_field_of_tomorrow", "Seventh."} {
			if !strings.Contains(string(all), words) {
				t.Errorf("%q is lost", words)
			}
		}
	}
	w.Config(config("", "fine"))
	w.Apply()
	w.Config(config("2", "x"))
	check(w.TryApply().Errors())
}
