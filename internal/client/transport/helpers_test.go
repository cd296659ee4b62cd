package transport

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/client/model"
)

// server is an API as a function of the request. In a synctest bubble, it takes no time.
type server struct {
	respond func(*http.Request) (*http.Response, error)

	mu   sync.Mutex
	sent int
}

// RoundTrip implements http.RoundTripper.
func (s *server) RoundTrip(req *http.Request) (*http.Response, error) {
	s.mu.Lock()
	s.sent++
	s.mu.Unlock()
	return s.respond(req)
}

// requests returns how many requests have arrived since the last call.
func (s *server) requests() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := s.sent
	s.sent = 0
	return n
}

func response(status int, body string) (*http.Response, error) {
	return &http.Response{
		StatusCode: status, ProtoMajor: 1, ProtoMinor: 1, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)),
	}, nil
}

// to returns a transport to an address. Without a network it uses the real one.
func to(t *testing.T, address string, network http.RoundTripper, changes ...func(*Config)) *Transport {
	t.Helper()
	base, err := ParseBaseURL(address)
	if err != nil {
		t.Fatal(err)
	}
	cfg := Config{BaseURL: base, Network: network, RequestTimeout: DefaultRequestTimeout, MaxRetries: DefaultMaxRetries}
	for _, change := range changes {
		change(&cfg)
	}
	return New(cfg)
}

var get = Request{Entity: model.OrganizationUser, Method: http.MethodGet, Path: model.OrganizationUser.Path + "x/"}

var post = Request{
	Entity: model.OrganizationUser, Method: http.MethodPost, Path: model.OrganizationUser.Path, Body: model.Body{"first_name": "Ada"}, Policy: Once,
}

// failureOf returns an error of Send as an *Error.
func failureOf(t *testing.T, err error) *Error {
	t.Helper()
	failure, ok := errors.AsType[*Error](err)
	if !ok {
		t.Fatalf("want an *Error, got %v", err)
	}
	return failure
}
