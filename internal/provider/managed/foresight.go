package managed

import (
	"context"
	"errors"
	"fmt"
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

// ending is one way in which a change removes a person or locks a person out.
type ending struct {
	verb      string
	attribute string // that says so, "" for the removal of the whole object
}

// endings returns how the plan of an update ends a person's access. What was so before is no change.
func endings(plan, state values) []ending {
	var found []ending
	became := func(name string, value bool) bool {
		after, has := plan[name].(types.Bool)
		return has && after.Equal(types.BoolValue(value)) && !after.Equal(state[name])
	}
	if became("is_active", false) {
		found = append(found, ending{"deactivate", "is_active"})
	}
	if became("anonymized", true) {
		found = append(found, ending{"anonymize", "anonymized"})
	}
	const activeTo = "active_to"
	if after, ok := plan[activeTo].(types.String); ok && !after.IsUnknown() && !after.Equal(state[activeTo]) {
		if at, err := time.Parse(time.RFC3339, after.ValueString()); err == nil && at.Before(time.Now()) {
			found = append(found, ending{"end the access of", activeTo})
		}
	}
	return found
}

// removal returns how the removal of an object from the configuration ends a person's access.
func removal(onDestroy string) []ending {
	switch onDestroy {
	case DestroyAbandon:
		return nil
	case DestroyDeactivate:
		return []ending{{"deactivate", ""}}
	}
	return []ending{deletion}
}

var deletion = ending{"delete", ""}

// protectsClient adds an error to a change that would end the access of the user as whom Terraform itself signs in, and reports whether
// it did.
func (r *Resource) protectsClient(id string, endings []ending, diags *diag.Diagnostics) bool {
	if len(endings) == 0 || !(ident.UUID{}).Equal(id, r.data.Client.Scope()["client_entity"]) {
		return false
	}
	for _, e := range endings {
		summary := fmt.Sprintf("This would %s the %s as whom Terraform signs in", e.verb, r.spec.Entity.Title)
		detail := fmt.Sprintf("The %s %s is the client_entity of the provider's credentials: Terraform would lock itself out. Nothing was sent. "+
			"Use the credentials of another client for this change, or remove it from the configuration with on_destroy = %q.",
			r.spec.Entity.Title, id, DestroyAbandon)
		if e.attribute == "" {
			diags.AddError(summary, detail)
			continue
		}
		diags.AddAttributeError(path.Root(e.attribute), summary, detail)
	}
	return true
}

// limitDestroys counts a person whom the plan removes or locks out, and adds an error beyond the cap. It is for plans only: an apply
// carries out what was approved, and is not to stop in the middle.
func (r *Resource) limitDestroys(ctx context.Context, id string, endings []ending, diags *diag.Diagnostics) {
	most := r.data.MaxDestroys
	if most == nil || len(endings) == 0 {
		return
	}
	excess := r.data.Foresight.Destroy(ctx, strings.ToLower(id), *most)
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

// foresee judges the plan of an object that exists, and takes note of it for those whose plan follows. next is nil for an object that
// leaves the configuration, and planning is false where the plan was approved already.
func (r *Resource) foresee(ctx context.Context, next, state values, planning bool, diags *diag.Diagnostics) {
	id := idOf(state)
	mode, _ := state[onDestroy].(types.String)
	planned := providerdata.Planned{OnDestroy: mode.ValueString(), Given: map[string]bool{}}
	var ends []ending
	if next == nil {
		ends = removal(mode.ValueString())
		planned.Gone = slices.Contains(ends, deletion)
	} else {
		ends = endings(next, state)
		for _, before := range r.spec.claims(state) {
			planned.Given[before.key()] = true
		}
		for _, after := range r.spec.claims(next) {
			delete(planned.Given, after.key())
		}
	}
	r.data.Foresight.Plan(id, planned)
	r.judge(ctx, id, ends, planning, diags)
}

// foreseeReplacement judges the removal of an object that a new one replaces.
func (r *Resource) foreseeReplacement(ctx context.Context, id string, planning bool, diags *diag.Diagnostics) {
	mode := ""
	if planned, _ := r.data.Foresight.Planned(ctx, id); planned != nil {
		mode = planned.OnDestroy
	}
	r.judge(ctx, id, removal(mode), planning, diags)
}

func (r *Resource) judge(ctx context.Context, id string, ends []ending, planning bool, diags *diag.Diagnostics) {
	if !r.protectsClient(id, ends, diags) && planning {
		r.limitDestroys(ctx, id, ends, diags)
	}
}

// fewErrors is how many errors of one cause are told each by itself.
const fewErrors = 3

// failed adds the error of a read. Only the first ones of one cause are told in full. What was not sent, because of one, ends up as a warning: the
// first error ends the run, and Terraform folds warnings with one summary into one.
func (r *Resource) failed(operation tfdiag.Operation, err error, diags *diag.Diagnostics) {
	before := r.data.Foresight.Told("an error")
	failure, _ := errors.AsType[*transport.Error](err)
	stop, stopped := errors.AsType[*transport.StoppedError](err)
	switch {
	case stopped && before == 0: // a request that has another way met the first error, and nobody told of it
		tfdiag.Add(diags, operation, stop.First)
	case stopped && r.data.Foresight.Told("not sent") >= fewErrors:
		diags.AddWarning("Not read, because of the first error",
			"The state is unchanged. Nothing more is sent in this run, since the first error shows that all requests would fail.")
	case !stopped && failure != nil && (failure.Cause != nil || failure.Status >= http.StatusInternalServerError) &&
		r.data.Foresight.Told(failure.Reason()) >= fewErrors:
		diags.AddError(operation.Summary(), fmt.Sprintf("As before: %s. The state is unchanged.", failure.Reason()))
	default:
		tfdiag.Add(diags, operation, err)
	}
}
