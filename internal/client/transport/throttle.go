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

// throttle decides when a request may be sent: not faster than the user's cap, and not before the time that the server asked
// to wait for. All requests of a client share it.
type throttle struct {
	limiter *rate.Limiter

	mu    sync.Mutex
	until time.Time // no request before
}

func newThrottle(perSecond float64) *throttle {
	limit := rate.Inf
	if perSecond > 0 {
		// A little slower than asked for: requests do not all take the same time to arrive, and it is the server that counts.
		limit = rate.Limit(0.95 * perSecond)
	}
	return &throttle{limiter: rate.NewLimiter(limit, 1)}
}

// wait returns when a request may be sent. It fails when ctx ends, or would end before that.
func (t *throttle) wait(ctx context.Context) error {
	for {
		if err := t.waitForServer(ctx); err != nil {
			return err
		}
		if err := t.waitForCap(ctx); err != nil {
			return err
		}
		// The server may have asked for a wait while the request was waiting for the cap.
		if t.left() <= 0 {
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
		left := t.left()
		if left <= 0 {
			return ctx.Err()
		}
		if err := checkWait(ctx, left); err != nil {
			return err
		}
		// The jitter keeps requests that waited together from being sent together.
		if err := pause(ctx, left+jitter(time.Second)); err != nil {
			return err
		}
	}
}

// left is how long the server still wants no request.
func (t *throttle) left() time.Duration {
	t.mu.Lock()
	defer t.mu.Unlock()
	return time.Until(t.until)
}

// obey takes note of a response that asks for a wait.
func (t *throttle) obey(resp *http.Response, attempt int) {
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

// errCap is a cap that would keep a request waiting longer than its operation may take.
var errCap = errors.New("the cap on requests per second (max_requests_per_second) leaves no time for this request")

// WaitError is a wait that the server asks for and that is longer than what remains of the operation.
type WaitError struct{ asked, left time.Duration }

func (e *WaitError) Error() string {
	return fmt.Sprintf("the server asks to wait %s before the next request, but only %s are left for this operation",
		e.asked.Round(time.Second), e.left.Round(time.Second))
}

// checkWait returns an error if ctx would end before a wait of that length.
func checkWait(ctx context.Context, wait time.Duration) error {
	deadline, ok := ctx.Deadline()
	if left := time.Until(deadline); ok && wait > left {
		return &WaitError{asked: wait, left: left}
	}
	return nil
}

// Sleep waits. It fails when ctx ends, and at once if ctx would end before.
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

// The waits between two attempts if the server asks for none.
const (
	shortestWait = 500 * time.Millisecond
	longestWait  = 30 * time.Second
)

// backoff is the wait after an attempt (from 1): what the server asks for and some jitter on top, since it asks all of its
// clients for the same; else a random part of an exponentially growing time.
func backoff(attempt int, asked time.Duration) time.Duration {
	most := min(shortestWait<<min(attempt-1, 16), longestWait)
	own := most/2 + jitter(most/2)
	if asked >= own {
		return asked + jitter(shortestWait)
	}
	return own
}

func jitter(most time.Duration) time.Duration { return rand.N(most + 1) }

// maxRetryAfter is what a longer wait counts as: 136 years leave room for adding jitter.
const maxRetryAfter = math.MaxUint32 * time.Second

// retryAfter reads the header Retry-After, in seconds or as a date (RFC 9110, section 10.2.3). A negative number and
// what is neither count as absent, a date in the past as no wait.
func retryAfter(header http.Header) (time.Duration, bool) {
	value := header.Get("Retry-After")
	// A number out of range comes back as the largest one.
	if seconds, err := strconv.ParseUint(value, 10, 32); err == nil || errors.Is(err, strconv.ErrRange) {
		return time.Duration(seconds) * time.Second, true
	}
	at, err := http.ParseTime(value)
	if err != nil {
		return 0, false
	}
	return min(max(0, time.Until(at)), maxRetryAfter), true
}
