package providerdata

import (
	"strings"
	"sync"
)

// Addresses knows which objects have an address. Terraform runs a provider process for each walk of its graph, and in a walk it reads each
// address once. So an object that is read a second time has a second address, and so has one that a plan keeps and removes.
type Addresses struct {
	mu      sync.Mutex
	reads   map[string]int  // by id in lower case
	removed map[string]bool // by id in lower case, whether the plan removes the object
}

// Read marks that an object is read, and reports whether that is the first time.
func (a *Addresses) Read(id string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.reads == nil {
		a.reads = map[string]int{}
	}
	id = strings.ToLower(id)
	a.reads[id]++
	return a.reads[id] == 1
}

// Plan marks that a plan keeps or removes an object, and reports whether it does not do both. It finds what Read cannot where nothing is
// read (-refresh=false), and leaves alone what Read has found.
func (a *Addresses) Plan(id string, removes bool) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.removed == nil {
		a.removed = map[string]bool{}
	}
	id = strings.ToLower(id)
	before, planned := a.removed[id]
	a.removed[id] = removes
	return !planned || before == removes || a.reads[id] > 1
}
