package managed

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/pigello/terraform-provider-pigello/internal/client/model"
	"github.com/pigello/terraform-provider-pigello/internal/client/transport"
	"github.com/pigello/terraform-provider-pigello/internal/provider/tfdiag"
)

// An API answers "not found" for what is gone, and just the same for what the credentials do not reach. Taking the one for the
// other would empty the state, and the next apply would make everybody anew. So a 404 is believed only where the object was
// seen before with the same credentials on the same host.

// sameScope reports whether the object was last seen where this client looks; if not, it adds an error that says what differs.
func (r *Resource) sameScope(id string, remembered record, operation tfdiag.Operation, diags *diag.Diagnostics) bool {
	now := r.data.Client.Scope()
	var differences []string
	for _, name := range now.Differing(remembered.Scope) {
		differences = append(differences, fmt.Sprintf("%s was %q and is now %q", name, remembered.Scope[name], now[name]))
	}
	why := "the provider is configured differently than when Terraform last saw the object: " + strings.Join(differences, "; ")
	if len(remembered.Scope) == 0 {
		why = "it is not known with which credentials Terraform last saw the object"
	} else if len(differences) == 0 {
		return true
	}
	diags.AddError(operation.Summary(), fmt.Sprintf("The API says that there is no %s %s. That proves nothing, because %s. The state is "+
		"unchanged.\n\nIf the credentials are wrong, set those that the object belongs to. If it is really gone, remove it from the state with "+
		"terraform state rm.", r.spec.Entity.Title, id, why))
	return false
}

// isGone reports whether "not found", answered to a read, may be believed. If not, it adds an error.
func (r *Resource) isGone(ctx context.Context, id string, remembered record, diags *diag.Diagnostics) bool {
	operation := r.operation("read", id)
	if !r.sameScope(id, remembered, operation, diags) {
		return false
	}
	if r.data.AcceptEmpty {
		return true
	}
	shown, err := r.spec.Objects(r.data.Client).Shown(ctx)
	if err != nil {
		tfdiag.Add(diags, operation, err)
		return false
	}
	if !shown {
		diags.AddError(operation.Summary(), fmt.Sprintf("The API says that there is no %s %s, but it shows no %s at all. The credentials may be "+
			"wrong. The state is unchanged.\n\nIf all of them are really gone, set accept_empty = true in the provider's "+
			"configuration (or %s=true) for one run, or remove them from the state with terraform state rm.",
			r.spec.Entity.Title, id, r.spec.Entity.Title, "PIGELLO_ACCEPT_EMPTY"))
	}
	return shown
}

const (
	newFor  = time.Minute      // an object is new for so long after its creation
	lagWait = time.Second      // between two looks for a new object
	lagMost = 10 * time.Second // all looks together
)

// get reads an object. One that is new may be slow to be shown everywhere, so that a 404 is waited out for some seconds.
func (r *Resource) get(ctx context.Context, state values) (model.Object, error) {
	for waited := time.Duration(0); ; waited += lagWait {
		object, err := r.spec.Objects(r.data.Client).Read(ctx, idOf(state))
		if !transport.IsNotFound(err) || waited >= lagMost || !isNew(state, err) {
			return object, err
		}
		timer := time.NewTimer(lagWait)
		select {
		case <-ctx.Done():
			timer.Stop()
			return nil, ctx.Err() // not err: whoever has not waited it out must not believe it
		case <-timer.C:
		}
	}
}

// isNew reports whether an object was created a moment before an answer, by the server's clock.
func isNew(state values, answer error) bool {
	created, _ := state["created_at"].(types.String)
	at, err := time.Parse(time.RFC3339, created.ValueString())
	failure, ok := errors.AsType[*transport.Error](answer)
	return err == nil && ok && !failure.Date.IsZero() && failure.Date.Sub(at) < newFor
}
