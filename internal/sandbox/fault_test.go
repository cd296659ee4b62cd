package sandbox_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

func TestFaults(t *testing.T) {
	const body = `{"detail_access": 0, "first_name": "Ada"}`
	for _, c := range []struct {
		name   string
		fault  sandbox.Fault
		status int   // 0 if there is no response
		err    error // of reading the response
		stored int   // objects afterwards
	}{
		{"status", sandbox.Fault{Status: 503}, 503, nil, 0},
		{"status after commit", sandbox.Fault{Status: 502, Body: "<html>", AfterCommit: true}, 502, nil, 1},
		{"body", sandbox.Fault{Body: "<html>"}, 200, nil, 0},
		{"drop", sandbox.Fault{Drop: true}, 0, syscall.ECONNRESET, 0},
		{"drop after commit", sandbox.Fault{Drop: true, AfterCommit: true}, 0, syscall.ECONNRESET, 1},
		{"truncate", sandbox.Fault{Truncate: true}, 201, io.ErrUnexpectedEOF, 1},
		{"truncate a status", sandbox.Fault{Status: 500, Body: `{"detail": "no"}`, Truncate: true}, 500, io.ErrUnexpectedEOF, 0},
		{"before commit", sandbox.Fault{BeforeCommit: true}, 0, syscall.ECONNRESET, 0},
		{"delay", sandbox.Fault{Delay: 20 * time.Millisecond}, 201, nil, 1},
		{"header", sandbox.Fault{Header: http.Header{"Retry-After": {"7"}}}, 201, nil, 1},
		{"another method", sandbox.Fault{Method: "GET", Status: 503}, 201, nil, 1},
		{"another path", sandbox.Fault{Path: "protectedidentity", Status: 503}, 201, nil, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := start(t)
			f.Inject(c.fault)
			began := time.Now()
			got, err := f.try("POST", users, body)
			if got.status != c.status || !errors.Is(err, c.err) {
				t.Errorf("status %d, error %v; want %d, %v", got.status, err, c.status, c.err)
			}
			if took := time.Since(began); took < c.fault.Delay {
				t.Errorf("answered after %v", took)
			}
			for name := range c.fault.Header {
				if got.header.Get(name) != c.fault.Header.Get(name) {
					t.Errorf("no header %s", name)
				}
			}
			if html := strings.HasPrefix(got.header.Get("Content-Type"), "text/html"); html != (c.fault.Body == "<html>") {
				t.Errorf("content type %q", got.header.Get("Content-Type"))
			}
			if n := len(f.All(sandbox.OrganizationUser)); n != c.stored {
				t.Errorf("%d objects, want %d", n, c.stored)
			}
			if log := f.Requests(); len(log) != 1 || log[0].Status != c.status {
				t.Errorf("log: %+v", log)
			}
		})
	}
}

func TestFaultsQueue(t *testing.T) {
	f := start(t)
	f.Inject(
		sandbox.Fault{Method: "GET", Status: 500, Times: 2},
		sandbox.Fault{Status: 503, Header: http.Header{"Retry-After": {"1"}}},
		sandbox.Fault{Path: "subtenant", Status: 429, Times: -1},
	)
	f.do("GET", users+"list/", "", 500)
	f.do("POST", users, `{}`, 503)
	f.do("GET", users+"list/", "", 500)
	f.do("GET", users+"list/", "", 200)
	for range 5 {
		f.do("GET", subtenants+"list/", "", 429)
	}
}

// TestGivingUp cancels requests during the delay of a fault. The object exists afterwards only if the fault applies after the commit.
func TestGivingUp(t *testing.T) {
	for _, after := range []bool{false, true} {
		f := start(t)
		f.Inject(sandbox.Fault{Delay: time.Minute, AfterCommit: after})
		ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
		defer cancel()
		r, err := http.NewRequestWithContext(ctx, http.MethodPost, f.url+users, strings.NewReader(`{"detail_access": 0, "first_name": "Ada"}`))
		if err != nil {
			t.Fatal(err)
		}
		r.Header = f.headers.Clone()
		r.Header.Set("Content-Type", "application/json")
		if response, err := http.DefaultTransport.RoundTrip(r); err == nil {
			_ = response.Body.Close()
			t.Fatal("answered in time")
		}
		if made := len(f.All(sandbox.OrganizationUser)) == 1; made != after {
			t.Errorf("after commit %v: made %v", after, made)
		}
	}
}
