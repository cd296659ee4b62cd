package client

import (
	"context"
	"errors"

	"github.com/pigello/terraform-provider-pigello/internal/client/model"
	"github.com/pigello/terraform-provider-pigello/internal/client/transport"
	"github.com/pigello/terraform-provider-pigello/internal/ident"
)

// ConflictError is a write that the API refused because other objects have a value that must be unique.
type ConflictError struct {
	Failure *transport.Error
	Holders map[string][]string // ids of the objects that have the value, by field
}

// Error implements error.
func (e *ConflictError) Error() string { return e.Failure.Error() }

// Unwrap returns the error of the request.
func (e *ConflictError) Unwrap() error { return e.Failure }

// conflict completes an error that says of fields that their values are taken with the objects that have them, other than the one
// with the id own. What cannot be found is left out.
func (c *Collection) conflict(ctx context.Context, err error, body model.Body, own string) error {
	failure, ok := errors.AsType[*transport.Error](err)
	if !ok {
		return err
	}
	holders := map[string][]string{}
	for _, refused := range failure.Fields {
		field, ok := c.Entity.Field(refused.Field)
		value, isText := field.Sent(body[field.Name]).(string)
		if !ok || !isText || !refused.Taken || c.Entity.Confidential && field.Personal {
			continue // nothing personal of a confidential entity is ever part of an address
		}
		found, err := c.Find(ctx, field, value)
		if err != nil {
			break
		}
		for _, object := range found {
			if !(ident.UUID{}).Equal(object.ID(), own) {
				holders[field.Name] = append(holders[field.Name], object.ID())
			}
		}
	}
	if len(holders) == 0 {
		return err
	}
	return &ConflictError{Failure: failure, Holders: holders}
}
