package managed

import (
	"context"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/pigello/terraform-provider-pigello/internal/client/model"
	"github.com/pigello/terraform-provider-pigello/internal/provider/mapping"
)

// ModifyPlan makes the plan of an update minimal: a value that means the same keeps the state's spelling, and only
// what follows from a change is unknown.
func (r *Resource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	planning := r.isPlanning(req)
	r.planAddress(ctx, req, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	if req.Plan.Raw.IsNull() {
		if r.data != nil {
			r.foresee(ctx, nil, get(ctx, req.State, &resp.Diagnostics), planning, &resp.Diagnostics)
		}
		return
	}
	config := get(ctx, req.Config, &resp.Diagnostics)
	plan := get(ctx, req.Plan, &resp.Diagnostics)
	if req.State.Raw.IsNull() {
		d := r.layout.writeOnly.declared(config)
		plan[r.layout.writeOnly.Declared] = r.layout.declaredNames(d)
		if d.known && len(d.values) == 0 {
			plan[r.layout.writeOnly.WrittenAt] = types.StringNull()
		}
		r.layout.planPictures(config, plan, nil, record{}, &resp.Diagnostics)
		r.layout.set(ctx, &resp.Plan, plan, &resp.Diagnostics)
		// A replacement is planned twice: as an update, and then as a creation that has the private state of the object.
		replaced := loadRecord(ctx, req.Private, &resp.Diagnostics).ID
		if replaced != "" && r.data != nil {
			r.foreseeReplacement(ctx, replaced, planning, &resp.Diagnostics)
		}
		if planning && !resp.Diagnostics.HasError() {
			r.planCreation(ctx, config, replaced, &resp.Diagnostics)
		}
		return
	}
	state := get(ctx, req.State, &resp.Diagnostics)
	remembered := loadRecord(ctx, req.Private, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := withTimeout(ctx, state, "read", timeouts.Value.Read, &resp.Diagnostics)
	defer cancel()
	next := r.layout.plan(config, plan, state, remembered)
	r.layout.planPictures(config, next, state, remembered, &resp.Diagnostics)
	r.planWriteOnly(ctx, config, next, state, remembered, &resp.Diagnostics)
	r.layout.set(ctx, &resp.Plan, next, &resp.Diagnostics)
	if r.data != nil {
		r.foresee(ctx, next, state, planning, &resp.Diagnostics)
	}
}

// isPlanning reports whether a plan is made that is yet to be approved. While it applies, Terraform plans each object again, and says that
// it takes deferrals. OpenTofu never says so: there an apply is known from its first write on.
func (r *Resource) isPlanning(req resource.ModifyPlanRequest) bool {
	return r.data != nil && !req.ClientCapabilities.DeferralAllowed && !r.data.Foresight.Applying()
}

func (l *Layout) plan(config, plan, state values, r record) values {
	next := maps.Clone(plan)
	for _, a := range l.attributes {
		declared, before := config[a.name], state[a.name]
		switch {
		case a.computed && declared.IsNull() && l.resets(a, state, r):
			next[a.name] = mapping.Unknown(a.member.Kind)
		case a.computed && declared.IsNull():
			next[a.name] = before
		case mapping.IsKnown(declared) && !declared.IsNull() && !before.IsNull() &&
			a.member.Kind.Equal(mapping.ToGo(declared), mapping.ToGo(before)):
			next[a.name] = before
		}
	}
	for _, a := range l.attributes {
		if slices.ContainsFunc(a.follows, func(name string) bool { return !next[name].Equal(state[name]) }) {
			next[a.name] = mapping.Unknown(a.member.Kind)
		}
	}
	return next
}

// resets reports whether an attribute that the configuration leaves to the server was declared before, so that its
// value is cleared. True and false cannot be cleared: they stay.
func (l *Layout) resets(a attribute, state values, r record) bool {
	return a.serverDecides() && r.declared(a) && a.member.Kind != model.Bool &&
		!a.member.Kind.Equal(mapping.ToGo(state[a.name]), nil)
}
