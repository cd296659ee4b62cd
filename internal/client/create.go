package client

import (
	"context"
	"errors"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"
)

// looks are the waits before each look for an object that a creation may have made: several, over more than five seconds,
// since a server may be slow to show it.
var looks = []time.Duration{0, time.Second, 2 * time.Second, 2500 * time.Millisecond}

// Create makes an object exactly once, and returns it as the API answers it.
//
// The request is repeated only if it cannot have arrived, or was refused with 429. When it ends in doubt, the object is looked
// for by what identifies it: found, it is returned; not found in several looks, the request is sent again, unless the server
// may still be at work on it. When doubt remains, the error's OutcomeUnknown is set.
func (c *Collection) Create(ctx context.Context, body Body) (Object, error) {
	query := c.identifying(body)
	unlock, err := c.client.creates.lock(ctx, c.Entity.Name+lockKey(query))
	if err != nil {
		return nil, err
	}
	defer unlock()
	for attempt := 0; ; attempt++ {
		sent := time.Now()
		object, err := c.post(ctx, body)
		if err == nil {
			c.client.owned.add(object.ID())
			return object, nil
		}
		var failure *Error
		if !errors.As(err, &failure) {
			return nil, err
		}
		failure.Attempts = attempt + 1
		doubt := doubtAfter(failure)
		if doubt == inDoubt || doubt == mayBeAtWork {
			object, err := c.recover(ctx, query, body, sent, failure)
			if object != nil || err != nil {
				return object, err
			}
			if doubt == mayBeAtWork {
				failure.OutcomeUnknown = true
				return nil, failure
			}
		}
		if doubt == refused || attempt >= c.client.retrying.RetryMax {
			return nil, failure
		}
		if sleep(ctx, backoff(c.client.retrying.RetryWaitMin, c.client.retrying.RetryWaitMax, attempt, nil)) != nil {
			return nil, failure
		}
	}
}

func (c *Collection) post(ctx context.Context, body Body) (Object, error) {
	answer, err := c.client.send(ctx, c.Entity, request{method: http.MethodPost, path: c.Entity.Path, body: body, once: true})
	if err != nil {
		return nil, err
	}
	return answer.object()
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
	var wait *waitError
	var cut *cutError
	switch {
	case errors.As(e.cause, &wait), e.cause != nil && e.Attempts == 0:
		return refused
	case isDialError(e.cause), isHandshakeError(e.cause), e.cause == nil && e.Status == http.StatusTooManyRequests:
		return notArrived
	case errors.As(e.cause, &cut), errors.Is(e.cause, errUnreadable), isTimeout(e.cause),
		e.cause == nil && (e.Status == http.StatusGatewayTimeout || e.Status == http.StatusRequestTimeout):
		return mayBeAtWork
	case e.cause != nil, e.Status >= 500:
		return inDoubt
	}
	return refused
}

// recover looks for the object that a creation in doubt may have made. It returns nothing if there is none, and an error if
// that cannot be told.
func (c *Collection) recover(ctx context.Context, query Query, body Body, sent time.Time, failure *Error) (Object, error) {
	for _, wait := range looks {
		if sleep(ctx, wait) != nil {
			break
		}
		candidates, err := c.madeSince(ctx, query, body, sent)
		if err != nil {
			break
		}
		if len(candidates) == 1 && c.client.owned.add(candidates[0].ID()) {
			return candidates[0], nil
		}
		if len(candidates) > 0 {
			for _, candidate := range candidates {
				failure.Candidates = append(failure.Candidates, candidate.ID())
			}
			break
		}
		if wait == looks[len(looks)-1] {
			return nil, nil
		}
	}
	failure.OutcomeUnknown = true
	return nil, failure
}

// madeSince returns the objects that are as the body says, made after it was sent, and that no state knows.
func (c *Collection) madeSince(ctx context.Context, query Query, body Body, sent time.Time) ([]Object, error) {
	var found []Object
	for entry, err := range c.list(ctx, query) {
		if err != nil {
			return nil, err
		}
		// When it was sent by the server's clock, with a second of tolerance: the header Date and created_at may be
		// precise to the second only.
		since := sent
		if !entry.date.IsZero() {
			since = sent.Add(entry.date.Sub(entry.at)).Add(-time.Second)
		}
		created, _ := entry.object.Value(Member{Name: "created_at", Kind: Instant})
		text, _ := created.(string)
		at, err := time.Parse(time.RFC3339, text)
		if err == nil && !at.Before(since) && !c.client.owned.has(entry.object.ID()) && c.isAs(entry.object, body) {
			found = append(found, entry.object)
		}
	}
	return found, nil
}

// isAs reports whether an object holds what a body says. A member that the API answers with null may be hidden.
func (c *Collection) isAs(object Object, body Body) bool {
	for _, m := range c.Entity.Members {
		encoded, sent := body[m.Name]
		if !sent {
			continue
		}
		have, err := object.Value(m)
		if err != nil || have != nil && !m.Kind.Equal(have, m.Sent(encoded)) {
			return false
		}
	}
	return true
}

// identifying returns the query for the objects that a body may have made, by what identifies them best.
func (c *Collection) identifying(body Body) Query {
	query := Query{}
	for _, name := range c.Entity.Identifying {
		m, _ := c.Entity.Member(name)
		if value, ok := m.Sent(body[name]).(string); ok {
			for parameter, value := range m.query(value) {
				query[parameter] = value
			}
			return query
		}
	}
	for _, group := range c.Entity.Groups {
		for _, name := range group {
			m, _ := c.Entity.Member(name)
			if value, ok := m.Sent(body[name]).(string); ok {
				query[name] = value
			}
		}
	}
	return query
}

// lockKey makes one text of a query: queries that ask for the same in another spelling may share it.
func lockKey(query Query) string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(query)) {
		b.WriteString("\n" + name + "=" + strings.ToLower(query[name]))
	}
	return b.String()
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
