package client

import (
	"context"
	"net/http"
)

// Collection is all objects of one entity.
type Collection struct {
	client *Client
	Entity Entity
}

func (c *Collection) path(id string) string { return c.Entity.Path + id + "/" }

// Get returns the object with that id. The error is an *Error; IsNotFound tells whether the object is absent.
func (c *Collection) Get(ctx context.Context, id string) (Object, error) {
	answer, err := c.client.send(ctx, c.Entity, request{method: http.MethodGet, path: c.path(id)})
	if err != nil {
		return nil, err
	}
	return answer.objectWith(id)
}

// Create makes an object and returns it as the API answers it. It is sent exactly once, whatever happens: a repetition
// could make the object twice. Once sent it is not cancelled with ctx either.
func (c *Collection) Create(ctx context.Context, body Body) (Object, error) {
	r := request{method: http.MethodPost, path: c.Entity.Path, body: body, once: true}
	answer, err := c.client.send(ctx, c.Entity, r)
	if err != nil {
		return nil, err
	}
	return answer.object()
}

// Update changes the members in body and returns the whole object as the API answers it.
func (c *Collection) Update(ctx context.Context, id string, body Body) (Object, error) {
	r := request{method: http.MethodPatch, path: c.path(id), body: body}
	answer, err := c.client.send(ctx, c.Entity, r)
	if err != nil {
		return nil, err
	}
	if len(answer.body) == 0 {
		return c.Get(ctx, id)
	}
	return answer.objectWith(id)
}

// Delete removes the object with that id. One that is gone already counts as removed.
func (c *Collection) Delete(ctx context.Context, id string) error {
	_, err := c.client.send(ctx, c.Entity, request{method: http.MethodDelete, path: c.path(id)})
	if IsNotFound(err) {
		return nil
	}
	return err
}
