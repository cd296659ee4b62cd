package client

import (
	"context"
	"iter"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/pigello/terraform-provider-pigello/internal/client/model"
)

const (
	pageSize = 500  // what the API's own guide uses
	maxPages = 2000 // a million objects: beyond it the server is not paging but going in circles
)

// List yields the objects that match a query, page by page, each once. After an error it ends.
func (c *Collection) List(ctx context.Context, query model.Query) iter.Seq2[model.Object, error] {
	return func(yield func(model.Object, error) bool) {
		for entry, err := range c.list(ctx, query) {
			if !yield(entry.object, err) {
				return
			}
		}
	}
}

// listed is an object in a list, with when its page came by the server's clock and by ours.
type listed struct {
	object   model.Object
	date, at time.Time
}

// list is List with the clocks.
func (c *Collection) list(ctx context.Context, query model.Query) iter.Seq2[listed, error] {
	return c.walk(query, c.Entity.ByID(), pageSize).objects(ctx)
}

func (c *Collection) page(ctx context.Context, query model.Query, number, size int) (*answer, error) {
	return c.client.send(ctx, c.Entity, c.pageRequest(query, number, size))
}

func (c *Collection) pageRequest(query model.Query, number, size int) request {
	values := url.Values{}
	for name, value := range query {
		values.Set(name, value)
	}
	values.Set("_page", strconv.Itoa(number))
	values.Set("_page_size", strconv.Itoa(size))
	if !values.Has("_order_by") {
		values.Set("_order_by", "id")
	}
	return request{method: http.MethodGet, path: c.path("list"), query: values}
}
