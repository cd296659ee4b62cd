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

// handovers lets values that must be unique change hands among the objects that one process changes: a swap, a chain, a value that
// somebody gives up and somebody new gets. The server refuses a write whose value another object still has. Such a write becomes a
// claim: it waits while that object may still give the value up, and is sent again then. A circle of claims is broken: one of them
// clears its own value first.
//
// Nobody tells what else the process is about to write. A claim therefore waits as long as any request is under way, and for its
// patience after that.
type handovers struct {
	mu      sync.Mutex
	changed chan struct{} // closed at the next change of any of the following; nil if nobody waits for one

	clock   int               // counts successful writes
	written map[string]int    // the clock at the last of them, by the object's id
	given   map[string]int    // the same by entity, and by entity and field
	over    map[string]bool   // ids of objects whose write has ended
	lost    map[string]*claim // that gave up, by the object's id
	waiting []*claim          // the longest first

	requests int       // under way
	still    time.Time // since when there has been no request
	vain     int       // claims in a row that gave up, without a handover between them
}

// patience is how long after the last request a claim waits: Terraform starts the next operation at once when one has ended.
// Where claims keep waiting in vain, it gets shorter down to leastPatience, so that many values that others have cost little time.
const (
	maxPatience   = time.Second
	leastPatience = 125 * time.Millisecond
	// longest is how long a claim waits for somebody who has not shown up, whatever goes on: it takes the place of another operation.
	longest = 2 * time.Minute
)

// claim is a write that the server has refused because other objects have values of it.
type claim struct {
	entity model.Entity
	id     string // of the object, in lower case; "" for a creation
	body   model.Body

	since   time.Time           // when it was first refused
	sent    int                 // the clock when it was sent
	holders map[string][]string // ids in lower case of those who have a value, by field; none where they cannot be looked for
	holds   map[string]any      // what the object itself has of the fields whose holders cannot be looked for

	clear    []string // fields that it has to clear
	cleared  []string // fields that it has cleared
	circular bool     // it is in a circle that cannot be broken
}

func newClaim(entity model.Entity, id string, body model.Body) *claim {
	return &claim{entity: entity, id: strings.ToLower(id), body: body}
}

// step is what a claim does next.
type step int

const (
	wait step = iota
	sendAgain
	clearFirst
	giveUp
)

// request marks the beginning of a request, and returns what marks its end.
func (h *handovers) request() (end func()) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.requests++
	return func() {
		h.mu.Lock()
		defer h.mu.Unlock()
		h.requests--
		h.still = time.Now()
		h.change()
	}
}

// change wakes all claims.
func (h *handovers) change() {
	if h.changed != nil {
		close(h.changed)
		h.changed = nil
	}
}

// now is the clock.
func (h *handovers) now() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.clock
}

// end marks the end of the one write to an object: it has given up what it had of the fields in given.
func (h *handovers) end(entity model.Entity, id string, given []string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	id = strings.ToLower(id)
	if h.over == nil {
		h.over = map[string]bool{}
	}
	h.over[id] = true
	if len(given) > 0 {
		h.gave(entity, id, given)
	}
	h.change()
}

// gave marks that an object has given up what it had of some fields.
func (h *handovers) gave(entity model.Entity, id string, fields []string) {
	if h.written == nil {
		h.written, h.given = map[string]int{}, map[string]int{}
	}
	h.clock++
	h.written[id] = h.clock
	h.given[entity.Name] = h.clock
	for _, field := range fields {
		h.given[entity.Name+"."+field] = h.clock
	}
}

// cleared marks that a claim has cleared what it had to.
func (h *handovers) cleared(c *claim) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.gave(c.entity, c.id, c.clear)
	for _, field := range c.clear {
		delete(c.holds, field)
	}
	c.cleared, c.clear = append(c.cleared, c.clear...), nil
	h.change()
}

// wait waits until there is something to do for a claim that was refused. It gives up when ctx ends.
func (h *handovers) wait(ctx context.Context, c *claim) step {
	h.mu.Lock()
	defer h.mu.Unlock()
	if !slices.Contains(h.waiting, c) {
		h.waiting = append(h.waiting, c)
		h.change()
	}
	if c.since.IsZero() {
		c.since = time.Now()
	}
	next := wait
	for next == wait {
		var patience time.Duration
		if next, patience = h.next(c); next == wait && !h.sleep(ctx, patience) {
			next = giveUp
		}
	}
	switch next {
	case sendAgain:
		h.vain = 0
		h.leave(c)
	case giveUp:
		h.lose(c)
	case wait, clearFirst:
	}
	return next
}

// sleep waits for a change, at most for a while, without the lock. It reports whether ctx has not ended.
func (h *handovers) sleep(ctx context.Context, atMost time.Duration) bool {
	if h.changed == nil {
		h.changed = make(chan struct{})
	}
	changed := h.changed
	h.mu.Unlock()
	defer h.mu.Lock()
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

// abandon ends a claim that could not clear what it had to.
func (h *handovers) abandon(c *claim) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.lose(c)
}

// lose ends a claim that has given up: what its object has stays there.
func (h *handovers) lose(c *claim) {
	c.clear = nil
	if h.lost == nil {
		h.lost = map[string]*claim{}
	}
	if c.id != "" {
		h.lost[c.id] = c
	}
	h.leave(c)
}

