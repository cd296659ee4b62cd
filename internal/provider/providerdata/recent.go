package providerdata

import (
	"sync"

	"github.com/pigello/terraform-provider-pigello/internal/client/model"
)

// most is how many objects Recent keeps: more than Terraform works on at once, and few enough to be no burden where nobody
// takes them, as in a refresh without a plan.
const most = 256

// Recent passes an object on from the call that has read it to the next call for the same object, which follows at once:
// from a refresh to the plan, and from the plan of an apply to the write. It saves the second reading, nothing more.
type Recent struct {
	mu      sync.Mutex
	objects map[string]model.Object
	order   []string // ids, the oldest first; some may have been taken
}

// Put keeps an object until it is taken, or many others have been put.
func (r *Recent) Put(id string, object model.Object) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.objects == nil {
		r.objects = map[string]model.Object{}
	}
	r.objects[id] = object
	if r.order = append(r.order, id); len(r.order) > most {
		delete(r.objects, r.order[0])
		r.order = r.order[1:]
	}
}

// Take returns the object that was put, once, or nil.
func (r *Recent) Take(id string) model.Object {
	r.mu.Lock()
	defer r.mu.Unlock()
	object := r.objects[id]
	delete(r.objects, id)
	return object
}
