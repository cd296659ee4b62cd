package client

import (
	"context"
	"iter"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/pigello/terraform-provider-pigello/internal/client/model"
	"github.com/pigello/terraform-provider-pigello/internal/client/transport"
)

const pageSize = 500 // what the API's own guide uses

// List yields the objects that match a query, each once, and requests page after page. It ends after an error.
func (c *Collection) List(ctx context.Context, query model.Query) iter.Seq2[model.Object, error] {
	return func(yield func(model.Object, error) bool) {
		for entry, err := range c.walk(query, c.Entity.ByID(), pageSize).objects(ctx) {
			if !yield(entry.object, err) {
				return
			}
		}
	}
}

// clock is the time of the server's clock and of ours at one moment.
type clock struct {
	server time.Time // zero if the server does not send it
	ours   time.Time
}

// at converts a time of our clock to the server's clock. ok is false if the time of the server is not known.
func (c clock) at(ours time.Time) (server time.Time, ok bool) {
	return ours.Add(c.server.Sub(c.ours)), !c.server.IsZero()
}

// page is a page of a list.
type page struct {
	objects  []model.Object
	clock    clock               // when it arrived
	response *transport.Response // the response that was decoded
}

func (c *Collection) page(ctx context.Context, query model.Query, number, size int) (page, error) {
	response, err := c.send(ctx, c.pageRequest(query, number, size))
	if err != nil {
		return page{}, err
	}
	objects, err := objects(response)
	return page{objects: objects, clock: clock{server: response.Date, ours: time.Now()}, response: response}, err
}

func (c *Collection) pageRequest(query model.Query, number, size int) transport.Request {
	values := url.Values{}
	for name, value := range query {
		values.Set(name, value)
	}
	values.Set("_page", strconv.Itoa(number))
	values.Set("_page_size", strconv.Itoa(size))
	if !values.Has("_order_by") {
		values.Set("_order_by", "id")
	}
	return transport.Request{Method: http.MethodGet, Path: c.path("list"), Query: values}
}
