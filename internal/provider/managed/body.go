package managed

import (
	"github.com/pigello/terraform-provider-pigello/internal/client/model"
	"github.com/pigello/terraform-provider-pigello/internal/provider/mapping"
)

// createBody is what is declared, as plain or write-only values, and nothing else.
func (s *Spec) createBody(plan values, d declaration) model.Body {
	body := model.Body{}
	for name, value := range d.values {
		m, _ := s.Entity.Field(name)
		body[name] = m.Kind.Encode(value.ValueString())
	}
	for _, a := range s.attributes {
		if value := plan[a.name]; !a.field.ReadOnly && !value.IsNull() && !value.IsUnknown() {
			body[a.field.Name] = a.encode(mapping.ToGo(value))
		}
	}
	return body
}

// changes is the fields whose plain values change.
func (s *Spec) changes(config, plan, state values, r record) model.Body {
	body := model.Body{}
	for _, a := range s.attributes {
		if a.field.ReadOnly {
			continue
		}
		value, before := plan[a.name], mapping.ToGo(state[a.name])
		switch {
		case value.IsUnknown():
			// The server is to decide again about what was declared. There is no such value for true and false.
			if r.declared(a) && config[a.name].IsNull() && before != nil {
				body[a.field.Name] = a.encode(nil)
			}
		case !a.field.Kind.Equal(mapping.ToGo(value), before), r.pending(a.field):
			body[a.field.Name] = a.encode(mapping.ToGo(value))
		}
	}
	return body
}

// addHidden adds to the changes the declared values under a common rule that the API hides: it cannot be asked how it holds them.
func (s *Spec) addHidden(body model.Body, plan values, r record) {
	for _, a := range s.attributes {
		_, sent := body[a.field.Name]
		if value := plan[a.name]; !sent && s.Entity.InGroup(a.field.Name) && r.hidden(a.field) && !value.IsNull() && !value.IsUnknown() {
			body[a.field.Name] = a.encode(mapping.ToGo(value))
		}
	}
}

func (a attribute) encode(value any) any { return a.field.Kind.Encode(value) }
