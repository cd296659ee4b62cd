package client

import (
	"context"
	"errors"
	"maps"
	"net/url"
	"strings"

	"github.com/pigello/terraform-provider-pigello/internal/client/model"
	"github.com/pigello/terraform-provider-pigello/internal/client/transport"
)

var (
	errFiltersIgnored = errors.New("the API ignores the filters of its lists, and holds too many objects to compare all of them")
	errHidden         = errors.New("the API hides the values, and ignores the filters of its lists")
)

// maxListPages is how many pages of a filtered list are read. It should be short.
const maxListPages = 10

// filteredLists finds the holders of values with lists that are filtered by these values.
type filteredLists struct {
	objects      *Collection
	sent         int             // requests
	hiddenFields map[string]bool // fields whose values the API does not show
}

func newFilteredLists(objects *Collection) filteredLists {
	return filteredLists{objects: objects, hiddenFields: map[string]bool{}}
}

// find adds the holders of values to found.
func (l *filteredLists) find(ctx context.Context, field model.Field, values []string, found byValue) error {
	for len(values) > 0 {
		n := 1
		for n < len(values) && !l.hiddenFields[field.Name] && fits(field, values[:n+1]) {
			n++
		}
		if err := l.findBatch(ctx, field, values[:n], found); err != nil {
			return err
		}
		values = values[n:]
	}
	return nil
}

// fits reports whether one list can be filtered by several values: the API separates them with commas, and some servers refuse long addresses.
func fits(field model.Field, values []string) bool {
	for _, value := range values {
		if strings.Contains(value, ",") {
			return false
		}
	}
	parameters := url.Values{}
	for name, value := range field.LookupAny(values) {
		parameters.Set(name, value)
	}
	return len(parameters.Encode()) <= maxFilters
}

func (l *filteredLists) findBatch(ctx context.Context, field model.Field, values []string, found byValue) error {
	wanted := map[string]bool{}
	for _, value := range values {
		wanted[keyOf(field, value)] = true
	}
	query := field.LookupAny(values)
	objects, err := l.readList(ctx, query, field, wanted)
	if err != nil {
		return err
	}
	var hidden []string
	for _, object := range objects {
		value, err := object.Value(field)
		if err != nil {
			return err
		}
		text, shown := value.(string)
		switch {
		case !shown && field.Personal:
			hidden = append(hidden, object.ID())
		case shown && wanted[keyOf(field, text)]: // a server may ignore a filter
			found.add(keyOf(field, text), object.ID())
		}
	}
	if len(hidden) == 0 {
		return nil
	}
	return l.findHidden(ctx, field, values, hidden, found)
}

// findHidden finds the holders of values that the API hides. Only the server can compare them, so each value gets a request of its own.
func (l *filteredLists) findHidden(ctx context.Context, field model.Field, values, hidden []string, found byValue) error {
	l.hiddenFields[field.Name] = true
	if len(values) > 1 {
		return l.find(ctx, field, values, found)
	}
	applied, err := l.appliesFilter(ctx, field.LookupAny(values))
	if err != nil {
		return err
	}
	if !applied {
		return errHidden
	}
	for _, id := range hidden {
		found.add(keyOf(field, values[0]), id)
	}
	return nil
}

// appliesFilter reports whether the server filters by a query: if it does, no object satisfies both the query and its negation.
func (l *filteredLists) appliesFilter(ctx context.Context, query model.Query) (bool, error) {
	both := maps.Clone(query)
	for name, value := range query {
		both[name+"!"] = value
	}
	l.sent++
	page, err := l.objects.page(ctx, both, 1, 1)
	if transport.IsNotFound(err) {
		return true, nil
	}
	return len(page.objects) == 0, err
}

// readList reads a filtered list until all wanted values are found.
func (l *filteredLists) readList(ctx context.Context, query model.Query, field model.Field, wanted map[string]bool) ([]model.Object, error) {
	var all, last []model.Object
	missing := maps.Clone(wanted)
	size := pageSize
	for number := 1; number <= maxListPages; number++ {
		l.sent++
		page, err := l.objects.page(ctx, query, number, size)
		if failure, ok := errors.AsType[*transport.Error](err); ok && failure.AboutPages() && number == 1 && size > maxIDs {
			size, number = maxIDs, 0
			continue
		}
		if transport.IsNotFound(err) && number > 1 {
			break
		}
		if err != nil {
			return nil, err
		}
		if len(page.objects) == 0 || sameObjects(page.objects, last) {
			break
		}
		last = page.objects
		all = append(all, last...)
		unwanted := 0
		for _, object := range last {
			value, _ := object.Value(field)
			text, shown := value.(string)
			if delete(missing, keyOf(field, text)); shown && !wanted[keyOf(field, text)] || !shown && !field.Personal {
				unwanted++
			}
		}
		switch {
		case len(last) < minCap || len(missing) == 0:
			return all, nil
		case unwanted > len(last)/2 || number == maxListPages:
			return nil, errFiltersIgnored
		}
	}
	return all, nil
}
