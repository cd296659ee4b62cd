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

// Read returns the object with that id, as Get does. It needs fewer requests when many objects are read at the same time: reads share
// list requests, and after a few reads it also fetches pages of the collection.
//
// The cache serves each object at most once, and never an object that this client has written. Only a Get decides that an object is
// absent.
func (c *Collection) Read(ctx context.Context, id string) (model.Object, error) {
	if !c.client.bulkRead {
		return c.Get(ctx, id)
	}
	return c.client.bulkReader(c).read(ctx, id)
}

// bulkReader reads the objects of one collection for many callers, each of which reads one object.
//
// The first read is sent alone. Reads that arrive while a request is in flight wait in the queue, and are sent as one batch when the
// request ends. After a few reads, pages of the collection are fetched as well, one at a time. A read that has waited as long as the
// time budget allows is sent alone.
type bulkReader struct {
	objects *Collection

	mu        *sync.Mutex                // of all readers of the client
	requested map[string]bool            // ids that were read or written; lists do not serve them any more
	cache     map[string]json.RawMessage // by id: objects that lists have shown and that were not read yet
	listed    map[string]bool            // ids whose last read was served by a list, perhaps with an old object
	queue     []*pendingRead

	blocked      bool // the queue waits for a request in flight, or for more reads to join it
	pageInFlight bool
	cancels      map[*context.CancelFunc]bool // of the lists in flight
	expectBurst  bool                         // the last batch served several reads: their callers will read again at about the same time

	pages      pages
	fields     fieldCheck
	budget     requestBudget
	timeBudget *timeBudget // of all readers of the client
}

// pendingRead is a read in the queue.
type pendingRead struct {
	id     string // in lower case
	ctx    context.Context
	since  time.Time
	result chan readResult // with a buffer of one
}

// readResult ends the wait of a read.
type readResult struct {
	object       json.RawMessage // as a list shows it; nil if the read must be sent alone
	blocksOthers bool            // the queue waits until this read has ended
}

const (
	maxIDs           = 50 // in a filter; servers with small pages return this many objects at once
	minReadsForPages = 5  // no page is fetched before more reads than this
)

func newBulkReader(objects *Collection) *bulkReader {
	return &bulkReader{
		objects: objects, mu: &objects.client.bulkMu, timeBudget: &objects.client.bulkTime,
		requested: map[string]bool{}, cache: map[string]json.RawMessage{}, listed: map[string]bool{}, cancels: map[*context.CancelFunc]bool{},
		pages: pages{next: 1, size: pageSize, readsWait: true}, fields: fieldCheck{documented: objects.Entity.Fields},
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
	p := &pendingRead{id: strings.ToLower(id), ctx: ctx, since: time.Now(), result: make(chan readResult, 1)}
	maxWait := r.begin(p)
	defer r.end(ctx)
	result := r.wait(p, maxWait)
	if result.object != nil {
		if object := r.decode(result.object); object != nil {
			return object, nil
		}
	}
	return r.readAlone(ctx, id, result.blocksOthers)
}

// begin puts a read into the queue, or resolves it at once, and returns how long it may wait.
func (r *bulkReader) begin(p *pendingRead) time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.timeBudget.begin(p)
	maxWait := r.timeBudget.remaining()
	object, cached := r.cache[p.id]
	again := r.requested[p.id]
	r.requested[p.id] = true
	delete(r.cache, p.id)
	r.queue = append(r.queue, p)
	if cached || again { // a second read of an object needs its current state, so it goes alone
		r.resolve(p, readResult{object: object})
		return maxWait
	}
	r.sendNext()
	return maxWait
}

// end ends a read. When all reads are canceled, the lists in flight are canceled, too.
func (r *bulkReader) end(ctx context.Context) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.timeBudget.end()
	if ctx.Err() != nil && r.timeBudget.active == 0 {
		for cancel := range r.cancels {
			(*cancel)()
		}
	}
}

