package model

import (
	"slices"
	"strings"
	"unicode"
)

// HasValuesOf reports whether an object has the values of a body. A field that the API returns as null may be hidden, so it does not count.
func (e Entity) HasValuesOf(object Object, body Body) bool {
	for _, f := range e.Fields {
		encoded, sent := body[f.Name]
		if raw := object[f.Name]; !sent || len(raw) == 0 || string(raw) == "null" {
			continue
		}
		have, err := object.Value(f)
		if err != nil || have != nil && !f.Kind.Confirms(f.Sent(encoded), have) {
			return false
		}
	}
	return true
}

// Contradict reports whether two bodies have different values of a field.
func (e Entity) Contradict(a, b Body) bool {
	return slices.ContainsFunc(e.Fields, func(f Field) bool {
		x, inA := a[f.Name]
		y, inB := b[f.Name]
		return inA && inB && !f.Kind.Equal(f.Sent(x), f.Sent(y))
	})
}

// Confirms reports whether a response shows the value that was sent. For a file, only the digest counts, and only if the response has one:
// servers may rename files, and may not show a file before it was uploaded.
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

// Resembles reports whether an object may be the person or company of a body although the server has changed values: one of the
// identifying values resembles what was sent, or all names do.
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

// Resembles reports whether a server may have changed one value into the other: it may change the case and separators, trim the text, or
// add a prefix or suffix such as a country code. Values that are not texts must be equal.
func (k Kind) Resembles(a, b any) bool {
	x, isText := a.(string)
	y, isTextToo := b.(string)
	if !isText || !isTextToo || k == Relation || k.Equal(a, b) {
		return k.Equal(a, b)
	}
	x, y = normalized(x), normalized(y)
	return x != "" && y != "" && (strings.Contains(x, y) || strings.Contains(y, x))
}

// normalized returns the letters and digits of a text, in one case and without leading zeros. Servers keep these when they change a text.
func normalized(s string) string {
	s = strings.Map(func(r rune) rune {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return -1
		}
		return r
	}, fold(s))
	return strings.TrimLeft(s, "0")
}
