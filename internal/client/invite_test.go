package client_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pigello/terraform-provider-pigello/internal/client"
	"github.com/pigello/terraform-provider-pigello/internal/client/transport"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

const invited = "497F6ECA-6276-4993-BFEB-53CBBBBA6F08"

// rawBody is a body with personal data that encoding/json would encode in another way.
const rawBody = "{ \"email\":\"canary <ada>&co@example.com\",\n  \"ssn\": \"19900101-2385\", \"n\": 1.00, \"email\": null }\n"

func TestInvite(t *testing.T) {
	for _, c := range []struct {
		name, path string
		of         func(*client.Client) *client.Collection
	}{
		{"user", "/accounts/users/auth/invite/organization/organizationuser/", (*client.Client).OrganizationUsers},
		{"subtenant", "/accounts/users/auth/invite/customer/subtenant/", (*client.Client).Subtenants},
	} {
		s := sandbox.New()
		collection := c.of(newClient(t, s))
		if err := collection.InviteByID(t.Context(), invited); err != nil {
			t.Error(err)
		}
		for _, body := range []string{rawBody, "null", "[1]", " 7 ", `"a"`} {
			if err := collection.Invite(t.Context(), json.RawMessage(body)); err != nil {
				t.Error(err)
			}
			invites := s.Invites()
			if last := invites[len(invites)-1]; string(last) != body {
				t.Errorf("%s: %q arrived as %q", c.name, body, last)
			}
		}
		if got := string(s.Invites()[0]); got != `{"id":"`+invited+`"}` || len(s.Invites()) != 6 || len(s.Requests()) != 6 {
			t.Errorf("%s: %s, %d invites, %d requests", c.name, got, len(s.Invites()), len(s.Requests()))
		}
		for _, r := range s.Requests() {
			if r.Method != http.MethodPost || r.Path != c.path || r.Header.Get("Content-Type") != "application/json" {
				t.Errorf("%s: %s %s", c.name, r.Method, r.Path)
			}
		}
	}
}

// TestInviteInDoubt loses the response to an invite in all ways, before and after the invite was processed.
func TestInviteInDoubt(t *testing.T) {
	for name, fault := range ends {
		if name == "{}" || name == "null" || name == "nothing" {
			continue // this is a valid response
		}
		for _, after := range []bool{true, false} {
			synctest.Test(t, func(t *testing.T) {
				s := sandbox.New()
				fault.Method, fault.AfterCommit, fault.BeforeCommit = http.MethodPost, after, !after
				if fault.Truncate && !after {
					fault.Status, fault.Body = 201, `{"id": null}`
				}
				s.Inject(fault)
				err := newClient(t, s).OrganizationUsers().Invite(t.Context(), json.RawMessage(rawBody))
				var e *transport.Error
				if !errors.As(err, &e) || e.Outcome < transport.InDoubt || posts(s) != 1 || len(s.Requests()) != 1 {
					t.Errorf("%s, after commit %v: %#v after %d requests", name, after, err, len(s.Requests()))
				}
				if arrived := len(s.Invites()) == 1; arrived != after {
					t.Errorf("%s, after commit %v: %d invites", name, after, len(s.Invites()))
				}
				if strings.Contains(fmt.Sprint(err), "canary") {
					t.Errorf("%s: the error repeats the body: %v", name, err)
				}
			})
		}
	}
}

// TestInviteRefused checks that a refused invite counts as not sent, and is not sent again.
func TestInviteRefused(t *testing.T) {
	words := `{"email": ["canary <ada>&co@example.com is no address"], "detail": "19900101-2385", "canary": "ada"}`
	for _, status := range []int{301, 307, 400, 401, 403, 404, 405, 409, 410, 415, 422, 423, 425} {
		for _, own := range []bool{true, false} {
			synctest.Test(t, func(t *testing.T) {
				s := sandbox.New()
				s.Inject(sandbox.Fault{Status: status, Body: words, Header: http.Header{"Location": {"https://canary.example/"}}, Times: -1})
				users := newClient(t, s).OrganizationUsers()
				invite := func() error { return users.Invite(t.Context(), json.RawMessage(rawBody)) }
				if own {
					invite = func() error { return users.InviteByID(t.Context(), invited) }
				}
				err := invite()
				var e *transport.Error
				if !errors.As(err, &e) || e.Outcome >= transport.InDoubt || e.Status != status || len(s.Requests()) != 1 || len(s.Invites()) != 0 {
					t.Fatalf("%d: %#v after %d requests", status, err, len(s.Requests()))
				}
				// The message of the server may quote the body, which may hold anything.
				quotes := strings.Contains(fmt.Sprint(err), "canary") || e.Redirect != ""
				if quotes != own {
					t.Errorf("%d, own %v: %v, to %q", status, own, err, e.Redirect)
				}
			})
		}
	}
}

