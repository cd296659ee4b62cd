package managed

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/pigello/terraform-provider-pigello/internal/client/model"
	"github.com/pigello/terraform-provider-pigello/internal/provider/mapping"
	"github.com/pigello/terraform-provider-pigello/internal/provider/tfdiag"
)

// refresh returns the state after a read: the server's values, but with the state's spelling if they mean the same.
func (s *Spec) refresh(state values, object model.Object, r *record, diags *diag.Diagnostics) values {
	next := maps.Clone(state)
	for _, a := range s.attributes {
		value, err := object.Value(a.field)
		if err != nil {
			diags.AddAttributeError(path.Root(a.name), "Unreadable response",
				fmt.Sprintf("%s The state is unchanged.", tfdiag.Unreadable(s.Entity, object, err)))
			continue
		}
		before := state[a.name]
		r.observeRead(a.field, value, !before.IsNull() || slices.Contains(r.Written, a.field.Name))
		switch {
		case a.name == "id":
		case a.policy == omittedUntilDeclared && !r.declared(a):
			next[a.name] = keepSpelling(a.field.Kind, before, nil)
		case value == nil && r.hidden(a.field):
		default:
			next[a.name] = keepSpelling(a.field.Kind, before, value)
		}
	}
	return next
}

// keepSpelling returns the value in the state if it means the same as the new value, else the new value.
func keepSpelling(kind model.Kind, state attr.Value, value any) attr.Value {
	if kind == model.Picture {
		return keepPictureSpelling(state, value)
	}
	before := mapping.ToGo(state)
	if !state.IsNull() && kind.Equal(before, value) {
		return state
	}
	if kind == model.JSONArray && kind.Equal(nil, value) {
		return types.StringNull()
	}
	if ids, ok := value.([]string); ok {
		known, _ := before.([]string)
		value = slices.Collect(func(yield func(string) bool) {
			for _, id := range ids {
				if i := slices.IndexFunc(known, func(k string) bool { return kind.Form().Equal(k, id) }); i >= 0 {
					id = known[i]
				}
				if !yield(id) {
					return
				}
			}
		})
	}
	return mapping.FromGo(kind, value)
}

// written returns the state after a write: all known values of the plan, and the unknown ones from the response. If the server has stored
// another value, this is a warning now, and drift at the next read. It is not an error, since the object must enter the state.
func (s *Spec) written(plan values, sent model.Body, object model.Object, r *record, diags *diag.Diagnostics) values {
	next := maps.Clone(plan)
	for _, a := range s.attributes {
		if plan[a.name].IsUnknown() {
			value, err := object.Value(a.field)
			if err != nil {
				s.warnUnreadable(object.ID(), err, diags)
			}
			next[a.name] = mapping.FromGo(a.field.Kind, value)
		}
	}
	s.compare(sent, object, r, diags)
	return next
}

// without returns a copy of the state in which some fields are null.
func (s *Spec) without(state values, fields []string) values {
	next := maps.Clone(state)
	for _, a := range s.attributes {
		if slices.Contains(fields, a.field.Name) {
			next[a.name] = mapping.FromGo(a.field.Kind, nil)
		}
	}
	return next
}

// compare compares the sent values with the response. Its messages name fields, and never a value.
func (s *Spec) compare(sent model.Body, object model.Object, r *record, diags *diag.Diagnostics) {
	var hidden, different []string
	for _, f := range s.Entity.Fields {
		value, wasSent := sent[f.Name]
		if !wasSent {
			continue
		}
		have, err := object.Value(f)
		if err != nil {
			s.warnUnreadable(object.ID(), err, diags)
			continue
		}
		want := f.Sent(value)
		if have == nil && want != nil && f.Personal {
			if r.setHidden(f, true) {
				hidden = append(hidden, mapping.AttributeName(f))
			}
			continue
		}
		r.setHidden(f, false)
		if !f.Kind.Confirms(want, have) {
			different = append(different, mapping.AttributeName(f))
		}
	}
	s.warnHidden(hidden, object.ID(), diags)
	if len(different) > 0 {
		diags.AddWarning("The API stored something else", fmt.Sprintf(
			"For %s of the %s %s, the API returns another value than was written. The next plan shows the difference. If Pigello always stores it like "+
				"this, declare it as Pigello does.",
			strings.Join(different, ", "), s.Entity.Title, object.ID()))
	}
}

func (s *Spec) warnHidden(names []string, id string, diags *diag.Diagnostics) {
	if len(names) == 0 {
		return
	}
	diags.AddWarning("The API hides what was written", fmt.Sprintf(
		"The API returns null for %s of the %s %s, although a value was written: these credentials probably may not "+
			"see personal data. What the configuration declares counts as written, and changes made elsewhere cannot be noticed. To notice them, let the "+
			"service version see personal data.",
		strings.Join(names, ", "), s.Entity.Title, id))
}

func (s *Spec) warnUnreadable(id string, err error, diags *diag.Diagnostics) {
	diags.AddWarning("Unreadable response", fmt.Sprintf("The %s %s was written, but not all of the response can be read: %s. The response is not as "+
		"Pigello documents it, so please report this.", s.Entity.Title, id, err))
}
