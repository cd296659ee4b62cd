package client

import (
	"context"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/pigello/terraform-provider-pigello/internal/client/model"
)

// valueTransfers moves unique values between the objects that one process changes: two objects swap values, each of several takes the
// value of the next, or a new object takes a value that another one releases. The server refuses a write while another object, the
// holder, has the value. Such a write waits while the holder may still release the value, and is then sent again. If writes wait for each
// other in a cycle, one of them first clears its own value.
//
// It is not known what else Terraform will write in this process. A write therefore waits while any request is in flight, and for a short
// idle time after that.
type valueTransfers struct {
	mu      sync.Mutex
	changed chan struct{} // closed at the next change of any of the following; nil if no write sleeps

	clock    int                     // counts successful writes
	written  map[string]int          // by the id of an object: the clock at its last write
	released map[string]int          // the same by entity, and by entity and field
	ended    map[string]bool         // ids of objects whose write has ended
	gaveUp   map[string]*uniqueWrite // by the id of the object: writes that gave up
	queue    []*uniqueWrite          // refused writes, in the order in which they began to wait

	requests  int       // in flight
	idleSince time.Time // when the last request ended
	giveUps   int       // writes in a row that gave up, without a transfer between them
}

const (
	// maxIdle is how long a write waits after the last request: when an operation ends, Terraform starts the next one at once. With each
	// write in a row that has waited for nothing, this time gets shorter, down to minIdle: many conflicts with objects that this process
	// does not change take little time.
	maxIdle = time.Second
	minIdle = 125 * time.Millisecond
	// maxAbsence is how long a write waits at most if no write to its holder has begun: it occupies one of Terraform's workers.
	maxAbsence = 2 * time.Minute
)

// uniqueWrite is a create or an update that the server may refuse because another object has one of its values.
type uniqueWrite struct {
	entity model.Entity
	id     string // of the object, in lower case; "" for a create
	body   model.Body

	since   time.Time           // when it was first refused
	sent    int                 // the clock when it was sent
	holders map[string][]string // by field: ids in lower case of the objects that have its value; none if they cannot be searched for
	has     map[string]any      // what the object itself has of the fields whose holders cannot be searched for

	clear    []string // fields that it must clear
	cleared  []string // fields that it has cleared
	inDoubt  bool     // it is not known whether it has cleared them
	circular bool     // it is in a cycle that cannot be broken
}

func newWrite(entity model.Entity, id string, body model.Body) *uniqueWrite {
	return &uniqueWrite{entity: entity, id: strings.ToLower(id), body: body}
}

// step is what a refused write does next.
type step int

const (
	wait step = iota
	sendAgain
	clearFirst
	giveUp
)

// request records that a request begins, and returns a function that records its end.
func (t *valueTransfers) request() (end func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.requests++
	return func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.requests--
		t.idleSince = time.Now()
		t.wakeAll()
	}
}

// wakeAll wakes all writes that sleep.
func (t *valueTransfers) wakeAll() {
	if t.changed != nil {
		close(t.changed)
		t.changed = nil
	}
}

func (t *valueTransfers) now() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.clock
}

// end records that the write to an object has ended, and that the object has released its old values of some fields. Terraform writes
// each object once.
func (t *valueTransfers) end(entity model.Entity, id string, released []string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	id = strings.ToLower(id)
	if t.ended == nil {
		t.ended = map[string]bool{}
	}
	t.ended[id] = true
	if len(released) > 0 {
		t.release(entity, id, released)
	}
	t.wakeAll()
}

// release records that an object has released its old values of some fields.
func (t *valueTransfers) release(entity model.Entity, id string, fields []string) {
	if t.written == nil {
		t.written, t.released = map[string]int{}, map[string]int{}
	}
	t.clock++
	t.written[id] = t.clock
	t.released[entity.Name] = t.clock
	for _, field := range fields {
		t.released[entity.Name+"."+field] = t.clock
	}
}

