package managed

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/identityschema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/pigello/terraform-provider-pigello/internal/client"
	"github.com/pigello/terraform-provider-pigello/internal/client/model"
	"github.com/pigello/terraform-provider-pigello/internal/client/transport"
	"github.com/pigello/terraform-provider-pigello/internal/provider/mapping"
	"github.com/pigello/terraform-provider-pigello/internal/provider/providerdata"
	"github.com/pigello/terraform-provider-pigello/internal/provider/tfdiag"
)

// Resource implements the lifecycle of one resource.
type Resource struct {
	spec *Spec
	data *providerdata.Data // nil while the provider's configuration is not known
}

var (
	_ resource.ResourceWithConfigure   = (*Resource)(nil)
	_ resource.ResourceWithIdentity    = (*Resource)(nil)
	_ resource.ResourceWithImportState = (*Resource)(nil)
	_ resource.ResourceWithModifyPlan  = (*Resource)(nil)
)

// NewResource returns the resource that a spec describes.
func NewResource(spec *Spec) *Resource { return &Resource{spec: spec} }

// Metadata implements resource.Resource.
func (r *Resource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = r.spec.TypeName
}

// Schema implements resource.Resource.
func (r *Resource) Schema(_ context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = r.spec.schema()
}

// identity is the resource identity of every object: its id, which never changes.
type identity struct {
	ID types.String `tfsdk:"id"`
}

// IdentitySchema implements resource.ResourceWithIdentity.
func (r *Resource) IdentitySchema(_ context.Context, _ resource.IdentitySchemaRequest, resp *resource.IdentitySchemaResponse) {
	resp.IdentitySchema = identityschema.Schema{Attributes: map[string]identityschema.Attribute{
		"id": identityschema.StringAttribute{
			RequiredForImport: true,
			Description:       fmt.Sprintf("The id of the %s, a UUID.", r.spec.Entity.Title),
		},
	}}
}

// Configure implements resource.ResourceWithConfigure.
func (r *Resource) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	r.data = providerdata.From(req.ProviderData, &resp.Diagnostics)
}

func (r *Resource) operation(verb, id string) tfdiag.Operation {
	return tfdiag.Operation{
		Verb: verb, Entity: r.spec.Entity, Type: r.spec.TypeName, ID: id, Attribute: r.spec.path,
	}
}

// configured reports whether the provider is configured. If not, it adds an error.
func (r *Resource) configured(verb string, diags *diag.Diagnostics) bool {
	if r.data == nil {
		tfdiag.AddNotConfigured(diags, r.operation(verb, ""))
	}
	return r.data != nil
}

func idOf(state values) string {
	id, _ := state["id"].(types.String)
	return id.ValueString()
}

// Create implements resource.Resource.
func (r *Resource) Create(ctx context.Context, req resource.CreateRequest, resp *resource.CreateResponse) {
	config := get(ctx, req.Config, &resp.Diagnostics)
	plan := get(ctx, req.Plan, &resp.Diagnostics)
	if !r.configured("create", &resp.Diagnostics) || resp.Diagnostics.HasError() {
		return
	}
	r.data.PlanChecks.StartApply()
	ctx, cancel := withTimeout(ctx, plan, "create", timeouts.Value.Create, &resp.Diagnostics)
	defer cancel()
	if resp.Diagnostics.HasError() {
		return
	}
	files := r.spec.readPictures(plan, nil, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	declared := r.spec.WriteOnly.declared(config)
	body := r.spec.createBody(plan, declared)
	object, err := r.spec.Objects(r.data.Client).Create(ctx, body)
	if err != nil {
		tfdiag.Add(&resp.Diagnostics, r.operation("create", ""), err)
		return
	}
	var remembered record
	r.spec.resolveWriteOnly(config, plan)
	remembered.ID, remembered.Scope = object.ID(), r.data.Client.Scope()
	remembered.declare(r.spec, config, plan)
	next := r.spec.written(plan, body, object, &remembered, &resp.Diagnostics)
	r.spec.WriteOnly.stamp(next, len(declared.values) > 0, types.StringNull())
	r.spec.set(ctx, &resp.State, next, &resp.Diagnostics)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, identity{ID: types.StringValue(object.ID())})...)
	r.uploadPictures(ctx, body, files, object, &remembered, &resp.Diagnostics)
	remembered.save(ctx, resp.Private, &resp.Diagnostics)
}

