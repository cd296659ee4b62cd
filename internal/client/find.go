package client

import (
	"context"

	"github.com/pigello/terraform-provider-pigello/internal/client/model"
)

// Find returns the objects whose member has that value, in whatever spelling. The API's own filter narrows what is
// transferred; the comparison here decides, since a server may ignore a filter that it does not know.
func (c *Collection) Find(ctx context.Context, m model.Field, value string) ([]model.Object, error) {
	var found []model.Object
	for object, err := range c.List(ctx, m.Lookup(value)) {
		if err != nil {
			return nil, err
		}
		have, err := object.Value(m)
		if err != nil {
			return nil, err
		}
		if m.Kind.Equal(have, value) {
			found = append(found, object)
		}
	}
	return found, nil
}
