package client

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/pigello/terraform-provider-pigello/internal/client/model"
)

// Read returns the object with that id, as Get does, and needs fewer requests when many objects are read: reads that come together
// share a list, and when more come, pages of the collection are fetched.
//
// An object comes from memory at most once, and never if this client has written it. Only a Get decides that an object is absent.
func (c *Collection) Read(ctx context.Context, id string) (model.Object, error) {
	if !c.client.bulkRead {
		return c.Get(ctx, id)
	}
	return c.client.bulkReader(c).read(ctx, id)
}

// bulkReader reads the objects of one collection for many callers that ask for one each.
//
// The first read is sent alone, and those that come meanwhile wait for its end. Then they are sent as one batch, and those that come
// meanwhile wait for its end, and so on. After a few reads, pages of the collection are fetched, one at a time. Nobody waits longer than
// the budget allows: a read whose patience ends is sent alone.
type bulkReader struct {
	objects *Collection

	mu      *sync.Mutex                // of all readers of the client
	asked   map[string]bool            // ids that were read or written: what lists show of them is not served any more
	memory  map[string]json.RawMessage // objects that lists have brought and nobody has asked for yet, by id
	waiting []*waiter

	busy     bool                         // a request that reads wait for is under way, or they wait for others to join them
	paging   bool                         // a page is under way
	lists    map[*context.CancelFunc]bool // under way
	together bool                         // the last batch served several reads, which come back at about the same time

	pages  pages
	fields fields
	budget budget
	delays *delays // of all readers of the client
}

// waiter is a read that waits.
type waiter struct {
	id     string // in lower case
	ctx    context.Context
	since  time.Time
	answer chan answer // holds one
}

// answer is what a read waits for.
type answer struct {
	object json.RawMessage // as a list shows it; nil: to be read alone
	first  bool            // other reads wait for the end of this one
}

const (
	maxIDs   = 50 // in a filter: servers with small pages show so many at once
	fewReads = 5  // for which no page is fetched
)

func newBulkReader(objects *Collection) *bulkReader {
	return &bulkReader{
		objects: objects, mu: &objects.client.bulkMu, delays: &objects.client.delays,
		asked: map[string]bool{}, memory: map[string]json.RawMessage{}, lists: map[*context.CancelFunc]bool{},
		pages: pages{next: 1, size: pageSize, waitedFor: true}, fields: fields{documented: objects.Entity.Fields},
	}
}

// bulkReader returns the reader of a collection, one for each entity.
func (c *Client) bulkReader(objects *Collection) *bulkReader {
	c.bulkMu.Lock()
	defer c.bulkMu.Unlock()
	r := c.bulk[objects.Entity.Name]
	if r == nil {
		r = newBulkReader(objects)
		if c.bulk == nil {
			c.bulk = map[string]*bulkReader{}
		}
		c.bulk[objects.Entity.Name] = r
	}
	return r
}

func (r *bulkReader) read(ctx context.Context, id string) (model.Object, error) {
	w := &waiter{id: strings.ToLower(id), ctx: ctx, since: time.Now(), answer: make(chan answer, 1)}
	patience := r.begin(w)
	defer r.end(ctx)
	a := r.wait(w, patience)
	if a.object != nil {
		if object := r.accept(a.object); object != nil {
			return object, nil
		}
	}
	return r.readAlone(ctx, id, a.first)
}

// begin lets a read wait, or answers it at once, and returns how long it may wait.
func (r *bulkReader) begin(w *waiter) time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.delays.begin(w)
	patience := r.delays.patience()
	object, known := r.memory[w.id]
	again := r.asked[w.id]
	r.asked[w.id] = true
	delete(r.memory, w.id)
	r.waiting = append(r.waiting, w)
	if known || again { // who asks a second time wants to know what is there now
		r.answer(w, answer{object: object})
		return patience
	}
	r.proceed()
	return patience
}

