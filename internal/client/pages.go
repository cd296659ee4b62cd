package client

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"net/http"
	"net/url"
	"strconv"
)

const (
	pageSize = 500  // what the API's own guide uses
	maxPages = 2000 // a million objects: beyond it the server is not paging but going in circles
)

// Query narrows a list: parameters as the API spells them, such as email__iexact.
type Query map[string]string

// List yields the objects that match a query, page by page, each once. After an error it ends.
//
// How the API ends a list is not documented, so all known ways count: an empty page, a 404 past the last page, and a
// page that brings nothing new. A page shorter than asked for does not, since servers may cap the size.
func (c *Collection) List(ctx context.Context, query Query) iter.Seq2[Object, error] {
	return func(yield func(Object, error) bool) {
		seen := map[string]bool{}
		for page := 1; ; page++ {
			objects, err := c.page(ctx, query, page)
			if page > 1 && IsNotFound(err) {
				return
			}
			if err != nil {
				yield(nil, err)
				return
			}
			before := len(seen)
			for _, object := range objects {
				if seen[object.ID()] {
					continue
				}
				seen[object.ID()] = true
				if !yield(object, nil) {
					return
				}
			}
			if len(seen) == before {
				return
			}
			if page == maxPages {
				yield(nil, &Error{
					Entity: c.Entity, Method: http.MethodGet, Path: c.path("list"), Status: http.StatusOK,
					Attempts: page, cause: fmt.Errorf("%w: the list does not end", errUnreadable),
				})
				return
			}
		}
	}
}

func (c *Collection) page(ctx context.Context, query Query, number int) ([]Object, error) {
	values := url.Values{}
	for name, value := range maps.All(query) {
		values.Set(name, value)
	}
	values.Set("_page", strconv.Itoa(number))
	values.Set("_page_size", strconv.Itoa(pageSize))
	values.Set("_order_by", "id")
	answer, err := c.client.send(ctx, c.Entity, request{method: http.MethodGet, path: c.path("list"), query: values})
	if err != nil {
		return nil, err
	}
	return answer.objects()
}
