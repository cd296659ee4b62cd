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

// The status 404 means that an object does not exist, or that it is not visible to the credentials. If the second were taken for the first,
// the state would be emptied, and the next apply would create all objects again. Therefore a 404 counts only if the object was seen before
// with the same credentials on the same host. A gateway that has lost its way to the API also responds with 404.

// sameScope reports whether the object was last seen with the credentials and the host of this client. If not, it adds an error that says
// what differs.
func (r *Resource) sameScope(id string, remembered record, operation tfdiag.Operation, diags *diag.Diagnostics) bool {
	now := r.data.Client.Scope()
	differing := now.Differing(remembered.Scope)
	var why string
	switch {
	case len(remembered.Scope) == 0:
		why = "it is not known with which credentials Terraform last saw the object"
	case len(differing) == 0:
		return true
	default:
		var differences []string
		for _, name := range differing {
			differences = append(differences, fmt.Sprintf("%s was %q and is now %q", name, remembered.Scope[name], now[name]))
		}
		why = "the provider is configured differently than when Terraform last saw the object: " + strings.Join(differences, "; ")
	}
	diags.AddError(operation.Summary(), fmt.Sprintf("The API says that there is no %s %s. That proves nothing, because %s. The state is "+
		"unchanged.\n\nIf the credentials are wrong, set those that the object belongs to. If it is really gone, remove it from the state with "+
		"terraform state rm.", r.spec.Entity.Title, id, why))
	return false
}

// isGone reports whether a 404 of a read means that the object does not exist: then the API shows other objects, and still responds with 404
// after that. If it shows the object, isGone returns it. Otherwise it adds an error.
func (r *Resource) isGone(ctx context.Context, id string, remembered record, notFound error, diags *diag.Diagnostics) (bool, model.Object) {
	operation := r.operation("read", id)
	if !r.sameScope(id, remembered, operation, diags) {
		return false, nil
	}
	if r.data.AcceptEmpty {
		return true, nil
	}
	failure, _ := errors.AsType[*transport.Error](notFound)
	objects := r.spec.Objects(r.data.Client)
	shown, err := objects.Shown(ctx, failure.Sent)
	if err != nil {
		tfdiag.Add(diags, operation, err)
		return false, nil
	}
	if !shown {
		diags.AddError(operation.Summary(), fmt.Sprintf("The API says that there is no %s %s, but it shows no %s at all. The credentials may be "+
			"wrong, or a gateway has lost its way to the API. The state is unchanged.\n\nIf all of them are really gone, set accept_empty = true in the provider's "+
			"configuration (or %s=true) for one run, or remove them from the state with terraform state rm.",
			r.spec.Entity.Title, id, r.spec.Entity.Title, "PIGELLO_ACCEPT_EMPTY"))
		return false, nil
	}
	object, err := objects.Get(ctx, id)
	if err != nil && !transport.IsNotFound(err) {
		tfdiag.Add(diags, operation, err)
	}
	return transport.IsNotFound(err), object
}

const (
	newObjectAge = time.Minute      // how long after its creation an object is new
	lagDelay     = time.Second      // between two reads of a new object
	maxLag       = 10 * time.Second // of all these reads
)

// get reads an object. A server may show a new object late, so a 404 of a new object is retried for some seconds.
func (r *Resource) get(ctx context.Context, state values) (model.Object, error) {
	for waited := time.Duration(0); ; waited += lagDelay {
		object, err := r.spec.Objects(r.data.Client).Read(ctx, idOf(state))
		if !transport.IsNotFound(err) || waited >= maxLag || !isNew(state, err) {
			return object, err
		}
		timer := time.NewTimer(lagDelay)
		select {
		case <-ctx.Done():
			timer.Stop()
			return nil, context.Cause(ctx) // not the 404: it does not count before the end of the wait
		case <-timer.C:
		}
	}
}

// isNew reports whether an object was created shortly before a response, by the server's clock, or by ours if the server does not tell its own.
func isNew(state values, response error) bool {
	created, _ := state["created_at"].(types.String)
	at, err := time.Parse(time.RFC3339, created.ValueString())
	failure, ok := errors.AsType[*transport.Error](response)
	if err != nil || !ok {
		return false
	}
	now := failure.Date
	if now.IsZero() {
		now = time.Now()
	}
	return now.Sub(at) < newObjectAge
}
