package model

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/pigello/terraform-provider-pigello/internal/ident"
)

// Entity describes one kind of object of the API. A conformance test compares it with package apispec.
type Entity struct {
	Name         string   // the API's name, such as organizationuser
	Title        string   // for messages, such as organization user
	Plural       string   // for messages, such as organization users
	Path         string   // the path of the collection, with both slashes
	InvitePath   string   // the path that invites a person to sign in, with both slashes; "" if there is none
	Confidential bool     // its personal data must not appear in an error, not even if the server quotes it
	Fields       []Field  // all fields of a response
	Groups       []Group  // fields with a common rule
	Identifying  []string // fields that identify an object, the best first
	Keys         []string // fields with a different value for each person: two objects with the same value are probably a mistake
	Unique       []string // those of Keys whose value the API allows only once
}

// Group is some fields with a common rule: at least one of them has a value, or exactly one.
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
	Personal bool // the API may hide its value from an integration by returning null
}

// Field returns the field of that name.
func (e Entity) Field(name string) (Field, bool) {
	i := slices.IndexFunc(e.Fields, func(f Field) bool { return f.Name == name })
	if i < 0 {
		return Field{}, false
	}
	return e.Fields[i], true
}

// InGroup reports whether a field is in a group.
func (e Entity) InGroup(field string) bool {
	return slices.ContainsFunc(e.Groups, func(g Group) bool { return slices.Contains(g.Fields, field) })
}

// CanClear reports whether a field can be null, whatever the values of other fields are.
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

// Object is an object as the API returns it, including undocumented fields.
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

// HasID reports whether the id of the object is a UUID. Anything else might be personal data, and ids appear in paths and messages.
func (o Object) HasID() bool { return ident.UUID{}.Check(o.ID()) == nil }

// Value decodes a field (see Kind.Decode). A masked value counts as null: the API hides it, and it must not be sent back. The error names the
// field and never quotes its value.
func (o Object) Value(f Field) (any, error) {
	if f.Personal && isMasked(o[f.Name]) {
		return nil, nil
	}
	v, err := f.Kind.Decode(o[f.Name])
	if err != nil {
		return nil, fmt.Errorf("the field %s of the response: %w", f.Name, err)
	}
	return v, nil
}

// isMasked reports whether a value is a text of asterisks or bullets, without a letter or a digit.
func isMasked(raw json.RawMessage) bool {
	var text string
	return json.Unmarshal(raw, &text) == nil && strings.ContainsAny(text, "*•") &&
		!strings.ContainsFunc(text, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) })
}

// Sent decodes a value of a body. It is the inverse of Kind.Encode.
func (f Field) Sent(encoded any) any {
	raw, err := json.Marshal(encoded)
	if err != nil {
		return nil
	}
	value, err := f.Kind.Decode(raw)
	if err != nil {
		return nil
	}
	return value
}

// Body is the body of a POST or PATCH: by field, the value that Kind.Encode returns.
type Body map[string]any

// Query is the filters of a list: parameters as the API spells them, such as email__iexact.
type Query map[string]string
