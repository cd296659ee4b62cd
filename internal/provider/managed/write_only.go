package managed

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/pigello/terraform-provider-pigello/internal/client/model"
	"github.com/pigello/terraform-provider-pigello/internal/client/transport"
	"github.com/pigello/terraform-provider-pigello/internal/provider/mapping"
	"github.com/pigello/terraform-provider-pigello/internal/provider/tfdiag"
)

// WriteOnly says in which attributes a resource takes members as write-only values. Nothing of such a value is stored, not
// even a digest: what the configuration declares is compared with what the API holds, each time.
type WriteOnly struct {
	Attribute string   // the write-only attribute: a value, or an object of values
	Version   string   // the attribute whose change forces a write
	WrittenAt string   // the computed attribute that tells when Terraform last wrote: its change makes the plan
	Members   []string // the members, named as in the object
}

// declaration is what a configuration declares as write-only values.
type declaration struct {
	values map[string]types.String // by member, without those that are null
	known  bool
}

func (w WriteOnly) declared(config values) declaration {
	d := declaration{values: map[string]types.String{}, known: true}
	switch v := config[w.Attribute].(type) {
	case types.String:
		d.add(w.Members[0], v)
	case types.Object:
		d.known = !v.IsUnknown()
		for _, name := range w.Members {
			if s, ok := v.Attributes()[name].(types.String); ok {
				d.add(name, s)
			}
		}
	}
	return d
}

func (d *declaration) add(member string, value types.String) {
	if !value.IsNull() {
		d.values[member] = value
		d.known = d.known && !value.IsUnknown()
	}
}

func (d declaration) names() []string { return slices.Sorted(maps.Keys(d.values)) }

// differing returns the members whose declared value is to be written: the API holds another, or the last apply did not
// declare it, as after an import. A member that the API hides cannot be compared.
func (l *Layout) differing(d declaration, object model.Object, r record) []string {
	var names []string
	for _, name := range d.names() {
		m, _ := l.entity.Field(name)
		value, err := object.Value(m)
		hidden := value == nil && r.hidden(m)
		if !slices.Contains(r.Written, name) || !hidden && (err != nil || !m.Kind.Equal(d.values[name].ValueString(), value)) {
			names = append(names, name)
		}
	}
	return names
}

// dropped returns the members that the last apply declared as write-only values and that nothing declares any more. They
// are to be cleared, unless the API holds nothing.
func (l *Layout) dropped(d declaration, config values, object model.Object, r record) []string {
	var names []string
	for _, name := range r.Written {
		m, _ := l.entity.Field(name)
		_, declared := d.values[name]
		plain := config[mapping.AttributeName(m)]
		value, err := object.Value(m)
		if !declared && plain.IsNull() && (value != nil || err != nil || r.hidden(m)) {
			names = append(names, name)
		}
	}
	return names
}

// planWriteOnly decides whether an update writes write-only values, and returns when they will have been written: unknown
// if it does, else what the state says.
func (r *Resource) planWriteOnly(ctx context.Context, config, plan, state values, remembered record, diags *diag.Diagnostics) types.String {
	w := r.layout.writeOnly
	d := w.declared(config)
	writtenAt, _ := state[w.WrittenAt].(types.String)
	if d.known && len(d.values) == 0 && len(remembered.Written) == 0 {
		if r.data != nil {
			r.data.Recent.Take(idOf(state)) // nobody else will
		}
		return writtenAt
	}
	if !d.known || r.data == nil {
		return types.StringUnknown()
	}
	object, err := r.recent(ctx, state)
	switch {
	case transport.IsNotFound(err):
		return types.StringUnknown()
	case err != nil:
		tfdiag.Add(diags, r.operation("compare", idOf(state)), err)
		return writtenAt
	}
	differing := r.layout.differing(d, object, remembered)
	dropped := r.layout.dropped(d, config, object, remembered)
	r.warnWriteOnly("written", "The API holds other values than %s declares for %s, or Terraform has not written them before. "+
		"Apply writes them.", differing, idOf(state), diags)
	r.warnWriteOnly("cleared", "%s no longer declares %s. Apply clears this in Pigello.", dropped, idOf(state), diags)
	others := maps.Clone(plan)
	others[w.WrittenAt] = writtenAt
	if len(differing) > 0 || len(dropped) > 0 || !equal(others, state) {
		return types.StringUnknown() // also with another change: by the time of the apply the API may hold something else
	}
	return writtenAt
}

func (r *Resource) warnWriteOnly(will, detail string, names []string, id string, diags *diag.Diagnostics) {
	if len(names) == 0 {
		return
	}
	// Not on the attribute: Terraform would print its lines of the configuration, where a value may stand. The id is in the
	// summary because of warnings with one summary Terraform prints only the first.
	diags.AddWarning(fmt.Sprintf("Write-only values of the %s %s will be %s", r.layout.entity.Title, id, will),
		fmt.Sprintf(detail, r.layout.writeOnly.Attribute, strings.Join(names, ", ")))
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
	object, err := r.objects(r.data.Client).Get(ctx, id)
	if err == nil {
		r.data.Recent.Put(id, object)
	}
	return object, err
}

// addWriteOnly adds to the body of an update the write-only values that are to be written, and those to be cleared. A member
// that moves between its plain and its write-only form is sent with its new value.
func (l *Layout) addWriteOnly(body model.Body, d declaration, config, plan, state values, object model.Object, r record) {
	forced := !plan[l.writeOnly.Version].Equal(state[l.writeOnly.Version])
	differing := l.differing(d, object, r)
	for name, value := range d.values {
		_, moves := body[name]
		if forced || moves || slices.Contains(differing, name) {
			m, _ := l.entity.Field(name)
			body[name] = m.Kind.Encode(value.ValueString())
		}
	}
	for _, name := range l.dropped(d, config, object, r) {
		m, _ := l.entity.Field(name)
		body[name] = m.Kind.Encode(nil)
	}
}

// writes reports whether a body holds write-only values, or clears some.
func (w WriteOnly) writes(body model.Body, d declaration, r record) bool {
	return slices.ContainsFunc(w.Members, func(name string) bool {
		value, sent := body[name]
		_, declared := d.values[name]
		return sent && (declared || value == nil && slices.Contains(r.Written, name))
	})
}

func now() types.String { return types.StringValue(time.Now().UTC().Format(time.RFC3339)) }
