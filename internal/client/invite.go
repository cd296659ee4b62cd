package client

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/pigello/terraform-provider-pigello/internal/client/model"
)

// InviteByID invites the object with that id to sign in: see Invite.
func (c *Collection) InviteByID(ctx context.Context, id string) error {
	return c.invite(ctx, model.Body{"id": id})
}

// Invite asks Pigello to invite somebody to sign in. The body is sent as it is. What it must hold is not documented, so it may be
// somebody's personal data: an error repeats nothing of it, and none of the server's words.
//
// The request is repeated only if it cannot have arrived, or was refused with 429: a second one may be a second message to a person.
// When it ends in doubt, the error's OutcomeUnknown is set.
func (c *Collection) Invite(ctx context.Context, body json.RawMessage) error {
	return c.invite(ctx, body)
}

func (c *Collection) invite(ctx context.Context, body any) error {
	return c.client.once(ctx, func(before int) error {
		r := request{method: http.MethodPost, path: c.Entity.InvitePath, body: body, once: true, before: before}
		answer, err := c.client.send(ctx, c.Entity, r)
		if err == nil && !isPlain(answer.body) {
			// A web page, say, which a proxy answers: nobody knows whether the API has seen the request.
			return answer.unreadable("the API promises JSON")
		}
		return err
	}, func(failure *Error, doubt doubt) bool {
		failure.OutcomeUnknown = doubt >= inDoubt
		return false
	})
}
