package providerdata

import (
	"sync"

	"github.com/pigello/terraform-provider-pigello/internal/client"
)

// Recent passes an object on from the call that has read it to the next call for the same object, which follows at once:
// from a refresh to the plan, and from the plan of an apply to the write. It saves the second reading, nothing more.
type Recent struct {
	mu      sync.Mutex
	objects map[string]client.Object
}

// Put keeps an object until it is taken.
func (r *Recent) Put(id string, object client.Object) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.objects == nil {
		r.objects = map[string]client.Object{}
	}
	r.objects[id] = object
}

// Take returns the object that was put, once, or nil.
func (r *Recent) Take(id string) client.Object {
	r.mu.Lock()
	defer r.mu.Unlock()
	object := r.objects[id]
	delete(r.objects, id)
	return object
}
