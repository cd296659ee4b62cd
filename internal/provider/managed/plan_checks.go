package managed

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/pigello/terraform-provider-pigello/internal/client/transport"
	"github.com/pigello/terraform-provider-pigello/internal/ident"
	"github.com/pigello/terraform-provider-pigello/internal/provider/providerdata"
	"github.com/pigello/terraform-provider-pigello/internal/provider/tfdiag"
)

// accessEnd is one way in which a change removes a person, or ends the access of a person.
type accessEnd struct {
	verb      string
	attribute string // the attribute that ends the access; "" if the object is removed
}

// accessEnds returns how the plan of an update ends a person's access.
func accessEnds(plan, state values) []accessEnd {
	var found []accessEnd
	became := func(name string, value bool) bool {
		after, has := plan[name].(types.Bool)
		return has && after.Equal(types.BoolValue(value)) && !after.Equal(state[name])
	}
	if became("is_active", false) {
		found = append(found, accessEnd{"deactivate", "is_active"})
	}
	if became("anonymized", true) {
		found = append(found, accessEnd{"anonymize", "anonymized"})
	}
	const activeTo = "active_to"
	if after, ok := plan[activeTo].(types.String); ok && !after.IsUnknown() && !after.Equal(state[activeTo]) {
		if at, err := time.Parse(time.RFC3339, after.ValueString()); err == nil && at.Before(time.Now()) {
			found = append(found, accessEnd{"end the access of", activeTo})
		}
	}
	return found
}

// removalEnds returns how the removal of an object from the configuration ends a person's access.
func removalEnds(onDestroy string) []accessEnd {
	switch onDestroy {
	case DestroyAbandon:
		return nil
	case DestroyDeactivate:
		return []accessEnd{{"deactivate", ""}}
	}
	return []accessEnd{deletion}
}

var deletion = accessEnd{"delete", ""}

// protectsClient adds an error if a change would end the access of Terraform's own user, and reports whether it has added one.
func (r *Resource) protectsClient(id string, endings []accessEnd, diags *diag.Diagnostics) bool {
	if len(endings) == 0 || !(ident.UUID{}).Equal(id, r.data.Client.Scope()["client_entity"]) {
		return false
	}
	for _, e := range endings {
		summary := fmt.Sprintf("This would %s the %s as whom Terraform signs in", e.verb, r.spec.Entity.Title)
		detail := fmt.Sprintf("The %s %s is the client_entity of the provider's credentials: Terraform would lock itself out. Nothing was sent. "+
			"Use the credentials of another client for this change. To stop managing it, declare it with on_destroy = %q, apply that, and then remove it.",
			r.spec.Entity.Title, id, DestroyAbandon)
		if e.attribute == "" {
			diags.AddError(summary, detail)
			continue
		}
		diags.AddAttributeError(path.Root(e.attribute), summary, detail)
	}
	return true
}

// limitDestroys counts a person who loses access, and adds an error if there are more than max_destroys. It is called only in a plan: an
// apply makes approved changes, and must not stop in the middle.
func (r *Resource) limitDestroys(ctx context.Context, id string, endings []accessEnd, diags *diag.Diagnostics) {
	most := r.data.MaxDestroys
	if most == nil || len(endings) == 0 {
		return
	}
	excess := r.data.PlanChecks.Destroy(ctx, strings.ToLower(id), *most)
	switch {
	case excess == nil:
	case excess.First:
		diags.AddError(fmt.Sprintf("The plan removes or locks out %d people, and max_destroys allows %d", excess.People, *most), fmt.Sprintf(
			"It would delete, deactivate or anonymize %d people. Nothing was sent. If this is not meant, look for what has disappeared from "+
				"the configuration. If it is, raise the cap for one run:\n\nPIGELLO_MAX_DESTROYS=%d terraform plan\n\n"+
				"If max_destroys is set in the provider's configuration, it wins over the variable: raise it there.", excess.People, excess.People))
	default:
		diags.AddError(fmt.Sprintf("The plan removes or locks out %d people by now, and max_destroys allows %d", excess.People, *most), fmt.Sprintf(
			"The %s %s is one of them. The first error says what to do.", r.spec.Entity.Title, id))
	}
}

// checkPlan checks the plan of an existing object, and records it for the checks of other objects. next is nil if the object is removed from
// the configuration. planning is false during an apply, when the plan was already approved.
func (r *Resource) checkPlan(ctx context.Context, next, state values, planning bool, diags *diag.Diagnostics) {
	id := idOf(state)
	mode, _ := state[onDestroy].(types.String)
	planned := providerdata.Planned{OnDestroy: mode.ValueString(), Released: map[string]bool{}}
	var ends []accessEnd
	if next == nil {
		ends = removalEnds(mode.ValueString())
		planned.Deleted = slices.Contains(ends, deletion)
	} else {
		ends = accessEnds(next, state)
		for _, before := range r.spec.keyValues(state) {
			planned.Released[before.key()] = true
		}
		for _, after := range r.spec.keyValues(next) {
			delete(planned.Released, after.key())
		}
	}
	r.data.PlanChecks.Record(id, planned)
	r.checkAccessEnds(ctx, id, ends, planning, diags)
}

// checkReplacement checks the removal of an object that a new one replaces.
func (r *Resource) checkReplacement(ctx context.Context, id string, planning bool, diags *diag.Diagnostics) {
	mode := ""
	if planned, _ := r.data.PlanChecks.Planned(ctx, id); planned != nil {
		mode = planned.OnDestroy
	}
	r.checkAccessEnds(ctx, id, removalEnds(mode), planning, diags)
}

func (r *Resource) checkAccessEnds(ctx context.Context, id string, ends []accessEnd, planning bool, diags *diag.Diagnostics) {
	if !r.protectsClient(id, ends, diags) && planning {
		r.limitDestroys(ctx, id, ends, diags)
	}
}

// maxFullErrors is how many errors with one cause are reported in full.
const maxFullErrors = 3

// addReadError adds the error of a read. Only the first errors with one cause are reported in full. A request that was not sent because of
// them is a warning: the first error ends the run, and Terraform merges warnings with the same summary.
func (r *Resource) addReadError(operation tfdiag.Operation, err error, diags *diag.Diagnostics) {
	failure, _ := errors.AsType[*transport.Error](err)
	stop, stopped := errors.AsType[*transport.StoppedError](err)
	switch {
	case stopped && r.data.PlanChecks.Reported(stop.First.Reason()) == 0: // the first error was in a request for bulk reading, or is not reported yet
		tfdiag.Add(diags, operation, stop.First)
	case stopped && r.data.PlanChecks.Reported("not sent") >= maxFullErrors:
		diags.AddWarning("Not read, because of the first error",
			"The state is unchanged. Nothing more is sent in this run, since the first error shows that all requests would fail.")
	case !stopped && failure != nil && r.data.PlanChecks.Reported(failure.Reason()) >= fullErrors(failure):
		diags.AddError(operation.Summary(), fmt.Sprintf("As before: %s; see the first error. The state is unchanged.", failure.Reason()))
	default:
		tfdiag.Add(diags, operation, err)
	}
}

// fullErrors returns how many errors with the same reason are reported in full.
func fullErrors(e *transport.Error) int {
	switch {
	case e.Status == http.StatusUnauthorized, e.IsMisconfigured(): // it ends all requests, and those that were sent at the same time fail in the same way
		return 1
	case e.Cause != nil, e.Status >= http.StatusInternalServerError, e.Status == http.StatusForbidden:
		return maxFullErrors
	}
	return math.MaxInt
}
