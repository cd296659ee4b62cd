package client

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pigello/terraform-provider-pigello/internal/client/transport"
)

func TestRetryAfter(t *testing.T) {
	in := func(d time.Duration) func() string {
		return func() string { return time.Now().Add(d).UTC().Format(http.TimeFormat) }
	}
	as := func(s string) func() string { return func() string { return s } }
	for name, c := range map[string]struct {
		header      func() string
		least, most time.Duration
	}{
		"seconds":          {as("7"), 7 * time.Second, 9 * time.Second},
		"zero":             {as("0"), 0, 2 * time.Second},
		"a date":           {in(40 * time.Second), 40 * time.Second, 42 * time.Second},
		"a past date":      {in(-time.Hour), 0, 2 * time.Second},
		"negative":         {as("-60"), 0, 3 * time.Second},
		"a fraction":       {as("60.5"), 0, 3 * time.Second},
		"not a number":     {as("soon"), 0, 3 * time.Second},
		"signed":           {as("+60"), 0, 3 * time.Second},
		"other digits":     {as("٣"), 0, 3 * time.Second},
		"empty":            {as(""), 0, 3 * time.Second},
		"an ISO date":      {as("2099-01-01T00:00:00Z"), 0, 3 * time.Second},
		"the server's":     {func() string { return time.Now().Add(time.Hour).Add(7 * time.Second).UTC().Format(http.TimeFormat) }, 7 * time.Second, 9 * time.Second},
		"a date in RFC850": {func() string { return time.Now().Add(20 * time.Second).UTC().Format(time.RFC850) }, 19 * time.Second, 22 * time.Second},
	} {
		for _, code := range repeated {
			synctest.Test(t, func(t *testing.T) {
				s := &server{}
				s.respond = func(*http.Request) (*http.Response, error) {
					if s.sent() == 1 {
						var date []string
						if name == "the server's" {
							date = []string{"Date", time.Now().Add(time.Hour).UTC().Format(http.TimeFormat)}
						}
						return respond(code, "", append(date, "Retry-After", c.header())...), nil
					}
					return respond(200, theObject), nil
				}
				if _, err := newTestClient(t, s).OrganizationUsers().Get(t.Context(), theID); err != nil || s.sent() != 2 {
					t.Fatalf("%s, %d: %v after %d requests", name, code, err, s.sent())
				}
				if gap := s.gaps()[0]; gap < c.least || gap > c.most {
					t.Errorf("%s, %d: waited %s, want %s to %s", name, code, gap, c.least, c.most)
				}
			})
		}
	}
}

func TestRetryAfterBeyondTheDeadline(t *testing.T) {
	for name, value := range map[string]string{
		"1m30s": "90",
		"asks":  "99999999999999999999", // more than any number of bits
		"11m":   time.Date(2000, 1, 1, 0, 11, 0, 0, time.UTC).Format(http.TimeFormat),
	} {
		for _, w := range repeatableKinds() {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
				defer cancel()
				s := inSequence(status(503, "Retry-After", value), successFor(w.name))
				start := time.Now()
				err := w.do(ctx, newTestClient(t, s).OrganizationUsers())
				var e *transport.Error
				if !errors.As(err, &e) || s.sent() != 1 || time.Since(start) != 0 {
					t.Fatalf("%s, %s: %v after %d requests and %s", w.name, value, err, s.sent(), time.Since(start))
				}
				if !strings.Contains(err.Error(), name) || !strings.Contains(err.Error(), "20s") || e.Status != 503 {
					t.Errorf("%s: the error does not name the wait of %s: %v", w.name, name, err)
				}
			})
		}
	}
}

// TestAllWait checks that a wait that the server asks for applies to all requests.
func TestAllWait(t *testing.T) {
	for name, refuse := range map[string]func() (*http.Response, error){
		"429":                status(429, "Retry-After", "30"),
		"503":                status(503, "Retry-After", "30"),
		"429 without a word": status(429),
	} {
		for _, w := range requestKinds {
			synctest.Test(t, func(t *testing.T) {
				s := inSequence(refuse, successFor("get"), successFor(w.name))
				users := newTestClient(t, s).OrganizationUsers()
				var wg sync.WaitGroup
				wg.Go(func() { _, _ = users.Get(t.Context(), theID) })
				synctest.Wait()
				// The other one begins during the wait.
				time.Sleep(time.Millisecond)
				wg.Go(func() { _ = w.do(t.Context(), users) })
				wg.Wait()
				least := 30 * time.Second
				if name == "429 without a word" {
					least = 500 * time.Millisecond
				}
				for i, at := range s.times {
					if waited := at.Sub(s.times[0]); i > 0 && (waited < least || waited > least+5*time.Second) {
						t.Errorf("%s, %s: request %d was sent after %s", name, w.name, i, waited)
					}
				}
				if s.sent() != 3 {
					t.Errorf("%s, %s: %d requests", name, w.name, s.sent())
				}
			})
		}
	}
}

