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

// Search is what was found of the object that a creation in doubt may have made.
type Search struct {
	Result Result
	Object model.Object // if it was found
	IDs    []string     // of the near matches, or of the several
	Err    error        // why it could not look
}

// Result is how a search ended.
type Result int

const (
	// None is no object that the creation can have made.
	None Result = iota
	// Found is exactly one object that the creation has made.
	Found
	// NearMatch is an object that the creation may have made: it is about as old, and the same person, but not all of it is as
	// declared, or the clocks do not agree.
	NearMatch
	// Several are objects each of which the creation can have made.
	Several
	// CouldNotLook is a search that failed.
	CouldNotLook
)

// searchDelays are the waits before each look for an object that a creation may have made: several, over more than five seconds,
// since a server may be slow to show it.
var searchDelays = []time.Duration{0, time.Second, 2 * time.Second, 2500 * time.Millisecond}

const (
	// lastLook is how long a look may go on after a cancellation. The user wants an end, but also to find in the state what was made.
	lastLook = 850 * time.Millisecond
	// clockTolerance is how far created_at and the header Date of one server may differ. Date is precise to the second only.
	clockTolerance = time.Second
	// recently is how much older than the creation an object may seem that the creation has made: the clocks of a gateway and of a
	// database may differ by minutes.
	recently = 10 * time.Minute
	// recentPage is how many of the newest objects one request shows.
	recentPage = 100
)

// search is the search for the object that a creation may have made.
type search struct {
	*Collection
	key   []model.Field // by which the object is looked for
	query model.Query
	body  model.Body
	since time.Time // when the creation was sent, by our clock
	clock clock     // of the server, as the last look has shown it
}

// sighting is one look.
type sighting struct {
	exact   []model.Object // as declared, and made after the creation was sent
	near    []string       // ids of those that may be it
	claimed bool           // another creation that is pending may have made one of the exact ones
}

// run looks for the object several times, and makes it this process's own.
func (s *search) run(ctx context.Context) Search {
	looking, cancel := outlive(ctx, lastLook)
	defer cancel()
	var last sighting
	for _, delay := range searchDelays {
		canceled := transport.Sleep(ctx, delay)
		var err error
		if last, err = s.look(looking); err != nil {
			return Search{Result: CouldNotLook, Err: err}
		}
		if len(last.exact) == 1 && !last.claimed && s.client.managed.add(last.exact[0].ID()) {
			return Search{Result: Found, Object: last.exact[0]}
		}
		if canceled != nil {
			return s.undecided(last, canceled)
		}
		if len(last.exact) > 1 && !last.claimed {
			return s.undecided(last, nil)
		}
	}
	if len(last.exact) == 0 && len(last.near) == 0 {
		// The server may have changed the very value that the object was looked for by.
		var err error
		if last.near, err = s.recentLikeness(looking); err != nil {
			return Search{Result: CouldNotLook, Err: err}
		}
	}
	return s.undecided(last, nil)
}

func (s *search) undecided(last sighting, err error) Search {
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

// look lists the objects with the key of the body.
func (s *search) look(ctx context.Context) (sighting, error) {
	var seen sighting
	walk := s.walk(s.query, s.Entity.ByID(), pageSize)
	for entry, err := range walk.objects(ctx) {
		if err != nil {
			return sighting{}, err
		}
		if !s.hasKey(entry.object) || !s.unknown(entry.object) || s.client.pending.explains(s.Entity, s.body, entry.object) {
			continue
		}
		switch age, ok := s.age(entry); {
		case ok && age > clockTolerance+recently:
		case !ok, age > clockTolerance, !s.Entity.IsAs(entry.object, s.body), s.client.deleted.has(entry.object.ID()):
			seen.near = append(seen.near, entry.object.ID())
		default:
			seen.exact = append(seen.exact, entry.object)
			seen.claimed = seen.claimed || s.client.pending.claims(s.Entity, s.body, entry.object)
		}
	}
	s.clock = walk.clock
	return seen, nil
}

// recentLikeness lists the newest objects, and returns the ids of those that look like the body although their key is another.
func (s *search) recentLikeness(ctx context.Context) ([]string, error) {
	created, _ := s.Entity.Field("created_at")
	by, err := s.Entity.Ordering([]string{"-" + created.Name})
	if err != nil {
		return nil, err
	}
	query := model.Query{"_order_by": by.String()}
	if since, ok := s.clock.at(s.since); ok {
		query[created.Name+"__gte"] = since.Add(-clockTolerance - recently).UTC().Format(time.RFC3339)
	}
	var ids []string
	walk := s.walk(query, by, recentPage)
	for entry, err := range walk.objects(ctx) {
		if err != nil {
			return nil, err
		}
		age, ok := s.age(entry)
		if ok && age > clockTolerance+recently {
			if walk.mixed {
				continue
			}
			break // the server does not filter, but the newest come first
		}
		if s.unknown(entry.object) && s.Entity.Resembles(entry.object, s.body) && !s.client.pending.explains(s.Entity, s.body, entry.object) {
			ids = append(ids, entry.object.ID())
		}
	}
	return ids, nil
}

// unknown reports whether no state of this process knows an object.
func (s *search) unknown(object model.Object) bool {
	return !s.client.managed.has(object.ID()) || s.client.deleted.has(object.ID())
}

// hasKey reports whether an object is one of those that were looked for, in whatever spelling: a server may ignore the filter. A key
// that the API hides may be the same.
func (s *search) hasKey(object model.Object) bool {
	for _, field := range s.key {
		have, err := object.Value(field)
		if err == nil && have != nil && !field.Kind.Resembles(field.Sent(s.body[field.Name]), have) {
			return false
		}
	}
	return true
}

// age is how much older than the creation an object is by the server's clock. ok is false if that cannot be known.
func (s *search) age(entry listed) (age time.Duration, ok bool) {
	field, _ := s.Entity.Field("created_at")
	made, _ := entry.object.Value(field)
	text, _ := made.(string)
	at, err := time.Parse(time.RFC3339, text)
	since, ok := entry.clock.at(s.since)
	return since.Sub(at), ok && err == nil
}

// identifying returns the fields of a body that identify its object best, and the query for the objects that have the same.
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

// lockKey makes one text of a query: queries that ask for the same in another spelling may share it.
func lockKey(query model.Query) string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(query)) {
		b.WriteString("\n" + name + "=" + strings.ToLower(query[name]))
	}
	return b.String()
}

// outlive returns a context that ends a while after ctx is canceled, and not after its deadline.
func outlive(ctx context.Context, while time.Duration) (context.Context, context.CancelFunc) {
	outliving, cancel := uncanceled(ctx)
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(while, cancel) })
	return outliving, func() { stop(); cancel() }
}

// uncanceled returns a context that ends at the deadline of ctx, and not when ctx is canceled.
func uncanceled(ctx context.Context) (context.Context, context.CancelFunc) {
	if deadline, ok := ctx.Deadline(); ok {
		return context.WithDeadline(context.WithoutCancel(ctx), deadline)
	}
	return context.WithCancel(context.WithoutCancel(ctx))
}
