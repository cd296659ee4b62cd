package client

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/pigello/terraform-provider-pigello/internal/ident"
)

// Entity describes one kind of object of the API: where it is, and what it is made of. The facts are those of
// the apispec package, which a conformance test compares with.
type Entity struct {
	Name         string     // the API's name, such as organizationuser
	Title        string     // what people call it, such as organization user
	Plural       string     // what people call several, such as organization users
	Path         string     // the path of the collection, with both slashes
	InvitePath   string     // the path at which somebody is invited to sign in, with both slashes; "" if nobody is
	Confidential bool       // its personal data must never show in an error, not even when the server quotes it
	Members      []Member   // all members of an answer
	Groups       [][]string // members under a common rule ("at least one of", "exactly one of")
	Identifying  []string   // members that tell two objects apart, the best first
}

// Member is one member of an entity.
type Member struct {
	Name     string
	Kind     Kind
	ReadOnly bool // only in answers
	Required bool // in every body, PATCH included
	Personal bool // the API may hide it from an integration, and then answers null
}

// Member returns the member of that name.
func (e Entity) Member(name string) (Member, bool) {
	i := slices.IndexFunc(e.Members, func(m Member) bool { return m.Name == name })
	if i < 0 {
		return Member{}, false
	}
	return e.Members[i], true
}

// Object is an object as the API answers it, member by member. Members that nobody documents are in it too.
type Object map[string]json.RawMessage

// ID returns the object's id, or "" if it has none.
func (o Object) ID() string {
	id, _ := UUID.Decode(o["id"])
	s, _ := id.(string)
	return s
}

// hasID reports whether the object has an id such as the API makes. Anything else may be a text that the server repeats,
// and an id shows in paths and messages.
func (o Object) hasID() bool { return ident.UUID{}.Check(o.ID()) == nil }

// Value decodes a member (see Kind.Decode). The error names the member and never quotes its value.
func (o Object) Value(m Member) (any, error) {
	v, err := m.Kind.Decode(o[m.Name])
	if err != nil {
		return nil, fmt.Errorf("the member %s of the answer: %w", m.Name, err)
	}
	return v, nil
}

// Sent returns the value that a body holds of a member.
func (m Member) Sent(encoded any) any {
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

// Body is what a POST or PATCH sends: each member's value as Kind.Encode returns it.
type Body map[string]any

// Query narrows a list: parameters as the API spells them, such as email__iexact.
type Query map[string]string
