package transport

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/pigello/terraform-provider-pigello/internal/client/model"
)

func plain(s string) string { return s }

func TestReadProblem(t *testing.T) {
	const (
		page   = "the response is a web page"
		broken = "the body of the response cannot be understood"
	)
	about := func(pairs ...string) []FieldError {
		var all []FieldError
		for i := 0; i < len(pairs); i += 2 {
			all = append(all, FieldError{Field: pairs[i], Message: pairs[i+1]})
		}
		return all
	}
	deep := strings.Repeat(`{"errors":`, 50) + `"bottom"` + strings.Repeat(`}`, 50)
	for name, c := range map[string]struct {
		body string
		want problem
	}{
		"detail":                {`{"detail": "Not found."}`, problem{message: "Not found."}},
		"one field":             {`{"email": ["Enter a valid address."]}`, problem{fields: about("email", "Enter a valid address.")}},
		"several fields":        {`{"org_no": ["b"], "email": ["a"]}`, problem{fields: about("email", "a", "org_no", "b")}},
		"several messages":      {`{"email": ["a", "b"]}`, problem{fields: about("email", "a b")}},
		"a bare message":        {`{"email": "a"}`, problem{fields: about("email", "a")}},
		"a relation":            {`{"role": {"id": ["Not a UUID."]}}`, problem{fields: about("role", "Not a UUID.")}},
		"elements":              {`{"external_clients": [{}, {"id": ["Not a UUID."]}]}`, problem{fields: about("external_clients", "Not a UUID.")}},
		"of no field":           {`{"non_field_errors": ["a"]}`, problem{message: "a"}},
		"both":                  {`{"detail": "d", "email": ["e"], "__all__": ["a"]}`, problem{fields: about("email", "e"), message: "a d"}},
		"an unknown name":       {`{"nickname": ["no"]}`, problem{message: "nickname: no"}},
		"under errors":          {`{"errors": {"email": ["a"]}}`, problem{fields: about("email", "a")}},
		"under error":           {`{"error": {"message": "m", "code": 7}}`, problem{message: "code: 7 m"}},
		"a list":                {`["a", "b"]`, problem{message: "a b"}},
		"a list of objects":     {`[{"email": ["a"]}]`, problem{message: "a"}},
		"a text":                {`"a"`, problem{message: "a"}},
		"a number":              {`7`, problem{message: "7"}},
		"a long number":         {`{"detail": 12345678901234567890}`, problem{message: "12345678901234567890"}},
		"null":                  {`null`, problem{}},
		"true":                  {`true`, problem{}},
		"an empty object":       {`{}`, problem{}},
		"an empty list":         {`[]`, problem{}},
		"empty messages":        {`{"email": [], "detail": ""}`, problem{fields: about("email", "")}},
		"nothing":               {``, problem{}},
		"white space":           {" \n\t ", problem{}},
		"a page":                {"<!DOCTYPE html><html>secret</html>", problem{message: page}},
		"a page after a break":  {"\n  <html>secret</html>", problem{message: page}},
		"XML":                   {`<?xml version="1.0"?><e>secret</e>`, problem{message: page}},
		"plain text":            {"upstream  connect\nerror", problem{message: "upstream connect error"}},
		"half an object":        {`{"detail": "secr`, problem{message: broken}},
		"two objects":           {`{"detail": "a"}{"detail": "b"}`, problem{message: broken}},
		"bytes":                 {"\xff\xfe\x00", problem{message: broken}},
		"gzip":                  {"\x1f\x8b\x08\x00", problem{message: broken}},
		"white space in a text": {`{"detail": "a\n\n  b\t"}`, problem{message: "a b"}},
		"too deep":              {deep, problem{}},
	} {
		t.Run(name, func(t *testing.T) {
			got := readProblem(model.OrganizationUser, []byte(c.body), plain)
			if diff := cmp.Diff(c.want, got, cmp.AllowUnexported(problem{}), cmpopts.IgnoreFields(problem{}, "redact")); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

func TestLongProblemsAreCut(t *testing.T) {
	long := strings.Repeat("å", 100_000)
	for _, body := range []string{
		`{"detail": "` + long + `"}`, `{"email": ["` + long + `"]}`, `{"` + long + `": "x"}`, `{"` + long + `": ""}`, long,
		`["` + strings.Repeat(`a", "`, 10_000) + `"]`, `{"detail": {"` + long + `": {"` + long + `": 1}}}`,
	} {
		checkBounds(t, readProblem(model.OrganizationUser, []byte(body), plain))
	}
}

func checkBounds(t *testing.T, p problem) {
	t.Helper()
	const most = maxMessage + len("…")
	texts := []string{p.message}
	for _, m := range p.fields {
		texts = append(texts, m.Message)
		if _, ok := model.OrganizationUser.Field(m.Field); !ok {
			t.Errorf("%q is no field", m.Field)
		}
	}
	for _, text := range texts {
		if len(text) > most || !utf8.ValidString(text) {
			t.Errorf("a message of %d bytes: %.50q", len(text), text)
		}
	}
	if len(p.fields) > maxFields {
		t.Errorf("%d messages about fields", len(p.fields))
	}
}

func FuzzReadProblem(f *testing.F) {
	for _, seed := range []string{
		`{"detail": "Not found."}`, `{"email": ["a", {"b": 1}]}`, `{"errors": {"error": {"email": []}, "x": null}}`, "<html>", "text",
		`[1e999, -0, "\ud800"]`, "\ufeff{}", `{"": {"": ""}}`, "{", "\x00",
	} {
		f.Add([]byte(seed), seed)
	}
	f.Add([]byte("\ufeff22"), "\xbf22")
	f.Fuzz(func(t *testing.T, body []byte, secret string) {
		redact := redactor(secret, model.Body{"ssn": secret})
		checkBounds(t, readProblem(model.OrganizationUser, body, redact))
		if len(secret) >= 8 && strings.Contains(redact("before "+secret+" after"), secret) && !strings.Contains("[withheld]", secret) {
			t.Errorf("%q is not taken out", secret)
		}
	})
}

// TestManyRefusals checks that an error with very many fields is shortened.
func TestManyRefusals(t *testing.T) {
	body := `{"email": "a", "custom_id": "b"}`
	for range maxDepth - 1 {
		body = `{"errors": ` + body + `, "error": ` + body + `, "detail": ` + body + `}`
	}
	checkBounds(t, readProblem(model.OrganizationUser, []byte(body), plain))
}
