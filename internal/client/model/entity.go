package model

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/pigello/terraform-provider-pigello/internal/ident"
)

// Entity describes one kind of object of the API: where it is, and what it is made of. The facts are those of
// the apispec package, which a conformance test compares with.
type Entity struct {
	Name         string   // the API's name, such as organizationuser
	Title        string   // what people call it, such as organization user
	Plural       string   // what people call several, such as organization users
	Path         string   // the path of the collection, with both slashes
	InvitePath   string   // the path at which somebody is invited to sign in, with both slashes; "" if nobody is
	Confidential bool     // its personal data must never show in an error, not even when the server quotes it
	Fields       []Field  // all fields of a response
	Groups       []Group  // fields under a common rule
	Identifying  []string // fields that tell two objects apart, the best first
	Keys         []string // fields whose value is one person's: two objects that share one are likely a mistake
	Unique       []string // those of Keys whose value the API allows only once
}

// Group is fields under a common rule: at least one of them has a value, or exactly one.
type Group struct {
	Fields    []string
	Exclusive bool // exactly one
}

// Field is one field of an entity.
type Field struct {
	Name     string
	Kind     Kind
	ReadOnly bool // only in responses
	Required bool // in every body, PATCH included
	Personal bool // the API may hide it from an integration, and then responds with null
}

// Field returns the field of that name.
func (e Entity) Field(name string) (Field, bool) {
	i := slices.IndexFunc(e.Fields, func(m Field) bool { return m.Name == name })
	if i < 0 {
		return Field{}, false
	}
	return e.Fields[i], true
}

// InGroup reports whether a field is under a rule that spans several fields.
func (e Entity) InGroup(field string) bool {
	return slices.ContainsFunc(e.Groups, func(g Group) bool { return slices.Contains(g.Fields, field) })
}

// CanClear reports whether a field can be null, whatever the other fields hold.
func (e Entity) CanClear(name string) bool {
	f, ok := e.Field(name)
	return ok && !f.ReadOnly && !f.Required && !e.InGroup(name) && f.Kind != Bool && f.Kind != Integer
}

// Names returns the names of all fields.
func (e Entity) Names() []string {
	names := make([]string, len(e.Fields))
	for i, f := range e.Fields {
		names[i] = f.Name
	}
	return names
}

// Object is an object as the API returns it, field by field. Fields that nobody documents are in it too.
type Object map[string]json.RawMessage

// ParseObject reads one object, which must have an id.
func ParseObject(content []byte) (Object, error) {
	var object Object
	if err := json.Unmarshal(content, &object); err != nil || !object.HasID() {
		return nil, errors.New("the API promises an object with an id")
	}
	return object, nil
}

// ParseObjects reads a list of objects, each of which must have an id.
func ParseObjects(content []byte) ([]Object, error) {
	var objects []Object
	if err := json.Unmarshal(content, &objects); err != nil || objects == nil {
		return nil, errors.New("the API promises a list of objects")
	}
	for _, object := range objects {
		if !object.HasID() {
			return nil, errors.New("the API promises an id in every object")
		}
	}
	return objects, nil
}

// ID returns the object's id, or "" if it has none.
func (o Object) ID() string {
	id, _ := UUID.Decode(o["id"])
	s, _ := id.(string)
	return s
}

// HasID reports whether the object has an id such as the API makes. Anything else may be a text that the server repeats,
// and an id shows in paths and messages.
func (o Object) HasID() bool { return ident.UUID{}.Check(o.ID()) == nil }

// Value decodes a field (see Kind.Decode). The error names the field and never quotes its value.
func (o Object) Value(m Field) (any, error) {
	v, err := m.Kind.Decode(o[m.Name])
	if err != nil {
		return nil, fmt.Errorf("the field %s of the response: %w", m.Name, err)
	}
	return v, nil
}

// Sent returns the value that a body holds of a field.
func (m Field) Sent(encoded any) any {
	raw, err := json.Marshal(encoded)
	if err != nil {
		return nil
	}
	value, err := m.Kind.Decode(raw)
	if err != nil {
		return nil
	}
	return value
}

// Body is what a POST or PATCH sends: each field's value as Kind.Encode returns it.
type Body map[string]any

// Query narrows a list: parameters as the API spells them, such as email__iexact.
type Query map[string]string
