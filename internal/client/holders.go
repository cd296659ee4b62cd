package client

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/pigello/terraform-provider-pigello/internal/client/model"
)

// Claim is a value that an object which is about to be created will have.
type Claim struct {
	Field model.Field
	Value string
	// Unsent keeps the value out of every address. It is only compared with what is known without asking for it.
	Unsent bool
}

// Holders returns, for each claim of one creation, the ids of the objects that have the value already, in whatever spelling. After an
// error the ids that were found count, but others may be missing.
//
// Creations that come together share requests: one for each field, with the values of all. When many creations come, whole pages of the
// collection are read instead, as long as that costs less, and answer all that follow without a request. What was read once is not
// read again: the answers are for a plan, which ends within moments. Nor is anything sent after a failure.
func (c *Collection) Holders(ctx context.Context, claims []Claim) ([][]string, error) {
	q := &creationClaims{claims: claims, found: make([][]string, len(claims)), ctx: ctx, done: make(chan struct{})}
	h := c.client.holdersOf(c)
	h.enter(q)
	select {
	case <-q.done:
		return q.found, q.err
	case <-ctx.Done():
		h.leave(q)
		return nil, context.Cause(ctx)
	}
}

const (
	// Creations that Terraform plans at the same time come within some milliseconds, or more on a busy machine. A search waits until no
	// more come for a while, but not for long.
	lull           = 100 * time.Millisecond
	gatheringLimit = 500 * time.Millisecond
	// searchLimit is how long a plan waits for a search.
	searchLimit = 30 * time.Second
	// Terraform plans ten at once. So many, or so many searches where it plans fewer, are likely to be followed by more.
	manyCreations = 5
	fewSearches   = 2
)

// holders looks for those who have the values that creations claim.
type holders struct {
	objects *Collection

	mu        sync.Mutex
	queue     []*creationClaims // who waits for the next search
	oldest    time.Time         // when the first of them came
	timer     *time.Timer       // begins the next search
	searching bool              // a search is under way, and what is below belongs to it
	err       error             // of the search that failed

	seen     int // creations that have asked
	searches int
	lists    filteredLists
	catalog  catalog
}

// creationClaims are the claims of one creation that waits.
type creationClaims struct {
	claims []Claim
	found  [][]string
	err    error
	ctx    context.Context
	done   chan struct{} // closed when found and err are set
	left   func()        // tells the search under way that nobody waits for this answer; nil before it
}

// holdersOf returns the search of a collection, one for each entity.
func (c *Client) holdersOf(objects *Collection) *holders {
	c.holdersMu.Lock()
	defer c.holdersMu.Unlock()
	h := c.holders[objects.Entity.Name]
	if h == nil {
		h = &holders{objects: objects, lists: newFilteredLists(objects), catalog: newCatalog(objects)}
		if c.holders == nil {
			c.holders = map[string]*holders{}
		}
		c.holders[objects.Entity.Name] = h
	}
	return h
}

// enter answers at once what is known, and lets others wait for a search.
func (h *holders) enter(q *creationClaims) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.seen++
	switch {
	case h.err != nil:
		q.err = h.err
		close(q.done)
	case !h.searching && h.catalog.answersAll(q.claims):
		h.answer(q, nil)
	default:
		if h.queue = append(h.queue, q); len(h.queue) == 1 {
			h.oldest = time.Now()
		}
		h.gather()
	}
}

func (h *holders) leave(q *creationClaims) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.queue = slices.DeleteFunc(h.queue, func(other *creationClaims) bool { return other == q })
	if q.left != nil {
		q.left()
	}
}

// gather lets the next search begin when no more creations come. The mutex must be held.
func (h *holders) gather() {
	if h.searching || len(h.queue) == 0 {
		return
	}
	wait := max(0, min(lull, time.Until(h.oldest.Add(gatheringLimit))))
	if len(h.queue) >= maxIDs {
		wait = 0
	}
	if h.timer == nil {
		h.timer = time.AfterFunc(wait, h.search)
		return
	}
	h.timer.Reset(wait)
}

