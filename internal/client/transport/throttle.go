package transport

import (
	"context"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"net/http"
	"strconv"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// throttle decides when a request may be sent: it keeps the user's rate limit, and the wait that the server has asked for. All requests of
// a client share it.
type throttle struct {
	limiter *rate.Limiter

	mu    sync.Mutex
	until time.Time // the end of the wait that the server has asked for
}

func newThrottle(perSecond float64) *throttle {
	limit := rate.Inf
	if perSecond > 0 {
		// A little slower than configured: the server counts requests when they arrive, and they do not all take the same time.
		limit = rate.Limit(0.95 * perSecond)
	}
	return &throttle{limiter: rate.NewLimiter(limit, 1)}
}

// wait waits until a request may be sent. It fails when ctx ends, or at once if ctx would end before.
func (t *throttle) wait(ctx context.Context) error {
	for {
		if err := t.waitForServer(ctx); err != nil {
			return err
		}
		if err := t.waitForCap(ctx); err != nil {
			return err
		}
		// The server may have asked for a wait during the wait for the rate limit.
		if t.remaining() <= 0 {
			return nil
		}
	}
}

func (t *throttle) waitForCap(ctx context.Context) error {
	err := t.limiter.Wait(ctx)
	if err != nil && ctx.Err() == nil {
		return errCap
	}
	return err
}

func (t *throttle) waitForServer(ctx context.Context) error {
	for {
		remaining := t.remaining()
		if remaining <= 0 {
			return ctx.Err()
		}
		if err := checkWait(ctx, remaining); err != nil {
			return err
		}
		// With jitter, requests that waited for the same time are not sent at the same time.
		if err := pause(ctx, remaining+jitter(time.Second)); err != nil {
			return err
		}
	}
}

// remaining is the rest of the wait that the server has asked for.
func (t *throttle) remaining() time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	return time.Until(t.until)
}

// observe records the wait that a response asks for.
func (t *throttle) observe(resp *http.Response, attempt int) {
	after, ok := retryAfter(resp.Header)
	switch {
	case resp.StatusCode == http.StatusServiceUnavailable && ok:
	case resp.StatusCode != http.StatusTooManyRequests:
		return
	case !ok:
		after = time.Second << min(attempt-1, 4)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if until := time.Now().Add(after); until.After(t.until) {
		t.until = until
	}
}

// errCap is the error of a request that would wait for the rate limit longer than its operation may take.
var errCap = errors.New("the cap on requests per second (max_requests_per_second) leaves no time for this request")

// WaitError is the error of a request that would have to wait longer for the server than its operation may take.
type WaitError struct{ requested, remaining time.Duration }

func (e *WaitError) Error() string {
	return fmt.Sprintf("the server asks to wait %s before the next request, but only %s are left for this operation",
		e.requested.Round(time.Second), e.remaining.Round(time.Second))
}

// checkWait returns an error if ctx would end before the end of a wait.
func checkWait(ctx context.Context, wait time.Duration) error {
	deadline, ok := ctx.Deadline()
	if remaining := time.Until(deadline); ok && wait > remaining {
		return &WaitError{requested: wait, remaining: remaining}
	}
	return nil
}

// Sleep waits. It fails when ctx ends, or at once if ctx would end before.
func Sleep(ctx context.Context, wait time.Duration) error {
	if err := checkWait(ctx, wait); err != nil {
		return err
	}
	return pause(ctx, wait)
}

// pause waits. It fails when ctx ends.
func pause(ctx context.Context, wait time.Duration) error {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return ctx.Err()
	}
}

// The limits of the wait between two attempts if the server asks for none.
const (
	shortestWait = 500 * time.Millisecond
	longestWait  = 30 * time.Second
)

// backoff is the wait after an attempt, which is counted from 1. It grows exponentially, with jitter. If the server asks for a longer wait,
// it is that wait with some jitter on top, since the server asks all of its clients for the same wait.
func backoff(attempt int, requested time.Duration) time.Duration {
	most := min(shortestWait<<min(attempt-1, 16), longestWait)
	wait := most/2 + jitter(most/2)
	if requested >= wait {
		return requested + jitter(shortestWait)
	}
	return wait
}

func jitter(most time.Duration) time.Duration { return rand.N(most + 1) }

// maxRetryAfter limits the wait to 136 years, so that adding jitter cannot overflow.
const maxRetryAfter = math.MaxUint32 * time.Second

// retryAfter reads the header Retry-After, which holds seconds or a date (RFC 9110, section 10.2.3). A date in the past is a wait of zero.
// ok is false if the header is absent or invalid, such as a negative number.
func retryAfter(header http.Header) (wait time.Duration, ok bool) {
	value := header.Get("Retry-After")
	// For a number out of range, ParseUint returns the largest one.
	if seconds, err := strconv.ParseUint(value, 10, 32); err == nil || errors.Is(err, strconv.ErrRange) {
		return time.Duration(seconds) * time.Second, true
	}
	at, err := http.ParseTime(value)
	if err != nil {
		return 0, false
	}
	now, err := http.ParseTime(header.Get("Date")) // our clock may differ from the server's
	if err != nil {
		now = time.Now()
	}
	return min(max(0, at.Sub(now)), maxRetryAfter), true
}
