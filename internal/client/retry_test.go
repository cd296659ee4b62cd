package client

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pigello/terraform-provider-pigello/internal/client/model"
	"github.com/pigello/terraform-provider-pigello/internal/client/transport"
)

// repeated are the statuses that are retried.
var repeated = []int{408, 423, 425, 429, 500, 502, 503, 504}

func TestStatusesThatAreRepeated(t *testing.T) {
	statuses := []int{300, 304, 307}
	for code := 400; code <= 431; code++ {
		statuses = append(statuses, code)
	}
	statuses = append(statuses, 451, 499, 500, 501, 502, 503, 504, 505, 507, 508, 511, 520, 599)
	for _, w := range requestKinds {
		for _, code := range statuses {
			synctest.Test(t, func(t *testing.T) {
				s := inSequence(status(code), successFor(w.name))
				err := w.do(t.Context(), newTestClient(t, s).OrganizationUsers())
				switch {
				case w.method == http.MethodPost && code != http.StatusTooManyRequests || !slices.Contains(repeated, code):
					var e *transport.Error
					if s.sent() != 1 || !errors.As(err, &e) || e.Status != code || e.Attempts != 1 {
						t.Errorf("%s, %d: %d requests, %v", w.name, code, s.sent(), err)
					}
				case s.sent() != 2 || err != nil:
					t.Errorf("%s, %d: %d requests, %v", w.name, code, s.sent(), err)
				}
			})
		}
	}
}

var connectionErrors = map[string]error{
	"refused":   &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED},
	"reset":     &net.OpError{Op: "read", Net: "tcp", Err: syscall.ECONNRESET},
	"no route":  &net.OpError{Op: "dial", Net: "tcp", Err: syscall.EHOSTUNREACH},
	"ended":     io.EOF,
	"cut":       io.ErrUnexpectedEOF,
	"temporary": &net.DNSError{Err: "server misbehaving", Name: "host.example", IsTemporary: true},
	"other":     errors.New("https://host.example/?canary=1"),
}

func TestConnectionErrorsAreRepeated(t *testing.T) {
	for _, w := range requestKinds {
		for name, cause := range connectionErrors {
			synctest.Test(t, func(t *testing.T) {
				s := inSequence(broken(cause), broken(cause), successFor(w.name))
				err := w.do(t.Context(), newTestClient(t, s).OrganizationUsers())
				want := 3
				if op := (*net.OpError)(nil); w.method == http.MethodPost && (!errors.As(cause, &op) || op.Op != "dial") {
					want = 1 // it may have arrived
				}
				if s.sent() != want || (err == nil) != (want == 3) {
					t.Errorf("%s, %s: %d requests, %v", w.name, name, s.sent(), err)
				}
			})
		}
	}
}

func TestMaxRetries(t *testing.T) {
	for _, most := range []int{0, 1, 8, 20} {
		for _, respond := range []func() (*http.Response, error){status(503), status(429), broken(io.EOF)} {
			for _, w := range repeatableKinds() {
				synctest.Test(t, func(t *testing.T) {
					s := inSequence(respond)
					err := w.do(t.Context(), newTestClient(t, s, retries(most)).OrganizationUsers())
					var e *transport.Error
					if s.sent() != most+1 || !errors.As(err, &e) || e.Attempts != most+1 {
						t.Errorf("%s, %d: %d requests, %#v", w.name, most, s.sent(), err)
					}
				})
			}
		}
	}
}

func TestBodyIsSentAgainWhole(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var bodies []string
		s := &server{respond: func(req *http.Request) (*http.Response, error) {
			content, err := io.ReadAll(req.Body)
			bodies = append(bodies, string(content))
			if len(bodies) < 3 {
				return respond(502, "<html>"), err
			}
			return respond(200, theObject), err
		}}
		if _, err := newTestClient(t, s).OrganizationUsers().Update(t.Context(), theID, model.Body{"first_name": "Ada"}); err != nil {
			t.Fatal(err)
		}
		if want := `{"first_name":"Ada"}`; !slices.Equal(bodies, []string{want, want, want}) {
			t.Errorf("%q", bodies)
		}
	})
}

// TestBackoff checks that waits grow exponentially up to a limit, and have jitter.
func TestBackoff(t *testing.T) {
	seen := map[time.Duration]bool{}
	for range 5 {
		synctest.Test(t, func(t *testing.T) {
			s := inSequence(status(503))
			_, _ = newTestClient(t, s, retries(12)).OrganizationUsers().Get(t.Context(), theID)
			gaps := s.gaps()
			seen[gaps[0]] = true
			for i, gap := range gaps {
				most := min(time.Second<<i, 60*time.Second)
				if gap <= 0 || gap > most {
					t.Errorf("wait %d is %s, want up to %s", i, gap, most)
				}
				if i >= 3 && i < 6 && gap <= gaps[i-3] {
					t.Errorf("wait %d is %s, three waits before it was %s", i, gap, gaps[i-3])
				}
			}
		})
	}
	if len(seen) < 2 {
		t.Errorf("all begin with the same wait: %v", seen)
	}
}

func TestAttemptsHaveATimeout(t *testing.T) {
	hang := func(req *http.Request) (*http.Response, error) {
		<-req.Context().Done()
		return nil, req.Context().Err()
	}
	stall := func(req *http.Request) (*http.Response, error) {
		resp := respond(200, "")
		resp.Body = io.NopCloser(io.MultiReader(strings.NewReader(`{"id":`), stalled{req.Context()}))
		return resp, nil
	}
	for name, respond := range map[string]func(*http.Request) (*http.Response, error){"no response": hang, "half a response": stall} {
		for _, w := range requestKinds {
			synctest.Test(t, func(t *testing.T) {
				s := &server{respond: respond}
				c := newTestClient(t, s, retries(1), func(c *transport.Config) { c.RequestTimeout = 7 * time.Second })
				start := time.Now()
				err := w.do(t.Context(), c.OrganizationUsers())
				want, requests := 14*time.Second, 2
				if w.method == http.MethodPost {
					want, requests = 7*time.Second, 1
				}
				took := time.Since(start)
				if err == nil || s.sent() != requests || took < want || took > want+time.Second {
					t.Errorf("%s, %s: %v after %d requests and %s", name, w.name, err, s.sent(), took)
				}
			})
			synctest.Test(t, func(t *testing.T) {
				if w.method == http.MethodPost {
					return // a creation has a limit of its own: TestCreateIsDetached
				}
				ctx, cancel := context.WithTimeout(t.Context(), 3*time.Second)
				defer cancel()
				start := time.Now()
				s := &server{respond: respond}
				err := w.do(ctx, newTestClient(t, s).OrganizationUsers())
				if took := time.Since(start); err == nil || took != 3*time.Second || !strings.Contains(err.Error(), "in time") {
					t.Errorf("%s, %s, a deadline: %v after %s", name, w.name, err, took)
				}
			})
		}
	}
}

// stalled is a body that blocks until the request ends.
type stalled struct{ ctx context.Context }

// Read implements io.Reader.
func (s stalled) Read([]byte) (int, error) {
	<-s.ctx.Done()
	return 0, s.ctx.Err()
}
