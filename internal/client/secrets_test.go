package client

import (
	"context"
	"errors"
	"fmt"
	"html"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/pigello/terraform-provider-pigello/internal/client/model"
	"github.com/pigello/terraform-provider-pigello/internal/client/transport"
)

// checkText fails the test if the text of an error has a secret.
func checkText(t *testing.T, err error) {
	t.Helper()
	for _, forbidden := range []string{"canary", "host.example", "https://", "?", "_page", "iexact", "19900101", "2385"} {
		if strings.Contains(err.Error(), forbidden) {
			t.Errorf("the error holds %q: %v", forbidden, err)
		}
	}
}

// TestErrorsHoldNoAddress checks the errors of all failures of a request. The errors of net/http contain the complete URL.
func TestErrorsHoldNoAddress(t *testing.T) {
	responses := map[string]func() (*http.Response, error){
		"400": status(400), "404": status(404), "503": status(503), "301": status(301, "Location", "https://elsewhere.example/?canary=1"),
		"wait": status(503, "Retry-After", "9999"), "page": ok("<html>canary"), "nothing": ok(""), "odd": ok("[7]"),
		"canary": broken(fmt.Errorf("Get \"https://host.example/?canary=1\": %w", context.DeadlineExceeded)),
	}
	for name, cause := range connectionErrors {
		responses[name] = broken(cause)
	}
	for name, respond := range responses {
		for _, w := range requestKinds {
			for _, collection := range []func(*Client) *Collection{(*Client).OrganizationUsers, (*Client).ProtectedIdentities} {
				synctest.Test(t, func(t *testing.T) {
					ctx, cancel := context.WithTimeout(t.Context(), 9990*1e9)
					defer cancel()
					c := collection(newTestClient(t, inSequence(respond), retries(1)))
					err := w.do(ctx, c)
					var e *transport.Error
					if err == nil && (w.name != "delete" || name == "400") {
						t.Fatalf("%s, %s: no error", name, w.name)
					}
					if err == nil {
						return
					}
					if name == "nothing" && w.name == "update" {
						return // the client then reads the object: TestUpdateWithoutBodyInResponse
					}
					if !errors.As(err, &e) || e.Method != w.method || !strings.HasPrefix(err.Error(), w.method+" "+c.Entity.Path) {
						t.Errorf("%s, %s: the text does not name the request: %v", name, w.name, err)
					}
					checkText(t, err)
				})
			}
		}
	}
}

// echoes are the ways in which servers quote a text.
var echoes = map[string]func(string) string{
	"plain":   func(s string) string { return s },
	"quoted":  strconv.Quote,
	"escaped": html.EscapeString,
	"query":   url.QueryEscape,
	"path":    url.PathEscape,
	"middle":  func(s string) string { return "before " + s + " after" },
	"late":    func(s string) string { return strings.Repeat("x", 500-len(s)/2) + s },
	"twice":   func(s string) string { return s + s },
}

// quotes returns bodies in which a server may quote a text.
func quotes(text string) map[string]string {
	j := strconv.QuoteToASCII
	return map[string]string{
		"detail":  `{"detail": ` + j(text) + `}`,
		"field":   `{"first_name": [` + j(text) + `], "ssn": ` + j(text) + `}`,
		"nested":  `{"errors": {"email": {"0": [{"message": ` + j(text) + `}]}}}`,
		"unknown": `{"elsewhere": ` + j(text) + `}`,
		"name":    `{` + j(text) + `: "no such thing"}`,
		"list":    `[` + j(text) + `]`,
		"bare":    j(text),
		"text":    "error: " + text,
		"page":    "<html>" + text + "</html>",
		"broken":  `{"detail": ` + j(text),
	}
}

func TestSecretsAreWithheld(t *testing.T) {
	for _, secret := range []string{testCredentials.ClientSecret, "19900101-2385", "199001012385", "900101-2385", "19900101+2385"} {
		for echo, spell := range echoes {
			for where, body := range quotes(spell(secret)) {
				if strings.HasPrefix(secret, "canary") && where == "page" {
					continue // the content of a web page is never repeated
				}
				s := inSequence(func() (*http.Response, error) { return respond(400, body), nil })
				_, err := newTestClient(t, s).OrganizationUsers().Update(t.Context(), theID, model.Body{"ssn": "19900101-2385"})
				if err == nil {
					t.Fatal("no error")
				}
				for _, part := range []string{"canary", "2385", "900101", "secret"} {
					if strings.Contains(err.Error(), part) {
						t.Errorf("%s in %s: the error holds %q: %v", echo, where, part, err)
					}
				}
			}
		}
	}
}

