package model

// IsComplete reports whether a body holds all that Complete may add.
func (e Entity) IsComplete(body Body) bool {
	for _, field := range e.Fields {
		if _, sent := body[field.Name]; !sent && (field.Required || e.InGroup(field.Name)) {
			return false
		}
	}
	return true
}

// Complete returns a body with what makes it valid whether the server judges it alone or merged with the object: the required fields, and
// those under a common rule, as the object holds them now. Of a rule that allows exactly one, the field that the body replaces is cleared.
func (e Entity) Complete(body Body, current Object) (Body, error) {
	completed := Body{}
	for _, field := range e.Fields {
		value, sent := body[field.Name]
		switch {
		case sent:
			completed[field.Name] = value
		case field.Required || e.InGroup(field.Name):
			held, err := current.Value(field)
			if err != nil {
				return nil, err
			}
			if held == nil {
				continue
			}
			completed[field.Name] = field.Kind.Encode(held)
			if e.isReplaced(field.Name, body) {
				completed[field.Name] = field.Kind.Encode(nil)
			}
		}
	}
	return completed, nil
}

// isReplaced reports whether a body sets another field of a group of which only one may have a value.
func (e Entity) isReplaced(name string, body Body) bool {
	for _, group := range e.Groups {
		if !group.Exclusive || !e.InGroup(name) {
			continue
		}
		for _, other := range group.Fields {
			field, _ := e.Field(other)
			if value, sent := body[other]; sent && other != name && field.Sent(value) != nil {
				return true
			}
		}
	}
	return false
}
