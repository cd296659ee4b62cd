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
	size      int    // objects to request per page
	capacity  int    // objects on the first page, which is the server's limit if there are more pages
	first     string // id of the first object on the previous page
	ended     bool   // there are no more pages
	readsWait bool   // reads wait for the next page, because the previous one has served reads that waited
}

// fetched records the next page.
func (p *pages) fetched(objects []rawObject) {
	if len(objects) == 0 || objects[0].id == p.first { // some servers repeat the last page
		p.ended = true
		return
	}
	if p.next == 1 {
		p.capacity = len(objects)
	}
	p.next++
	p.first = objects[0].id
	p.ended = len(objects) < p.capacity
}

// failed records that the next page could not be fetched.
func (p *pages) failed(err error) {
	e, ok := errors.AsType[*transport.Error](err)
	switch {
	case ok && e.Status == http.StatusNotFound: // how some servers respond past the last page
		p.ended = true
	case ok && e.Status == http.StatusBadRequest && p.next == 1: // some servers refuse large pages
		p.size = maxIDs
	}
}

func (r *bulkReader) fetchPage() {
	r.pageInFlight = true
	r.fetch(r.queue[0].ctx, nil, r.pages.next, r.pages.size, r.pages.readsWait, func(objects []rawObject, served int, err error) {
		r.pageInFlight = false
		if err != nil {
			r.pages.failed(err)
			return
		}
		r.pages.readsWait = served > 0
		r.pages.fetched(objects)
	})
}

// fetchBatch fetches the objects of some reads in one list. Objects that the list does not show are read alone. If it is not known yet whether
// lists show all fields, the list has the probe, too.
func (r *bulkReader) fetchBatch(batch []*pendingRead) {
	batch = slices.Clone(batch)
	ids := make([]string, len(batch), len(batch)+1)
	for i, p := range batch {
		ids[i] = p.id
	}
	if len(ids) < maxIDs && !r.fields.allInLists() {
		ids = append(ids, r.fields.probe)
	}
	r.fetch(batch[0].ctx, model.Query{"id__in": strings.Join(ids, ",")}, 1, len(ids), true, func(_ []rawObject, served int, _ error) {
		r.expectBurst = served > 1
		for _, p := range batch {
			if slices.Contains(r.queue, p) {
				r.resolve(p, readResult{})
			}
		}
	})
}

// fetch requests a page of a list in the background. It serves the objects, and then calls done with them, the number of reads that they
// have served, and the error. There is no retry: a read alone takes less time. If wait is set, the queue is blocked until the end.
func (r *bulkReader) fetch(of context.Context, query model.Query, number, size int, wait bool, done func([]rawObject, int, error)) {
	ctx, cancel := uncanceled(of) // other reads wait for this list, too, so the cancellation of one read does not end it
	r.blocked = r.blocked || wait
	r.cancels[&cancel] = true
	r.budget.lists++
	go func() {
		defer cancel()
		objects, err := r.objects.rawPage(ctx, query, number, size)
		r.mu.Lock()
		defer r.mu.Unlock()
		delete(r.cancels, &cancel)
		r.blocked = r.blocked && !wait
		r.budget.rows += len(objects)
		r.fields.addList(objects)
		done(objects, r.serve(objects), err)
		r.sendNext()
	}()
}

// serve resolves the reads in the queue whose objects a list shows, and caches the objects that were not requested yet. It returns the
// number of reads that it has resolved.
func (r *bulkReader) serve(objects []rawObject) (served int) {
	queued := map[string]*pendingRead{}
	for _, p := range r.queue {
		queued[p.id] = p
	}
	for _, object := range objects {
		if p := queued[object.id]; p != nil {
			r.resolve(p, readResult{object: object.raw})
			delete(queued, object.id)
			served++
		} else if !r.requested[object.id] {
			r.cache[object.id] = object.raw
		}
	}
	return served
}

// rawObject is an object in a list, of which only the id is decoded: most objects go to the cache, and some are never read.
type rawObject struct {
	id  string // in lower case
	raw json.RawMessage
}

// rawPage requests one page of a list, without retries.
func (c *Collection) rawPage(ctx context.Context, query model.Query, number, size int) ([]rawObject, error) {
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
	entries := make([]rawObject, len(list))
	for i, raw := range list {
		var object struct {
			ID json.RawMessage `json:"id"`
		}
		if json.Unmarshal(raw, &object) != nil || !(model.Object{"id": object.ID}).HasID() {
			return nil, response.Unreadable("the API promises an id in every object")
		}
		entries[i] = rawObject{strings.ToLower(model.Object{"id": object.ID}.ID()), raw}
	}
	return entries, nil
}
