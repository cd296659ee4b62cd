package managed

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/pigello/terraform-provider-pigello/internal/client/model"
	"github.com/pigello/terraform-provider-pigello/internal/client/transport"
	"github.com/pigello/terraform-provider-pigello/internal/provider/mapping"
)

// WriteOnly names the attributes for write-only values of a resource. Nothing of such a value is stored, not even a digest: each plan compares
// the configuration with the API.
type WriteOnly struct {
	Attribute string   // the write-only attribute: a value, or an object of values
	Version   string   // the attribute whose change forces a write
	Declared  string   // the computed attribute with the declared fields: a list of names, or a boolean if there is only one value
	WrittenAt string   // the computed attribute with the time of the last write: its change makes a plan
	Fields    []string // the fields, named as in the object
}

// declaration is the write-only values in a configuration.
type declaration struct {
	values     map[string]types.String // by field, without null
	known      bool                    // all values are known
	namesKnown bool                    // it is known which fields are declared
}

func (w *WriteOnly) declared(config values) declaration {
	d := declaration{values: map[string]types.String{}, known: true, namesKnown: true}
	if w == nil {
		return d
	}
	switch v := config[w.Attribute].(type) {
	case types.String:
		d.add(w.Fields[0], v)
	case types.Object:
		d.known, d.namesKnown = !v.IsUnknown(), !v.IsUnknown()
		for _, name := range w.Fields {
			if s, ok := v.Attributes()[name].(types.String); ok {
				d.add(name, s)
			}
		}
	}
	return d
}

func (d *declaration) add(field string, value types.String) {
	if !value.IsNull() {
		d.values[field] = value
		d.known = d.known && !value.IsUnknown()
		d.namesKnown = d.namesKnown && !value.IsUnknown() // an unknown value may be null
	}
}

func (d declaration) names() []string { return slices.Sorted(maps.Keys(d.values)) }

// only returns a copy of the declaration with only some fields.
func (d declaration) only(names []string) declaration {
	d.values = maps.Clone(d.values)
	maps.DeleteFunc(d.values, func(name string, _ types.String) bool { return !slices.Contains(names, name) })
	return d
}

// declaredNames returns the planned value of the attribute with the declared fields. If other fields are declared at apply, for example
// because a secret is missing, Terraform stops the apply.
func (s *Spec) declaredNames(d declaration) attr.Value {
	isBool := s.types[s.WriteOnly.Declared].Equal(types.BoolType)
	switch {
	case !d.namesKnown && isBool:
		return types.BoolUnknown()
	case !d.namesKnown:
		return types.ListUnknown(types.StringType)
	case isBool:
		return types.BoolValue(len(d.values) > 0)
	}
	var names []attr.Value
	for _, name := range d.names() {
		names = append(names, types.StringValue(name))
	}
	return types.ListValueMust(types.StringType, names)
}

// planNewWriteOnly completes the plan of a creation.
func (s *Spec) planNewWriteOnly(config, plan values) {
	if s.WriteOnly == nil {
		return
	}
	d := s.WriteOnly.declared(config)
	plan[s.WriteOnly.Declared] = s.declaredNames(d)
	if d.known && len(d.values) == 0 {
		plan[s.WriteOnly.WrittenAt] = types.StringNull()
	}
}

// resolveWriteOnly sets the declared fields, if they were not known at plan, to those in the configuration at apply.
func (s *Spec) resolveWriteOnly(config, plan values) {
	if s.WriteOnly != nil && plan[s.WriteOnly.Declared].IsUnknown() {
		plan[s.WriteOnly.Declared] = s.declaredNames(s.WriteOnly.declared(config))
	}
}

// stamp replaces an unknown time of the last write with the current time after a write, else with the time before.
func (w *WriteOnly) stamp(plan values, wrote bool, before attr.Value) {
	if w == nil || !plan[w.WrittenAt].IsUnknown() {
		return
	}
	plan[w.WrittenAt] = before
	if wrote {
		plan[w.WrittenAt] = types.StringValue(time.Now().UTC().Format(time.RFC3339))
	}
}

