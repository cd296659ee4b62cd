package model

import (
	"slices"
	"strings"
	"unicode"
)

// IsAs reports whether an object holds what a body says. A field that the API returns as null may be hidden.
func (e Entity) IsAs(object Object, body Body) bool {
	for _, m := range e.Fields {
		encoded, sent := body[m.Name]
		if raw := object[m.Name]; !sent || len(raw) == 0 || string(raw) == "null" {
			continue
		}
		have, err := object.Value(m)
		if err != nil || have != nil && !m.Kind.Confirms(m.Sent(encoded), have) {
			return false
		}
	}
	return true
}

// Contradict reports whether two bodies say different things of a field.
func (e Entity) Contradict(a, b Body) bool {
	return slices.ContainsFunc(e.Fields, func(m Field) bool {
		x, inA := a[m.Name]
		y, inB := b[m.Name]
		return inA && inB && !m.Kind.Equal(m.Sent(x), m.Sent(y))
	})
}

// Confirms reports whether a response shows the value that was sent. Of a file only the digest counts, and only if the response has one:
// servers name files as they like, and may not show at once what they are about to get.
func (k Kind) Confirms(sent, returned any) bool {
	want, isFile := sent.(File)
	have, isFileToo := returned.(File)
	switch {
	case isFile && isFileToo:
		return have.MD5Hash == "" || k.Equal(File{MD5Hash: want.MD5Hash}, File{MD5Hash: have.MD5Hash})
	case isFileToo && have == File{}:
		return sent == nil
	}
	return k.Equal(sent, returned)
}

// Resembles reports whether an object may be about the person or company that a body describes, however the server has changed the
// values: one of those that identify it resembles what was sent, or all names do.
func (e Entity) Resembles(object Object, body Body) bool {
	resembles := func(name string) (alike, sent bool) {
		field, _ := e.Field(name)
		value := field.Sent(body[name])
		have, err := object.Value(field)
		return value != nil && err == nil && field.Kind.Resembles(value, have), value != nil
	}
	for _, name := range e.Identifying {
		if alike, _ := resembles(name); alike {
			return true
		}
	}
	names := 0
	for _, group := range e.Groups {
		for _, name := range group.Fields {
			alike, sent := resembles(name)
			if sent && !alike {
				return false
			}
			if sent {
				names++
			}
		}
	}
	return names > 0
}

// Resembles reports whether a server may have made the one value of the other: in another case, trimmed, with other separators, or with
// a part in front or behind, such as a country code. Of values that are not texts only equal ones resemble each other.
func (k Kind) Resembles(a, b any) bool {
	x, isText := a.(string)
	y, isTextToo := b.(string)
	if !isText || !isTextToo || k == Relation || k.Equal(a, b) {
		return k.Equal(a, b)
	}
	x, y = essence(x), essence(y)
	return x != "" && y != "" && (strings.Contains(x, y) || strings.Contains(y, x))
}

// essence is what a text keeps when servers write it in another way: letters and digits, without case and without zeros in front.
func essence(s string) string {
	s = strings.Map(func(r rune) rune {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return -1
		}
		return r
	}, fold(s))
	return strings.TrimLeft(s, "0")
}
