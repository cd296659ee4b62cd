package client

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/pigello/terraform-provider-pigello/internal/client/model"
)

// KeyValue is a value of a key that a new object will have.
type KeyValue struct {
	Field model.Field
	Value string
	// LocalOnly keeps the value out of every address: it is only compared with values that are known without asking for it.
	LocalOnly bool
}

// Holders returns, for each key value of one new object, the ids of the objects that have it already, in any spelling. They are the
// holders of the value. If there is an error, the ids are correct, but others may be missing.
//
// Calls at about the same time share requests: one for each field, with the values of all calls. If there are many calls, pages of the
// collection are read instead, as long as that takes fewer requests; later calls then need no request. Nothing is read twice, since a plan
// ends soon, and nothing is sent after an error.
func (c *Collection) Holders(ctx context.Context, values []KeyValue) ([][]string, error) {
	q := &holderQuery{values: values, found: make([][]string, len(values)), ctx: ctx, done: make(chan struct{})}
	h := c.client.searchOf(c)
	h.add(q)
	select {
	case <-q.done:
		return q.found, q.err
	case <-ctx.Done():
		h.remove(q)
		return nil, context.Cause(ctx)
	}
}

const (
	// The calls for creations that Terraform plans in parallel arrive within some milliseconds, or more on a slow machine. A search begins
	// when no call has arrived for gatherPause, or after maxGather.
	gatherPause = 100 * time.Millisecond
	maxGather   = 500 * time.Millisecond
	// searchLimit is how long a plan waits for a search.
	searchLimit = 30 * time.Second
	// After this many creations, or more searches than this, many more are likely: Terraform plans at most ten objects in parallel.
	manyCreations = 5
	fewSearches   = 2
)

// holderSearch finds the holders of values in one collection.
type holderSearch struct {
	objects *Collection

	mu        sync.Mutex
	queue     []*holderQuery // queries that wait for the next search
	oldest    time.Time      // when the first of them arrived
	timer     *time.Timer    // begins the next search
	searching bool           // while it is set, the running search owns lists and index
	err       error          // of the search that failed

	queries  int // all so far
	searches int
	lists    filteredLists
	index    holderIndex
}

// holderQuery is one call of Holders.
type holderQuery struct {
	values  []KeyValue
	found   [][]string
	err     error
	ctx     context.Context
	done    chan struct{} // closed when found and err are set
	abandon func()        // tells the running search that the caller has gone; nil before the search
}

// holdersOf returns the search of a collection, one for each entity.
func (c *Client) searchOf(objects *Collection) *holderSearch {
	c.searchesMu.Lock()
	defer c.searchesMu.Unlock()
	h := c.searches[objects.Entity.Name]
	if h == nil {
		h = &holderSearch{objects: objects, lists: newFilteredLists(objects), index: newHolderIndex(objects)}
		if c.searches == nil {
			c.searches = map[string]*holderSearch{}
		}
		c.searches[objects.Entity.Name] = h
	}
	return h
}

// add resolves a query at once if its results are known, or puts it into the queue.
func (h *holderSearch) add(q *holderQuery) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.queries++
	switch {
	case h.err != nil:
		q.err = h.err
		close(q.done)
	case !h.searching && h.index.coversAll(q.values):
		h.resolve(q, nil)
	default:
		if h.queue = append(h.queue, q); len(h.queue) == 1 {
			h.oldest = time.Now()
		}
		h.gather()
	}
}

func (h *holderSearch) remove(q *holderQuery) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.queue = slices.DeleteFunc(h.queue, func(other *holderQuery) bool { return other == q })
	if q.abandon != nil {
		q.abandon()
	}
}

// gather sets the timer for the next search. The mutex must be held.
func (h *holderSearch) gather() {
	if h.searching || len(h.queue) == 0 {
		return
	}
	wait := max(0, min(gatherPause, time.Until(h.oldest.Add(maxGather))))
	if len(h.queue) >= maxIDs {
		wait = 0
	}
	if h.timer == nil {
		h.timer = time.AfterFunc(wait, h.search)
		return
	}
	h.timer.Reset(wait)
}

// search searches for the values of the queries in the queue.
func (h *holderSearch) search() {
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
	// Other queries wait for this search, too, so the cancellation of one does not end it.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(batch[0].ctx), searchLimit)
	waiting := n
	for _, q := range batch {
		q.abandon = func() {
			if waiting--; waiting == 0 {
				cancel()
			}
		}
	}
	many := h.queries >= manyCreations || h.searches > fewSearches
	seen := h.queries
	h.mu.Unlock()

	found, err := h.find(ctx, batch, many, seen)

	cancel()
	h.mu.Lock()
	defer h.mu.Unlock()
	h.searching = false
	h.err = err
	for _, q := range batch {
		q.err = err
		h.resolve(q, found)
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

// resolve ends the wait of a query.
func (h *holderSearch) resolve(q *holderQuery, found byValue) {
	for i, value := range q.values {
		q.found[i] = h.index.idsOf(value)
		if !h.index.covers(value.Field) {
			for _, id := range found[keyOf(value.Field, value.Value)] {
				if !slices.Contains(q.found[i], id) {
					q.found[i] = append(q.found[i], id)
				}
			}
		}
	}
	close(q.done)
}

// find returns the holders of the values of a batch, without those that the index covers.
func (h *holderSearch) find(ctx context.Context, batch []*holderQuery, many bool, seen int) (byValue, error) {
	fields := fieldsOf(batch)
	if many && len(fields) > 0 {
		requests := len(fields) * ((seen + maxIDs - 1) / maxIDs)
		if err := h.index.readIfAffordable(ctx, requests+h.lists.sent); err != nil {
			return nil, err
		}
	}
	found := byValue{}
	for _, field := range fields {
		if err := h.index.checkHidden(ctx, field); err != nil {
			return found, err
		}
		if h.index.covers(field) {
			continue
		}
		err := h.lists.find(ctx, field, valuesOf(batch, field), found)
		if err == errFiltersIgnored { //nolint:errorlint // it is never wrapped
			return found, h.index.readAll(ctx, fields)
		}
		if err != nil {
			return found, err
		}
	}
	return found, nil
}

// fieldsOf returns the fields with values that may be sent.
func fieldsOf(batch []*holderQuery) []model.Field {
	var fields []model.Field
	for _, q := range batch {
		for _, value := range q.values {
			known := slices.ContainsFunc(fields, func(f model.Field) bool { return f.Name == value.Field.Name })
			if !known && !value.LocalOnly {
				fields = append(fields, value.Field)
			}
		}
	}
	return fields
}

// valuesOf returns the values of a field that may be sent, each once.
func valuesOf(batch []*holderQuery, field model.Field) []string {
	var values []string
	seen := map[string]bool{}
	for _, q := range batch {
		for _, value := range q.values {
			if key := keyOf(field, value.Value); value.Field.Name == field.Name && !value.LocalOnly && !seen[key] {
				seen[key] = true
				values = append(values, value.Value)
			}
		}
	}
	return values
}

// byValue is the ids of holders, by keyOf their value.
type byValue map[string][]string

func (b byValue) add(key, id string) {
	if !slices.Contains(b[key], id) {
		b[key] = append(b[key], id)
	}
}

// keyOf returns the same key for all spellings of a field's value.
func keyOf(field model.Field, value string) string {
	return field.Name + "\x00" + field.Kind.Key(value)
}
