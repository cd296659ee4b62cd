package client

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/pigello/terraform-provider-pigello/internal/client/model"
	"github.com/pigello/terraform-provider-pigello/internal/client/transport"
)

// Search is the result of the search for the object that a creation may have created.
type Search struct {
	Result Result
	Object model.Object // of Found
	IDs    []string     // of NearMatch and Several
	Err    error        // of CouldNotLook
}

// Result is how a search ended.
type Result int

const (
	// None means that there is no object which the creation can have created.
	None Result = iota
	// Found is exactly one object that the creation has created.
	Found
	// NearMatch is an object that the creation may have created: it is the same person, and about as old, but some fields differ from the
	// declared values, or the clocks do not agree.
	NearMatch
	// Several means that the creation can have created each of several objects.
	Several
	// CouldNotLook is a search that failed.
	CouldNotLook
)

// searchDelays are the waits before each search for the object: several, over more than five seconds, since a server may show a new
// object late.
var searchDelays = []time.Duration{0, time.Second, 2 * time.Second, 2500 * time.Millisecond}

const (
	// graceAfterCancel is how long a search may continue after a cancellation: an object that was created should still enter the state.
	graceAfterCancel = 850 * time.Millisecond
	// clockTolerance is how far created_at and the header Date of one server may differ: Date has no fractions of a second.
	clockTolerance = time.Second
	// maxClockSkew is by how much an object may seem older than the creation that has created it: the clocks of a gateway and of a database
	// may differ by minutes.
	maxClockSkew = 10 * time.Minute
	// recentPage is the page size of the list of the newest objects.
	recentPage = 100
)

// search searches for the object that a creation may have created.
type search struct {
	*Collection
	key   []model.Field // the fields to search by
	query model.Query
	body  model.Body
	since time.Time // when the creation was sent, by our clock
	clock clock     // of the last search
}

// lookResult is what one search has found.
type lookResult struct {
	exact  []model.Object // objects as declared, created after the creation was sent
	near   []string       // ids of objects that may be it
	shared bool           // another pending creation may have created one of the exact ones
}

// run searches several times. The object that it finds belongs to this process from then on.
func (s *search) run(ctx context.Context) Search {
	looking, cancel := withGrace(ctx, graceAfterCancel)
	defer cancel()
	var last lookResult
	for _, delay := range searchDelays {
		canceled := transport.Sleep(ctx, delay)
		var err error
		if last, err = s.look(looking); err != nil {
			return Search{Result: CouldNotLook, Err: err}
		}
		if len(last.exact) == 1 && !last.shared && s.client.managed.add(last.exact[0].ID()) {
			return Search{Result: Found, Object: last.exact[0]}
		}
		if canceled != nil {
			return s.undecided(last, canceled)
		}
		if len(last.exact) > 1 && !last.shared {
			return s.undecided(last, nil)
		}
	}
	if len(last.exact) == 0 && len(last.near) == 0 {
		// The server may have changed the value of the key.
		var err error
		if last.near, err = s.recentNearMatches(looking); err != nil {
			return Search{Result: CouldNotLook, Err: err}
		}
	}
	return s.undecided(last, nil)
}

func (s *search) undecided(last lookResult, err error) Search {
	ids := last.near
	for _, object := range last.exact {
		ids = append(ids, object.ID())
	}
	switch {
	case len(last.exact) > 1:
		return Search{Result: Several, IDs: ids}
	case len(ids) > 0:
		return Search{Result: NearMatch, IDs: ids}
	case err != nil:
		return Search{Result: CouldNotLook, Err: err}
	}
	return Search{Result: None}
}

// look searches once, by the key of the body.
func (s *search) look(ctx context.Context) (lookResult, error) {
	var seen lookResult
	walk := s.walk(s.query, s.Entity.ByID(), pageSize)
	for entry, err := range walk.objects(ctx) {
		if err != nil {
			return lookResult{}, err
		}
		if !s.hasKey(entry.object) || !s.isUnmanaged(entry.object) || s.client.pending.isMadeByOther(s.Entity, s.body, entry.object) {
			continue
		}
		switch age, ok := s.age(entry); {
		case ok && age > clockTolerance+maxClockSkew:
		case !ok, age > clockTolerance, !s.Entity.HasValuesOf(entry.object, s.body), s.client.deleted.has(entry.object.ID()):
			seen.near = append(seen.near, entry.object.ID())
		default:
			seen.exact = append(seen.exact, entry.object)
			seen.shared = seen.shared || s.client.pending.othersMayHaveMade(s.Entity, s.body, entry.object)
		}
	}
	s.clock = walk.clock
	return seen, nil
}