func (h *handovers) leave(c *claim) {
	h.waiting = slices.DeleteFunc(h.waiting, func(other *claim) bool { return other == c })
	h.change()
}

// next decides what a claim does. For one that waits it says how long, if nothing changes.
func (h *handovers) next(c *claim) (step, time.Duration) {
	if len(c.clear) > 0 {
		return clearFirst, 0
	}
	if h.isFree(c) {
		return sendAgain, 0
	}
	if circle := h.circle(c); len(circle) > 0 {
		if slices.ContainsFunc(circle, func(member *claim) bool { return len(member.clear) > 0 }) {
			return wait, maxPatience
		}
		breaker, fields := h.breaker(circle)
		if breaker == nil {
			c.circular = true
			return giveUp, 0
		}
		breaker.clear = fields
		if breaker == c {
			return clearFirst, 0
		}
		h.change()
		return wait, maxPatience
	}
	shown := slices.ContainsFunc(h.waiting, func(other *claim) bool { return len(h.wants(c, other)) > 0 })
	if h.isHopeless(c) || !shown && time.Since(c.since) >= longest {
		return giveUp, 0
	}
	patience := max(leastPatience, maxPatience>>min(h.vain, 8))
	left := patience - time.Since(h.still)
	switch {
	case h.requests > 0 || !h.isFirst(c):
		return wait, patience
	case left > 0:
		return wait, left
	}
	h.vain++
	h.still = time.Now()
	return giveUp, 0
}

// isFree reports whether a value may have become free since the claim was sent.
func (h *handovers) isFree(c *claim) bool {
	if len(c.holders) == 0 {
		return h.given[c.entity.Name] > c.sent
	}
	for field, holders := range c.holders {
		if len(holders) == 0 && h.given[c.entity.Name+"."+field] > c.sent {
			return true
		}
		if slices.ContainsFunc(holders, func(id string) bool { return h.written[id] > c.sent }) {
			return true
		}
	}
	return false
}

// isHopeless reports whether somebody has a value who will not give it up any more: the one write to that object has ended, or
// keeps the value.
func (h *handovers) isHopeless(c *claim) bool {
	for field, holders := range c.holders {
		for _, id := range holders {
			keeps := slices.ContainsFunc(h.waiting, func(other *claim) bool { return other.id == id && !other.gives(field) })
			if h.over[id] || h.lost[id] != nil || keeps {
				return true
			}
		}
	}
	return false
}

// isFirst reports whether a claim is the first to give up: of those that nobody waits for, it waits the longest. One at a time, since
// the operation that then starts in its place may be the one that the others wait for.
func (h *handovers) isFirst(c *claim) bool {
	for _, candidate := range h.waiting {
		wanted := slices.ContainsFunc(h.waiting, func(other *claim) bool { return len(h.wants(other, candidate)) > 0 })
		if !wanted {
			return candidate == c
		}
	}
	return false
}

// gives reports whether a claim changes a field, so that it gives up the value that its object has.
func (c *claim) gives(field string) bool {
	_, sent := c.body[field]
	return sent
}

// wants returns the fields whose values a has asked for and b is to give up.
func (h *handovers) wants(a, b *claim) []string {
	if a == b || b.id == "" || a.entity.Name != b.entity.Name || h.written[b.id] > a.sent {
		return nil
	}
	var fields []string
	for name, holders := range a.holders {
		field, _ := a.entity.Field(name)
		have := b.holds[name]
		same := len(holders) == 0 && have != nil && field.Kind.Equal(have, field.Sent(a.body[name]))
		if b.gives(name) && (same || slices.Contains(holders, b.id)) {
			fields = append(fields, name)
		}
	}
	slices.Sort(fields)
	return fields
}

// circle returns claims each of which waits for the next, and the last for the first, which is c; or nil if there are none. Those that
// have given up are among them: what they have asked for is known.
func (h *handovers) circle(c *claim) []*claim {
	others := slices.Concat(h.waiting, slices.Collect(maps.Values(h.lost)))
	seen := map[*claim]bool{}
	var follow func(path []*claim) []*claim
	follow = func(path []*claim) []*claim {
		last := path[len(path)-1]
		if len(path) > 1 && len(h.wants(last, c)) > 0 {
			return path
		}
		for _, next := range others {
			if !seen[next] && next != c && len(h.wants(last, next)) > 0 {
				seen[next] = true
				if circle := follow(append(slices.Clone(path), next)); circle != nil {
					return circle
				}
			}
		}
		return nil
	}
	return follow([]*claim{c})
}

// breaker returns the member of a circle that is to clear values for the one before it, and their fields; or nil if nobody can. The best
// is one that has cleared something already. Next best is one whose value somebody waits for who has not given up.
func (h *handovers) breaker(circle []*claim) (*claim, []string) {
	var best *claim
	var fields []string
	most := -1
	for i, member := range circle {
		before := circle[(i+len(circle)-1)%len(circle)]
		wanted := h.wants(before, member)
		worth := 0
		if len(member.cleared) > 0 {
			worth += 2
		}
		if slices.Contains(h.waiting, before) {
			worth++
		}
		able := slices.Contains(h.waiting, member) &&
			!slices.ContainsFunc(wanted, func(field string) bool { return !member.entity.CanClear(field) })
		if able && worth > most {
			best, fields, most = member, wanted, worth
		}
	}
	return best, fields
}
