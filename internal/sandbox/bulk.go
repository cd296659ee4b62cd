package sandbox

import (
	"encoding/json"
	"maps"
	"net/http"
	"slices"
)

// bulk creates and updates objects.
//
// Beyond the documentation: an element with an id updates that object, and nothing is stored if one element is invalid.
func (c *call) bulk(e *entity) response {
	value, refusal := c.decodeBody()
	if refusal != nil {
		return *refusal
	}
	elements, ok := value.([]any)
	if !ok {
		return refused(map[string][]string{"non_field_errors": {"Expected a list of items."}})
	}
	for _, element := range elements {
		body, _ := element.(map[string]any)
		if a := c.refuse(e, body); a != nil {
			return *a
		}
	}
	st := &c.s.store
	st.mu.Lock()
	defer st.mu.Unlock()

	errs := make([]map[string][]string, len(elements))
	failed := false
	var undo []func()
	written := make([]*record, 0, len(elements))
	for i, element := range elements {
		body, ok := element.(map[string]any)
		if !ok {
			errs[i] = map[string][]string{"non_field_errors": {"Invalid data. Expected a dictionary."}}
			failed = true
			continue
		}
		r, revert, problems := c.writeElement(e, maps.Clone(body))
		errs[i] = problems
		if len(problems) > 0 {
			failed = true
			continue
		}
		written, undo = append(written, r), append(undo, revert)
	}
	if failed {
		runBackwards(undo)
		return encode(http.StatusBadRequest, errs)
	}
	list := make([]json.RawMessage, 0, len(written))
	for _, r := range written {
		text, err := c.show(e, r, false)
		if err != nil {
			return violation(err)
		}
		list = append(list, text)
	}
	return encode(http.StatusCreated, list)
}

// writeElement creates or updates one object. It returns a function that undoes this, or the errors.
func (c *call) writeElement(e *entity, body map[string]any) (*record, func(), map[string][]string) {
	t := c.s.store.tables[e]
	id, update := body["id"]
	if !update {
		if errs := c.validate(e, nil, body); len(errs) > 0 {
			return nil, nil, errs
		}
		r := c.insert(e, body)
		return r, func() { t.remove(r.id) }, nil
	}
	delete(body, "id")
	r := t.get(text(id))
	if r == nil {
		return nil, nil, map[string][]string{"id": {"Object does not exist."}}
	}
	if errs := c.validate(e, r, body); len(errs) > 0 {
		return nil, nil, errs
	}
	before := *r
	c.updateRecord(e, r, body)
	return r, func() { *r = before }, nil
}

func runBackwards(steps []func()) {
	for _, step := range slices.Backward(steps) {
		step()
	}
}

// invite records an invite. In the documentation, body and response have no type, and the example is null.
func (c *call) invite(e *entity) response {
	value, refusal := c.decodeBody()
	if refusal != nil {
		return *refusal
	}
	body, _ := value.(map[string]any)
	if a := c.refuse(e, body); a != nil {
		return *a
	}
	st := &c.s.store
	st.mu.Lock()
	defer st.mu.Unlock()
	st.invites = append(st.invites, slices.Clone(c.body))
	return encode(http.StatusCreated, nil)
}

// Invites returns the bodies of all invites, in the order in which they were sent.
func (s *Sandbox) Invites() []json.RawMessage {
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	return slices.Clone(s.store.invites)
}
