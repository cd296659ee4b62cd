package client

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"

	"github.com/pigello/terraform-provider-pigello/internal/client/model"
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

// Get returns the object with that id. The error is an *Error; IsNotFound tells whether the object is absent.
func (c *Collection) Get(ctx context.Context, id string) (model.Object, error) {
	answer, err := c.client.send(ctx, c.Entity, request{method: http.MethodGet, path: c.path(id)})
	if err != nil {
		return nil, err
	}
	object, err := answer.objectWith(id)
	if err != nil {
		return nil, err
	}
	c.client.owned.add(object.ID())
	c.client.shown.add(c.Entity.Name)
	return object, nil
}

// Update changes the members in body and returns the whole object as the API answers it.
func (c *Collection) Update(ctx context.Context, id string, body model.Body) (model.Object, error) {
	c.client.owned.add(id)
	defer c.wrote(id)()
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

// Delete removes the object with that id. The error is an *Error; IsNotFound tells whether the object is gone already.
func (c *Collection) Delete(ctx context.Context, id string) error {
	defer c.wrote(id)()
	answer, err := c.client.send(ctx, c.Entity, request{method: http.MethodDelete, path: c.path(id)})
	if err == nil && !isPlain(answer.body) {
		// A web page, say, which a proxy answers: nobody knows whether the API has seen the request.
		return answer.unreadable("the API promises no content")
	}
	return err
}

// isPlain reports whether a body may come from the API: nothing, JSON, or a word such as OK, but not a page or a part of JSON.
func isPlain(body []byte) bool {
	body = bytes.TrimSpace(body)
	return len(body) == 0 || !bytes.ContainsAny(body[:1], "<{[") || json.Valid(body)
}