// recentNearMatches lists the newest objects, and returns the ids of those that resemble the body although their key differs.
func (s *search) recentNearMatches(ctx context.Context) ([]string, error) {
	created, _ := s.Entity.Field("created_at")
	by, err := s.Entity.Ordering([]string{"-" + created.Name})
	if err != nil {
		return nil, err
	}
	query := model.Query{"_order_by": by.String()}
	if since, ok := s.clock.at(s.since); ok {
		query[created.Name+"__gte"] = since.Add(-clockTolerance - maxClockSkew).UTC().Format(time.RFC3339)
	}
	var ids []string
	walk := s.walk(query, by, recentPage)
	for entry, err := range walk.objects(ctx) {
		if err != nil {
			return nil, err
		}
		age, ok := s.age(entry)
		if ok && age > clockTolerance+maxClockSkew {
			if walk.unordered {
				continue
			}
			break // the server ignores the filter, but the newest objects come first
		}
		if s.isUnmanaged(entry.object) && s.Entity.Resembles(entry.object, s.body) && !s.client.pending.isMadeByOther(s.Entity, s.body, entry.object) {
			ids = append(ids, entry.object.ID())
		}
	}
	return ids, nil
}

// isUnmanaged reports whether an object is in no state of this process.
func (s *search) isUnmanaged(object model.Object) bool {
	return !s.client.managed.has(object.ID()) || s.client.deleted.has(object.ID())
}

// hasKey reports whether an object has the key of the body, in any spelling: a server may ignore the filter. A key that the API hides
// counts as the same.
func (s *search) hasKey(object model.Object) bool {
	for _, field := range s.key {
		have, err := object.Value(field)
		if err == nil && have != nil && !field.Kind.Resembles(field.Sent(s.body[field.Name]), have) {
			return false
		}
	}
	return true
}

// age is how much older than the creation an object is, by the server's clock. ok is false if that is not known.
func (s *search) age(entry listed) (age time.Duration, ok bool) {
	field, _ := s.Entity.Field("created_at")
	made, _ := entry.object.Value(field)
	text, _ := made.(string)
	at, err := time.Parse(time.RFC3339, text)
	since, ok := entry.clock.at(s.since)
	return since.Sub(at), ok && err == nil
}

// identifying returns the fields of a body that identify its object best, and the query for objects with the same values.
func (c *Collection) identifying(body model.Body) ([]model.Field, model.Query) {
	for _, name := range c.Entity.Identifying {
		field, _ := c.Entity.Field(name)
		if value, ok := field.Sent(body[name]).(string); ok {
			return []model.Field{field}, field.Lookup(value)
		}
	}
	var fields []model.Field
	query := model.Query{}
	for _, group := range c.Entity.Groups {
		for _, name := range group.Fields {
			field, _ := c.Entity.Field(name)
			if value, ok := field.Sent(body[name]).(string); ok {
				fields = append(fields, field)
				query[name] = value
			}
		}
	}
	return fields, query
}

// lockKey returns a key of a query that does not depend on the case of its values.
func lockKey(query model.Query) string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(query)) {
		b.WriteString("\n" + name + "=" + strings.ToLower(query[name]))
	}
	return b.String()
}

// withGrace returns a context that ends some time after ctx is canceled, but not after its deadline.
func withGrace(ctx context.Context, grace time.Duration) (context.Context, context.CancelFunc) {
	longer, cancel := uncanceled(ctx)
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(grace, cancel) })
	return longer, func() { stop(); cancel() }
}

// uncanceled returns a context that ends at the deadline of ctx, and not when ctx is canceled.
func uncanceled(ctx context.Context) (context.Context, context.CancelFunc) {
	if deadline, ok := ctx.Deadline(); ok {
		return context.WithDeadline(context.WithoutCancel(ctx), deadline)
	}
	return context.WithCancel(context.WithoutCancel(ctx))
}