// end ends a read. When all reads are canceled, so are the lists under way.
func (r *bulkReader) end(ctx context.Context) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.delays.end()
	if ctx.Err() != nil && r.delays.reading == 0 {
		for cancel := range r.lists {
			(*cancel)()
		}
	}
}

// wait returns the answer to a read. After its patience, or half of the time that it has, the read goes alone.
func (r *bulkReader) wait(w *waiter, patience time.Duration) answer {
	if deadline, ok := w.ctx.Deadline(); ok {
		patience = min(patience, time.Until(deadline)/2)
	}
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case a := <-w.answer:
		return a
	case <-timer.C:
	case <-w.ctx.Done():
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if !slices.Contains(r.waiting, w) { // the answer has come at the same moment
		return <-w.answer
	}
	r.answer(w, answer{})
	return <-w.answer
}

// answer ends the wait of a read.
func (r *bulkReader) answer(w *waiter, a answer) {
	r.waiting = slices.DeleteFunc(r.waiting, func(other *waiter) bool { return other == w })
	r.delays.answered(w, a.object != nil)
	if a.object != nil {
		r.budget.served++
	}
	w.answer <- a
}

// proceed sends the next request for the reads that wait, unless they wait for one already.
func (r *bulkReader) proceed() {
	if r.busy || len(r.waiting) == 0 {
		return
	}
	if r.mayFetchPage() {
		r.fetchPage()
	}
	switch {
	case r.busy:
	case r.pages.ended || !r.budget.allowsList() || r.delays.patience() <= 0:
		r.sendAway(r.waiting)
	case r.together:
		r.waitForOthers()
	case len(r.waiting) == 1 || !r.fields.known():
		r.busy = true
		r.answer(r.waiting[0], answer{first: true})
	default:
		if len(r.waiting) > 2 && r.budget.lists > 0 && r.delays.isUnsure() {
			r.answer(r.waiting[0], answer{})
		}
		r.fetchBatch(r.waiting[:min(len(r.waiting), maxIDs)])
	}
}

// mayFetchPage reports whether the next page is worth its rows.
func (r *bulkReader) mayFetchPage() bool {
	return !r.paging && !r.pages.ended && len(r.asked) > fewReads && r.fields.known() &&
		r.budget.allowsList() && r.budget.allowsRows(r.pages.size, len(r.asked))
}

// sendAway lets reads go alone.
func (r *bulkReader) sendAway(waiters []*waiter) {
	for _, w := range slices.Clone(waiters) {
		r.answer(w, answer{})
	}
}

// waitForOthers lets the reads that a batch has served come back, so that they share the next one instead of waiting for each other's.
func (r *bulkReader) waitForOthers() {
	r.busy, r.together = true, false
	time.AfterFunc(r.delays.single()/8, r.free)
}

// free ends what reads wait for.
func (r *bulkReader) free() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.busy = false
	r.proceed()
}

func (r *bulkReader) readAlone(ctx context.Context, id string, first bool) (model.Object, error) {
	if first {
		defer r.free()
	}
	sent := time.Now()
	object, err := r.objects.Get(ctx, id)
	if err == nil {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.delays.tookAlone(time.Since(sent))
		r.fields.readAlone(object)
	}
	return object, err
}

// accept returns an object that a list has shown, or nil if it has to be read alone.
func (r *bulkReader) accept(shown json.RawMessage) model.Object {
	var object model.Object
	readable := json.Unmarshal(shown, &object) == nil && object.HasID()
	r.mu.Lock()
	defer r.mu.Unlock()
	if !readable || !r.fields.isWhole(object) {
		r.budget.served--
		r.delays.refused()
		return nil
	}
	r.objects.client.managed.add(object.ID())
	r.objects.client.shown.add(r.objects.Entity.Name)
	return object
}

// wrote makes every later read of an object go alone: lists may lag behind the write.
func (c *Collection) wrote(id string) {
	if !c.client.bulkRead {
		return
	}
	id = strings.ToLower(id)
	r := c.client.bulkReader(c)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.asked[id] = true
	delete(r.memory, id)
}