// named returns the declared fields of a plan.
func (w *WriteOnly) named(plan values) []string {
	var names []string
	if w == nil {
		return nil
	}
	switch v := plan[w.Declared].(type) {
	case types.Bool:
		if v.ValueBool() {
			names = w.Fields[:1]
		}
	case types.List:
		for _, element := range v.Elements() {
			if name, ok := element.(types.String); ok {
				names = append(names, name.ValueString())
			}
		}
	}
	return names
}

// differing returns the fields with another value in the API, and those that Terraform has not written before, for example after an import.
// Fields that the API hides cannot be compared.
func (s *Spec) differing(d declaration, object model.Object, r record) (differing, fresh []string) {
	for _, name := range d.names() {
		f, _ := s.Entity.Field(name)
		value, err := object.Value(f)
		hidden := value == nil && r.hidden(f)
		switch {
		case !slices.Contains(r.Written, name):
			fresh = append(fresh, name)
		case !hidden && (err != nil || !f.Kind.Equal(d.values[name].ValueString(), value)):
			differing = append(differing, name)
		}
	}
	return differing, fresh
}

// dropped returns the fields that were declared as write-only values at the last apply, and are not declared any more. They must be cleared,
// unless they are null in the API.
func (s *Spec) dropped(d declaration, config values, object model.Object, r record) []string {
	var names []string
	for _, name := range r.Written {
		f, _ := s.Entity.Field(name)
		_, declared := d.values[name]
		plain := config[mapping.AttributeName(f)]
		value, err := object.Value(f)
		if !declared && plain.IsNull() && (value != nil || err != nil || r.hidden(f)) {
			names = append(names, name)
		}
	}
	return names
}

// planWriteOnly completes the plan of an update with the declared write-only fields, and the time of the last write: unknown if the update
// writes some, else that of the state.
func (r *Resource) planWriteOnly(ctx context.Context, config, plan, state values, remembered record, diags *diag.Diagnostics) {
	w := r.spec.WriteOnly
	if w == nil {
		r.dropRecent(state)
		return
	}
	d := w.declared(config)
	plan[w.Declared] = r.spec.declaredNames(d)
	if len(d.values) == 0 && d.namesKnown && state[w.Declared].IsNull() {
		plan[w.Declared] = state[w.Declared] // the state is from a version without this attribute
	}
	plan[w.WrittenAt] = state[w.WrittenAt]
	if d.known && len(d.values) == 0 && len(remembered.Written) == 0 {
		r.dropRecent(state)
		return
	}
	if !d.known || r.data == nil {
		plan[w.WrittenAt] = types.StringUnknown()
		return
	}
	object, err := r.recent(ctx, state)
	if err != nil {
		object = r.readDespite(ctx, err, state, remembered, diags)
	}
	if object == nil {
		return
	}
	differing, fresh := r.spec.differing(d, object, remembered)
	dropped := r.spec.dropped(d, config, object, remembered)
	r.warnWriteOnly(differing, fresh, dropped, idOf(state), diags)
	if len(differing) > 0 || len(fresh) > 0 || len(dropped) > 0 || !equal(plan, state) {
		plan[w.WrittenAt] = types.StringUnknown() // also with another change: until the apply, the values in the API may change
	}
}

// dropRecent drops the object that a read has kept for the comparison, since nothing else uses it.
func (r *Resource) dropRecent(state values) {
	if r.data != nil {
		r.data.Recent.Take(idOf(state))
	}
}

