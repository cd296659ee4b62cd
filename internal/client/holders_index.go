package client

import (
	"context"
	"errors"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/pigello/terraform-provider-pigello/internal/client/model"
	"github.com/pigello/terraform-provider-pigello/internal/client/transport"
)

const (
	// pageLimit is how long a page may take. After that, filtered lists are used instead.
	pageLimit = 10 * time.Second
	// minCap is fewer objects than any server is expected to have on a page that is not the last one. A larger page may be full, whatever size
	// was requested, so it needs a request for the next one.
	minCap = 5
	// maxIndexPages is how many pages are read if there is no other way.
	maxIndexPages = 10
	// maxPlausiblePages is more pages than any collection has. An estimate above it means that the ids are not evenly distributed.
	maxPlausiblePages = 20_000
)

// holderIndex maps values to their holders for a whole collection. It reads the collection page by page, in the order of ids, and keeps
// only ids and the values of keys.
type holderIndex struct {
	objects *Collection
	pages   int            // read so far
	size    int            // of a page
	last    []model.Object // the last page
	seen    map[string]bool
	byValue byValue
	visible map[string]bool // fields of which a value was seen
	absent  map[string]bool // fields of which no value was seen: true if no object has one, false if the API hides them

	complete bool
	unusable bool // it cannot be completed, so filtered lists are used instead
}

func newHolderIndex(objects *Collection) holderIndex {
	return holderIndex{
		objects: objects, size: pageSize, seen: map[string]bool{}, byValue: byValue{}, visible: map[string]bool{}, absent: map[string]bool{},
	}
}

// idsOf returns the holders of a value that the pages have shown.
func (x *holderIndex) idsOf(value KeyValue) []string {
	return x.byValue[keyOf(value.Field, value.Value)]
}

// covers reports whether the index knows all holders of the values of a field.
func (x *holderIndex) covers(field model.Field) bool {
	return x.complete && (!field.Personal || x.visible[field.Name] || x.absent[field.Name] || len(x.seen) == 0)
}

func (x *holderIndex) coversAll(values []KeyValue) bool {
	for _, value := range values {
		if !value.LocalOnly && !x.covers(value.Field) {
			return false
		}
	}
	return true
}

// readIfAffordable reads pages as long as the index can be completed with an affordable number of requests, plus one for the end of the list.
func (x *holderIndex) readIfAffordable(ctx context.Context, affordable int) error {
	for !x.complete && !x.unusable && x.pages+x.remainingPages() <= affordable+1 {
		err := x.next(ctx)
		if failure, ok := errors.AsType[*transport.Error](err); ok &&
			(failure.Status == http.StatusUnauthorized || failure.IsMisconfigured() || transport.IsStopped(err)) {
			return err // all other requests would fail in the same way
		}
		x.unusable = x.unusable || err != nil
	}
	return nil
}

// readAll reads all pages: if the API ignores filters, there is no other way.
func (x *holderIndex) readAll(ctx context.Context, fields []model.Field) error {
	for !x.complete && !x.unusable && x.pages < maxIndexPages {
		if err := x.next(ctx); err != nil {
			return err
		}
	}
	for _, field := range fields {
		if !x.covers(field) {
			return errFiltersIgnored
		}
	}
	return nil
}

// next reads the next page.
func (x *holderIndex) next(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, pageLimit)
	defer cancel()
	r := x.objects.pageRequest(nil, x.pages+1, pageSize)
	r.Policy = transport.Single
	response, err := x.objects.send(ctx, r)
	if transport.IsNotFound(err) && x.pages > 0 {
		x.complete = true
		return nil
	}
	if err != nil {
		return err
	}
	page, err := objects(response)
	if err != nil {
		return err
	}
	if len(page) == 0 || sameObjects(page, x.last) {
		x.complete = true
		return nil
	}
	if x.pages == 1 {
		x.size = len(x.last) // the first page was not the last one, so it was full
	}
	x.pages++
	for _, object := range page {
		if x.seen[object.ID()] { // the server does not keep the order, so other objects may be missing
			x.unusable = true
		}
		x.seen[object.ID()] = true
		if err := x.add(object); err != nil {
			return err
		}
	}
	x.last = page
	x.complete = !x.unusable && len(page) < minCap
	return nil
}

func (x *holderIndex) add(object model.Object) error {
	for _, name := range x.objects.Entity.Keys {
		field, _ := x.objects.Entity.Field(name)
		value, err := object.Value(field)
		if err != nil {
			return err
		}
		if text, ok := value.(string); ok {
			x.visible[name] = true
			x.byValue.add(keyOf(field, text), object.ID())
		}
	}
	return nil
}

// remainingPages estimates how many requests complete the index.
func (x *holderIndex) remainingPages() int {
	if x.pages == 0 || len(x.last) < x.size {
		return 1
	}
	// If ids are evenly distributed, the last id shows how far the last page is from the end.
	bits, err := strconv.ParseUint(x.last[len(x.last)-1].ID()[:8], 16, 32)
	if total := float64(x.pages) * math.Exp2(32) / float64(bits+1); err == nil && total < maxPlausiblePages {
		return max(1, int(math.Ceil(total))-x.pages)
	}
	return x.pages + 1 // a guess: half of the pages
}

// checkHidden finds out, for a field of which the index has no value, whether no object has one or the API hides them.
func (x *holderIndex) checkHidden(ctx context.Context, field model.Field) error {
	if _, known := x.absent[field.Name]; known || !x.complete || x.covers(field) {
		return nil
	}
	page, err := x.objects.page(ctx, model.Query{field.Name + "__isnull": "false"}, 1, 1)
	if err != nil && !transport.IsNotFound(err) {
		return err
	}
	x.absent[field.Name] = len(page.objects) == 0
	return nil
}
