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

// WriteOnly says in which attributes a resource takes fields as write-only values. Nothing of such a value is stored, not
// even a digest: what the configuration declares is compared with what the API holds, each time.
type WriteOnly struct {
	Attribute string   // the write-only attribute: a value, or an object of values
	Version   string   // the attribute whose change forces a write
	Declared  string   // the computed attribute that tells which fields are declared: a list of names, or true and false for a value
	WrittenAt string   // the computed attribute that tells when Terraform last wrote: its change makes the plan
	Fields    []string // the fields, named as in the object
}

// declaration is what a configuration declares as write-only values.
type declaration struct {
	values     map[string]types.String // by field, without those that are null
	known      bool                    // all values are
	namesKnown bool                    // which fields are declared is
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
		d.namesKnown = d.namesKnown && !value.IsUnknown() // it may turn out to be null
	}
}

func (d declaration) names() []string { return slices.Sorted(maps.Keys(d.values)) }

// only returns the declaration of some fields.
func (d declaration) only(names []string) declaration {
	d.values = maps.Clone(d.values)
	maps.DeleteFunc(d.values, func(name string, _ types.String) bool { return !slices.Contains(names, name) })
	return d
}

// declaredNames is the planned value of the attribute that tells which fields are declared. An apply that finds others, because a secret is
// missing, say, is stopped by Terraform.
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

// resolveWriteOnly replaces what was not known at plan by what the configuration of the apply declares.
func (s *Spec) resolveWriteOnly(config, plan values) {
	if s.WriteOnly != nil && plan[s.WriteOnly.Declared].IsUnknown() {
		plan[s.WriteOnly.Declared] = s.declaredNames(s.WriteOnly.declared(config))
	}
}

// stamp replaces the unknown time of the last write by the time of now if there was one, else by the time before.
func (w *WriteOnly) stamp(plan values, wrote bool, before attr.Value) {
	if w == nil || !plan[w.WrittenAt].IsUnknown() {
		return
	}
	plan[w.WrittenAt] = before
	if wrote {
		plan[w.WrittenAt] = types.StringValue(time.Now().UTC().Format(time.RFC3339))
	}
}

// named returns the fields that a plan names as declared.
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

// differing returns the fields whose value the API holds differently, and those that Terraform has not written before, as after an import.
// A field that the API hides cannot be compared.
func (s *Spec) differing(d declaration, object model.Object, r record) (differing, fresh []string) {
	for _, name := range d.names() {
		m, _ := s.Entity.Field(name)
		value, err := object.Value(m)
		hidden := value == nil && r.hidden(m)
		switch {
		case !slices.Contains(r.Written, name):
			fresh = append(fresh, name)
		case !hidden && (err != nil || !m.Kind.Equal(d.values[name].ValueString(), value)):
			differing = append(differing, name)
		}
	}
	return differing, fresh
}

// dropped returns the fields that the last apply declared as write-only values and that nothing declares any more. They
// are to be cleared, unless the API holds nothing.
func (s *Spec) dropped(d declaration, config values, object model.Object, r record) []string {
	var names []string
	for _, name := range r.Written {
		m, _ := s.Entity.Field(name)
		_, declared := d.values[name]
		plain := config[mapping.AttributeName(m)]
		value, err := object.Value(m)
		if !declared && plain.IsNull() && (value != nil || err != nil || r.hidden(m)) {
			names = append(names, name)
		}
	}
	return names
}

