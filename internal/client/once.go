package client

import (
	"context"
	"errors"
	"net/http"
	"time"
)

// once makes attempts at a request that must not take effect twice. It is repeated if it cannot have arrived, or was refused
// with 429.
//
// Of every other end settle decides. It reports whether the request took effect after all, or sets the failure's OutcomeUnknown
// if that cannot be known. Neither says that a request that was in doubt did not take effect, and is repeated as well.
func (c *Client) once(ctx context.Context, attempt func(before int) error, settle func(*Error, doubt) bool) error {
	sent := 0
	for before := 0; ; before++ {
		err := attempt(before)
		var failure *Error
		if err == nil || !errors.As(err, &failure) {
			return err
		}
		doubt := doubtAfter(failure)
		sent += failure.Attempts
		failure.Attempts = sent
		if settle(failure, doubt) {
			return nil
		}
		if doubt == refused || failure.OutcomeUnknown || before >= c.retrying.RetryMax {
			return failure
		}
		if err := c.pause(ctx, before); err != nil {
			if _, ok := errors.AsType[*waitError](err); ok {
				failure.cause = err
			}
			return failure
		}
	}
}

// pause waits before a request is sent again. It fails if the operation would end before.
func (c *Client) pause(ctx context.Context, attempt int) error {
	// The attempt itself waits at the gate; who knows already that it would be in vain need not begin.
	if err := checkWait(ctx, c.direct.Transport.(*transport).gate.left()); err != nil {
		return err
	}
	return sleep(ctx, backoff(c.retrying.RetryWaitMin, c.retrying.RetryWaitMax, attempt, nil))
}

// doubt is what is known of a request that was not answered as the API promises.
type doubt int

const (
	refused     doubt = iota // without effect, and another attempt would end the same
	notArrived               // without effect
	inDoubt                  // perhaps with effect
	mayBeAtWork              // perhaps with effect, or about to have it
)

func doubtAfter(e *Error) doubt {
	var cut *cutError
	switch {
	case e.cause != nil && e.Attempts == 0:
		return refused // cancelled, or out of time, before it was sent
	case e.unconnected, isDialError(e.cause), isHandshakeError(e.cause), e.cause == nil && e.Status == http.StatusTooManyRequests:
		return notArrived
	case errors.As(e.cause, &cut), errors.Is(e.cause, errUnreadable), isTimeout(e.cause),
		e.cause == nil && (e.Status == http.StatusGatewayTimeout || e.Status == http.StatusRequestTimeout):
		return mayBeAtWork
	case e.cause != nil, e.Status >= 500:
		return inDoubt
	}
	return refused
}

func sleep(ctx context.Context, wait time.Duration) error {
	if err := checkWait(ctx, wait); err != nil {
		return err
	}
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-timer.C:
		return ctx.Err()
	}
}