// cleared records that a write has cleared the fields that it had to clear.
func (t *valueTransfers) cleared(w *uniqueWrite) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.release(w.entity, w.id, w.clear)
	for _, field := range w.clear {
		delete(w.has, field)
	}
	w.cleared, w.clear = append(w.cleared, w.clear...), nil
	t.wakeAll()
}

// wait waits until there is something to do for a refused write. It gives up when ctx ends.
func (t *valueTransfers) wait(ctx context.Context, w *uniqueWrite) step {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !slices.Contains(t.queue, w) {
		t.queue = append(t.queue, w)
		t.wakeAll()
	}
	if w.since.IsZero() {
		w.since = time.Now()
	}
	next := wait
	for next == wait {
		var atMost time.Duration
		if next, atMost = t.next(w); next == wait && !t.sleep(ctx, atMost) {
			next = giveUp
		}
	}
	switch next {
	case sendAgain:
		t.giveUps = 0
		t.dequeue(w)
	case giveUp:
		t.recordGiveUp(w)
	case wait, clearFirst:
	}
	return next
}

// sleep waits for a change, without the lock, and not longer than atMost. It reports false if ctx has ended.
func (t *valueTransfers) sleep(ctx context.Context, atMost time.Duration) bool {
	if t.changed == nil {
		t.changed = make(chan struct{})
	}
	changed := t.changed
	t.mu.Unlock()
	defer t.mu.Lock()
	timer := time.NewTimer(atMost)
	defer timer.Stop()
	select {
	case <-changed:
	case <-timer.C:
	case <-ctx.Done():
		return false
	}
	return true
}

// giveUp ends a write that could not clear its fields.
func (t *valueTransfers) giveUp(w *uniqueWrite) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.recordGiveUp(w)
}

// recordGiveUp ends a write that has given up: its object keeps its values.
func (t *valueTransfers) recordGiveUp(w *uniqueWrite) {
	w.clear = nil
	if t.gaveUp == nil {
		t.gaveUp = map[string]*uniqueWrite{}
	}
	if w.id != "" {
		t.gaveUp[w.id] = w
	}
	t.dequeue(w)
}

func (t *valueTransfers) dequeue(w *uniqueWrite) {
	t.queue = slices.DeleteFunc(t.queue, func(other *uniqueWrite) bool { return other == w })
	t.wakeAll()
}

// next decides what a refused write does. If it waits, the duration says how long, unless something changes before.
func (t *valueTransfers) next(w *uniqueWrite) (step, time.Duration) {
	if len(w.clear) > 0 {
		return clearFirst, 0
	}
	if t.isFree(w) {
		return sendAgain, 0
	}
	if cycle := t.cycle(w); len(cycle) > 0 {
		if slices.ContainsFunc(cycle, func(candidate *uniqueWrite) bool { return len(candidate.clear) > 0 }) {
			return wait, maxIdle
		}
		breaker, fields := t.pickToClear(cycle)
		if breaker == nil {
			w.circular = true
			return giveUp, 0
		}
		breaker.clear = fields
		if breaker == w {
			return clearFirst, 0
		}
		t.wakeAll()
		return wait, maxIdle
	}
	holderQueued := slices.ContainsFunc(t.queue, func(other *uniqueWrite) bool { return len(t.waitsFor(w, other)) > 0 })
	if t.cannotSucceed(w) || !holderQueued && time.Since(w.since) >= maxAbsence {
		return giveUp, 0
	}
	idle := max(minIdle, maxIdle>>min(t.giveUps, 8))
	left := idle - time.Since(t.idleSince)
	switch {
	case t.requests > 0 || !t.isNextToGiveUp(w):
		return wait, idle
	case left > 0:
		return wait, left
	}
	t.giveUps++
	t.idleSince = time.Now()
	return giveUp, 0
}

// isFree reports whether a value may have become free since the write was sent.
func (t *valueTransfers) isFree(w *uniqueWrite) bool {
	if len(w.holders) == 0 {
		return t.released[w.entity.Name] > w.sent
	}
	for field, holders := range w.holders {
		if len(holders) == 0 && t.released[w.entity.Name+"."+field] > w.sent {
			return true
		}
		if slices.ContainsFunc(holders, func(id string) bool { return t.written[id] > w.sent }) {
			return true
		}
	}
	return false
}

