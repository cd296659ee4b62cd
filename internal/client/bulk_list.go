package client

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/pigello/terraform-provider-pigello/internal/client/model"
	"github.com/pigello/terraform-provider-pigello/internal/client/transport"
)

// pages is how far the pages of a collection have been fetched.
type pages struct {
	next      int    // number of the next page
	size      int    // objects to ask for in a page
	full      int    // objects on the first page: as many as the server shows at once
	first     string // id of the first object on the page before
	ended     bool   // there are no more
	waitedFor bool   // the page before has answered reads that waited, so that they wait for the next one, too
}

// fetched takes note of the next page.
func (p *pages) fetched(objects []entry) {
	if len(objects) == 0 || objects[0].id == p.first { // some servers answer the last page again
		p.ended = true
		return
	}
	if p.next == 1 {
		p.full = len(objects)
	}
	p.next++
	p.first = objects[0].id
	p.ended = len(objects) < p.full
}

// failed takes note of an error instead of the next page.
func (p *pages) failed(err error) {
	e, ok := errors.AsType[*transport.Error](err)
	switch {
	case ok && e.Status == http.StatusNotFound: // some servers answer so when there is no such page
		p.ended = true
	case ok && e.Status == http.StatusBadRequest && p.next == 1: // some servers refuse large pages
		p.size = maxIDs
	}
}

// fetchPage fetches the next page of the collection.
func (r *bulkReader) fetchPage() {
	r.paging = true
	r.fetch(r.waiting[0].ctx, nil, r.pages.next, r.pages.size, r.pages.waitedFor, func(objects []entry, answered int, err error) {
		r.paging = false
		if err != nil {
			r.pages.failed(err)
			return
		}
		r.pages.waitedFor = answered > 0
		r.pages.fetched(objects)
	})
}

// fetchBatch fetches the objects of some reads in one list. Those that it does not show are read alone.
func (r *bulkReader) fetchBatch(batch []*waiter) {
	batch = slices.Clone(batch)
	ids := make([]string, len(batch))
	for i, w := range batch {
		ids[i] = w.id
	}
	r.fetch(batch[0].ctx, model.Query{"id__in": strings.Join(ids, ",")}, 1, len(ids), true, func(_ []entry, answered int, _ error) {
		r.together = answered > 1
		for _, w := range batch {
			if slices.Contains(r.waiting, w) {
				r.answer(w, answer{})
			}
		}
	})
}

// fetch sends a list, once: a read that waits for it does better alone than to wait for a retry. What it shows is served before done
// is called.
func (r *bulkReader) fetch(of context.Context, query model.Query, number, size int, wait bool, done func([]entry, int, error)) {
	ctx, cancel := uncanceled(of) // the cancellation of one read is not to end what others wait for
	r.busy = r.busy || wait
	r.lists[&cancel] = true
	r.budget.lists++
	go func() {
		defer cancel()
		objects, err := r.objects.entries(ctx, query, number, size)
		r.mu.Lock()
		defer r.mu.Unlock()
		delete(r.lists, &cancel)
		r.busy = r.busy && !wait
		r.budget.rows += len(objects)
		done(objects, r.serve(objects), err)
		r.proceed()
	}()
}

// serve answers the reads that wait for objects of a list, and keeps the objects that nobody has asked for yet. It returns how many
// it has answered.
func (r *bulkReader) serve(objects []entry) (answered int) {
	waiting := map[string]*waiter{}
	for _, w := range r.waiting {
		waiting[w.id] = w
	}
	for _, object := range objects {
		if w := waiting[object.id]; w != nil {
			r.answer(w, answer{object: object.raw})
			delete(waiting, object.id)
			answered++
		} else if !r.asked[object.id] {
			r.memory[object.id] = object.raw
		}
	}
	return answered
}

// entry is an object in a list. It is not decoded yet, since most are for later.
type entry struct {
	id  string // in lower case
	raw json.RawMessage
}

// entries is a page of a list.
func (c *Collection) entries(ctx context.Context, query model.Query, number, size int) ([]entry, error) {
	r := c.pageRequest(query, number, size)
	r.Policy = transport.Single
	response, err := c.send(ctx, r)
	if err != nil {
		return nil, err
	}
	var list []json.RawMessage
	if err := json.Unmarshal(response.Body, &list); err != nil || list == nil {
		return nil, response.Unreadable("the API promises a list of objects")
	}
	entries := make([]entry, len(list))
	for i, raw := range list {
		var object struct {
			ID json.RawMessage `json:"id"`
		}
		if json.Unmarshal(raw, &object) != nil || !(model.Object{"id": object.ID}).HasID() {
			return nil, response.Unreadable("the API promises an id in every object")
		}
		entries[i] = entry{strings.ToLower(model.Object{"id": object.ID}.ID()), raw}
	}
	return entries, nil
}