// TestAllWaitBehindTheCap is the same with a rate limit: requests that already wait for the rate limit wait for the server, too.
func TestAllWaitBehindTheCap(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		// The refusal takes some time, so the others already wait for the rate limit.
		s := inSequence(func() (*http.Response, error) {
			time.Sleep(100 * time.Millisecond)
			return respond(429, "", "Retry-After", "30"), nil
		}, ok(theObject))
		users := newTestClient(t, s, func(c *transport.Config) { c.MaxRequestsPerSecond = 2 }).OrganizationUsers()
		var wg sync.WaitGroup
		for range 10 {
			wg.Go(func() { _, _ = users.Get(t.Context(), theID) })
		}
		wg.Wait()
		for i, at := range s.times {
			if waited := at.Sub(s.times[0]); i > 0 && waited < 30*time.Second {
				t.Errorf("request %d was sent after %s", i, waited)
			}
		}
		checkRate(t, s, 2)
	})
}

func TestAWaitForAllBeyondTheDeadline(t *testing.T) {
	for _, w := range requestKinds {
		synctest.Test(t, func(t *testing.T) {
			s := inSequence(status(429, "Retry-After", "300"), ok(theObject))
			users := newTestClient(t, s).OrganizationUsers()
			var wg sync.WaitGroup
			wg.Go(func() { _, _ = users.Get(t.Context(), theID) })
			time.Sleep(time.Second)
			ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
			defer cancel()
			start := time.Now()
			err := w.do(ctx, users)
			var e *transport.Error
			if !errors.As(err, &e) || time.Since(start) != 0 || e.Attempts != 0 || e.Outcome >= transport.InDoubt {
				t.Errorf("%s: %#v after %s", w.name, err, time.Since(start))
			}
			if err != nil && !strings.Contains(err.Error(), "4m59s") {
				t.Errorf("%s: the error does not name the wait: %v", w.name, err)
			}
			wg.Wait()
		})
	}
}

func TestCancellationEndsAWait(t *testing.T) {
	for name, c := range map[string]struct {
		respond func() (*http.Response, error)
		change  func(*transport.Config)
		first   int // requests before the one that waits
	}{
		"for its own response": {status(503, "Retry-After", "300"), func(*transport.Config) {}, 0},
		"by backoff":           {status(503), func(c *transport.Config) { c.MaxRetries = 20 }, 0},
		"with all":             {status(429, "Retry-After", "300"), func(*transport.Config) {}, 1},
		"for its turn":         {ok(theObject), func(c *transport.Config) { c.MaxRequestsPerSecond = 0.001 }, 1},
	} {
		for _, w := range requestKinds {
			if c.first == 0 && w.method == http.MethodPost {
				continue // it has no retry to wait for: it is sent once
			}
			synctest.Test(t, func(t *testing.T) {
				s := inSequence(c.respond)
				users := newTestClient(t, s, c.change).OrganizationUsers()
				first, stop := context.WithCancel(t.Context())
				defer stop()
				var wg sync.WaitGroup
				for range c.first {
					wg.Go(func() { _, _ = users.Get(first, theID) })
					time.Sleep(time.Millisecond)
				}
				ctx, cancel := context.WithCancel(t.Context())
				time.AfterFunc(90*time.Second, cancel)
				start := time.Now()
				err := w.do(ctx, users)
				if took := time.Since(start); took != 90*time.Second || !errors.Is(err, context.Canceled) ||
					!strings.Contains(err.Error(), "canceled") {
					t.Errorf("%s, %s: %v after %s", name, w.name, err, took)
				}
				var e *transport.Error
				if errors.As(err, &e) && c.first > 0 && (e.Attempts > 0 || e.Outcome >= transport.InDoubt) {
					t.Errorf("%s, %s: a request that was not sent is not unclear: %#v", name, w.name, e)
				}
				stop()
				wg.Wait()
			})
		}
	}
}

func TestRateCap(t *testing.T) {
	for _, most := range []float64{0.5, 3, 10, 7.5} {
		synctest.Test(t, func(t *testing.T) {
			// Some are refused, so that retries are counted, too.
			s := &server{}
			s.respond = func(*http.Request) (*http.Response, error) {
				if s.sent()%4 == 0 {
					return respond(500, ""), nil
				}
				return respond(200, theObject), nil
			}
			users := newTestClient(t, s, func(c *transport.Config) { c.MaxRequestsPerSecond = most }).OrganizationUsers()
			var wg sync.WaitGroup
			for i := range 30 {
				wg.Go(func() {
					time.Sleep(time.Duration(i%7) * 3 * time.Second)
					_, _ = users.Get(t.Context(), theID)
				})
			}
			wg.Wait()
			checkRate(t, s, most)
		})
	}
}

// checkRate checks each second: it must not have more requests than the rate limit, but at least one is allowed.
func checkRate(t *testing.T, s *server, most float64) {
	t.Helper()
	const scheduling = 10 * time.Microsecond
	for i, from := range s.times {
		n := 0
		for _, at := range s.times[i:] {
			if at.Sub(from) < time.Second-scheduling {
				n++
			}
		}
		if float64(n) > max(1, most+0.5) {
			t.Errorf("%d requests within a second, want %g", n, most)
		}
	}
}

func TestNoCap(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := inSequence(ok(theObject))
		users := newTestClient(t, s).OrganizationUsers()
		start := time.Now()
		for range 100 {
			if _, err := users.Get(t.Context(), theID); err != nil {
				t.Fatal(err)
			}
		}
		if took := time.Since(start); took != 0 {
			t.Errorf("waited %s without a reason", took)
		}
	})
}
