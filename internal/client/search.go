package client

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/pigello/terraform-provider-pigello/internal/client/model"
)

// looks are the waits before each look for an object that a creation may have made: several, over more than five seconds,
// since a server may be slow to show it.
var looks = []time.Duration{0, time.Second, 2 * time.Second, 2500 * time.Millisecond}

// lastLook is how long a look may go on after a cancellation. Whoever cancels wants an end, but also to find in the state what
// was made.
const lastLook = 850 * time.Millisecond

// errNoClock is an object that may be the one, if only one knew when it was made.
var errNoClock = errors.New("the answer does not tell when an object was made that is as declared")

// search is the search for the object that a creation may have made.
type search struct {
	*Collection
	query model.Query
	body  model.Body
	since time.Time // when it was sent, by our clock
}

// run looks for the object several times, and makes it this process's own. Without one, none tells whether there is
// none; if that cannot be told, the failure is completed with what stands against it.
func (s *search) run(ctx context.Context, failure *Error) (found model.Object, none bool) {
	looking, cancel := outlive(ctx, lastLook)
	defer cancel()
	var candidates []model.Object
	for _, wait := range looks {
		stopped := sleep(ctx, wait)
		var claimed bool
		var err error
		candidates, claimed, err = s.look(looking)
		if err != nil {
			failure.Search = err
			return nil, false
		}
		if len(candidates) == 1 && !claimed && s.client.owned.add(candidates[0].ID()) {
			return candidates[0], false
		}
		if stopped != nil || len(candidates) > 1 && !claimed {
			break
		}
		none = wait == looks[len(looks)-1]
	}
	for _, candidate := range candidates {
		failure.Candidates = append(failure.Candidates, candidate.ID())
	}
	return nil, none && len(candidates) == 0
}

// look returns the objects that are as the body says, made after it was sent, and that no state knows. They are claimed if
// another creation that is under way may have made one of them as well.
func (s *search) look(ctx context.Context) (found []model.Object, claimed bool, err error) {
	for entry, err := range s.list(ctx, s.query) {
		if err != nil {
			return nil, false, err
		}
		if s.client.owned.has(entry.object.ID()) || !s.Entity.IsAs(entry.object, s.body) {
			continue
		}
		made, _ := entry.object.Value(model.Field{Name: "created_at", Kind: model.Instant})
		text, _ := made.(string)
		at, err := time.Parse(time.RFC3339, text)
		if err != nil || entry.date.IsZero() {
			return nil, false, errNoClock
		}
		// By the server's clock. The header Date is precise to the second only, which errs to the safe side; so may be
		// created_at, which errs to the other.
		tolerance := 250 * time.Millisecond // between the clocks of several servers
		if at.Nanosecond() == 0 {
			tolerance = time.Second
		}
		if since := s.since.Add(entry.date.Sub(entry.at)).Add(-tolerance); at.Before(since) {
			continue
		}
		found = append(found, entry.object)
		claimed = claimed || s.client.underway.claims(s.Entity, s.body, entry.object)
	}
	return found, claimed, nil
}

// identifying returns the query for the objects that a body may have made, by what identifies them best.
func (c *Collection) identifying(body model.Body) model.Query {
	query := model.Query{}
	for _, name := range c.Entity.Identifying {
		m, _ := c.Entity.Field(name)
		if value, ok := m.Sent(body[name]).(string); ok {
			maps.Copy(query, m.Lookup(value))
			return query
		}
	}
	for _, group := range c.Entity.Groups {
		for _, name := range group {
			m, _ := c.Entity.Field(name)
			if value, ok := m.Sent(body[name]).(string); ok {
				query[name] = value
			}
		}
	}
	return query
}

// lockKey makes one text of a query: queries that ask for the same in another spelling may share it.
func lockKey(query model.Query) string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(query)) {
		b.WriteString("\n" + name + "=" + strings.ToLower(query[name]))
	}
	return b.String()
}

// outlive returns a context that ends a while after ctx is cancelled, and not after its deadline.
func outlive(ctx context.Context, while time.Duration) (context.Context, context.CancelFunc) {
	outliving, cancel := uncancelled(ctx)
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(while, cancel) })
	return outliving, func() { stop(); cancel() }
}

// uncancelled returns a context that ends at the deadline of ctx, whatever else becomes of that.
func uncancelled(ctx context.Context) (context.Context, context.CancelFunc) {
	if deadline, ok := ctx.Deadline(); ok {
		return context.WithDeadline(context.WithoutCancel(ctx), deadline)
	}
	return context.WithCancel(context.WithoutCancel(ctx))
}
