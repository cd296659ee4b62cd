package client

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"time"
)

// Create makes an object exactly once, and returns it as the API answers it.
//
// The request is repeated only if it cannot have arrived, or was refused with 429. When it ends in doubt, the object is looked
// for by what identifies it: found, it is returned; not found in several looks, the request is sent again, unless the server
// may still be at work on it. When doubt remains, the error's OutcomeUnknown is set.
func (c *Collection) Create(ctx context.Context, body Body) (Object, error) {
	search := search{Collection: c, query: c.identifying(body), body: body}
	unlock, err := c.client.creates.lock(ctx, c.Entity.Name+lockKey(search.query))
	if err != nil {
		return nil, &Error{Entity: c.Entity, Method: http.MethodPost, Path: c.Entity.Path, cause: err}
	}
	defer unlock()
	defer c.client.underway.begin(c.Entity, body)()
	sent := 0
	for attempt := 0; ; attempt++ {
		object, err := c.post(ctx, body, attempt)
		if err == nil {
			return object, nil
		}
		var failure *Error
		if !errors.As(err, &failure) {
			return nil, err
		}
		doubt := doubtAfter(failure)
		sent += failure.Attempts
		failure.Attempts = sent
		if doubt >= inDoubt && search.since.IsZero() {
			// Not the time of the last attempt: the server may show only later what the first one made.
			search.since = failure.sent
		}
		if doubt >= inDoubt || failure.saysTaken() && !search.since.IsZero() {
			object, none := search.run(ctx, failure)
			if object != nil {
				c.client.adopted.add(object.ID())
				return object, nil
			}
			failure.OutcomeUnknown = doubt == mayBeAtWork || doubt == inDoubt && !none
		}
		if doubt == refused || failure.OutcomeUnknown || attempt >= c.client.retrying.RetryMax {
			return nil, failure
		}
		if err := c.client.pause(ctx, attempt); err != nil {
			if _, ok := errors.AsType[*waitError](err); ok {
				failure.cause = err
			}
			return nil, failure
		}
	}
}

func (c *Collection) post(ctx context.Context, body Body, before int) (Object, error) {
	r := request{method: http.MethodPost, path: c.Entity.Path, body: body, once: true, before: before}
	answer, err := c.client.send(ctx, c.Entity, r)
	if err != nil {
		return nil, err
	}
	object, err := answer.object()
	if err != nil {
		return nil, err
	}
	if !c.client.owned.add(object.ID()) {
		return nil, answer.unreadable("the API promises a new object, and this one is in a state already")
	}
	return object, nil
}

// pause waits before a creation is sent again. It fails if the operation would end before.
func (c *Client) pause(ctx context.Context, attempt int) error {
	// The attempt itself waits at the gate; who knows already that it would be in vain need not begin.
	if err := checkWait(ctx, c.direct.Transport.(*transport).gate.left()); err != nil {
		return err
	}
	return sleep(ctx, backoff(c.retrying.RetryWaitMin, c.retrying.RetryWaitMax, attempt, nil))
}

// doubt is what is known of a creation that was not answered as the API promises.
type doubt int

const (
	refused     doubt = iota // not made, and another attempt would end the same
	notArrived               // not made
	inDoubt                  // perhaps made
	mayBeAtWork              // perhaps made, or about to be
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

// saysTaken reports whether the server refuses a value because another object has it.
func (e *Error) saysTaken() bool {
	return e.Status == http.StatusConflict || saysTaken(e.Message) ||
		slices.ContainsFunc(e.Refused, func(refused MemberError) bool { return refused.Taken })
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