// Read implements resource.Resource.
func (r *Resource) Read(ctx context.Context, req resource.ReadRequest, resp *resource.ReadResponse) {
	state := get(ctx, req.State, &resp.Diagnostics)
	remembered := loadRecord(ctx, req.Private, &resp.Diagnostics)
	imported, d := req.Private.GetKey(ctx, importKey)
	resp.Diagnostics.Append(d...)
	id, _ := state["id"].(types.String)
	// A state that was written by a Terraform without identities has none, and without one the framework refuses to remove an object from
	// the state.
	resp.Diagnostics.Append(resp.Identity.Set(ctx, identity{ID: id})...)
	if resp.Diagnostics.HasError() {
		return
	}
	if r.data == nil {
		resp.Diagnostics.AddWarning("Not refreshed",
			"The provider's configuration is known only after apply. The plan compares with the state, and not with Pigello. Plan again after the apply.")
		return
	}
	if !r.data.Addresses.Read(id.ValueString()) {
		r.addSecondAddress("read", id.ValueString(), &resp.Diagnostics)
		return
	}
	ctx, cancel := withTimeout(ctx, state, "read", timeouts.Value.Read, &resp.Diagnostics)
	defer cancel()
	r.data.PlanChecks.Refresh(id.ValueString())
	object, err := r.get(ctx, state)
	switch {
	case transport.IsNotFound(err) && len(imported) == 0:
		var gone bool
		if gone, object = r.isGone(ctx, id.ValueString(), remembered, err, &resp.Diagnostics); gone {
			// The id is in the summary, since Terraform prints only the first warning of each summary.
			resp.Diagnostics.AddWarning(fmt.Sprintf("The %s %s is gone", r.spec.Entity.Title, id.ValueString()),
				"The API says that it does not exist: it was deleted outside of Terraform. It leaves the state, and is created anew as "+
					"long as the configuration declares it.")
			resp.State.RemoveResource(ctx)
		}
		if object == nil {
			return
		}
	case err != nil:
		verb := "read"
		if len(imported) > 0 {
			verb = "import"
		}
		r.addReadError(r.operation(verb, id.ValueString()), err, &resp.Diagnostics)
		return
	}
	next := r.spec.refresh(state, object, &remembered, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	remembered.ID, remembered.Scope = id.ValueString(), r.data.Client.Scope()
	r.spec.setDefaults(next)
	r.data.Recent.Put(id.ValueString(), object)
	r.spec.set(ctx, &resp.State, next, &resp.Diagnostics)
	remembered.save(ctx, resp.Private, &resp.Diagnostics)
	resp.Diagnostics.Append(resp.Private.SetKey(ctx, importKey, nil)...)
}

// Update implements resource.Resource.
func (r *Resource) Update(ctx context.Context, req resource.UpdateRequest, resp *resource.UpdateResponse) {
	config := get(ctx, req.Config, &resp.Diagnostics)
	plan := get(ctx, req.Plan, &resp.Diagnostics)
	state := get(ctx, req.State, &resp.Diagnostics)
	remembered := loadRecord(ctx, req.Private, &resp.Diagnostics)
	if !r.configured("update", &resp.Diagnostics) || resp.Diagnostics.HasError() {
		return
	}
	r.data.PlanChecks.StartApply()
	ctx, cancel := withTimeout(ctx, plan, "update", timeouts.Value.Update, &resp.Diagnostics)
	defer cancel()
	id := idOf(state)
	files := r.spec.readPictures(plan, state, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	body := r.spec.changes(config, plan, state, files, remembered)
	r.spec.resolveWriteOnly(config, plan)
	w := r.spec.WriteOnly
	var current model.Object // nil if it was not necessary to read it
	if named := w.named(plan); len(named) > 0 || w != nil && len(remembered.Written) > 0 {
		var err error
		if current, err = r.recent(ctx, state); err != nil {
			tfdiag.Add(&resp.Diagnostics, r.operation("update", id), err)
			return
		}
		r.spec.addWriteOnly(body, config, plan, state, current, remembered)
	}
	if w != nil {
		w.stamp(plan, w.writes(body, w.named(plan), remembered), state[w.WrittenAt])
	}
	if len(body) > 0 {
		object, err := r.update(ctx, id, body, plan, current, remembered)
		if err != nil {
			tfdiag.Add(&resp.Diagnostics, r.operation("update", id), err)
			if cleared, ok := errors.AsType[*client.ClearedError](err); ok {
				r.spec.set(ctx, &resp.State, r.spec.without(state, cleared.Fields), &resp.Diagnostics)
			}
			return
		}
		before := remembered
		plan = r.spec.written(plan, body, object, &remembered, &resp.Diagnostics)
		r.readMissed(ctx, id, body, before, &remembered, &resp.Diagnostics)
		r.uploadPictures(ctx, body, files, object, &remembered, &resp.Diagnostics)
	}
	remembered.ID, remembered.Scope = id, r.data.Client.Scope()
	remembered.declare(r.spec, config, plan)
	r.spec.set(ctx, &resp.State, plan, &resp.Diagnostics)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, identity{ID: types.StringValue(id)})...)
	remembered.save(ctx, resp.Private, &resp.Diagnostics)
}

// update sends changes. Fields that are only added to make the body valid have the values that the API holds now, not those of the plan or
// the state: a plan may be hours old, and must not undo later changes.
func (r *Resource) update(
	ctx context.Context, id string, changes model.Body, plan values, current model.Object, remembered record,
) (model.Object, error) {
	body := maps.Clone(changes)
	r.spec.addHidden(body, plan, remembered)
	return r.spec.Objects(r.data.Client).Change(ctx, id, body, current)
}

// readMissed reads the object after a write of fields that an earlier read has returned as null. If they are null again although the response
// to the write showed them, the API hides them in reads. Without this, each plan would show a difference that no apply can remove.
func (r *Resource) readMissed(ctx context.Context, id string, sent model.Body, before record, remembered *record, diags *diag.Diagnostics) {
	var missed []model.Field
	for name, value := range sent {
		f, _ := r.spec.Entity.Field(name)
		remembered.Missed = withName(remembered.Missed, name, false)
		if f.Personal && f.Sent(value) != nil && !remembered.hidden(f) && (before.hidden(f) || slices.Contains(before.Missed, name)) {
			missed = append(missed, f)
		}
	}
	if len(missed) == 0 {
		return
	}
	object, err := r.spec.Objects(r.data.Client).Get(ctx, id)
	if err != nil {
		return // the update has succeeded, so this is no error; the next update tries again
	}
	var hidden []string
	for _, f := range missed {
		if value, err := object.Value(f); err == nil && value == nil && remembered.setHidden(f, true) {
			hidden = append(hidden, mapping.AttributeName(f))
		}
	}
	slices.Sort(hidden)
	r.spec.warnHidden(hidden, id, diags)
}
