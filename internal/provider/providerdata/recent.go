package providerdata

import (
	"sync"

	"github.com/pigello/terraform-provider-pigello/internal/client"
)

// kept is how many of the objects that were put last are there to be taken, at least: more than Terraform has in hand at once.
const kept = 256

// Recent passes an object on from the call that has read it to the next call for the same object, which follows at once:
// from a refresh to the plan, and from the plan of an apply to the write. It saves the second reading, nothing more.
//
// After a mere refresh nobody takes what was put, so that Recent forgets what is older.
type Recent struct {
	mu            sync.Mutex
	newest, older map[string]client.Object
}

// Put keeps an object until it is taken, or many others have been put.
func (r *Recent) Put(id string, object client.Object) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.newest == nil || len(r.newest) == kept {
		r.newest, r.older = make(map[string]client.Object, kept), r.newest
	}
	r.newest[id] = object
}

// Take returns the object that was put, once, or nil.
func (r *Recent) Take(id string) client.Object {
	r.mu.Lock()
	defer r.mu.Unlock()
	object, found := r.newest[id]
	if !found {
		object = r.older[id]
	}
	delete(r.newest, id)
	delete(r.older, id)
	return object
}
