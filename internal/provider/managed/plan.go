package managed

import (
	"context"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/pigello/terraform-provider-pigello/internal/client/model"
	"github.com/pigello/terraform-provider-pigello/internal/provider/mapping"
)

// ModifyPlan makes the plan of an update minimal: a value that means the same keeps the state's spelling, and only values that a change
// affects are unknown.
func (r *Resource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	planning := r.isPlanning(req)
	r.planAddress(ctx, req, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	if req.Plan.Raw.IsNull() {
		if r.data != nil {
			r.checkPlan(ctx, nil, get(ctx, req.State, &resp.Diagnostics), planning, &resp.Diagnostics)
		}
		return
	}
	config := get(ctx, req.Config, &resp.Diagnostics)
	plan := get(ctx, req.Plan, &resp.Diagnostics)
	if r.spec.Warnings != nil && (planning || r.data == nil) { // an apply plans again: one warning is enough
		var before values
		if !req.State.Raw.IsNull() {
			before = get(ctx, req.State, &resp.Diagnostics)
		}
		defer func() { resp.Diagnostics.Append(r.spec.Warnings(before, get(ctx, resp.Plan, &resp.Diagnostics))...) }()
	}
	if req.State.Raw.IsNull() {
		r.spec.planNewWriteOnly(config, plan)
		r.spec.planPictures(config, plan, nil, record{}, &resp.Diagnostics)
		r.spec.set(ctx, &resp.Plan, plan, &resp.Diagnostics)
		// A replacement is planned twice: as an update, and then as a creation that has the private state of the object.
		replaced := loadRecord(ctx, req.Private, &resp.Diagnostics).ID
		if replaced != "" && r.data != nil {
			r.checkReplacement(ctx, replaced, planning, &resp.Diagnostics)
		}
		if planning && !resp.Diagnostics.HasError() {
			r.checkDuplicates(ctx, config, replaced, &resp.Diagnostics)
		}
		return
	}
	state := get(ctx, req.State, &resp.Diagnostics)
	remembered := loadRecord(ctx, req.Private, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	ctx, cancel := withTimeout(ctx, plan, "read", timeouts.Value.Read, &resp.Diagnostics)
	defer cancel()
	next := r.spec.plan(config, plan, state, remembered)
	r.spec.planPictures(config, next, state, remembered, &resp.Diagnostics)
	r.planWriteOnly(ctx, config, next, state, remembered, &resp.Diagnostics)
	r.spec.set(ctx, &resp.Plan, next, &resp.Diagnostics)
	if r.data != nil {
		r.checkPlan(ctx, next, state, planning, &resp.Diagnostics)
	}
}

// isPlanning reports whether Terraform makes a plan for approval. During an apply, Terraform plans each object again, and then sets
// DeferralAllowed. OpenTofu never sets it, so its first objects are checked again: see PlanChecks.Applies.
func (r *Resource) isPlanning(req resource.ModifyPlanRequest) bool {
	return r.data != nil && !req.ClientCapabilities.DeferralAllowed && !r.data.PlanChecks.Applying()
}

func (s *Spec) plan(config, plan, state values, r record) values {
	next := maps.Clone(plan)
	for _, a := range s.attributes {
		declared, before := config[a.name], state[a.name]
		switch {
		case a.isComputed() && declared.IsNull() && s.resets(a, state, r):
			next[a.name] = mapping.Unknown(a.field.Kind)
		case a.isComputed() && declared.IsNull():
			next[a.name] = before
		case mapping.IsKnown(declared) && !declared.IsNull() && !before.IsNull() &&
			a.field.Kind.Equal(mapping.ToGo(declared), mapping.ToGo(before)):
			next[a.name] = before
		}
	}
	for _, a := range s.attributes {
		if slices.ContainsFunc(a.derivedFrom, func(name string) bool { return !next[name].Equal(state[name]) }) {
			next[a.name] = mapping.Unknown(a.field.Kind)
		}
	}
	return next
}

// resets reports whether the value of an attribute must be cleared, because it was declared before and is not any more. A boolean cannot be
// cleared.
func (s *Spec) resets(a attribute, state values, r record) bool {
	return a.policy == serverDefault && r.declared(a) && a.field.Kind != model.Bool &&
		!a.field.Kind.Equal(mapping.ToGo(state[a.name]), nil)
}
