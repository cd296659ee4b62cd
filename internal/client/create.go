package client

import (
	"context"
	"errors"
	"net/http"

	"github.com/pigello/terraform-provider-pigello/internal/client/model"
	"github.com/pigello/terraform-provider-pigello/internal/client/transport"
)

// UnknownOutcomeError is a creation that may have taken place or not.
type UnknownOutcomeError struct {
	Failure *transport.Error
	Search  Search
}

// Error implements error.
func (e *UnknownOutcomeError) Error() string { return e.Failure.Error() }

// Unwrap returns the error of the request.
func (e *UnknownOutcomeError) Unwrap() error { return e.Failure }

// Create creates an object exactly once and returns it.
//
// The request is sent again only if it cannot have reached the API, or was refused with 429. If its outcome is in doubt, Create searches
// for the object by its identifying fields. If the search finds it, Create returns it. If several searches find nothing, the request is
// sent again, unless the server may still be processing it. In all other cases the error is an *UnknownOutcomeError.
func (c *Collection) Create(ctx context.Context, body model.Body) (model.Object, error) {
	key, query := c.identifying(body)
	search := search{Collection: c, key: key, query: query, body: body}
	unlock, err := c.client.creates.lock(ctx, c.Entity.Name+lockKey(query))
	if err != nil {
		return nil, err
	}
	defer unlock()
	end := c.client.pending.begin(c.Entity, body)
	object, err := c.create(ctx, body, search)
	if err == nil {
		c.client.transfers.end(c.Entity, object.ID(), nil)
	}
	if _, unknown := errors.AsType[*UnknownOutcomeError](err); !unknown {
		end() // else it stays pending, so that no other creation adopts the object that this one may have created
	}
	return object, err
}

func (c *Collection) create(ctx context.Context, body model.Body, search search) (model.Object, error) {
	write := newWrite(c.Entity, "", body)
	for attempts := 0; ; {
		write.sent = c.client.transfers.now()
		object, err := c.post(ctx, body, attempts)
		failure, ok := errors.AsType[*transport.Error](err)
		if !ok {
			return object, err
		}
		attempts = failure.Attempts
		inDoubt := failure.Outcome >= transport.InDoubt
		if inDoubt && search.since.IsZero() {
			// The time of the first attempt in doubt, not of the last: the server may show later what the first one created.
			search.since = failure.Sent
		}
		if search.since.IsZero() {
			again, err := c.settle(ctx, write, failure)
			if !again {
				return nil, err
			}
			attempts = 0 // refused attempts have no effect, and do not count against max_retries
			continue
		}
		if !inDoubt && failure.Status != http.StatusBadRequest && failure.Status != http.StatusConflict {
			return nil, failure
		}
		found := search.run(ctx) // also after a refusal: the value may be taken by what an earlier attempt has created, whatever the message says
		switch {
		case found.Result == Found:
			c.client.adopted.add(found.Object.ID())
			return found.Object, nil
		case !inDoubt && !failure.SaysTaken():
			return nil, failure
		case !inDoubt:
			return nil, &ConflictError{Failure: failure, Holders: c.holders(ctx, failure, write)}
		case found.Result == None && failure.Outcome == transport.InDoubt && attempts > c.client.maxRetries:
			return nil, failure
		case found.Result != None || failure.Outcome == transport.Late:
			return nil, &UnknownOutcomeError{Failure: failure, Search: found}
		}
		if err := c.client.transport.Wait(ctx, attempts); err != nil {
			return nil, failure
		}
	}
}

func (c *Collection) post(ctx context.Context, body model.Body, earlier int) (model.Object, error) {
	response, err := c.send(ctx, transport.Request{
		Method: http.MethodPost, Path: c.Entity.Path, Body: body, Policy: transport.Once, Earlier: earlier,
	})
	if err != nil {
		return nil, err
	}
	object, err := object(response)
	if err != nil {
		return nil, err
	}
	if !c.client.managed.add(object.ID()) {
		return nil, response.Unreadable("the API promises a new object, and this one is in a state already")
	}
	return object, nil
}
