package client

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/apispec"
	"github.com/pigello/terraform-provider-pigello/internal/client/model"
	"github.com/pigello/terraform-provider-pigello/internal/client/transport"
)

func TestEveryRequestCarriesTheCredentials(t *testing.T) {
	doc, err := apispec.Load()
	if err != nil {
		t.Fatal(err)
	}
	headers := apispec.Headers(doc)
	values := map[string]string{
		"customer_id": testCredentials.CustomerID, "application_id": testCredentials.ApplicationID,
		"service_id": testCredentials.ServiceID, "service_version_id": testCredentials.ServiceVersionID,
		"client_ct": testCredentials.ClientCT, "client_object_id": testCredentials.ClientEntity,
		"client_secret": testCredentials.ClientSecret,
	}
	if got, want := slices.Sorted(maps.Keys(headers)), slices.Sorted(maps.Keys(values)); !slices.Equal(got, want) {
		t.Fatalf("the API asks for %v, the client has %v", got, want)
	}
	for _, w := range requestKinds {
		t.Run(w.name, func(t *testing.T) {
			s := inSequence(successFor(w.name))
			if err := w.do(t.Context(), newTestClient(t, s).OrganizationUsers()); err != nil {
				t.Fatal(err)
			}
			for _, req := range s.requests {
				for scheme, name := range headers {
					if got := req.Header.Values(name); !slices.Equal(got, []string{values[scheme]}) {
						t.Errorf("%s: %q, want %q", name, got, values[scheme])
					}
				}
				if req.Method != w.method {
					t.Errorf("the method is %s, want %s", req.Method, w.method)
				}
				if req.Header.Get("User-Agent") != "test-agent" || req.Header.Get("Accept") != "application/json" {
					t.Errorf("headers: %v", req.Header)
				}
				hasBody := w.method == http.MethodPost || w.method == http.MethodPatch
				if (req.Header.Get("Content-Type") == "application/json") != hasBody || (req.Body != nil) != hasBody {
					t.Errorf("Content-Type %q, body %v", req.Header.Get("Content-Type"), req.Body != nil)
				}
				if !strings.HasPrefix(req.URL.Path, "/base/accounts/users/organization/organizationuser/") ||
					!strings.HasSuffix(req.URL.Path, "/") || strings.Contains(req.URL.Path, "//") {
					t.Errorf("path %s", req.URL.Path)
				}
			}
		})
	}
}

func TestAddresses(t *testing.T) {
	want := map[string]string{
		"get":    "/base/accounts/users/customer/protectedidentity/" + theID + "/",
		"update": "/base/accounts/users/customer/protectedidentity/" + theID + "/",
		"delete": "/base/accounts/users/customer/protectedidentity/" + theID + "/",
		"create": "/base/accounts/users/customer/protectedidentity/",
		"list": "/base/accounts/users/customer/protectedidentity/list/" +
			"?_order_by=id&_page=1&_page_size=500&email__iexact=canary%40query.example",
	}
	for _, w := range requestKinds {
		s := inSequence(successFor(w.name))
		if err := w.do(t.Context(), newTestClient(t, s).ProtectedIdentities()); err != nil {
			t.Fatal(err)
		}
		if got := s.requests[0].URL.RequestURI(); got != want[w.name] {
			t.Errorf("%s: %s, want %s", w.name, got, want[w.name])
		}
	}
}

func TestBodyIsSentAsItIs(t *testing.T) {
	var got string
	s := &server{respond: func(req *http.Request) (*http.Response, error) {
		content, err := io.ReadAll(req.Body)
		got = string(content)
		return respond(http.StatusCreated, theObject), err
	}}
	body := model.Body{
		"first_name": `"\ å 🎉`, "custom_id": nil, "detail_access": model.Integer.Encode(int64(2)),
		"role": model.Relation.Encode(theID), "external_clients": model.Relations.Encode(nil),
		"invoice_distribution_instruction": model.JSONArray.Encode(`[{"a": 1.50}]`), "is_active": model.Bool.Encode(false),
	}
	if _, err := newTestClient(t, s).OrganizationUsers().Create(t.Context(), body); err != nil {
		t.Fatal(err)
	}
	var sent, want any
	if err := json.Unmarshal([]byte(got), &sent); err != nil {
		t.Fatal(err)
	}
	_ = json.Unmarshal([]byte(`{"first_name": "\"\\ å 🎉", "custom_id": null, "detail_access": 2, "role": {"id": "`+theID+`"},
		"external_clients": [], "invoice_distribution_instruction": [{"a": 1.5}], "is_active": false}`), &want)
	a, _ := json.Marshal(sent)
	b, _ := json.Marshal(want)
	if string(a) != string(b) {
		t.Errorf("sent %s, want %s", a, b)
	}
}

func TestParseBaseURL(t *testing.T) {
	for given, want := range map[string]string{
		"https://api.pigello.io":         "https://api.pigello.io",
		"https://api.pigello.io/":        "https://api.pigello.io",
		"https://proxy.example/pigello/": "https://proxy.example/pigello",
		"https://proxy.example:8443":     "https://proxy.example:8443",
		"http://localhost:8080":          "http://localhost:8080",
		"http://127.0.0.1:8080/":         "http://127.0.0.1:8080",
		"http://127.9.9.9":               "http://127.9.9.9",
		"http://[::1]:8080":              "http://[::1]:8080",
		"HTTPS://api.pigello.io":         "https://api.pigello.io",
	} {
		got, err := transport.ParseBaseURL(given)
		if err != nil || got.String() != want {
			t.Errorf("%s: %v, %v; want %s", given, got, err, want)
		}
	}
	for given, word := range map[string]string{
		"":                                   "whole URL",
		"api.pigello.io":                     "whole URL",
		"/accounts":                          "whole URL",
		"https://":                           "whole URL",
		"https://:443":                       "whole URL",
		"ftp://api.pigello.io":               "whole URL",
		"https://api.pigello.io:port":        "whole URL",
		"https://user:canary@api.pigello.io": "user information",
		"https://api.pigello.io?a=canary":    "query",
		"https://api.pigello.io#canary":      "fragment",
		"http://api.pigello.io":              "https://",
		"http://localhost.example.com":       "https://",
		"http://10.0.0.1":                    "https://",
		"http://0.0.0.0:8080":                "https://",
		"http://127.0.0.1.example.com":       "https://",
	} {
		got, err := transport.ParseBaseURL(given)
		if err == nil {
			t.Errorf("%q is taken: %s", given, got)
			continue
		}
		if !strings.Contains(err.Error(), word) || strings.Contains(err.Error(), "canary") {
			t.Errorf("%q: %v, want something about %q", given, err, word)
		}
	}
}

// TestRedirectsAreNotFollowed checks that no request, and so no credential, is sent to the address in a redirect.
func TestRedirectsAreNotFollowed(t *testing.T) {
	var arrived atomic.Int32
	elsewhere := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { arrived.Add(1) }))
	t.Cleanup(elsewhere.Close)
	host := strings.TrimPrefix(elsewhere.URL, "http://")
	for _, code := range []int{301, 302, 303, 307, 308} {
		for _, w := range requestKinds {
			var requests atomic.Int32
			here := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, req *http.Request) {
				requests.Add(1)
				http.Redirect(rw, req, elsewhere.URL+"/login/?next=canary", code)
			}))
			base, _ := url.Parse(here.URL)
			err := w.do(t.Context(), New(testConfig(base)).OrganizationUsers())
			here.Close()
			var e *transport.Error
			if !errors.As(err, &e) || e.Status != code || e.Redirect != host || e.Attempts != 1 || requests.Load() != 1 {
				t.Errorf("%s, %d: %#v after %d requests", w.name, code, err, requests.Load())
			}
			if err != nil && strings.Contains(err.Error(), "canary") {
				t.Errorf("%s, %d: the error quotes the address: %v", w.name, code, err)
			}
		}
	}
	if n := arrived.Load(); n > 0 {
		t.Errorf("%d requests were sent elsewhere", n)
	}
}

// TestCreateIsDetached checks that a creation in flight is not canceled: its object would not enter the state.
func TestCreateIsDetached(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	s := &server{respond: func(req *http.Request) (*http.Response, error) {
		cancel()
		if req.Context().Err() != nil {
			return nil, req.Context().Err()
		}
		return respond(http.StatusCreated, theObject), nil
	}}
	object, err := newTestClient(t, s).OrganizationUsers().Create(ctx, model.Body{"first_name": "Ada"})
	if err != nil || object.ID() != theID {
		t.Errorf("%v, %v", object, err)
	}
}
