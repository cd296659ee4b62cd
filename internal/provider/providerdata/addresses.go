package providerdata

import (
	"strings"
	"sync"
)

// Addresses finds objects with two addresses. Terraform runs a provider process for each walk of its graph, and in a walk it reads each address
// once. So an object that is read twice has two addresses, and so has an object that a plan both keeps and removes.
type Addresses struct {
	mu      sync.Mutex
	reads   map[string]int  // by id in lower case
	removed map[string]bool // by id in lower case: whether the plan removes the object
}

// Read records that an object is read, and reports whether it is the first time.
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

// Plan records that a plan keeps or removes an object, and reports false if it does both. It is for plans without reads (-refresh=false), and
// does not repeat what Read has reported.
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
