package managed

import (
	"github.com/pigello/terraform-provider-pigello/internal/client/model"
	"github.com/pigello/terraform-provider-pigello/internal/provider/mapping"
)

// createBody is what is declared, as plain or write-only values, and nothing else.
func (l *Layout) createBody(plan values, d declaration) model.Body {
	body := model.Body{}
	for name, value := range d.values {
		m, _ := l.entity.Field(name)
		body[name] = m.Kind.Encode(value.ValueString())
	}
	for _, a := range l.attributes {
		if value := plan[a.name]; !a.member.ReadOnly && !value.IsNull() && !value.IsUnknown() {
			body[a.member.Name] = a.encode(mapping.ToGo(value))
		}
	}
	return body
}

// changes is the members whose plain values change.
func (l *Layout) changes(config, plan, state values, r record) model.Body {
	body := model.Body{}
	for _, a := range l.attributes {
		if a.member.ReadOnly {
			continue
		}
		value, before := plan[a.name], mapping.ToGo(state[a.name])
		switch {
		case value.IsUnknown():
			// The server is to decide again about what was declared. There is no such value for true and false.
			if r.declared(a) && config[a.name].IsNull() && before != nil {
				body[a.member.Name] = a.encode(nil)
			}
		case !a.member.Kind.Equal(mapping.ToGo(value), before), r.pending(a.member):
			body[a.member.Name] = a.encode(mapping.ToGo(value))
		}
	}
	return body
}

// addHidden adds to the changes the declared values under a common rule that the API hides: it cannot be asked how it holds them.
func (l *Layout) addHidden(body model.Body, plan values, r record) {
	for _, a := range l.attributes {
		_, sent := body[a.member.Name]
		if value := plan[a.name]; !sent && l.entity.InGroup(a.member.Name) && r.hidden(a.member) && !value.IsNull() && !value.IsUnknown() {
			body[a.member.Name] = a.encode(mapping.ToGo(value))
		}
	}
}

func (a attribute) encode(value any) any { return a.member.Kind.Encode(value) }
