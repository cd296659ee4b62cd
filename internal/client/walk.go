package client

import (
	"context"
	"errors"
	"iter"
	"slices"
	"strings"

	"github.com/pigello/terraform-provider-pigello/internal/client/model"
	"github.com/pigello/terraform-provider-pigello/internal/client/transport"
)

const (
	// leastPage is the smallest page that is worth a request of its own: it also shows whether the server keeps the order.
	leastPage = 20
	// quietPasses is how many passes in a row bring nothing new when nothing is left to be found. A pass through a list that is
	// shuffled for every page misses an object about every third time.
	quietPasses = 10
	// stalePages is how many pages in a row bring nothing new when the server goes in circles.
	stalePages = 3
)

// pageSizes are the sizes to ask for when the server refuses a larger one.
var pageSizes = []int{100, 20, 5, 1}

// walk reads a list page by page.
//
// How the API ends a list is not documented, so all known ways count: an empty page, a 404 past the last page, a page that is
// the one before once more, and several pages that bring nothing new. A page shorter than asked for does not, since servers may
// cap the size. Nor is there a largest number of pages: where pages are small, long lists have many. Nor need a server keep the order, so that a page repeats what another one brought and leaves out as much: then
// the list is read again, until as many objects are known as one pass has brought.
type walk struct {
	*Collection
	query   model.Query
	by      model.Ordering
	size    int             // of a page
	largest int             // size that the server has not refused
	mixed   bool            // the objects have not come in order
	clock   clock           // of the last page
	seen    map[string]bool // ids of what was yielded
}

// listed is an object in a list.
type listed struct {
	object model.Object
	clock  clock // when its page came
}

func (c *Collection) walk(query model.Query, by model.Ordering, size int) *walk {
	return &walk{Collection: c, query: query, by: by, size: size, largest: pageSize, seen: map[string]bool{}}
}

// objects yields the objects of the list, each once. After an error it ends.
func (w *walk) objects(ctx context.Context) iter.Seq2[listed, error] {
	return func(yield func(listed, error) bool) {
		for quiet := 0; quiet < quietPasses; quiet++ {
			before := len(w.seen)
			p := pass{walk: w, here: map[string]bool{}}
			if more := p.read(ctx, yield); !more || p.brought <= len(w.seen) {
				return
			}
			if len(w.seen) > before {
				quiet = -1
			}
		}
	}
}

// ask asks for a page, in a smaller size if the server refuses this one.
func (w *walk) ask(ctx context.Context, number int) (page, error) {
	for {
		page, err := w.page(ctx, w.query, number, w.size)
		smaller := slices.IndexFunc(pageSizes, func(size int) bool { return size < w.size })
		var e *transport.Error
		if number > 1 || smaller < 0 || !errors.As(err, &e) || !e.AboutPages() {
			return page, err
		}
		w.size, w.largest = pageSizes[smaller], pageSizes[smaller]
	}
}

// pass is one reading of the list from its first page on.
type pass struct {
	*walk
	here     map[string]bool // ids of what it has brought
	last     []model.Object  // the page before
	previous model.Object    // that it has brought
	brought  int             // objects, those included that came more than once
	stale    []int           // how many objects the last pages had, as far back as these brought nothing new
}

// read yields what no pass before has brought, and reports whether there may be more: the reader has not had enough, and there
// was no error.
func (p *pass) read(ctx context.Context, yield func(listed, error) bool) bool {
	for number := 1; len(p.stale) < stalePages; number++ {
		page, err := p.ask(ctx, number)
		if number > 1 && transport.IsNotFound(err) {
			return true
		}
		if err != nil {
			yield(listed{}, err)
			return false
		}
		objects := page.objects
		p.clock = page.clock
		if len(objects) == 0 || sameObjects(objects, p.last) {
			return true
		}
		p.count(objects)
		p.last = objects
		for _, object := range objects {
			id := strings.ToLower(object.ID())
			if p.seen[id] {
				continue
			}
			p.seen[id] = true
			if !yield(listed{object: object, clock: page.clock}, nil) {
				return false
			}
		}
		if p.size < p.largest && len(objects) >= p.size {
			// The small page was to save a large one, and was not enough.
			p.size = p.largest
			p.brought = len(p.seen) + 1
			return true
		}
	}
	// Of a list that is in order these were its end, told in circles. Of any other nobody knows.
	for _, n := range p.stale {
		if !p.mixed {
			p.brought -= n
		}
	}
	return true
}

// count takes note of a page. What comes twice in a row in a list that is in order does not count twice: the list has moved on
// by one object between two pages, or the server joins tables. A page that brings nothing new may be any page once more, and
// says nothing about the order.
func (p *pass) count(objects []model.Object) {
	stale := !slices.ContainsFunc(objects, func(object model.Object) bool { return !p.here[object.ID()] })
	for _, object := range objects {
		if p.previous != nil && !stale {
			if n, sure := p.by.Compare(p.previous, object); sure && n > 0 {
				p.mixed = true
			}
		}
		if p.mixed || p.previous.ID() != object.ID() {
			p.brought++
		}
		p.here[object.ID()] = true
		p.previous = object
	}
	p.stale = append(p.stale, len(objects))
	if !stale {
		p.stale = nil
	}
}

// sameObjects reports whether two pages hold the same objects.
func sameObjects(a, b []model.Object) bool {
	if len(a) != len(b) {
		return false
	}
	ids := map[string]bool{}
	for _, object := range a {
		ids[object.ID()] = true
	}
	return !slices.ContainsFunc(b, func(object model.Object) bool { return !ids[object.ID()] })
}