// failing lets a number of requests fail before they are sent.
type failing struct {
	next http.RoundTripper
	err  error
	left int
}

// RoundTrip implements http.RoundTripper.
func (f *failing) RoundTrip(req *http.Request) (*http.Response, error) {
	if f.left--; f.left >= 0 {
		return nil, f.err
	}
	return f.next.RoundTrip(req)
}

// TestInviteRepeated checks that an invite is sent again if it cannot have arrived or was throttled, up to max_retries times.
func TestInviteRepeated(t *testing.T) {
	dial := &net.OpError{Op: "dial", Net: "tcp", Err: syscall.ECONNREFUSED}
	for _, n := range []int{1, 3, 8, 9} {
		for _, throttled := range []bool{true, false} {
			synctest.Test(t, func(t *testing.T) {
				s := sandbox.New()
				network := &failing{next: s.Transport(), err: dial}
				if throttled {
					s.Inject(sandbox.Fault{Status: 429, Header: http.Header{"Retry-After": {"2"}}, Times: n})
				} else {
					network.left = n
				}
				users := newClient(t, s, func(c *transport.Config) { c.Network = network }).OrganizationUsers()
				err := users.InviteByID(t.Context(), invited)
				if n <= transport.DefaultMaxRetries {
					if err != nil || len(s.Invites()) != 1 {
						t.Errorf("%d times: %v, %d invites", n, err, len(s.Invites()))
					}
					return
				}
				var e *transport.Error
				if !errors.As(err, &e) || e.Outcome >= transport.InDoubt || e.Attempts != n || len(s.Invites()) != 0 {
					t.Errorf("%d times: %#v, %d invites", n, err, len(s.Invites()))
				}
			})
		}
	}
}

// TestInviteThrottledThenInDoubt has a retry with an unknown outcome.
func TestInviteThrottledThenInDoubt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := sandbox.New()
		s.Inject(sandbox.Fault{Status: 429}, sandbox.Fault{Drop: true, AfterCommit: true})
		err := newClient(t, s).OrganizationUsers().InviteByID(t.Context(), invited)
		var e *transport.Error
		if !errors.As(err, &e) || e.Outcome < transport.InDoubt || e.Attempts != 2 || len(s.Invites()) != 1 || posts(s) != 2 {
			t.Errorf("%#v, %d invites, %d requests", err, len(s.Invites()), posts(s))
		}
	})
}

// TestInviteEnds cancels invites. Before the request is sent, the call ends at once; afterwards it waits for the response.
func TestInviteEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, c := range []struct {
			fault   sandbox.Fault
			invites int
			fails   bool
		}{
			{sandbox.Fault{Status: 429, Header: http.Header{"Retry-After": {"60"}}, Times: -1}, 0, true},
			{sandbox.Fault{Delay: 5 * time.Second}, 1, false},
		} {
			s := sandbox.New()
			s.Inject(c.fault)
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(2*time.Second, cancel)
			start := time.Now()
			err := newClient(t, s).OrganizationUsers().InviteByID(ctx, invited)
			var e *transport.Error
			if errors.As(err, &e) != c.fails || c.fails && e.Outcome >= transport.InDoubt || len(s.Invites()) != c.invites || posts(s) != 1 {
				t.Errorf("%+v: %#v, %d invites", c.fault, err, len(s.Invites()))
			}
			if took := time.Since(start); c.fails && took > 3*time.Second {
				t.Errorf("%+v: cancelled after 2 s, ended after %s", c.fault, took)
			}
		}
		s := sandbox.New()
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := newClient(t, s).OrganizationUsers().InviteByID(ctx, invited); err == nil || len(s.Requests()) != 0 {
			t.Errorf("cancelled before: %v, %d requests", err, len(s.Requests()))
		}
		s.Inject(sandbox.Fault{Status: 429, Header: http.Header{"Retry-After": {"86400"}}})
		ctx, cancel = context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		if err := newClient(t, s).OrganizationUsers().InviteByID(ctx, invited); err == nil || !strings.Contains(err.Error(), "24h0m0s") || posts(s) != 1 {
			t.Errorf("a wait of a day: %v, %d requests", err, posts(s))
		}
	})
}
