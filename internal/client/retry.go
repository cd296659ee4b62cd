package client

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
)

// checkRetry decides, for a request that may safely be repeated, whether another attempt is worth it.
func checkRetry(ctx context.Context, resp *http.Response, err error) (bool, error) {
	var wait *waitError
	switch {
	case err == nil && !isTemporary(resp.StatusCode):
		return false, nil
	case ctx.Err() != nil:
		return false, ctx.Err()
	case errors.As(err, &wait), errors.Is(err, errUnreadable), isMistaken(err):
		return false, err
	case err != nil:
		return true, nil //nolint:nilerr // an error here would end the attempts
	}
	if after, ok := retryAfter(resp.Header); ok {
		if err := checkWait(ctx, after); err != nil {
			return false, err
		}
	}
	return true, nil
}

func isTemporary(status int) bool {
	switch status {
	case http.StatusRequestTimeout, http.StatusLocked, http.StatusTooEarly, http.StatusTooManyRequests,
		http.StatusInternalServerError, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
}

// backoff is the wait before the attempt after number attempt (from 0): what the server asks for and some jitter on
// top, since it asks all of its clients for the same; else a random share of an exponentially growing time.
func backoff(shortest, longest time.Duration, attempt int, resp *http.Response) time.Duration {
	most := min(shortest<<min(attempt, 16), longest)
	own := most/2 + jitter(most/2)
	if resp != nil {
		if after, ok := retryAfter(resp.Header); ok && after >= own {
			return after + jitter(shortest)
		}
	}
	return own
}

func jitter(most time.Duration) time.Duration { return rand.N(most + 1) }

// longestWait is what a wait that is longer counts as: 136 years leave room for adding jitter.
const longestWait = math.MaxUint32 * time.Second

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
	return min(max(0, time.Until(at)), longestWait), true
}

// waitError is a wait that the server asks for and that would outlast the operation.
type waitError struct{ asked, left time.Duration }

func (e *waitError) Error() string {
	return fmt.Sprintf("the server asks to wait %s before the next request, but only %s are left for this operation",
		e.asked.Round(time.Second), e.left.Round(time.Second))
}

// checkWait returns an error if ctx would end before a wait of that length.
func checkWait(ctx context.Context, wait time.Duration) error {
	deadline, ok := ctx.Deadline()
	if left := time.Until(deadline); ok && wait > left {
		return &waitError{asked: wait, left: left}
	}
	return nil
}

// gate makes all requests of a client wait when the server has told one of them to.
type gate struct {
	mu    sync.Mutex
	until time.Time
}

// obey closes the gate for as long as an answer asks for.
func (g *gate) obey(resp *http.Response, attempt int) {
	after, ok := retryAfter(resp.Header)
	switch {
	case resp.StatusCode == http.StatusServiceUnavailable && ok:
	case resp.StatusCode != http.StatusTooManyRequests:
		return
	case !ok:
		after = time.Second << min(attempt-1, 4)
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if until := time.Now().Add(after); until.After(g.until) {
		g.until = until
	}
}

// left is how long the gate stays closed.
func (g *gate) left() time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	return time.Until(g.until)
}

// wait returns when the gate is open, at once if it is. It fails when ctx ends, or would end before the gate opens.
func (g *gate) wait(ctx context.Context) error {
	for {
		left := g.left()
		if left <= 0 {
			return ctx.Err()
		}
		if err := checkWait(ctx, left); err != nil {
			return err
		}
		// The jitter keeps those who waited together from leaving together.
		timer := time.NewTimer(left + jitter(time.Second))
		select {
		case <-ctx.Done():
			timer.Stop()
			return ctx.Err()
		case <-timer.C:
		}
	}
}
