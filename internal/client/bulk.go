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

// Read returns the object with that id, as Get does, and spends fewer requests when many objects are read: reads that come
// together share a list, and once they keep coming, whole pages are fetched ahead of them.
//
// An object comes from memory at most once, and never if this client has written to it since it was fetched. Only a Get
// decides that an object is absent.
func (c *Collection) Read(ctx context.Context, id string) (model.Object, error) {
	if !c.client.bulkRead {
		return c.Get(ctx, id)
	}
	return c.client.bulkReader(c).read(ctx, id)
}

// bulkReader reads the objects of one collection for many who ask for one each.
//
// The first read goes out at once. Those that come while it is under way leave together, as one filtered list. When more
// come, the page of the collection that should hold the next of them is fetched instead, and what else it holds is kept
// for those who ask later. Lists that serve nobody are paid for with what others have saved, so that no server makes the
// reader send more requests than one for each object, and a few.
type bulkReader struct {
	objects *Collection

	mu      sync.Mutex
	asked   map[string]bool            // ids that were read
	ahead   map[string]json.RawMessage // objects that nobody has asked for yet, by id
	queue   []*waiter                  // who waits for the next request
	waiting int                        // how many wait, those included whom a list under way may serve
	holds   int                        // requests under way that the queue waits for, and gathering
	lists   map[*context.CancelFunc]bool
	pages   pages

	// Whom one list has served comes back at about the same time. The first of them to come back gathers the others for a
	// small part of the time that a request takes; else they would wait for the whole of its own.
	gather time.Duration // 0 while reads do not come together

	clock   int            // counts the beginnings and ends of writes
	written map[string]int // the clock at the last of them, by id

	paid     int             // requests so far
	saved    int             // reads that lists have served, less the lists
	failures int             // lists in a row that failed
	partial  bool            // lists leave out members
	members  map[string]bool // documented members that every object has had that was read alone; nil before the first
}

// waiter is a read that waits.
type waiter struct {
	id   string
	ctx  context.Context // of the read, which lends its deadline to a list
	over bool            // it has its turn, or has left
	turn chan turn       // holds one
}

// turn ends a wait: with an object, or with the turn to read it alone.
type turn struct {
	object  json.RawMessage
	release func() // to be called after the read, if others wait for it; else nil
}

const (
	maxIDs   = 50          // in a filter: even servers with small pages show so many at once
	patience = time.Second // for which a read alone may hold others up
	maxLost  = 3           // lists that may fail in a row
)

func newBulkReader(objects *Collection) *bulkReader {
	return &bulkReader{
		objects: objects,
		asked:   map[string]bool{}, ahead: map[string]json.RawMessage{}, lists: map[*context.CancelFunc]bool{}, written: map[string]int{},
		pages: newPages(),
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
	w := &waiter{id: strings.ToLower(id), ctx: ctx, turn: make(chan turn, 1)}
	if !r.enter(w) {
		return r.objects.Get(ctx, id)
	}
	select {
	case t := <-w.turn:
		if object := r.usable(t.object); object != nil {
			return object, nil
		}
		object, err := r.objects.Get(ctx, id)
		r.learn(object, t.object)
		if t.release != nil {
			t.release()
		}
		return object, err
	case <-ctx.Done():
		r.leave(w)
		return r.objects.Get(ctx, id) // sends nothing any more, and says why
	}
}

// enter makes a read wait for its turn. Who asks a second time wants to know what is there now, and does not wait.
func (r *bulkReader) enter(w *waiter) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.asked[w.id] {
		return false
	}
	r.asked[w.id] = true
	r.pages.sample(w.id)
	r.waiting++
	if object, ok := r.ahead[w.id]; ok {
		delete(r.ahead, w.id)
		r.end(w, turn{object: object})
		return true
	}
	r.queue = append(r.queue, w)
	r.proceed()
	return true
}

// leave ends a wait that was cancelled. When nobody waits any more, neither do the lists that are under way.
func (r *bulkReader) leave(w *waiter) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if w.over { // its turn has come at the same moment
		if t := <-w.turn; t.release != nil {
			go t.release()
		}
		return
	}
	w.over = true
	r.queue = slices.DeleteFunc(r.queue, func(other *waiter) bool { return other == w })
	if r.waiting--; r.waiting == 0 {
		for cancel := range r.lists {
			(*cancel)()
		}
	}
}

// end gives a waiter its turn, unless it has had one or has left.
func (r *bulkReader) end(w *waiter, t turn) {
	if w.over {
		return
	}
	w.over = true
	w.turn <- t
	r.waiting--
	if t.object != nil {
		r.saved++
	} else {
		r.paid++
	}
}

