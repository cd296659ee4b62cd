package client

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"net/url"
	"slices"
	"strings"

	"github.com/pigello/terraform-provider-pigello/internal/client/model"
	"github.com/pigello/terraform-provider-pigello/internal/client/transport"
)

// Selection says which objects to list, and in which order.
type Selection struct {
	Filters map[string]string // as the API spells them, such as "email__iendswith": "@example.com"; an object must satisfy all
	Search  string            // a text that the API searches for; which fields it searches is not documented; "" for no search
	OrderBy []string          // fields, with a "-" in front for descending order; none is the order of ids
	Limit   int               // how many objects at most; 0 is no limit
	IDsOnly bool              // the caller uses only the ids, so the API may leave out all other fields
}

// maxFilters is how many bytes the filters may have in an address: some servers refuse addresses longer than 4 KiB.
const maxFilters = 3000

// Select yields the objects of a selection, each once. It ends after an error, and the selection is then incomplete.
//
// The client filters the objects again after the API, since a server may ignore a parameter that it does not know. A filter with which
// the API might leave out an object because of another spelling is applied by the client alone.
func (c *Collection) Select(ctx context.Context, s Selection) iter.Seq2[model.Object, error] {
	return func(yield func(model.Object, error) bool) {
		r, err := c.reader(s)
		if err != nil {
			yield(nil, err)
			return
		}
		if len(s.OrderBy) > 0 {
			r.inOrder(ctx, s.Limit, yield)
			return
		}
		n := 0
		for object, err := range r.accepted(ctx) {
			if n++; !yield(object, err) || n == s.Limit {
				return
			}
		}
	}
}

// reader reads a selection.
type reader struct {
	*walk
	conditions []model.Condition
	applied    map[string]bool // by parameter: whether the server applies it, for those that were checked
}

func (c *Collection) reader(s Selection) (*reader, error) {
	by, err := c.Entity.Ordering(s.OrderBy)
	if err != nil {
		return nil, err
	}
	query := model.Query{"_order_by": by.String()}
	if s.Search != "" {
		query["_search"] = s.Search
	}
	// _slim leaves out the fields that are needed to filter again, and to check the order.
	if s.IDsOnly && len(s.Filters) == 0 && s.Search == "" && by.IsByID() {
		query["_slim"] = "true"
	}
	r := &reader{applied: map[string]bool{}}
	room := maxFilters
	for _, name := range slices.Sorted(maps.Keys(s.Filters)) {
		condition, err := c.Entity.ParseFilter(name, s.Filters[name])
		if err != nil {
			return nil, fmt.Errorf("the filter %s %w", name, err)
		}
		r.conditions = append(r.conditions, condition)
		parameter, value, ok := condition.Parameter()
		size := len(url.Values{parameter: {value}}.Encode())
		if _, taken := query[parameter]; ok && !taken && size <= room {
			query[parameter] = value
			room -= size
		}
	}
	size := pageSize
	if s.Limit > 0 {
		size = min(pageSize, max(s.Limit, minPage))
	}
	r.walk = c.walk(query, by, size)
	return r, nil
}

// accepted yields the objects that satisfy all filters, in the order of the pages.
func (r *reader) accepted(ctx context.Context) iter.Seq2[model.Object, error] {
	return func(yield func(model.Object, error) bool) {
		for entry, err := range r.objects(ctx) {
			accepted := false
			if err == nil {
				accepted, err = r.accepts(ctx, entry.object)
			}
			if err != nil {
				yield(nil, err)
				return
			}
			if accepted && !yield(entry.object, nil) {
				return
			}
		}
	}
}

func (r *reader) accepts(ctx context.Context, object model.Object) (bool, error) {
	for _, condition := range r.conditions {
		matches, hidden, err := condition.Matches(object)
		if err != nil {
			return false, fmt.Errorf("%w, in the object with the id %s", err, object.ID())
		}
		if hidden {
			matches, err = r.appliesFilter(ctx, condition)
		}
		if err != nil || !matches {
			return false, err
		}
	}
	return true, nil
}

// appliesFilter reports whether the server applies a filter, so that an object in the list satisfies it even if its value is hidden. The
// server does so if no object satisfies both the filter and its negation.
func (r *reader) appliesFilter(ctx context.Context, condition model.Condition) (bool, error) {
	name, value, ok := condition.Parameter()
	if !ok || r.query[name] != value {
		return false, nil
	}
	if applied, known := r.applied[name]; known {
		return applied, nil
	}
	query := maps.Clone(r.query)
	query[complement(name)] = value
	page, err := r.page(ctx, query, 1, 1)
	if err != nil && !transport.IsNotFound(err) {
		return false, err
	}
	r.applied[name] = len(page.objects) == 0
	return r.applied[name], nil
}

// complement returns the parameter for the objects that a parameter leaves out.
func complement(parameter string) string {
	if plain, negated := strings.CutSuffix(parameter, "!"); negated {
		return plain
	}
	return parameter + "!"
}

// inOrder yields the objects that satisfy all filters in the requested order. The order of the server wins, since it may sort texts in
// another way; if the server ignores the order, the client sorts.
func (r *reader) inOrder(ctx context.Context, limit int, yield func(model.Object, error) bool) {
	var all []model.Object
	for object, err := range r.accepted(ctx) {
		if err != nil {
			yield(nil, err)
			return
		}
		if all = append(all, object); len(all) == limit && !r.unordered {
			break
		}
	}
	if r.unordered {
		slices.SortStableFunc(all, func(a, b model.Object) int {
			n, _ := r.by.Compare(a, b)
			return n
		})
	}
	for i, object := range all {
		if limit > 0 && i == limit || !yield(object, nil) {
			return
		}
	}
}
