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
	// minPage is the smallest page to request. A page of this size also shows whether the server keeps the order.
	minPage = 20
	// maxQuietPasses is after how many passes without a new object, one after another, the list counts as complete. If the server orders
	// each page at random, one pass misses an object in about one of three cases.
	maxQuietPasses = 10
	// maxStalePages is after how many pages without a new object, one after another, the server is taken to repeat its pages.
	maxStalePages = 3
)

// pageSizes are the sizes to request when the server refuses a larger one.
var pageSizes = []int{100, 20, 5, 1}

// walk reads a list page by page.
//
// How the API ends a list is not documented, so all known ways count: an empty page, a 404 past the last page, a repetition of the
// previous page, and several pages without a new object. A page that is shorter than requested does not count, since servers may cap the
// size. There is no maximum number of pages: a long list with small pages has many.
//
// A server may also ignore the order. Then a page may repeat objects of another page, and miss as many. In that case the list is read
// again, until as many objects are known as one pass has returned.
type walk struct {
	*Collection
	query     model.Query
	by        model.Ordering
	size      int             // of a page
	largest   int             // the largest size that the server has not refused
	unordered bool            // the server does not keep the order
	clock     clock           // of the last page
	seen      map[string]bool // ids of the objects that were yielded
}

// listed is an object in a list.
type listed struct {
	object model.Object
	clock  clock // when its page arrived
}

func (c *Collection) walk(query model.Query, by model.Ordering, size int) *walk {
	return &walk{Collection: c, query: query, by: by, size: size, largest: pageSize, seen: map[string]bool{}}
}

// objects yields the objects of the list, each once. It ends after an error.
func (w *walk) objects(ctx context.Context) iter.Seq2[listed, error] {
	return func(yield func(listed, error) bool) {
		for quiet := 0; quiet < maxQuietPasses; quiet++ {
			before := len(w.seen)
			p := pass{walk: w, ids: map[string]bool{}}
			if more := p.read(ctx, yield); !more || p.count <= len(w.seen) {
				return
			}
			if len(w.seen) > before {
				quiet = -1
			}
		}
	}
}

// ask requests a page, in a smaller size if the server refuses this one.
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

// pass reads the list once, from its first page on.
type pass struct {
	*walk
	ids      map[string]bool // of the objects of this pass
	last     []model.Object  // the previous page
	previous model.Object    // the previous object
	count    int             // objects of this pass, repeated ones included
	stale    []int           // sizes of the last pages without a new object
}

// read yields the objects that no earlier pass has yielded. It reports false if the caller wants no more, or after an error.
func (p *pass) read(ctx context.Context, yield func(listed, error) bool) bool {
	for number := 1; len(p.stale) < maxStalePages; number++ {
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
		p.add(objects)
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
			// A small page was requested in the hope that it is enough, and it was not. Read again with large pages.
			p.size = p.largest
			p.count = len(p.seen) + 1
			return true
		}
	}
	// If the server keeps the order, the stale pages only repeat the end of the list, so they do not count. If it does not, they may be
	// any pages.
	for _, n := range p.stale {
		if !p.unordered {
			p.count -= n
		}
	}
	return true
}

// add counts the objects of a page, and checks the order. In a list that is in order, an object that appears twice in a row counts once:
// an object was added or removed between two pages, or the server joins tables. A page without a new object may be any page, so it says
// nothing about the order.
func (p *pass) add(objects []model.Object) {
	stale := !slices.ContainsFunc(objects, func(object model.Object) bool { return !p.ids[object.ID()] })
	for _, object := range objects {
		if p.previous != nil && !stale {
			if n, sure := p.by.Compare(p.previous, object); sure && n > 0 {
				p.unordered = true
			}
		}
		if p.unordered || p.previous.ID() != object.ID() {
			p.count++
		}
		p.ids[object.ID()] = true
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
