package client

import (
	"context"
	"slices"
	"strings"

	"github.com/pigello/terraform-provider-pigello/internal/client/model"
	"github.com/pigello/terraform-provider-pigello/internal/client/transport"
	"github.com/pigello/terraform-provider-pigello/internal/ident"
)

// Find returns the objects whose field has that value, in any spelling. The filter of the API reduces what is transferred, but the
// comparison here decides: a server may ignore a filter that it does not know.
//
// The case of an id does not count, but a server may compare ids as text. Find therefore searches for an id in lower and in upper case.
func (c *Collection) Find(ctx context.Context, field model.Field, value string) ([]model.Object, error) {
	spellings, find := []string{value}, c.findInList
	if field.Kind.Form() == (ident.UUID{}) {
		spellings = []string{strings.ToLower(value), strings.ToUpper(value)}
	}
	if field.Name == "id" {
		find = c.findByID
	}
	for _, spelling := range slices.Compact(spellings) {
		if found, err := find(ctx, field, spelling); err != nil || len(found) > 0 {
			return found, err
		}
	}
	return nil, nil
}

// findByID reads an object by its id, because a list may not show it.
func (c *Collection) findByID(ctx context.Context, _ model.Field, id string) ([]model.Object, error) {
	object, err := c.Get(ctx, id)
	if transport.IsNotFound(err) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return []model.Object{object}, nil
}

func (c *Collection) findInList(ctx context.Context, field model.Field, value string) ([]model.Object, error) {
	var found []model.Object
	for object, err := range c.List(ctx, field.Lookup(value)) {
		if err != nil {
			return nil, err
		}
		have, err := object.Value(field)
		if err != nil {
			return nil, err
		}
		if field.Kind.Equal(have, value) {
			found = append(found, object)
		}
	}
	return found, nil
}
