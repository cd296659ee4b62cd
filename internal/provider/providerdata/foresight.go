package providerdata

import (
	"context"
	"strings"
	"sync"
	"time"
)

// Foresight is what the plan of one process has shown so far of people: who is managed and what of them stays, who is to be created, and
// who is to be removed. Terraform plans one object after another, in an order of its own, so that what comes later is not known.
type Foresight struct {
	mu      sync.Mutex
	objects map[string]*object // by id, in lower case
	created map[string]bool    // keys of those to be created
	told    map[string]int     // how many times something was told

	applying bool
	destroys destroys
}

// object is a managed object.
type object struct {
	planned chan struct{} // closed when its plan is known
	plan    Planned
}

// Planned is what a plan makes of an object.
type Planned struct {
	OnDestroy string          // as it was last applied
	Gone      bool            // it is deleted
	Given     map[string]bool // keys that it gives up, or may
}

// planWait is how long the plan of an object may take after the beginning of its refresh, before it is taken for one that has none: it
// is to be replaced.
const planWait = 2 * time.Second

func (f *Foresight) object(id string) *object {
	id = strings.ToLower(id)
	if f.objects == nil {
		f.objects = map[string]*object{}
	}
	if f.objects[id] == nil {
		f.objects[id] = &object{planned: make(chan struct{})}
	}
	return f.objects[id]
}

// Manage takes note of an object whose refresh begins.
func (f *Foresight) Manage(id string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.object(id)
}

// Plan takes note of what the plan makes of an object.
func (f *Foresight) Plan(id string, plan Planned) {
	f.mu.Lock()
	defer f.mu.Unlock()
	o := f.object(id)
	o.plan = plan
	select {
	case <-o.planned:
	default:
		close(o.planned)
	}
}

// Planned returns what the plan makes of an object, or nil if nobody knows. An object whose refresh has begun is waited for. managed is
// false if nothing was heard of the object so far.
func (f *Foresight) Planned(ctx context.Context, id string) (plan *Planned, managed bool) {
	f.mu.Lock()
	o := f.objects[strings.ToLower(id)]
	f.mu.Unlock()
	if o == nil {
		return nil, false
	}
	ctx, cancel := context.WithTimeout(ctx, planWait)
	defer cancel()
	select {
	case <-o.planned:
		f.mu.Lock()
		defer f.mu.Unlock()
		planned := o.plan
		return &planned, true
	case <-ctx.Done():
		return nil, true
	}
}

// Create takes note of the key of an object that is to be created, and reports whether no other has it.
func (f *Foresight) Create(key string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return first(&f.created, key)
}

// Told takes note that something is told, and returns how many times it was told before.
func (f *Foresight) Told(what string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.told == nil {
		f.told = map[string]int{}
	}
	f.told[what]++
	return f.told[what] - 1
}

func first(set *map[string]bool, text string) bool {
	if *set == nil {
		*set = map[string]bool{}
	}
	known := (*set)[text]
	(*set)[text] = true
	return !known
}

// Apply takes note that this process does not plan but applies: what was approved is not judged again.
func (f *Foresight) Apply() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.applying = true
}

// Applying reports whether Apply was called.
func (f *Foresight) Applying() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.applying
}