// planWriteOnly completes the plan of an update with which write-only values are declared, and with when they will have been written: unknown
// if the update writes some, else what the state says.
func (r *Resource) planWriteOnly(ctx context.Context, config, plan, state values, remembered record, diags *diag.Diagnostics) {
	w := r.spec.WriteOnly
	if w == nil {
		r.forgetRead(state)
		return
	}
	d := w.declared(config)
	plan[w.Declared] = r.spec.declaredNames(d)
	if len(d.values) == 0 && d.namesKnown && state[w.Declared].IsNull() {
		plan[w.Declared] = state[w.Declared] // it was written before there was this attribute
	}
	plan[w.WrittenAt] = state[w.WrittenAt]
	if d.known && len(d.values) == 0 && len(remembered.Written) == 0 {
		r.forgetRead(state)
		return
	}
	if !d.known || r.data == nil {
		plan[w.WrittenAt] = types.StringUnknown()
		return
	}
	object, err := r.recent(ctx, state)
	if err != nil {
		r.addUncompared(ctx, state, remembered, err, diags)
		return
	}
	differing, fresh := r.spec.differing(d, object, remembered)
	dropped := r.spec.dropped(d, config, object, remembered)
	r.warnWriteOnly(differing, fresh, dropped, idOf(state), diags)
	if len(differing) > 0 || len(fresh) > 0 || len(dropped) > 0 || !equal(plan, state) {
		plan[w.WrittenAt] = types.StringUnknown() // also with another change: by the time of the apply the API may hold something else
	}
}

// forgetRead drops the object that a read has kept for the comparison: nobody else will take it.
func (r *Resource) forgetRead(state values) {
	if r.data != nil {
		r.data.Recent.Take(idOf(state))
	}
}

// addUncompared adds the error of a comparison that was not possible.
func (r *Resource) addUncompared(ctx context.Context, state values, remembered record, err error, diags *diag.Diagnostics) {
	operation := r.operation("compare the write-only values of", idOf(state))
	if !transport.IsNotFound(err) {
		r.failed(operation, err, diags)
		return
	}
	if r.isGone(ctx, idOf(state), remembered, diags) {
		diags.AddError(operation.Summary(), fmt.Sprintf("The API says that the %s %s does not exist: it was deleted outside of Terraform. Plan without -refresh=false, so that it leaves the state and is "+
			"created anew as long as the configuration declares it.", r.spec.Entity.Title, idOf(state)))
	}
}

// warnWriteOnly names the write-only fields that an apply writes or clears: their values show in no plan.
func (r *Resource) warnWriteOnly(differing, fresh, dropped []string, id string, diags *diag.Diagnostics) {
	title, attribute := r.spec.Entity.Title, r.spec.WriteOnly.Attribute
	var written []string
	if len(differing) > 0 {
		written = append(written, fmt.Sprintf("Differs in Pigello: %s.", strings.Join(differing, ", ")))
	}
	if len(fresh) > 0 {
		written = append(written, fmt.Sprintf("Not written by Terraform before: %s.", strings.Join(fresh, ", ")))
	}
	// Not on the attribute: Terraform would print its lines of the configuration, where a value may stand. The id is in the
	// summary because of warnings with one summary Terraform prints only the first.
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

// recent returns the object as the API holds it: as the call before has just read it, or else read now and kept for the call
// that follows.
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

// addWriteOnly adds to the body of an update the write-only values that are to be written, and those to be cleared, as far as the plan names
// them. A field that moves between its plain and its write-only form is sent with its new value.
func (s *Spec) addWriteOnly(body model.Body, config, plan, state values, object model.Object, r record) {
	declared := s.WriteOnly.declared(config)
	d := declared.only(s.WriteOnly.named(plan))
	forced := !plan[s.WriteOnly.Version].Equal(state[s.WriteOnly.Version])
	differing, fresh := s.differing(d, object, r)
	for name, value := range d.values {
		_, moves := body[name]
		if forced || moves || slices.Contains(differing, name) || slices.Contains(fresh, name) {
			m, _ := s.Entity.Field(name)
			body[name] = m.Kind.Encode(value.ValueString())
		}
	}
	// What is declared and not named is under ignore_changes.
	for _, name := range s.dropped(declared, config, object, r) {
		m, _ := s.Entity.Field(name)
		body[name] = m.Kind.Encode(nil)
	}
}

// writes reports whether a body holds write-only values that a plan names, or clears some.
func (w *WriteOnly) writes(body model.Body, named []string, r record) bool {
	return slices.ContainsFunc(w.Fields, func(name string) bool {
		value, sent := body[name]
		return sent && (slices.Contains(named, name) || value == nil && slices.Contains(r.Written, name))
	})
}
