package client

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"

	"github.com/pigello/terraform-provider-pigello/internal/client/model"
	"github.com/pigello/terraform-provider-pigello/internal/client/transport"
	"github.com/pigello/terraform-provider-pigello/internal/ident"
)

// ConflictError is a write that the API refused because other objects have a value that must be unique.
type ConflictError struct {
	Failure  *transport.Error
	Holders  map[string][]string // ids of the objects that have the value, by field
	Circular bool                // the objects would have to swap their values at the same time, since the value of none can be cleared
}

// Error implements error.
func (e *ConflictError) Error() string { return e.Failure.Error() }

// Unwrap returns the error of the request.
func (e *ConflictError) Unwrap() error { return e.Failure }

// ClearedError is an update that has cleared fields so that other objects could take their values, and then failed to set them.
type ClearedError struct {
	Err     error
	Fields  []string
	InDoubt bool // the request that clears them failed, and may have taken effect
}

// Error implements error.
func (e *ClearedError) Error() string { return e.Err.Error() }

// Unwrap returns why the update failed.
func (e *ClearedError) Unwrap() error { return e.Err }

// settle handles a write that failed. If the server refused it because other objects have its values, settle waits until these may be
// free. It reports whether to send the write again; if not, it returns the error to report.
func (c *Collection) settle(ctx context.Context, refused *uniqueWrite, err error) (again bool, _ error) {
	failure, ok := errors.AsType[*transport.Error](err)
	if !ok || !failure.SaysTaken() {
		return false, err
	}
	conflict := &ConflictError{Failure: failure, Holders: c.holders(ctx, failure, refused)}
	if slices.ContainsFunc(failure.Fields, func(f transport.FieldError) bool { return !f.Taken }) {
		return false, conflict // the server also refuses another value, so sending it again cannot help
	}
	refused.holders = map[string][]string{}
	var hidden []string
	for _, f := range failure.Fields {
		refused.holders[f.Field] = nil
		for _, id := range conflict.Holders[f.Field] {
			refused.holders[f.Field] = append(refused.holders[f.Field], strings.ToLower(id))
		}
		if len(refused.holders[f.Field]) == 0 {
			hidden = append(hidden, f.Field)
		}
	}
	refused.has = c.currentValues(ctx, refused.id, hidden)
	for {
		switch c.client.transfers.wait(ctx, refused) {
		case sendAgain:
			return true, nil
		case clearFirst:
			cleared, err := c.clear(ctx, refused.id, refused.clear)
			if cleared {
				c.client.transfers.cleared(refused)
			}
			if cleared && err == nil {
				continue
			}
			c.client.transfers.giveUp(refused)
			if refused.inDoubt = cleared; cleared {
				return false, err
			}
			refusal, _ := errors.AsType[*transport.Error](err)
			conflict.Circular = err == nil || refusal != nil && refusal.Status == http.StatusBadRequest
			return false, conflict
		default:
			conflict.Circular = refused.circular
			return false, conflict
		}
	}
}

// holders returns, by field, the ids of the other objects that have a value which the API says is taken. It leaves out what it cannot find.
func (c *Collection) holders(ctx context.Context, failure *transport.Error, refused *uniqueWrite) map[string][]string {
	holders := map[string][]string{}
	for _, f := range failure.Fields {
		field, ok := c.Entity.Field(f.Field)
		value, isText := field.Sent(refused.body[field.Name]).(string)
		if !ok || !isText || !f.Taken || c.Entity.Confidential && field.Personal {
			continue // personal data of a confidential entity is never part of an address
		}
		found, err := c.Find(ctx, field, value)
		if err != nil {
			break
		}
		for _, object := range found {
			if !(ident.UUID{}).Equal(object.ID(), refused.id) {
				holders[field.Name] = append(holders[field.Name], object.ID())
			}
		}
	}
	return holders
}

// currentValues returns the values that an object has of some fields, as far as they can be read.
func (c *Collection) currentValues(ctx context.Context, id string, fields []string) map[string]any {
	if id == "" || len(fields) == 0 {
		return nil
	}
	object, err := c.Get(ctx, id)
	if err != nil {
		return nil
	}
	values := map[string]any{}
	for _, name := range fields {
		field, _ := c.Entity.Field(name)
		if value, err := object.Value(field); err == nil {
			values[name] = value
		}
	}
	return values
}

// clear sets fields of an object to null. It reports whether they are null then, or, with an error, whether they may be. Some servers accept
// null and keep the value.
func (c *Collection) clear(ctx context.Context, id string, fields []string) (bool, error) {
	body := model.Body{}
	for _, name := range fields {
		field, _ := c.Entity.Field(name)
		body[name] = field.Kind.Encode(nil)
	}
	body, err := c.complete(ctx, id, body, nil)
	if err != nil {
		return false, err
	}
	object, err := c.patch(ctx, id, body)
	if err != nil {
		failure, _ := errors.AsType[*transport.Error](err)
		return failure == nil || failure.Method != http.MethodPatch || failure.Outcome >= transport.InDoubt, err
	}
	for _, name := range fields {
		field, _ := c.Entity.Field(name)
		if value, err := object.Value(field); err == nil && value != nil {
			return false, nil
		}
	}
	return true, nil
}