// search looks for the claims of those who wait.
func (h *holders) search() {
	h.mu.Lock()
	if h.searching || len(h.queue) == 0 {
		h.mu.Unlock()
		return
	}
	n := min(len(h.queue), maxIDs)
	batch := h.queue[:n:n]
	h.queue = h.queue[n:]
	h.searching = true
	h.searches++
	// One creation's cancellation is not to end what others wait for.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(batch[0].ctx), searchLimit)
	waiting := n
	for _, q := range batch {
		q.left = func() {
			if waiting--; waiting == 0 {
				cancel()
			}
		}
	}
	many := h.seen >= manyCreations || h.searches > fewSearches
	seen := h.seen
	h.mu.Unlock()

	found, err := h.find(ctx, batch, many, seen)

	cancel()
	h.mu.Lock()
	defer h.mu.Unlock()
	h.searching = false
	h.err = err
	for _, q := range batch {
		q.err = err
		h.answer(q, found)
	}
	if err != nil {
		for _, q := range h.queue {
			q.err = err
			close(q.done)
		}
		h.queue = nil
	}
	h.oldest = time.Now()
	h.gather()
}

// answer ends a wait.
func (h *holders) answer(q *creationClaims, found byValue) {
	for i, claim := range q.claims {
		q.found[i] = h.catalog.ids(claim)
		if !h.catalog.answers(claim.Field) {
			for _, id := range found[keyOf(claim.Field, claim.Value)] {
				if !slices.Contains(q.found[i], id) {
					q.found[i] = append(q.found[i], id)
				}
			}
		}
	}
	close(q.done)
}

// find returns who has the values that a batch claims, but for what the catalog answers.
func (h *holders) find(ctx context.Context, batch []*creationClaims, many bool, seen int) (byValue, error) {
	fields := fieldsOf(batch)
	if many && len(fields) > 0 {
		requests := len(fields) * ((seen + maxIDs - 1) / maxIDs)
		if err := h.catalog.read(ctx, requests+h.lists.sent); err != nil {
			return nil, err
		}
	}
	found := byValue{}
	for _, field := range fields {
		if err := h.catalog.settle(ctx, field); err != nil {
			return found, err
		}
		if h.catalog.answers(field) {
			continue
		}
		err := h.lists.find(ctx, field, valuesOf(batch, field), found)
		if err == errFiltersIgnored { //nolint:errorlint // it is never wrapped
			return found, h.catalog.readAll(ctx, fields)
		}
		if err != nil {
			return found, err
		}
	}
	return found, nil
}

// fieldsOf returns the fields whose values may be asked for.
func fieldsOf(batch []*creationClaims) []model.Field {
	var fields []model.Field
	for _, q := range batch {
		for _, claim := range q.claims {
			known := slices.ContainsFunc(fields, func(f model.Field) bool { return f.Name == claim.Field.Name })
			if !known && !claim.Unsent {
				fields = append(fields, claim.Field)
			}
		}
	}
	return fields
}

// valuesOf returns the values of a field that may be sent, each once.
func valuesOf(batch []*creationClaims, field model.Field) []string {
	var values []string
	seen := map[string]bool{}
	for _, q := range batch {
		for _, claim := range q.claims {
			if key := keyOf(field, claim.Value); claim.Field.Name == field.Name && !claim.Unsent && !seen[key] {
				seen[key] = true
				values = append(values, claim.Value)
			}
		}
	}
	return values
}

// byValue are ids of objects by the key of a value that they have.
type byValue map[string][]string

func (b byValue) add(key, id string) {
	if !slices.Contains(b[key], id) {
		b[key] = append(b[key], id)
	}
}

// keyOf is what all spellings of a field's value share.
func keyOf(field model.Field, value string) string {
	return field.Name + "\x00" + field.Kind.Key(value)
}
