package model

// IsComplete reports whether a body holds all fields that Complete may add.
func (e Entity) IsComplete(body Body) bool {
	for _, field := range e.Fields {
		if _, sent := body[field.Name]; !sent && (field.Required || e.InGroup(field.Name)) {
			return false
		}
	}
	return true
}

// Complete returns a body that is valid whether the server validates it alone or merged with the object. It adds the required fields, and
// the fields of groups, with the values that the object has now. If a group allows exactly one field and the body sets another one, the
// old one is cleared.
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

// isReplaced reports whether a body sets another field of a group that allows only one.
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
