package tfdiag_test

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/pigello/terraform-provider-pigello/internal/client"
	"github.com/pigello/terraform-provider-pigello/internal/client/model"
	"github.com/pigello/terraform-provider-pigello/internal/client/transport"
)

// proxy is what HTTPS_PROXY names. It refuses to connect to anything, and stops after the first test of it.
var proxy = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusProxyAuthRequired) }))

// TestMain sets the proxy before the first request: Go reads the variable once. It is not used for loopback addresses.
func TestMain(m *testing.M) {
	if err := os.Setenv("HTTPS_PROXY", proxy.URL); err != nil {
		panic(err)
	}
	os.Exit(m.Run())
}

// network is a function as http.RoundTripper.
type network func(*http.Request) (*http.Response, error)

func (n network) RoundTrip(req *http.Request) (*http.Response, error) { return n(req) }

// fails is a network that does not work.
func fails(err error) network { return func(*http.Request) (*http.Response, error) { return nil, err } }

// responding is a network in which everything has the same response.
func responding(status int, body string, header ...string) network {
	return func(req *http.Request) (*http.Response, error) {
		resp := &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), Request: req}
		for i := 0; i < len(header); i += 2 {
			resp.Header.Set(header[i], header[i+1])
		}
		return resp, nil
	}
}

// over returns a client that does not retry. The network nil is the real one.
func over(n http.RoundTripper) *client.Client {
	base := &url.URL{Scheme: "https", Host: "api.pigello.io"}
	return client.New(transport.Config{BaseURL: base, RequestTimeout: transport.DefaultRequestTimeout, Network: n})
}

// read returns the error of reading a user.
func read(t *testing.T, n http.RoundTripper) error {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	_, err := over(n).OrganizationUsers().Get(ctx, id)
	return err
}

// refused returns the error of the operating system for a port at which nobody listens. It is not the same on Windows.
func refused(t *testing.T) error {
	t.Helper()
	server := httptest.NewServer(nil)
	server.Close()
	conn, err := new(net.Dialer).DialContext(t.Context(), "tcp", server.Listener.Addr().String())
	if err == nil {
		_ = conn.Close()
		t.Fatal("somebody listens")
	}
	return err
}

// causes are the reasons why there is no response, or none that can be used.
func causes(t *testing.T) []entry {
	t.Helper()
	user := userOperation("read", id)
	var entries []entry
	add := func(what string, err error) { entries = append(entries, entry{what, user, err}) }
	dial := func(err error) error { return &net.OpError{Op: "dial", Net: "tcp", Err: err} }
	add("no such host", read(t, fails(dial(&net.DNSError{IsNotFound: true}))))
	add("a name server that is down", read(t, fails(dial(&net.DNSError{IsTemporary: true}))))
	add("nobody listens", read(t, fails(refused(t))))
	add("no way to the host", read(t, fails(dial(syscall.EHOSTUNREACH))))
	add("a certificate that is not trusted", read(t, fails(&tls.CertificateVerificationError{Err: errors.New("unknown authority")})))
	add("no TLS", read(t, fails(tls.RecordHeaderError{})))
	add("another TLS", read(t, fails(&net.OpError{Op: "remote error", Err: errors.New("tls: handshake failure")})))
	add("a time limit without a name", read(t, fails(os.ErrDeadlineExceeded)))
	add("a connection that ends", read(t, fails(io.ErrUnexpectedEOF)))
	add("a connection that fails", read(t, fails(errors.New("anything else"))))
	add("a proxy that wants a password", read(t, nil))
	proxy.Close()
	add("a proxy that is down", read(t, nil))

	slow := func(status int) *client.Collection {
		return client.New(transport.Config{
			BaseURL: &url.URL{Scheme: "https", Host: "api.pigello.io"}, RequestTimeout: transport.DefaultRequestTimeout, MaxRetries: 1,
			MaxRequestsPerSecond: 0.1, Network: responding(status, "", "Retry-After", "3600"),
		}).OrganizationUsers()
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	_, err := slow(http.StatusTooManyRequests).Get(ctx, id)
	add("a wait that is too long", err)
	users := slow(http.StatusNotFound)
	_, _ = users.Get(ctx, id)
	_, err = users.Get(ctx, id)
	add("a cap that is too low", err)

	add("a response that is cut off", read(t, network(func(req *http.Request) (*http.Response, error) {
		body := io.MultiReader(strings.NewReader("{"), iotest{})
		return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(body), Request: req}, nil
	})))
	add("a response that is too large", read(t, responding(http.StatusOK, strings.Repeat(" ", 65<<20))))
	add("another object", read(t, responding(http.StatusOK, `{"id": "`+other+`"}`)))
	add("a failure that cannot be understood", read(t, responding(http.StatusBadRequest, "{")))

	many := func(n http.RoundTripper) error {
		for _, err := range over(n).OrganizationUsers().Select(t.Context(), client.Selection{}) {
			return err
		}
		return nil
	}
	entries = append(entries,
		entry{"no list", manyOperation, many(responding(http.StatusOK, "{}"))},
		entry{"a list of something else", manyOperation, many(responding(http.StatusOK, "[{}]"))})

	users = over(responding(http.StatusOK, "<html>")).OrganizationUsers()
	entries = append(entries, entry{"a deletion that is answered with a web page", userOperation("delete", id), users.Delete(t.Context(), id)})
	users = over(responding(http.StatusCreated, `{"id": "`+id+`"}`)).OrganizationUsers()
	_, err = users.Read(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	_, err = users.Create(t.Context(), model.Body{"first_name": "Ada"})
	entries = append(entries, entry{"a creation that is answered with an old object", userOperation("create", ""), err})
	_, err = over(nil).OrganizationUsers().Create(t.Context(), model.Body{"first_name": func() {}})
	entries = append(entries, entry{"a body that is no JSON", userOperation("create", ""), err})
	return append(entries, confidential(t)...)
}

// confidential are responses about protected identities, which are not repeated.
func confidential(t *testing.T) []entry {
	t.Helper()
	var entries []entry
	o := userOperation("create", "")
	o.Entity, o.Type = model.ProtectedIdentity, "pigello_protected_identity"
	for _, c := range []struct{ what, body string }{
		{"a protected identity: a refused value", `{"email": ["canary is wrong"], "first_name": ["canary is required"]}`},
		{"a protected identity: a value that somebody has", `{"email": ["canary must be unique"]}`},
		{"a protected identity: another message", `{"detail": "canary"}`},
		{"a protected identity: a page", `{"detail": "canary is not a page"}`},
	} {
		_, err := over(responding(http.StatusBadRequest, c.body)).ProtectedIdentities().Create(t.Context(), model.Body{"custom_id": "case-7"})
		entries = append(entries, entry{c.what, o, err})
	}
	return entries
}

// iotest is a body that breaks off.
type iotest struct{}

func (iotest) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }
