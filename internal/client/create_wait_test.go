package client_test

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pigello/terraform-provider-pigello/internal/client"
	"github.com/pigello/terraform-provider-pigello/internal/client/model"
	"github.com/pigello/terraform-provider-pigello/internal/client/transport"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// through fails requests for which refuse returns an error, and sends all others to a sandbox.
type through struct {
	next   http.RoundTripper
	refuse func(*http.Request) error
}

// RoundTrip implements http.RoundTripper.
func (t through) RoundTrip(req *http.Request) (*http.Response, error) {
	if err := t.refuse(req); err != nil {
		return nil, err
	}
	return t.next.RoundTrip(req)
}

// TestRefusedCreation checks that a creation is sent again only if it cannot have created an object.
func TestRefusedCreation(t *testing.T) {
	for _, status := range []int{301, 400, 401, 403, 404, 405, 409, 410, 415, 422, 423, 425} {
		synctest.Test(t, func(t *testing.T) {
			s := sandbox.New()
			s.Inject(sandbox.Fault{Method: http.MethodPost, Status: status})
			_, err := newClient(t, s).OrganizationUsers().Create(t.Context(), bodies["email"])
			var e *transport.Error
			if !errors.As(err, &e) || unknownOutcome(err) != nil || e.Status != status || len(s.Requests()) != 1 {
				t.Errorf("%d: %#v after %d requests", status, err, len(s.Requests()))
			}
		})
	}
	for name, wait := range map[string]string{
		"seconds": "7", "nothing": "", "a word": "soon", "negative": "-60", "past": "Fri, 01 Jan 1999 00:00:00 GMT", "zero": "0",
	} {
		synctest.Test(t, func(t *testing.T) {
			s := sandbox.New()
			s.Inject(sandbox.Fault{Method: http.MethodPost, Status: 429, Times: 5, Header: http.Header{"Retry-After": {wait}}})
			start := time.Now()
			_, err := newClient(t, s).OrganizationUsers().Create(t.Context(), bodies["email"])
			if err != nil || posts(s) != 6 || len(s.Requests()) != 6 || len(s.All(kind)) != 1 {
				t.Errorf("%s: %v after %d requests", name, err, len(s.Requests()))
			}
			if took := time.Since(start); name == "seconds" && took < 35*time.Second || took > 2*time.Minute {
				t.Errorf("%s: waited %s", name, took)
			}
		})
	}
}

// TestNotArrived has no connection for some time.
func TestNotArrived(t *testing.T) {
	for name, cause := range map[string]error{
		"refused": &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED},
		"no name": &net.OpError{Op: "dial", Err: &net.DNSError{Name: "host.example"}},
		"timeout": &net.OpError{Op: "dial", Err: context.DeadlineExceeded},
	} {
		for _, times := range []int{3, 100} {
			synctest.Test(t, func(t *testing.T) {
				s := sandbox.New()
				tries := 0
				users := newClient(t, s, func(c *transport.Config) {
					c.Network = through{s.Transport(), func(*http.Request) error {
						if tries++; tries <= times {
							return cause
						}
						return nil
					}}
				}).OrganizationUsers()
				_, err := users.Create(t.Context(), bodies["email"])
				var e *transport.Error
				switch {
				case times == 3 && (err != nil || len(s.Requests()) != 1):
					t.Errorf("%s: %v after %d requests", name, err, len(s.Requests()))
				case times == 100 && (!errors.As(err, &e) || unknownOutcome(err) != nil || e.Attempts != 9 || tries != 9):
					t.Errorf("%s: %#v after %d tries", name, err, tries)
				}
			})
		}
	}
}

// TestHandshakeTimeout uses a real connection on which the server sends nothing: the request cannot have arrived.
func TestHandshakeTimeout(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go func() { _, _ = io.Copy(io.Discard, conn); _ = conn.Close() }()
		}
	}()
	base, err := transport.ParseBaseURL("https://" + listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	users := client.New(transport.Config{BaseURL: base, RequestTimeout: 200 * time.Millisecond, MaxRetries: 1}).OrganizationUsers()
	_, err = users.Create(t.Context(), bodies["email"])
	var e *transport.Error
	if !errors.As(err, &e) || unknownOutcome(err) != nil || e.Attempts != 2 {
		t.Errorf("%#v", err)
	}
}

// TestWaitBeyondTheDeadline checks that a wait beyond the deadline fails at once, with an error that names the wait.
func TestWaitBeyondTheDeadline(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := sandbox.New()
		s.Inject(sandbox.Fault{Status: 429, Header: http.Header{"Retry-After": {"300"}}})
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		defer cancel()
		start := time.Now()
		_, err := newClient(t, s).OrganizationUsers().Create(ctx, bodies["email"])
		var e *transport.Error
		if !errors.As(err, &e) || unknownOutcome(err) != nil || e.Status != 429 || !strings.Contains(err.Error(), "wait 5m0s") || time.Since(start) != 0 {
			t.Errorf("%v after %s", err, time.Since(start))
		}
	})
}

// TestCancelledCreation checks that a canceled creation ends within a second, and returns the object that the server has created.
func TestCancelledCreation(t *testing.T) {
	for name, c := range map[string]struct {
		server  func(*sandbox.Behaviour)
		faults  []sandbox.Fault
		at      time.Duration // of the cancellation
		made    bool          // the object exists in the end, and is returned
		unknown bool
		took    time.Duration // at most
	}{
		"in flight": {
			faults: []sandbox.Fault{{Method: http.MethodPost, Delay: 5 * time.Second}}, at: time.Second, made: true, took: 5 * time.Second,
		},
		"in flight, then lost": {
			faults: []sandbox.Fault{{Method: http.MethodPost, Delay: 5 * time.Second, Drop: true, AfterCommit: true}},
			at:     time.Second, made: true, took: 6 * time.Second,
		},
		"in flight, never made": {
			faults: []sandbox.Fault{{Method: http.MethodPost, Delay: 5 * time.Second, Drop: true, BeforeCommit: true}},
			at:     time.Second, unknown: true, took: 6 * time.Second,
		},
		"between two looks": {
			server: func(b *sandbox.Behaviour) { b.LagInLists = 1500 * time.Millisecond },
			faults: []sandbox.Fault{{Method: http.MethodPost, Drop: true, AfterCommit: true}},
			at:     1600 * time.Millisecond, made: true, took: 2600 * time.Millisecond,
		},
		"in a look": {
			faults: []sandbox.Fault{{Method: http.MethodPost, Drop: true, AfterCommit: true}, {Path: "list", Delay: 900 * time.Millisecond}},
			at:     100 * time.Millisecond, made: true, took: 1100 * time.Millisecond,
		},
		"in a look without end": {
			faults: []sandbox.Fault{{Method: http.MethodPost, Drop: true, AfterCommit: true}, {Path: "list", Delay: time.Hour, Times: -1}},
			at:     100 * time.Millisecond, unknown: true, took: 1100 * time.Millisecond,
		},
		"while throttled": {
			faults: []sandbox.Fault{{Status: 429, Header: http.Header{"Retry-After": {"300"}}}}, at: 2 * time.Second, took: 2 * time.Second,
		},
		"before it was sent again": {
			faults: []sandbox.Fault{{Method: http.MethodPost, Status: 500, Times: -1}}, at: 20 * time.Second, unknown: true, took: 21 * time.Second,
		},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := sandbox.New()
				if c.server != nil {
					s.Configure(c.server)
				}
				s.Inject(c.faults...)
				ctx, cancel := context.WithCancel(t.Context())
				time.AfterFunc(c.at, cancel)
				start := time.Now()
				object, err := newClient(t, s).OrganizationUsers().Create(ctx, bodies["custom_id"])
				if took := time.Since(start); took > c.took {
					t.Errorf("took %s", took)
				}
				var e *transport.Error
				switch {
				case c.made && (err != nil || s.All(kind)[0]["id"] != object.ID()):
					t.Errorf("%v", err)
				case !c.made && !errors.As(err, &e):
					t.Errorf("%v", err)
				case !c.made && name != "before it was sent again" && (unknownOutcome(err) != nil) != c.unknown:
					t.Errorf("%#v", e)
				}
			})
		})
	}
}

// TestWritesAreDetached cancels writes in flight: they are not aborted.
func TestWritesAreDetached(t *testing.T) {
	for method, do := range map[string]func(context.Context, *client.Collection, string) error{
		http.MethodPatch: func(ctx context.Context, c *client.Collection, id string) error {
			_, err := c.Update(ctx, id, model.Body{"detail_access": 2})
			return err
		},
		http.MethodDelete: func(ctx context.Context, c *client.Collection, id string) error { return c.Delete(ctx, id) },
	} {
		for _, late := range []bool{false, true} {
			synctest.Test(t, func(t *testing.T) {
				s := sandbox.New()
				id := s.Put(kind, bodies["email"])
				s.Inject(sandbox.Fault{Method: method, Delay: 5 * time.Second})
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				if late {
					time.AfterFunc(time.Second, cancel)
				} else {
					cancel()
				}
				err := do(ctx, newClient(t, s).OrganizationUsers(), id)
				if late != (err == nil) || late != (len(s.Requests()) == 1) {
					t.Errorf("%s, sent before the cancellation: %v: %v, %d requests", method, late, err, len(s.Requests()))
				}
			})
		}
	}
}

// TestWritesHaveATimeout checks the time limit of one attempt of a write: request_timeout, or the rest of the operation if it is shorter.
func TestWritesHaveATimeout(t *testing.T) {
	for name, do := range map[string]func(context.Context, *client.Collection) error{
		"create": func(ctx context.Context, c *client.Collection) error {
			_, err := c.Create(ctx, bodies["email"])
			return err
		},
		"update": func(ctx context.Context, c *client.Collection) error {
			_, err := c.Update(ctx, "497f6eca-6276-4993-bfeb-53cbbbba6f08", model.Body{"first_name": "Ada"})
			return err
		},
		"delete": func(ctx context.Context, c *client.Collection) error {
			return c.Delete(ctx, "497f6eca-6276-4993-bfeb-53cbbbba6f08")
		},
	} {
		for _, left := range []time.Duration{3 * time.Second, 40 * time.Second} {
			synctest.Test(t, func(t *testing.T) {
				s := sandbox.New()
				var attempts []time.Duration
				users := newClient(t, s, func(c *transport.Config) {
					c.MaxRetries = 0
					c.Log = func(_ context.Context, a transport.Attempt) { attempts = append(attempts, a.Duration) }
				}).OrganizationUsers()
				s.Inject(sandbox.Fault{Delay: time.Hour})
				ctx, cancel := context.WithTimeout(t.Context(), left)
				defer cancel()
				if err := do(ctx, users); err == nil || attempts[0] != min(left, transport.DefaultRequestTimeout) {
					t.Errorf("%s with %s left: %v after %s", name, left, err, attempts)
				}
			})
		}
	}
}

// TestDeadlineOfACreation checks that the deadline limits the attempts, the searches and the waits together.
func TestDeadlineOfACreation(t *testing.T) {
	for name, fault := range map[string]sandbox.Fault{
		"503":         {Status: 503, Times: -1},
		"503 to POST": {Method: http.MethodPost, Status: 503, Times: -1},
		"429":         {Status: 429, Times: -1},
		"silence":     {Delay: time.Hour, Times: -1},
		"resets":      {Drop: true, Times: -1},
	} {
		synctest.Test(t, func(t *testing.T) {
			s := sandbox.New()
			s.Inject(fault)
			ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
			defer cancel()
			start := time.Now()
			_, err := newClient(t, s).OrganizationUsers().Create(ctx, bodies["email"])
			var e *transport.Error
			if took := time.Since(start); !errors.As(err, &e) || took > 2*time.Second {
				t.Errorf("%s: %#v after %s", name, err, took)
			} else if (unknownOutcome(err) != nil) != (name != "429") {
				t.Errorf("%s: %#v", name, e)
			}
		})
	}
}
