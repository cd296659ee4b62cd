package client

import (
	"context"
	"sync"

	"github.com/pigello/terraform-provider-pigello/internal/client/model"
)

// keyedLock is one mutex for each key.
type keyedLock struct {
	mu   sync.Mutex
	held map[string]chan struct{}
}

// lock waits for the lock of a key, and returns the function that unlocks it. It fails only when ctx ends.
func (l *keyedLock) lock(ctx context.Context, key string) (unlock func(), err error) {
	for {
		l.mu.Lock()
		if l.held == nil {
			l.held = map[string]chan struct{}{}
		}
		other, taken := l.held[key]
		if !taken {
			mine := make(chan struct{})
			l.held[key] = mine
			l.mu.Unlock()
			return func() {
				l.mu.Lock()
				defer l.mu.Unlock()
				delete(l.held, key)
				close(mine)
			}, nil
		}
		l.mu.Unlock()
		select {
		case <-other:
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
}

// pendingCreates is the set of creations that have not ended, or have ended with an unknown outcome.
type pendingCreates struct {
	mu     sync.Mutex
	bodies map[*creation]bool
}

type creation struct {
	entity string
	body   model.Body
}

// begin adds a creation, and returns the function that removes it.
func (p *pendingCreates) begin(entity model.Entity, body model.Body) (end func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.bodies == nil {
		p.bodies = map[*creation]bool{}
	}
	mine := &creation{entity.Name, body}
	p.bodies[mine] = true
	return func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		delete(p.bodies, mine)
	}
}

// othersMayHaveMade reports whether a creation other than that of body may have created an object. Creations with an equal key wait for each
// other, but two creations may have different keys and fit the same object: one has only an e-mail address, the other has the same
// address and a custom_id.
func (p *pendingCreates) othersMayHaveMade(entity model.Entity, body model.Body, object model.Object) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	others := 0
	for other := range p.bodies {
		if other.entity == entity.Name && entity.HasValuesOf(object, other.body) && !entity.Contradict(body, other.body) {
			others++
		}
	}
	return others > 1 // the creation itself is one of them
}

// isMadeByOther reports whether an object is that of another creation, and cannot be that of body.
func (p *pendingCreates) isMadeByOther(entity model.Entity, body model.Body, object model.Object) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	for other := range p.bodies {
		if other.entity == entity.Name && entity.HasValuesOf(object, other.body) && entity.Contradict(body, other.body) {
			return true
		}
	}
	return false
}
