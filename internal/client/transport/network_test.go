package transport

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// tunnel forwards connections to a server. After kill, the open connections stay open, but nothing arrives any more, as behind a router that
// has dropped them.
type tunnel struct {
	net.Listener
	target string

	mu    sync.Mutex
	dead  []chan struct{} // by connection
	close []func() error
}

func newTunnel(t *testing.T, target string) *tunnel {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	tun := &tunnel{Listener: listener, target: target}
	go tun.serve()
	t.Cleanup(func() {
		_ = listener.Close()
		tun.mu.Lock()
		defer tun.mu.Unlock()
		for _, end := range tun.close {
			_ = end()
		}
	})
	return tun
}

func (tun *tunnel) serve() {
	for {
		near, err := tun.Accept()
		if err != nil {
			return
		}
		far, err := net.Dial("tcp", tun.target)
		if err != nil {
			_ = near.Close()
			continue
		}
		dead := make(chan struct{})
		tun.mu.Lock()
		tun.dead = append(tun.dead, dead)
		tun.close = append(tun.close, near.Close, far.Close)
		tun.mu.Unlock()
		go forward(far, near, dead)
		go forward(near, far, dead)
	}
}

// forward copies data until the connection is dead, and then discards all data.
func forward(to, from net.Conn, dead chan struct{}) {
	buffer := make([]byte, 4096)
	for {
		n, err := from.Read(buffer)
		if err != nil {
			return
		}
		select {
		case <-dead:
			continue
		default:
		}
		if _, err := to.Write(buffer[:n]); err != nil {
			return
		}
	}
}

// kill makes the open connections dead.
func (tun *tunnel) kill() {
	tun.mu.Lock()
	defer tun.mu.Unlock()
	for _, dead := range tun.dead {
		select {
		case <-dead:
		default:
			close(dead)
		}
	}
}

func (tun *tunnel) connections() int {
	tun.mu.Lock()
	defer tun.mu.Unlock()
	return len(tun.dead)
}

// TestDeadConnection lets the HTTP/2 connection of all requests die without being closed: a retry uses a new one.
func TestDeadConnection(t *testing.T) {
	for _, r := range []Request{get, {Method: http.MethodPatch, Path: get.Path, Entity: get.Entity, Body: post.Body}} {
		t.Run(r.Method, func(t *testing.T) {
			t.Parallel()
			var versions sync.Map
			api := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				versions.Store(r.Proto, true)
				_, _ = io.WriteString(w, "{}")
			}))
			api.EnableHTTP2 = true
			api.StartTLS()
			t.Cleanup(api.Close)
			tun := newTunnel(t, api.Listener.Addr().String())
			const timeout = 3 * time.Second
			pool := newNetwork(timeout).(*http.Transport)
			pool.TLSClientConfig = &tls.Config{RootCAs: api.Client().Transport.(*http.Transport).TLSClientConfig.RootCAs, ServerName: "example.com"}
			t.Cleanup(pool.CloseIdleConnections)
			client := to(t, "https://"+tun.Addr().String(), pool, func(c *Config) { c.RequestTimeout = timeout })
			if _, err := client.Send(t.Context(), get); err != nil {
				t.Fatal(err)
			}
			tun.kill()
			if _, err := client.Send(t.Context(), r); err != nil {
				t.Error(err)
			}
			if n := tun.connections(); n < 2 {
				t.Errorf("%d connections, want a second one", n)
			}
			if _, ok := versions.Load("HTTP/2.0"); !ok {
				t.Errorf("this was no HTTP/2")
			}
		})
	}
}

// TestPermanentFailures checks that permanent failures are not retried, with real connections.
func TestPermanentFailures(t *testing.T) {
	quiet := log.New(io.Discard, "", 0)
	var connections atomic.Int64
	start := func(server *httptest.Server, start func()) string {
		server.Config.ErrorLog = quiet
		server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
			if state == http.StateNew {
				connections.Add(1)
			}
		}
		start()
		t.Cleanup(server.Close)
		return server.Listener.Addr().String()
	}
	hello := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "{}") })
	elsewhere := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Location", "https://[::1/%zz")
		w.WriteHeader(http.StatusFound)
	})
	private := httptest.NewUnstartedServer(hello)
	plain := httptest.NewUnstartedServer(hello)
	redirecting := httptest.NewUnstartedServer(elsewhere)
	for name, c := range map[string]struct {
		address       string
		says          string
		misconfigured bool
		untrusted     bool
		outcome       Outcome
		connections   int64
	}{
		"untrusted certificate": {
			"https://" + start(private, private.StartTLS), "certificate", true, true, NotSent, 1,
		},
		"TLS to a plain port": {"https://" + start(plain, plain.Start), "TLS", true, false, NotSent, 1},
		"broken Location":     {"http://" + start(redirecting, redirecting.Start), "302", false, false, Rejected, 1},
		"no such host":        {"https://no-such-host.invalid", "does not exist", true, false, NotSent, 0},
	} {
		t.Run(name, func(t *testing.T) {
			if name == "no such host" {
				if _, err := net.DefaultResolver.LookupHost(t.Context(), "no-such-host.invalid"); !isMisconfigured(err) {
					t.Skip("the resolver of this machine does not say that a host does not exist")
				}
			}
			for _, r := range []Request{get, post} {
				connections.Store(0)
				_, err := to(t, c.address, nil).Send(t.Context(), r)
				failure := failureOf(t, err)
				if failure.Attempts != 1 || connections.Load() != c.connections {
					t.Errorf("%s: %d attempts, %d connections", r.Method, failure.Attempts, connections.Load())
				}
				if failure.IsMisconfigured() != c.misconfigured || failure.IsUntrusted() != c.untrusted || failure.Outcome != c.outcome {
					t.Errorf("%s: %#v", r.Method, failure)
				}
				if !strings.Contains(failure.Error(), c.says) {
					t.Errorf("%s: %q is not in %s", r.Method, c.says, failure)
				}
			}
		})
	}
}

