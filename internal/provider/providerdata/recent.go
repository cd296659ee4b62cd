package providerdata

import (
	"sync"

	"github.com/pigello/terraform-provider-pigello/internal/client/model"
)

// maxRecent is how many objects Recent keeps: more than Terraform works on at once, but not too many if they are never taken, as in a refresh
// without a plan.
const maxRecent = 256

// Recent passes an object from the call that has read it to the next call for the same object, which follows at once: from a refresh to the
// plan, and from the plan during an apply to the write. It saves the second read.
type Recent struct {
	mu      sync.Mutex
	objects map[string]model.Object
	order   []string // ids, the oldest first; their objects may have been taken
}

// Put keeps an object until it is taken, or maxRecent others were put.
func (r *Recent) Put(id string, object model.Object) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.objects == nil {
		r.objects = map[string]model.Object{}
	}
	r.objects[id] = object
	if r.order = append(r.order, id); len(r.order) > maxRecent {
		delete(r.objects, r.order[0])
		r.order = r.order[1:]
	}
}

// Take removes an object and returns it, or nil if there is none.
func (r *Recent) Take(id string) model.Object {
	r.mu.Lock()
	defer r.mu.Unlock()
	object := r.objects[id]
	delete(r.objects, id)
	return object
}
