package client

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/pigello/terraform-provider-pigello/internal/client/model"
	"github.com/pigello/terraform-provider-pigello/internal/client/transport"
)

// InviteByID invites the object with that id to sign in: see Invite.
func (c *Collection) InviteByID(ctx context.Context, id string) error {
	return c.invite(ctx, model.Body{"id": id})
}

// Invite asks Pigello to invite a person to sign in. The body is sent unchanged. What it must hold is not documented, so it may hold
// personal data: an error repeats nothing of the body or of the response.
//
// The request is sent again only if it cannot have arrived, or was refused with 429: a second request may send a second message to the
// person. The error's Outcome says whether the invite may have been sent.
func (c *Collection) Invite(ctx context.Context, body json.RawMessage) error {
	return c.invite(ctx, body)
}

func (c *Collection) invite(ctx context.Context, body any) error {
	response, err := c.send(ctx, transport.Request{Method: http.MethodPost, Path: c.Entity.InvitePath, Body: body, Policy: transport.Once})
	if err == nil && !isWordOrJSON(response.Body) {
		return response.Unreadable("the API promises JSON, and this may come from a proxy")
	}
	return err
}