// wait returns the result of a read. After maxWait, or half of the read's own time limit, the read goes alone.
func (r *bulkReader) wait(p *pendingRead, maxWait time.Duration) readResult {
	if deadline, ok := p.ctx.Deadline(); ok {
		maxWait = min(maxWait, time.Until(deadline)/2)
	}
	timer := time.NewTimer(maxWait)
	defer timer.Stop()
	select {
	case result := <-p.result:
		return result
	case <-timer.C:
	case <-p.ctx.Done():
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if !slices.Contains(r.queue, p) { // it was resolved at the same moment
		return <-p.result
	}
	r.resolve(p, readResult{})
	return <-p.result
}

// resolve ends the wait of a read.
func (r *bulkReader) resolve(p *pendingRead, result readResult) {
	r.queue = slices.DeleteFunc(r.queue, func(other *pendingRead) bool { return other == p })
	r.timeBudget.dequeued(p, result.object != nil)
	if result.object != nil {
		r.budget.served++
	}
	p.result <- result
}

// sendNext sends the next request for the queue, unless the queue waits for one already.
func (r *bulkReader) sendNext() {
	if r.blocked || len(r.queue) == 0 {
		return
	}
	if r.mayFetchPage() {
		r.fetchPage()
	}
	switch {
	case r.blocked:
	case r.pages.ended || !r.budget.allowsList() || r.timeBudget.remaining() <= 0:
		r.sendEachAlone(r.queue)
	case r.expectBurst:
		r.waitForBurst()
	case len(r.queue) == 1 || !r.fields.known():
		r.blocked = true
		r.resolve(r.queue[0], readResult{blocksOthers: true})
	default:
		if len(r.queue) > 2 && r.budget.lists > 0 && r.timeBudget.hasFewSamples() {
			r.resolve(r.queue[0], readResult{}) // its duration is another sample
		}
		r.fetchBatch(r.queue[:min(len(r.queue), maxIDs)])
	}
}

// mayFetchPage reports whether the next page is worth its rows.
func (r *bulkReader) mayFetchPage() bool {
	return !r.pageInFlight && !r.pages.ended && len(r.requested) > minReadsForPages && r.fields.known() &&
		r.budget.allowsList() && r.budget.allowsRows(r.pages.size, len(r.requested))
}

func (r *bulkReader) sendEachAlone(reads []*pendingRead) {
	for _, p := range slices.Clone(reads) {
		r.resolve(p, readResult{})
	}
}

// waitForBurst waits for the next reads of the callers that the last batch has served. They then share one batch.
func (r *bulkReader) waitForBurst() {
	r.blocked, r.expectBurst = true, false
	time.AfterFunc(r.timeBudget.singleRead()/8, r.unblock)
}

// unblock sends the next request when what the queue waited for has ended.
func (r *bulkReader) unblock() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.blocked = false
	r.sendNext()
}

func (r *bulkReader) readAlone(ctx context.Context, id string, blocksOthers bool) (model.Object, error) {
	if blocksOthers {
		defer r.unblock()
	}
	sent := time.Now()
	object, err := r.objects.Get(ctx, id)
	if err == nil {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.timeBudget.addSample(time.Since(sent))
		r.fields.addRead(object)
		delete(r.listed, strings.ToLower(id))
	}
	return object, err
}

// decode returns an object that a list has shown, or nil if it must be read alone.
func (r *bulkReader) decode(shown json.RawMessage) model.Object {
	var object model.Object
	readable := json.Unmarshal(shown, &object) == nil && object.HasID()
	r.mu.Lock()
	defer r.mu.Unlock()
	if !readable || !r.fields.isComplete(object) {
		r.budget.served--
		r.timeBudget.discarded()
		return nil
	}
	r.listed[strings.ToLower(object.ID())] = true
	r.objects.client.managed.add(object.ID())
	r.objects.client.shown.add(r.objects.Entity.Name, object.ID(), time.Time{})
	return object
}

// listed reports whether the last read of an object was served by a list.
func (c *Collection) listed(id string) bool {
	if !c.client.bulkRead {
		return false
	}
	r := c.client.bulkReader(c)
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.listed[strings.ToLower(id)]
}

// markWritten makes every later read of an object go alone: a list may still show the object as it was before the write.
func (c *Collection) markWritten(id string) {
	if !c.client.bulkRead {
		return
	}
	id = strings.ToLower(id)
	r := c.client.bulkReader(c)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.requested[id] = true
	delete(r.cache, id)
}
