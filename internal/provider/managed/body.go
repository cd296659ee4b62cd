package managed

import (
	"github.com/pigello/terraform-provider-pigello/internal/client/model"
	"github.com/pigello/terraform-provider-pigello/internal/provider/mapping"
)

// createBody returns the declared values, plain and write-only ones, and no others.
func (s *Spec) createBody(plan values, d declaration) model.Body {
	body := model.Body{}
	for name, value := range d.values {
		field, _ := s.Entity.Field(name)
		body[name] = field.Kind.Encode(value.ValueString())
	}
	for _, a := range s.attributes {
		if value := plan[a.name]; !a.field.ReadOnly && !value.IsNull() && !value.IsUnknown() {
			body[a.field.Name] = a.encode(mapping.ToGo(value))
		}
	}
	return body
}

// changes returns the fields whose plain values change, and those whose file is uploaded again. files are the files that were read, by field: a
// picture that the plan leaves as it is was not read, so its upload stays pending.
func (s *Spec) changes(config, plan, state values, files map[string][]byte, r record) model.Body {
	body := model.Body{}
	for _, a := range s.attributes {
		if a.field.ReadOnly {
			continue
		}
		value, before := plan[a.name], mapping.ToGo(state[a.name])
		_, hasFile := files[a.field.Name]
		switch {
		case value.IsUnknown():
			// The value was declared and is not any more, so it is cleared and the server decides again. A boolean cannot be cleared.
			if r.declared(a) && config[a.name].IsNull() && before != nil {
				body[a.field.Name] = a.encode(nil)
			}
		case !a.field.Kind.Equal(mapping.ToGo(value), before), hasFile && r.pending(a.field):
			body[a.field.Name] = a.encode(mapping.ToGo(value))
		}
	}
	return body
}

// addHidden adds to the changes the declared values of groups that the API hides, since their current values cannot be read.
func (s *Spec) addHidden(body model.Body, plan values, r record) {
	for _, a := range s.attributes {
		_, sent := body[a.field.Name]
		if value := plan[a.name]; !sent && s.Entity.InGroup(a.field.Name) && r.hidden(a.field) && !value.IsNull() && !value.IsUnknown() {
			body[a.field.Name] = a.encode(mapping.ToGo(value))
		}
	}
}

func (a attribute) encode(value any) any { return a.field.Kind.Encode(value) }
