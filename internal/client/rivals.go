package client

import (
	"context"
	"errors"

	"github.com/pigello/terraform-provider-pigello/internal/client/model"
	"github.com/pigello/terraform-provider-pigello/internal/ident"
)

// FindRivals completes an error that says of members that their values are taken, with the objects that have them, other than
// the one with the id own. What cannot be found is left out.
func (c *Collection) FindRivals(ctx context.Context, err error, body model.Body, own string) {
	var e *Error
	if !errors.As(err, &e) {
		return
	}
	for i, refused := range e.Refused {
		m, ok := c.Entity.Field(refused.Member)
		value, isText := m.Sent(body[m.Name]).(string)
		if !ok || !isText || !refused.Taken {
			continue
		}
		found, err := c.Find(ctx, m, value)
		if err != nil {
			return
		}
		for _, object := range found {
			if (ident.UUID{}).Equal(object.ID(), own) {
				continue
			}
			e.Refused[i].Rivals = append(e.Refused[i].Rivals, object.ID())
		}
	}
}