// TestConfidentialErrorsAreWithheld checks that an error about a protected identity has only the names of the fields, and the kind of the
// server's message.
func TestConfidentialErrorsAreWithheld(t *testing.T) {
	canaries := model.Body{
		"first_name": "canary-Ada", "last_name": "canary-å\"<", "email": "canary@x.example", "phone_number": "+46701234567",
		"birth_date": "1990-01-01", "ssn": "19900101-2385", "custom_id": "canary-7",
	}
	for _, field := range slices.Sorted(maps.Keys(canaries)) {
		value, _ := canaries[field].(string)
		for _, spell := range echoes {
			for where, body := range quotes("This value is taken: " + spell(value)) {
				s := inSequence(func() (*http.Response, error) { return respond(400, body), nil })
				_, err := newTestClient(t, s).ProtectedIdentities().Create(t.Context(), canaries)
				if err == nil {
					t.Fatal("no error")
				}
				text := strings.ReplaceAll(err.Error(), "/protectedidentity/", "")
				for _, part := range []string{"canary", "taken", "before", "xxx", "46701234567", "1990", "2385"} {
					if strings.Contains(text, part) {
						t.Errorf("%s in %s: the error holds %q: %v", field, where, part, err)
					}
				}
				if where == "field" && (!strings.Contains(text, "first_name") || !strings.Contains(text, "ssn")) {
					t.Errorf("the error does not name the fields: %v", err)
				}
			}
		}
	}
	for said, want := range map[string]string{
		`{"tenant": ["This field must be unique."]}`:                     "tenant: must be unique",
		`{"sub_tenant": ["Object with canary ALREADY exists."]}`:         "sub_tenant: must be unique",
		`{"first_name": ["This field is required."]}`:                    "first_name: is required",
		`{"non_field_errors": ["canary canary"]}`:                        "not shown",
		`{"detail": "canary"}`:                                           "not shown",
		`{"email": ["canary"], "nickname": ["canary"], "ssn": "canary"}`: "email: (its message is not shown",
	} {
		s := inSequence(func() (*http.Response, error) { return respond(400, said), nil })
		_, err := newTestClient(t, s).ProtectedIdentities().Create(t.Context(), canaries)
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "canary") {
			t.Errorf("%s: %v, want %q", said, err, want)
		}
	}
}

// requestName is a request id.
const requestName = "0b6a4d5e-7f3c-4f0e-9a57-2b1c8d9e0f11"

// TestLogHoldsNoValues checks everything that is logged about each attempt.
func TestLogHoldsNoValues(t *testing.T) {
	for _, w := range requestKinds {
		for name, respond := range map[string]func() (*http.Response, error){
			"success": successFor(w.name),
			"refusal": func() (*http.Response, error) {
				return respond(503, `{"detail": "canary"}`, "X-Request-Id", requestName, "Set-Cookie", "canary", "Server", "canary"), nil
			},
			"page":    func() (*http.Response, error) { return respond(502, "<html>canary"), nil },
			"failure": broken(errors.New("https://host.example/?canary")),
			"an id that is the secret": func() (*http.Response, error) {
				return respond(400, "", "X-Request-Id", testCredentials.ClientSecret), nil
			},
			"an id that is a number": func() (*http.Response, error) { return respond(400, "", "X-Request-Id", "199001012385"), nil },
			"an id that is no id":    func() (*http.Response, error) { return respond(400, "", "X-Request-Id", "canary name"), nil },
			"an id without an end": func() (*http.Response, error) {
				return respond(400, "", "X-Request-Id", strings.Repeat("canary", 99)), nil
			},
			"a body that is cut":        func() (*http.Response, error) { r := respond(200, ""); r.Body = io.NopCloser(failing{}); return r, nil },
			"a redirect":                status(302, "Location", "https://canary.example/canary"),
			"a wait without an end":     status(429, "Retry-After", "canary"),
			"a response that is broken": ok(`{"id": "canary"`),
		} {
			synctest.Test(t, func(t *testing.T) {
				var told []transport.Attempt
				c := newTestClient(t, inSequence(respond), retries(1), func(c *transport.Config) {
					c.Log = func(_ context.Context, a transport.Attempt) { told = append(told, a) }
				})
				_ = w.do(t.Context(), c.OrganizationUsers())
				if len(told) == 0 {
					t.Fatalf("%s, %s: nothing is logged", w.name, name)
				}
				for i, a := range told {
					text := fmt.Sprintf("%+v", a)
					for _, part := range []string{"canary", "19900101", "host.example", "query.example", "500 "} {
						if strings.Contains(text, part) {
							t.Errorf("%s, %s: the log holds %q: %s", w.name, name, part, text)
						}
					}
					if a.Method != w.method || a.Number != i+1 || !strings.HasPrefix(a.Path, "/base/accounts/") || (a.Status == 0) != (a.Failure != "") {
						t.Errorf("%s, %s: %s", w.name, name, text)
					}
					if w.name == "list" && !slices.Equal(a.Parameters, []string{"_order_by", "_page", "_page_size", "email__iexact"}) {
						t.Errorf("parameters: %v", a.Parameters)
					}
					if w.name == "update" && !slices.Equal(a.Fields, []string{"first_name", "ssn"}) {
						t.Errorf("fields: %v", a.Fields)
					}
					if name == "refusal" && a.RequestID != requestName {
						t.Errorf("request id: %q", a.RequestID)
					}
				}
			})
		}
	}
}