// readDespite returns the object if it is there despite a 404. Otherwise it adds the error of a comparison that was not possible.
func (r *Resource) readDespite(ctx context.Context, err error, state values, remembered record, diags *diag.Diagnostics) model.Object {
	operation := r.operation("compare the write-only values of", idOf(state))
	if !transport.IsNotFound(err) {
		r.addReadError(operation, err, diags)
		return nil
	}
	gone, object := r.isGone(ctx, idOf(state), remembered, err, diags)
	if gone {
		diags.AddError(operation.Summary(), fmt.Sprintf("The API says that the %s %s does not exist: it was deleted outside of Terraform. Plan without -refresh=false and -minimal-refresh, so that it leaves the state and is "+
			"created anew as long as the configuration declares it.", r.spec.Entity.Title, idOf(state)))
	}
	return object
}

// warnWriteOnly names the write-only fields that an apply writes or clears, since the plan does not show them.
func (r *Resource) warnWriteOnly(differing, fresh, dropped []string, id string, diags *diag.Diagnostics) {
	title, attribute := r.spec.Entity.Title, r.spec.WriteOnly.Attribute
	var written []string
	if len(differing) > 0 {
		written = append(written, fmt.Sprintf("Differs in Pigello: %s.", strings.Join(differing, ", ")))
	}
	if len(fresh) > 0 {
		written = append(written, fmt.Sprintf("Not written by Terraform before: %s.", strings.Join(fresh, ", ")))
	}
	// With an attribute, Terraform would print its lines of the configuration, which may hold a value. The id is in the summary, since
	// Terraform prints only the first warning of each summary.
	if len(written) > 0 {
		diags.AddWarning(fmt.Sprintf("Write-only values of the %s %s will be written", title, id),
			fmt.Sprintf("%s The apply writes what %s declares.", strings.Join(written, " "), attribute))
	}
	if len(dropped) > 0 {
		diags.AddWarning(fmt.Sprintf("Write-only values of the %s %s will be cleared", title, id), fmt.Sprintf(
			"%[1]s no longer declares %[2]s. The apply clears this in Pigello, unless ignore_changes names %[1]s.", attribute, strings.Join(dropped, ", ")))
	}
}

func equal(a, b values) bool {
	for name, value := range a {
		if !value.Equal(b[name]) {
			return false
		}
	}
	return true
}

// recent returns the object that the previous call has just read. If there is none, it reads the object, and keeps it for the next call.
func (r *Resource) recent(ctx context.Context, state values) (model.Object, error) {
	id := idOf(state)
	if object := r.data.Recent.Take(id); object != nil {
		return object, nil
	}
	object, err := r.spec.Objects(r.data.Client).Read(ctx, id)
	if err == nil {
		r.data.Recent.Put(id, object)
	}
	return object, err
}

// addWriteOnly adds to the body of an update the write-only values to write and to clear. It writes only fields that the plan names. A field
// that moves between its plain and its write-only form is sent with its new value.
func (s *Spec) addWriteOnly(body model.Body, config, plan, state values, object model.Object, r record) {
	declared := s.WriteOnly.declared(config)
	d := declared.only(s.WriteOnly.named(plan))
	forced := !plan[s.WriteOnly.Version].Equal(state[s.WriteOnly.Version])
	differing, fresh := s.differing(d, object, r)
	for name, value := range d.values {
		_, moves := body[name]
		if forced || moves || slices.Contains(differing, name) || slices.Contains(fresh, name) {
			f, _ := s.Entity.Field(name)
			body[name] = f.Kind.Encode(value.ValueString())
		}
	}
	// A field that is declared and not in the plan is under ignore_changes, so it is not cleared.
	for _, name := range s.dropped(declared, config, object, r) {
		f, _ := s.Entity.Field(name)
		body[name] = f.Kind.Encode(nil)
	}
}

// writes reports whether a body writes or clears write-only values.
func (w *WriteOnly) writes(body model.Body, named []string, r record) bool {
	return slices.ContainsFunc(w.Fields, func(name string) bool {
		value, sent := body[name]
		return sent && (slices.Contains(named, name) || value == nil && slices.Contains(r.Written, name))
	})
}
