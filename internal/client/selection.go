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

// Selection says which objects a list is to hold, and in which order.
type Selection struct {
	Filters map[string]string // as the API spells them, such as "email__iendswith": "@example.com"; an object must satisfy all
	Search  string            // what the API searches for, in fields that only it knows; "" for no search
	OrderBy []string          // fields, with a "-" in front for descending order; without any the objects come as the API has them
	Limit   int               // how many objects at most; 0 is no limit
	IDsOnly bool              // only the ids are looked at, so that the API may leave out all else
}

// maxFilters is how many bytes of an address the filters may take: some servers refuse addresses of more than 4 KiB.
const maxFilters = 3000

// Select yields the objects of a selection, each once, straight from the API. After an error it ends: what came before is not
// the whole selection then.
//
// The API filters, and the client filters again what comes back, since a server may ignore a parameter that it does not know.
// What the API cannot be asked for without losing an object that is spelled otherwise, the client decides alone.
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
	honoured   map[string]bool // by the parameter: whether the server filters by it, where that had to be found out
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
	// To filter again, and to see whether the server keeps the order, takes the fields that it is about.
	if s.IDsOnly && len(s.Filters) == 0 && s.Search == "" && by.IsByID() {
		query["_slim"] = "true"
	}
	r := &reader{honoured: map[string]bool{}}
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
		size = min(pageSize, max(s.Limit, leastPage))
	}
	r.walk = c.walk(query, by, size)
	return r, nil
}

// accepted yields the objects that satisfy all filters, as they come.
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
			matches, err = r.honours(ctx, condition)
		}
		if err != nil || !matches {
			return false, err
		}
	}
	return true, nil
}

// honours reports whether the server filters by a condition, so that an object which hides its value satisfies it. It does if
// nothing satisfies the condition and its contrary.
func (r *reader) honours(ctx context.Context, condition model.Condition) (bool, error) {
	name, value, ok := condition.Parameter()
	if !ok || r.query[name] != value {
		return false, nil
	}
	if honoured, known := r.honoured[name]; known {
		return honoured, nil
	}
	query := maps.Clone(r.query)
	query[contrary(name)] = value
	page, err := r.page(ctx, query, 1, 1)
	if err != nil && !transport.IsNotFound(err) {
		return false, err
	}
	r.honoured[name] = len(page.objects) == 0
	return r.honoured[name], nil
}

// contrary returns the parameter that asks for all that a parameter leaves out.
func contrary(parameter string) string {
	if plain, negated := strings.CutSuffix(parameter, "!"); negated {
		return plain
	}
	return parameter + "!"
}

// inOrder yields the objects that satisfy all filters in the order that was asked for: the server's, whose alphabet may be
// another one, unless it does not keep any.
func (r *reader) inOrder(ctx context.Context, limit int, yield func(model.Object, error) bool) {
	var all []model.Object
	for object, err := range r.accepted(ctx) {
		if err != nil {
			yield(nil, err)
			return
		}
		if all = append(all, object); len(all) == limit && !r.mixed {
			break
		}
	}
	if r.mixed {
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
