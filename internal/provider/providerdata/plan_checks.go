package providerdata

import (
	"context"
	"strings"
	"sync"
	"time"
)

// PlanChecks holds what is known so far about the plan of this process: the managed objects and the keys that they release, the new objects,
// and the people who lose access. Terraform plans one object after another in any order, so later plans are not known yet.
type PlanChecks struct {
	mu       sync.Mutex
	objects  map[string]*object // by id, in lower case
	created  map[string]string  // keys of new objects, each with the id of the object that is replaced, or ""
	reported map[string]int     // how many times each kind of message was reported

	refreshed bool            // an object was refreshed, so this process makes a plan
	applying  bool            // an object is written, so this process applies a plan
	wait      <-chan struct{} // of Applies, closed when it ends; nil before
	endWait   context.CancelFunc
	destroys  destroys
}

// object is a managed object.
type object struct {
	done    chan struct{} // closed when its plan is known
	planned Planned
}

// Planned is the plan of an object.
type Planned struct {
	OnDestroy string          // as it was last applied
	Deleted   bool            // the object will be deleted
	Released  map[string]bool // keys that it releases, or may release
}

// planWait is how long Planned waits for the plan of an object. If there is none by then, the object will be replaced, and its own plan comes
// later.
const planWait = 2 * time.Second

func (f *PlanChecks) object(id string) *object {
	id = strings.ToLower(id)
	if f.objects == nil {
		f.objects = map[string]*object{}
	}
	if f.objects[id] == nil {
		f.objects[id] = &object{done: make(chan struct{})}
	}
	return f.objects[id]
}

// Refresh records that the refresh of an object begins.
func (f *PlanChecks) Refresh(id string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.object(id)
	f.refreshed = true
	f.stopWaiting()
}

// Record records the plan of an object.
func (f *PlanChecks) Record(id string, plan Planned) {
	f.mu.Lock()
	defer f.mu.Unlock()
	o := f.object(id)
	o.planned = plan
	select {
	case <-o.done:
	default:
		close(o.done)
	}
}

// Planned returns the plan of an object, or nil if it is not known. If the refresh of the object has begun, it waits for the plan. managed is
// false if neither a refresh nor a plan of the object was recorded.
func (f *PlanChecks) Planned(ctx context.Context, id string) (plan *Planned, managed bool) {
	f.mu.Lock()
	o := f.objects[strings.ToLower(id)]
	f.mu.Unlock()
	if o == nil {
		return nil, false
	}
	ctx, cancel := context.WithTimeout(ctx, planWait)
	defer cancel()
	select {
	case <-o.done:
		f.mu.Lock()
		defer f.mu.Unlock()
		planned := o.planned
		return &planned, true
	case <-ctx.Done():
		return nil, true
	}
}

// Create records the key of a new object, and reports whether no other new object has it. replaced is the id of the object that the new one
// replaces, or "". Terraform may plan one replacement twice, so two creations that replace the same object are one.
func (f *PlanChecks) Create(key, replaced string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.created == nil {
		f.created = map[string]string{}
	}
	before, known := f.created[key]
	if !known {
		f.created[key] = replaced
	}
	return !known || replaced != "" && strings.EqualFold(before, replaced)
}

// Reported records that a kind of message is reported, and returns how many times it was reported before.
func (f *PlanChecks) Reported(what string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.reported == nil {
		f.reported = map[string]int{}
	}
	f.reported[what]++
	return f.reported[what] - 1
}

// StartApply records that this process applies a plan: an approved plan is not checked again.
func (f *PlanChecks) StartApply() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.applying = true
	f.stopWaiting()
}

// Applying reports whether StartApply was called.
func (f *PlanChecks) Applying() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.applying
}

// applyWait is how long Applies waits. An apply writes several objects at the same time, so the first write begins at once.
const applyWait = 2 * time.Second

// Applies reports whether this process applies a plan. OpenTofu plans each object again during an apply, and does not tell the provider. So in a
// process that has neither refreshed nor written an object, Applies waits for one of both, up to applyWait after the first call.
func (f *PlanChecks) Applies(ctx context.Context) bool {
	f.mu.Lock()
	if f.wait == nil {
		var wait context.Context
		wait, f.endWait = context.WithTimeout(context.Background(), applyWait)
		f.wait = wait.Done()
	}
	if f.refreshed || f.applying {
		f.stopWaiting()
	}
	f.mu.Unlock()
	select {
	case <-f.wait:
	case <-ctx.Done():
	}
	return f.Applying()
}

func (f *PlanChecks) stopWaiting() {
	if f.endWait != nil {
		f.endWait()
	}
}