// TestRefusedHandshake has a server that refuses the TLS handshake. Another one behind the same address may accept it, so it is tried again.
func TestRefusedHandshake(t *testing.T) {
	refusing := httptest.NewUnstartedServer(nil)
	refusing.Config.ErrorLog = log.New(io.Discard, "", 0)
	refusing.TLS = &tls.Config{GetConfigForClient: func(*tls.ClientHelloInfo) (*tls.Config, error) { return nil, errors.New("no such name") }}
	refusing.StartTLS()
	defer refusing.Close()
	_, err := to(t, refusing.URL, nil, func(c *Config) { c.MaxRetries = 1 }).Send(t.Context(), post)
	failure := failureOf(t, err)
	if failure.Attempts != 2 || failure.Outcome != NotSent || !strings.Contains(failure.Error(), "refuses the TLS connection") {
		t.Errorf("%#v", failure)
	}
}

// TestMisconfiguredOutcomes checks which failures count as misconfigured: those that no retry can fix.
func TestMisconfiguredOutcomes(t *testing.T) {
	for name, c := range map[string]struct {
		cause    error
		attempts int
	}{
		"no such host":            {&net.OpError{Op: "dial", Err: &net.DNSError{IsNotFound: true}}, 1},
		"resolver out of service": {&net.OpError{Op: "dial", Err: &net.DNSError{IsTemporary: true}}, 3},
		"resolver slow":           {&net.OpError{Op: "dial", Err: &net.DNSError{IsTimeout: true}}, 3},
		"proxy refuses":           {&proxyError{host: "proxy.example:3128", status: 403}, 1},
		"proxy wants a password":  {&proxyError{host: "proxy.example:3128", status: 407}, 1},
		"proxy out of order":      {&proxyError{host: "proxy.example:3128", status: 502}, 3},
		"proxy unreachable":       {&proxyError{host: "proxy.example:3128", err: &net.OpError{Op: "dial"}}, 3},
	} {
		synctest.Test(t, func(t *testing.T) {
			s := &server{respond: func(*http.Request) (*http.Response, error) { return nil, c.cause }}
			for _, r := range []Request{get, post} {
				_, err := to(t, "https://host.example", s, func(c *Config) { c.MaxRetries = 2 }).Send(t.Context(), r)
				failure := failureOf(t, err)
				if n := s.requests(); n != c.attempts || failure.Outcome != NotSent || failure.IsMisconfigured() != (c.attempts == 1) {
					t.Errorf("%s, %s: %d requests, %#v", name, r.Method, n, failure)
				}
				if strings.HasPrefix(name, "proxy") && !strings.Contains(failure.Error(), "proxy.example:3128") {
					t.Errorf("%s: the proxy is not in %s", name, failure)
				}
			}
		})
	}
}

// TestCapWithoutTime checks the error if the rate limit leaves no time for a request.
func TestCapWithoutTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := &server{respond: func(*http.Request) (*http.Response, error) { return response(200, "{}") }}
		api := to(t, "https://host.example", s, func(c *Config) { c.MaxRequestsPerSecond = 0.1 })
		ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
		defer cancel()
		if _, err := api.Send(ctx, get); err != nil {
			t.Fatal(err)
		}
		for _, r := range []Request{get, post} {
			start := time.Now()
			_, err := api.Send(ctx, r)
			failure := failureOf(t, err)
			if !strings.Contains(failure.Error(), "max_requests_per_second") || failure.Outcome != NotSent || !time.Now().Equal(start) {
				t.Errorf("%s: %v after %s", r.Method, failure, time.Since(start))
			}
		}
		if n := s.requests(); n != 1 {
			t.Errorf("%d requests", n)
		}
	})
}
