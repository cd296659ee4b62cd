package client

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pigello/terraform-provider-pigello/internal/client/model"
	"github.com/pigello/terraform-provider-pigello/internal/client/transport"
)

// testCredentials are seven different values that no text contains by chance.
var testCredentials = transport.Credentials{
	CustomerID: "canary-customer", ApplicationID: "canary-application", ServiceID: "canary-service",
	ServiceVersionID: "canary-service-version", ClientCT: "canary-ct", ClientEntity: "canary-entity",
	ClientSecret: `canary-"secret"&<more>`,
}

// server is an API as a function of the request. In a synctest bubble, it takes no time.
type server struct {
	respond func(*http.Request) (*http.Response, error)

	mu       sync.Mutex
	requests []*http.Request
	times    []time.Time
}

// RoundTrip implements http.RoundTripper.
func (s *server) RoundTrip(req *http.Request) (*http.Response, error) {
	s.mu.Lock()
	s.requests = append(s.requests, req)
	s.times = append(s.times, time.Now())
	s.mu.Unlock()
	return s.respond(req)
}

// sent returns how many requests have arrived.
func (s *server) sent() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.requests)
}

// gaps returns the time between each request and the one before it.
func (s *server) gaps() []time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	var gaps []time.Duration
	for i := 1; i < len(s.times); i++ {
		gaps = append(gaps, s.times[i].Sub(s.times[i-1]))
	}
	return gaps
}

// respond returns a response. header is a list of names, each followed by its value.
func respond(status int, body string, header ...string) *http.Response {
	resp := &http.Response{
		StatusCode: status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)),
	}
	for pair := range slices.Chunk(header, 2) {
		resp.Header.Set(pair[0], pair[1])
	}
	return resp
}

// inSequence returns a server that sends one response after another, and repeats the last one.
func inSequence(responses ...func() (*http.Response, error)) *server {
	s := &server{}
	next := 0
	var mu sync.Mutex
	s.respond = func(*http.Request) (*http.Response, error) {
		mu.Lock()
		respond := responses[min(next, len(responses)-1)]
		next++
		mu.Unlock()
		return respond()
	}
	return s
}

func status(code int, header ...string) func() (*http.Response, error) {
	return func() (*http.Response, error) { return respond(code, `{"detail": "said"}`, header...), nil }
}

func ok(body string) func() (*http.Response, error) {
	return func() (*http.Response, error) { return respond(http.StatusOK, body), nil }
}

func broken(err error) func() (*http.Response, error) {
	return func() (*http.Response, error) { return nil, err }
}

// newTestClient returns a client of a server, without a network.
func newTestClient(t *testing.T, s http.RoundTripper, changes ...func(*transport.Config)) *Client {
	t.Helper()
	base, err := transport.ParseBaseURL("https://host.example/base")
	if err != nil {
		t.Fatal(err)
	}
	config := testConfig(base, changes...)
	config.Network = s
	return New(config)
}

func testConfig(base *url.URL, changes ...func(*transport.Config)) transport.Config {
	config := transport.Config{
		BaseURL: base, Credentials: testCredentials, UserAgent: "test-agent",
		RequestTimeout: transport.DefaultRequestTimeout, MaxRetries: transport.DefaultMaxRetries,
	}
	for _, change := range changes {
		change(&config)
	}
	return config
}

func retries(n int) func(*transport.Config) { return func(c *transport.Config) { c.MaxRetries = n } }

func uuidOf(n int) string { return fmt.Sprintf("%08x-0000-4000-8000-%012x", n, n) }

var (
	theID     = uuidOf(0xabc)
	theObject = `{"id": "` + theID + `", "first_name": "Ada"}`
)

// requestKind is a kind of request.
type requestKind struct {
	name   string
	method string
	do     func(context.Context, *Collection) error
}

var requestKinds = []requestKind{
	{"get", http.MethodGet, func(ctx context.Context, c *Collection) error { _, err := c.Get(ctx, theID); return err }},
	{"list", http.MethodGet, func(ctx context.Context, c *Collection) error {
		for _, err := range c.List(ctx, model.Query{"email__iexact": "canary@query.example"}) {
			if err != nil {
				return err
			}
		}
		return nil
	}},
	{"create", http.MethodPost, func(ctx context.Context, c *Collection) error {
		_, err := c.post(ctx, model.Body{"first_name": "canary-name", "ssn": "19900101-2385"}, 0) // other tests check how Create handles the result
		return err
	}},
	{"update", http.MethodPatch, func(ctx context.Context, c *Collection) error {
		_, err := c.Update(ctx, theID, model.Body{"first_name": "canary-name", "ssn": "19900101-2385"})
		return err
	}},
	{"delete", http.MethodDelete, func(ctx context.Context, c *Collection) error { return c.Delete(ctx, theID) }},
}

// successFor is a successful response to a kind of request.
func successFor(name string) func() (*http.Response, error) {
	if name == "list" {
		return ok("[]")
	}
	return ok(theObject)
}

// repeatableKinds returns the kinds of requests that may be repeated.
func repeatableKinds() []requestKind {
	return slices.DeleteFunc(slices.Clone(requestKinds), func(w requestKind) bool { return w.method == http.MethodPost })
}
