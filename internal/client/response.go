package client

import (
	"context"

	"github.com/pigello/terraform-provider-pigello/internal/client/model"
	"github.com/pigello/terraform-provider-pigello/internal/client/transport"
	"github.com/pigello/terraform-provider-pigello/internal/ident"
)

// send sends a request. All requests of the client are sent here, or by Upload, so that valueTransfers knows when none is in flight.
func (c *Collection) send(ctx context.Context, r transport.Request) (*transport.Response, error) {
	r.Entity = c.Entity
	defer c.client.transfers.request()()
	return c.client.transport.Send(ctx, r)
}

// object reads a response that must hold one object.
func object(r *transport.Response) (model.Object, error) {
	object, err := model.ParseObject(r.Body)
	if err != nil {
		return nil, r.Unreadable(err.Error())
	}
	return object, nil
}

// objectWith reads a response that must hold the object with that id.
func objectWith(r *transport.Response, id string) (model.Object, error) {
	object, err := object(r)
	if err == nil && !(ident.UUID{}).Equal(object.ID(), id) {
		return nil, r.Unreadable("the API promises the object that was asked for, and this is another one")
	}
	return object, err
}

// objects reads a response that must hold a list of objects.
func objects(r *transport.Response) ([]model.Object, error) {
	objects, err := model.ParseObjects(r.Body)
	if err != nil {
		return nil, r.Unreadable(err.Error())
	}
	return objects, nil
}
