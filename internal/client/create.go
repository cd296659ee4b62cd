package client

import (
	"context"
	"net/http"
	"slices"

	"github.com/pigello/terraform-provider-pigello/internal/client/model"
)

// Create makes an object exactly once, and returns it as the API answers it.
//
// The request is repeated only if it cannot have arrived, or was refused with 429. When it ends in doubt, the object is looked
// for by what identifies it: found, it is returned; not found in several looks, the request is sent again, unless the server
// may still be at work on it. When doubt remains, the error's OutcomeUnknown is set.
func (c *Collection) Create(ctx context.Context, body model.Body) (model.Object, error) {
	search := search{Collection: c, query: c.identifying(body), body: body}
	unlock, err := c.client.creates.lock(ctx, c.Entity.Name+lockKey(search.query))
	if err != nil {
		return nil, &Error{Entity: c.Entity, Method: http.MethodPost, Path: c.Entity.Path, cause: err}
	}
	defer unlock()
	defer c.client.underway.begin(c.Entity, body)()
	var object model.Object
	err = c.client.once(ctx, func(before int) error {
		object, err = c.post(ctx, body, before)
		return err
	}, func(failure *Error, doubt doubt) bool {
		if doubt >= inDoubt && search.since.IsZero() {
			// Not the time of the last attempt: the server may show only later what the first one made.
			search.since = failure.sent
		}
		if doubt < inDoubt && (!failure.saysTaken() || search.since.IsZero()) {
			return false
		}
		var none bool
		object, none = search.run(ctx, failure)
		failure.OutcomeUnknown = object == nil && (doubt == mayBeAtWork || doubt == inDoubt && !none)
		if object != nil {
			c.client.adopted.add(object.ID())
		}
		return object != nil
	})
	if err != nil {
		return nil, err
	}
	return object, nil
}

func (c *Collection) post(ctx context.Context, body model.Body, before int) (model.Object, error) {
	r := request{method: http.MethodPost, path: c.Entity.Path, body: body, once: true, before: before}
	answer, err := c.client.send(ctx, c.Entity, r)
	if err != nil {
		return nil, err
	}
	object, err := answer.object()
	if err != nil {
		return nil, err
	}
	if !c.client.owned.add(object.ID()) {
		return nil, answer.unreadable("the API promises a new object, and this one is in a state already")
	}
	return object, nil
}

// saysTaken reports whether the server refuses a value because another object has it.
func (e *Error) saysTaken() bool {
	return e.Status == http.StatusConflict || saysTaken(e.Message) ||
		slices.ContainsFunc(e.Refused, func(refused MemberError) bool { return refused.Taken })
}
