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
	// pageLimit is how long a page may take: filtered lists are another way.
	pageLimit = 10 * time.Second
	// maxCatalog is how many pages are read where there is no other way.
	maxCatalog = 10
	// plausiblePages is more pages than any collection has. Ids from which more would follow are not spread evenly.
	plausiblePages = 20_000
)

// catalog is who has which values in a whole collection, read page by page in the order of ids. Of the objects it keeps nothing but
// ids and the values of keys.
type catalog struct {
	objects *Collection
	pages   int            // read so far
	size    int            // of a page
	last    []model.Object // the last page
	seen    map[string]bool
	holders byValue
	shown   map[string]bool // names of the fields of which a value was seen
	absent  map[string]bool // names of the fields of which no value was seen: whether there is none

	complete bool
	useless  bool // it cannot be completed, and lists are another way
}

func newCatalog(objects *Collection) catalog {
	return catalog{
		objects: objects, size: pageSize, seen: map[string]bool{}, holders: byValue{}, shown: map[string]bool{}, absent: map[string]bool{},
	}
}

// ids returns who has a claimed value, as far as the pages have shown it.
func (c *catalog) ids(claim Claim) []string { return c.holders[keyOf(claim.Field, claim.Value)] }

// answers reports whether nobody has a value of the field but those whom the pages have shown.
func (c *catalog) answers(field model.Field) bool {
	return c.complete && (!field.Personal || c.shown[field.Name] || c.absent[field.Name] || len(c.seen) == 0)
}

func (c *catalog) answersAll(claims []Claim) bool {
	for _, claim := range claims {
		if !claim.Unsent && !c.answers(claim.Field) {
			return false
		}
	}
	return true
}

// read reads pages as long as they can be completed with an affordable number of requests, and one for the end of the list.
func (c *catalog) read(ctx context.Context, affordable int) error {
	for !c.complete && !c.useless && c.pages+c.left() <= affordable+1 {
		err := c.next(ctx)
		if failure, ok := errors.AsType[*transport.Error](err); ok &&
			(failure.Status == http.StatusUnauthorized || failure.IsMisconfigured() || transport.IsStopped(err)) {
			return err // all other requests would end in the same way, and say less
		}
		c.useless = c.useless || err != nil
	}
	return nil
}

// readAll reads all pages, which is the only way where the API ignores filters.
func (c *catalog) readAll(ctx context.Context, fields []model.Field) error {
	for !c.complete && !c.useless && c.pages < maxCatalog {
		if err := c.next(ctx); err != nil {
			return err
		}
	}
	for _, field := range fields {
		if !c.answers(field) {
			return errFiltersIgnored
		}
	}
	return nil
}

// next reads the next page.
func (c *catalog) next(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, pageLimit)
	defer cancel()
	r := c.objects.pageRequest(nil, c.pages+1, pageSize)
	r.Policy = transport.Single
	response, err := c.objects.send(ctx, r)
	if transport.IsNotFound(err) && c.pages > 0 {
		c.complete = true
		return nil
	}
	if err != nil {
		return err
	}
	page, err := objects(response)
	if err != nil {
		return err
	}
	if len(page) == 0 || sameObjects(page, c.last) {
		c.complete = true
		return nil
	}
	if c.pages == 1 {
		c.size = len(c.last) // the first page was not the last one, so that this is what the server holds for a full page
	}
	c.pages++
	for _, object := range page {
		if c.seen[object.ID()] { // the server does not keep the order, and nobody knows what it left out
			c.useless = true
		}
		c.seen[object.ID()] = true
		if err := c.add(object); err != nil {
			return err
		}
	}
	c.last = page
	c.complete = !c.useless && len(page) < leastPage
	return nil
}

func (c *catalog) add(object model.Object) error {
	for _, name := range c.objects.Entity.Keys {
		field, _ := c.objects.Entity.Field(name)
		value, err := object.Value(field)
		if err != nil {
			return err
		}
		if text, ok := value.(string); ok {
			c.shown[name] = true
			c.holders.add(keyOf(field, text), object.ID())
		}
	}
	return nil
}

// left estimates how many requests complete the catalog.
func (c *catalog) left() int {
	if c.pages == 0 || len(c.last) < c.size {
		return 1
	}
	// Ids that are spread evenly show how far the last page is from the end.
	bits, err := strconv.ParseUint(c.last[len(c.last)-1].ID()[:8], 16, 32)
	if total := float64(c.pages) * math.Exp2(32) / float64(bits+1); err == nil && total < plausiblePages {
		return max(1, int(math.Ceil(total))-c.pages)
	}
	return c.pages + 1 // as if half were done
}

// settle finds out whether the API hides the values of a field of which the catalog has none, or nobody has any.
func (c *catalog) settle(ctx context.Context, field model.Field) error {
	if _, known := c.absent[field.Name]; known || !c.complete || c.answers(field) {
		return nil
	}
	page, err := c.objects.page(ctx, model.Query{field.Name + "__isnull": "false"}, 1, 1)
	if err != nil && !transport.IsNotFound(err) {
		return err
	}
	c.absent[field.Name] = len(page.objects) == 0
	return nil
}
