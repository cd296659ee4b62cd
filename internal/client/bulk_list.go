package client

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/pigello/terraform-provider-pigello/internal/client/model"
	"github.com/pigello/terraform-provider-pigello/internal/client/transport"
)

// fetchFiltered asks for the objects of some waiters in one list. Whom it does not serve reads alone.
func (r *bulkReader) fetchFiltered(waiters []*waiter) {
	ids := make([]string, len(waiters))
	for i, w := range waiters {
		ids[i] = w.id
	}
	sent := time.Now()
	r.fetch(waiters[0].ctx, model.Query{"id__in": strings.Join(ids, ",")}, 1, len(ids), func(objects []entry, err error) {
		if err == nil {
			r.distribute(objects, waiters)
			r.gather = time.Since(sent) / 8
		}
		r.dismiss(waiters...)
	})
}

// fetchPage fetches a page of the whole collection.
func (r *bulkReader) fetchPage(number int) {
	r.fetch(r.queue[0].ctx, nil, number, r.pages.ask, func(objects []entry, err error) {
		if e, ok := errors.AsType[*transport.Error](err); ok && e.Status == http.StatusNotFound && number > 1 {
			err = nil // how some servers answer that there is no such page
			r.failures = 0
		}
		if err != nil {
			r.pages.refused(err)
			return
		}
		r.pages.add(number, objects)
		r.distribute(objects, r.queue)
		r.queue = slices.DeleteFunc(r.queue, func(w *waiter) bool { return w.over })
	})
}

// fetch sends a list, once: those who wait for it do better alone than to wait for a repetition. What it returned
// is passed to done, with the lock held.
func (r *bulkReader) fetch(of context.Context, query model.Query, number, size int, done func([]entry, error)) {
	ctx, cancel := uncanceled(of) // one waiter's cancellation is not to end what others wait for
	r.lists[&cancel] = true
	r.holds++
	r.paid++
	r.saved--
	began := r.clock
	go func() {
		defer cancel()
		objects, err := r.objects.entries(ctx, query, number, size)
		r.mu.Lock()
		defer r.mu.Unlock()
		delete(r.lists, &cancel)
		switch {
		case err == nil:
			r.failures = 0
		case ctx.Err() == nil:
			r.failures++
		}
		for i, object := range objects {
			if r.written[object.id] > began {
				objects[i].raw = nil
			}
		}
		done(objects, err)
		r.holds--
		r.proceed()
	}()
}

// entry is an object in a list.
type entry struct {
	id  string          // in lower case
	raw json.RawMessage // nil if it may be out of date
}

// distribute serves waiters from what a list has brought, and keeps what nobody has asked for yet: pages hold much of that, and
// lists whose filter the server ignores.
func (r *bulkReader) distribute(objects []entry, waiters []*waiter) {
	wanted := make(map[string]*waiter, len(waiters))
	for _, w := range waiters {
		wanted[w.id] = w
	}
	for _, object := range objects {
		w := wanted[object.id]
		switch {
		case object.raw == nil:
		case w != nil:
			r.end(w, turn{object: object.raw})
		case !r.asked[object.id]:
			r.ahead[object.id] = object.raw
		}
	}
}

// entries is a page of a list whose objects are not decoded yet, since most of them are for later.
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
