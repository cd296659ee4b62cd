package transport

import (
	"errors"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// TestRefusedCredentialsStopAll checks that nothing more is sent after a 401, and that only the first error is complete.
func TestRefusedCredentialsStopAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		const parallel = 10
		s := &server{respond: func(*http.Request) (*http.Response, error) {
			time.Sleep(time.Second)
			return response(401, `{"detail": "Invalid credentials."}`)
		}}
		api := to(t, "https://host.example", s)
		send := func() *Error {
			_, err := api.Send(t.Context(), get)
			return failureOf(t, err)
		}
		var wg sync.WaitGroup
		failures := make([]*Error, parallel)
		for i := range failures {
			wg.Go(func() { failures[i] = send() })
		}
		wg.Wait()
		if n := s.requests(); n != parallel {
			t.Errorf("%d requests, want %d", n, parallel)
		}
		var whole *Error
		for _, failure := range failures {
			if IsStopped(failure) {
				continue
			}
			if whole != nil {
				t.Errorf("two errors tell the whole story")
			}
			whole = failure
		}
		if whole == nil || whole.Status != 401 || whole.Message != "Invalid credentials." {
			t.Fatalf("the first error is %v", whole)
		}
		for _, r := range []Request{get, post} {
			_, err := api.Send(t.Context(), r)
			stopped, ok := errors.AsType[*StoppedError](err)
			if !ok || stopped.First != whole || !strings.Contains(stopped.Error(), "credentials") || failureOf(t, err).Outcome != NotSent {
				t.Errorf("%s: %v", r.Method, err)
			}
		}
		if n := s.requests(); n != 0 {
			t.Errorf("%d requests were sent after that", n)
		}
	})
}

// TestMisconfigurationStopsAll checks that nothing more is sent if the address or the proxy is wrong.
func TestMisconfigurationStopsAll(t *testing.T) {
	for name, cause := range map[string]error{
		"no such host": &net.OpError{Op: "dial", Err: &net.DNSError{Name: "host.example", IsNotFound: true}},
		"proxy":        &proxyError{host: "proxy.example:3128", status: http.StatusProxyAuthRequired},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := &server{respond: func(*http.Request) (*http.Response, error) { return nil, cause }}
				api := to(t, "https://host.example", s)
				_, first := api.Send(t.Context(), get)
				if failure := failureOf(t, first); IsStopped(first) || !failure.IsMisconfigured() || failure.Attempts != 1 {
					t.Errorf("%#v", failure)
				}
				_, second := api.Send(t.Context(), post)
				if !IsStopped(second) || s.requests() != 1 {
					t.Errorf("%v", second)
				}
			})
		})
	}
}

// TestExhaustedRetriesStopAll checks that nothing more is sent after ten requests in a row that failed after all retries.
func TestExhaustedRetriesStopAll(t *testing.T) {
	const retries = 2
	// Responses after nine failures. Some of them show that the API is up, which resets the count.
	for name, c := range map[string]struct {
		between func(*http.Request) (*http.Response, error)
		works   bool
	}{
		"success":           {func(*http.Request) (*http.Response, error) { return response(200, "{}") }, true},
		"not found":         {func(*http.Request) (*http.Response, error) { return response(404, "") }, true},
		"a refused value":   {func(*http.Request) (*http.Response, error) { return response(400, `{"email": ["No."]}`) }, true},
		"one more of those": {func(*http.Request) (*http.Response, error) { return response(503, "") }, false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				down := func(*http.Request) (*http.Response, error) { return response(503, "") }
				s := &server{respond: down}
				api := to(t, "https://host.example", s, func(c *Config) { c.MaxRetries = retries })
				fail := func() error {
					_, err := api.Send(t.Context(), get)
					return err
				}
				for i := range maxExhausted - 1 {
					if err := fail(); IsStopped(err) || failureOf(t, err).Attempts != retries+1 {
						t.Fatalf("number %d: %v", i+1, err)
					}
				}
				s.respond = c.between
				_, err := api.Send(t.Context(), get)
				if IsStopped(err) {
					t.Fatal(err)
				}
				s.respond = down
				s.requests()
				if !c.works {
					if stopped, ok := errors.AsType[*StoppedError](fail()); !ok || stopped.First.Status != 503 || s.requests() != 0 {
						t.Errorf("%v", stopped)
					}
					return
				}
				for i := range maxExhausted {
					if err := fail(); IsStopped(err) {
						t.Fatalf("number %d: %v", i+1, err)
					}
				}
			})
		})
	}
}

// TestOneObjectsTroubleStopsNothing has requests in a row that fail for reasons of their own objects.
func TestOneObjectsTroubleStopsNothing(t *testing.T) {
	for name, respond := range map[string]func(*http.Request) (*http.Response, error){
		"403":           func(*http.Request) (*http.Response, error) { return response(403, "") },
		"404":           func(*http.Request) (*http.Response, error) { return response(404, "") },
		"400":           func(*http.Request) (*http.Response, error) { return response(400, "") },
		"200":           func(*http.Request) (*http.Response, error) { return response(200, "{}") },
		"a web page":    func(*http.Request) (*http.Response, error) { return response(404, "<html>") },
		"a 500 to POST": func(*http.Request) (*http.Response, error) { return response(500, "") },
	} {
		synctest.Test(t, func(t *testing.T) {
			s := &server{respond: respond}
			api := to(t, "https://host.example", s)
			r := get
			if strings.Contains(name, "POST") {
				r = post // it has no retries: the caller searches for the object instead
			}
			for range 3 * maxExhausted {
				if _, err := api.Send(t.Context(), r); IsStopped(err) {
					t.Fatalf("%s: %v", name, err)
				}
			}
		})
	}
}
