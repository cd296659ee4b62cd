package providerdata

import (
	"strings"
	"sync"
)

// Addresses knows which objects have an address. Terraform runs a provider process for each walk of its graph, and in a walk it reads each
// address once. So an object that is read a second time has a second address.
type Addresses struct {
	mu   sync.Mutex
	read map[string]bool // by id in lower case
}

// Add adds an address of an object, and reports whether it is the first.
func (a *Addresses) Add(id string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.read == nil {
		a.read = map[string]bool{}
	}
	id = strings.ToLower(id)
	second := a.read[id]
	a.read[id] = true
	return !second
}