// dismiss lets waiters read alone.
func (r *bulkReader) dismiss(waiters ...*waiter) {
	for _, w := range waiters {
		r.end(w, turn{})
	}
}

// lead lets the only waiter read alone, and those who come meanwhile wait for the end of it, to leave together.
func (r *bulkReader) lead(w *waiter) {
	r.holds++
	release := sync.OnceFunc(r.release)
	// Others do not wait for one that is repeated, or hangs.
	timer := time.AfterFunc(patience, release)
	r.end(w, turn{release: func() { timer.Stop(); release() }})
}

func (r *bulkReader) release() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.holds--
	r.proceed()
}

// proceed sends whatever is best for those who wait, unless they are to wait for a request that is under way.
func (r *bulkReader) proceed() {
	if r.holds > 0 {
		return
	}
	// A page that should have held an object does not: it is gone, or too new for lists.
	r.queue = slices.DeleteFunc(r.queue, func(w *waiter) bool {
		missed := r.pages.missed(w.id)
		if missed {
			r.dismiss(w)
		}
		return missed
	})
	if len(r.queue) == 0 {
		return
	}
	if number := r.nextPage(); number > 0 {
		r.fetchPage(number)
		return
	}
	if len(r.queue) == 1 && r.mayList() {
		if r.gather > 0 {
			r.holds++
			time.AfterFunc(r.gather, r.release)
			r.gather = 0
			return
		}
		r.lead(r.queue[0])
		r.queue = nil
		return
	}
	for len(r.queue) > 0 && r.mayList() {
		n := min(len(r.queue), maxIDs)
		r.fetchFiltered(r.queue[:n:n])
		r.queue = r.queue[n:]
	}
	r.dismiss(r.queue...)
	r.queue = nil
}

// mayList reports whether a list that turned out to serve nobody could be afforded.
func (r *bulkReader) mayList() bool {
	credit := 1 // so that few objects never cost more than one request beyond one for each
	for n := len(r.asked); n >= 8 && credit < 4; n /= 2 {
		credit++
	}
	return r.saved+credit > 0 && r.failures < maxLost && !r.partial
}

// nextPage returns the number of the page to fetch for those who wait, or 0 for none. Pages are worth it once what was paid for
// single objects and filtered lists is in proportion to the pages that are left: early where these are few, and where they
// are many, only when going on without them is likely to cost as much.
func (r *bulkReader) nextPage() int {
	left := r.pages.left()
	if !r.mayList() || len(r.asked) <= 5 || r.paid < max(2, left/12, left-33) {
		return 0
	}
	return r.pages.expected(r.queue[0].id)
}

// usable returns the object that a list has shown, or nil if it has to be read alone.
func (r *bulkReader) usable(shown json.RawMessage) model.Object {
	if shown == nil {
		return nil
	}
	var object model.Object
	if err := json.Unmarshal(shown, &object); err != nil || !object.HasID() {
		return nil
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for name := range r.members {
		if _, ok := object[name]; !ok {
			return nil
		}
	}
	r.objects.client.managed.add(object.ID())
	r.objects.client.shown.add(r.objects.Entity.Name)
	return object
}

// learn compares an object that was read alone with what a list has shown of it, if one has. Lists that leave out
// members would look like drift.
func (r *bulkReader) learn(object model.Object, shown json.RawMessage) {
	if object == nil {
		return
	}
	var listed model.Object
	_ = json.Unmarshal(shown, &listed) // nil if there is none
	r.mu.Lock()
	defer r.mu.Unlock()
	if shown != nil {
		r.saved--
	}
	first := r.members == nil
	if first {
		r.members = map[string]bool{}
	}
	for _, m := range r.objects.Entity.Fields { // a server may add others of its own, and not always the same
		_, has := object[m.Name]
		_, shows := listed[m.Name]
		r.partial = r.partial || has && !shows && listed != nil
		if first && has {
			r.members[m.Name] = true
		} else if !has {
			delete(r.members, m.Name)
		}
	}
}

// wrote marks the beginning of a write to an object, and returns what marks its end. What was fetched before the end is
// never served after the beginning.
func (c *Collection) wrote(id string) (end func()) {
	if !c.client.bulkRead {
		return func() {}
	}
	r := c.client.bulkReader(c)
	mark := func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.clock++
		r.written[strings.ToLower(id)] = r.clock
		delete(r.ahead, strings.ToLower(id))
	}
	mark()
	return mark
}