// cannotSucceed reports whether a holder will not release its value any more: the write to it has ended, or does not change the value.
func (t *valueTransfers) cannotSucceed(w *uniqueWrite) bool {
	for field, holders := range w.holders {
		for _, id := range holders {
			keeps := slices.ContainsFunc(t.queue, func(other *uniqueWrite) bool { return other.id == id && !other.changes(field) })
			if t.ended[id] || t.gaveUp[id] != nil || keeps {
				return true
			}
		}
	}
	return false
}

// isNextToGiveUp reports whether a write is the next to give up: it waits the longest of those that no other write waits for. Only one
// gives up at a time, since the operation that Terraform starts in its place may release a value that the others need.
func (t *valueTransfers) isNextToGiveUp(w *uniqueWrite) bool {
	for _, candidate := range t.queue {
		wanted := slices.ContainsFunc(t.queue, func(other *uniqueWrite) bool { return len(t.waitsFor(other, candidate)) > 0 })
		if !wanted {
			return candidate == w
		}
	}
	return false
}

// changes reports whether a write changes a field, so that its object releases the old value.
func (w *uniqueWrite) changes(field string) bool {
	_, sent := w.body[field]
	return sent
}

// waitsFor returns the fields whose values a needs and b will release.
func (t *valueTransfers) waitsFor(a, b *uniqueWrite) []string {
	if a == b || b.id == "" || a.entity.Name != b.entity.Name || t.written[b.id] > a.sent {
		return nil
	}
	var fields []string
	for name, holders := range a.holders {
		field, _ := a.entity.Field(name)
		have := b.has[name]
		same := len(holders) == 0 && have != nil && field.Kind.Equal(have, field.Sent(a.body[name]))
		if b.changes(name) && (same || slices.Contains(holders, b.id)) {
			fields = append(fields, name)
		}
	}
	slices.Sort(fields)
	return fields
}

// cycle returns writes of which each waits for the next one, and the last one for the first, which is w; or nil if w is in no cycle.
// Writes that have given up count, too: they still show which values they needed.
func (t *valueTransfers) cycle(w *uniqueWrite) []*uniqueWrite {
	others := slices.Concat(t.queue, slices.Collect(maps.Values(t.gaveUp)))
	seen := map[*uniqueWrite]bool{}
	var follow func(path []*uniqueWrite) []*uniqueWrite
	follow = func(path []*uniqueWrite) []*uniqueWrite {
		last := path[len(path)-1]
		if len(path) > 1 && len(t.waitsFor(last, w)) > 0 {
			return path
		}
		for _, next := range others {
			if !seen[next] && next != w && len(t.waitsFor(last, next)) > 0 {
				seen[next] = true
				if cycle := follow(append(slices.Clone(path), next)); cycle != nil {
					return cycle
				}
			}
		}
		return nil
	}
	return follow([]*uniqueWrite{w})
}

// pickToClear returns the write of a cycle that must clear values which the one before it needs, and the fields of these values; or nil if
// no write can. The best is one that has cleared something already. Next best is one whose value is needed by a write that has not given up.
func (t *valueTransfers) pickToClear(cycle []*uniqueWrite) (*uniqueWrite, []string) {
	var best *uniqueWrite
	var fields []string
	most := -1
	for i, candidate := range cycle {
		before := cycle[(i+len(cycle)-1)%len(cycle)]
		wanted := t.waitsFor(before, candidate)
		worth := 0
		if len(candidate.cleared) > 0 {
			worth += 2
		}
		if slices.Contains(t.queue, before) {
			worth++
		}
		able := slices.Contains(t.queue, candidate) && !slices.ContainsFunc(wanted, func(field string) bool {
			return !candidate.entity.CanClear(field) || slices.Contains(candidate.cleared, field) // in vain
		})
		if able && worth > most {
			best, fields, most = candidate, wanted, worth
		}
	}
	return best, fields
}
