package client

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"net/http"
	"slices"

	"github.com/pigello/terraform-provider-pigello/internal/client/model"
	"github.com/pigello/terraform-provider-pigello/internal/client/transport"
)

// Collection is all objects of one entity.
type Collection struct {
	client *Client
	Entity model.Entity
}

// OrganizationUsers returns the users of the organization.
func (c *Client) OrganizationUsers() *Collection {
	return &Collection{client: c, Entity: model.OrganizationUser}
}

// ProtectedIdentities returns the protected identities of tenants and subtenants.
func (c *Client) ProtectedIdentities() *Collection {
	return &Collection{client: c, Entity: model.ProtectedIdentity}
}

// Subtenants returns the subtenants of the organization.
func (c *Client) Subtenants() *Collection { return &Collection{client: c, Entity: model.Subtenant} }

func (c *Collection) path(id string) string { return c.Entity.Path + id + "/" }

// Get returns the object with that id. The error is a *transport.Error; transport.IsNotFound reports whether the object does not exist.
func (c *Collection) Get(ctx context.Context, id string) (model.Object, error) {
	response, err := c.send(ctx, transport.Request{Method: http.MethodGet, Path: c.path(id)})
	if err != nil {
		return nil, err
	}
	object, err := objectWith(response, id)
	if err != nil {
		return nil, err
	}
	c.client.managed.add(object.ID())
	c.client.shown.add(c.Entity.Name, object.ID(), response.Sent)
	return object, nil
}

// Change changes fields of an object and returns the whole object. The body is completed so that it is valid whether the server validates
// it alone or merged with the object (see model.Entity.Complete). The added values are those of current, which must have been read a
// moment ago; if current is nil, or a list has shown it, which may be long ago, Change reads the object.
//
// If another object has a value that must be unique, Change waits while that object may release it in this process. The error is a
// *transport.Error, a *ConflictError, or a *ClearedError if fields were cleared that could not be set.
func (c *Collection) Change(ctx context.Context, id string, changes model.Body, current model.Object) (model.Object, error) {
	return c.update(ctx, id, changes, func() (model.Body, error) {
		completed, err := c.complete(ctx, id, changes, current)
		current = nil // if the change is sent again, this object is too old
		return completed, err
	})
}

func (c *Collection) complete(ctx context.Context, id string, changes model.Body, current model.Object) (model.Body, error) {
	if c.Entity.IsComplete(changes) {
		return changes, nil
	}
	if current == nil || c.listed(id) {
		var err error
		if current, err = c.Get(ctx, id); err != nil {
			return nil, err
		}
	}
	return c.Entity.Complete(changes, current)
}

// Update is Change with a body that is not completed.
func (c *Collection) Update(ctx context.Context, id string, body model.Body) (model.Object, error) {
	return c.update(ctx, id, body, func() (model.Body, error) { return body, nil })
}

func (c *Collection) update(ctx context.Context, id string, changes model.Body, complete func() (model.Body, error)) (model.Object, error) {
	c.client.managed.add(id)
	c.markWritten(id)
	write := newWrite(c.Entity, id, changes)
	for {
		write.sent = c.client.transfers.now()
		body, err := complete()
		var object model.Object
		if err == nil {
			object, err = c.patch(ctx, id, body)
		}
		if err == nil {
			c.client.transfers.end(c.Entity, id, slices.Collect(maps.Keys(changes)))
			return object, nil
		}
		again, err := c.settle(ctx, write, err)
		if again {
			continue
		}
		c.client.transfers.end(c.Entity, id, nil)
		if len(write.cleared) > 0 {
			err = &ClearedError{Err: err, Fields: write.cleared, InDoubt: write.inDoubt}
		}
		return nil, err
	}
}

func (c *Collection) patch(ctx context.Context, id string, body model.Body) (model.Object, error) {
	response, err := c.send(ctx, transport.Request{Method: http.MethodPatch, Path: c.path(id), Body: body})
	if err != nil {
		return nil, err
	}
	if len(response.Body) == 0 {
		return c.Get(ctx, id)
	}
	return objectWith(response, id)
}

// ErrAdopted is the refusal to delete an object that a creation of the same run has adopted: nothing would be left.
var ErrAdopted = errors.New("the response to the creation of its replacement was lost, and the search found this same object: deleting it would leave nobody")

// Delete deletes the object with that id. The error is a *transport.Error, or ErrAdopted; transport.IsNotFound reports whether the object
// does not exist any more.
func (c *Collection) Delete(ctx context.Context, id string) error {
	if c.client.adopted.has(id) {
		return ErrAdopted
	}
	c.markWritten(id)
	response, err := c.send(ctx, transport.Request{Method: http.MethodDelete, Path: c.path(id)})
	if err == nil && !isWordOrJSON(response.Body) {
		err = response.Unreadable("the API promises no content, and this may come from a proxy")
	}
	if err == nil {
		c.client.deleted.add(id)
	}
	var released []string
	if err == nil || transport.IsNotFound(err) {
		released = c.Entity.Names()
	}
	c.client.transfers.end(c.Entity, id, released)
	return err
}

// isWordOrJSON reports whether a body with a 2xx status may come from the API: it is empty, JSON, or a word such as OK, but not a web page
// and not truncated JSON.
func isWordOrJSON(body []byte) bool {
	return transport.IsEmptyOrJSON(body) || !bytes.ContainsAny(bytes.TrimSpace(body)[:1], "<{[")
}
