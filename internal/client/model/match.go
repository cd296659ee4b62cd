package model

import "slices"

// IsAs reports whether an object holds what a body says. A member that the API answers with null may be hidden.
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

// Contradict reports whether two bodies say different things of a member.
func (e Entity) Contradict(a, b Body) bool {
	return slices.ContainsFunc(e.Fields, func(m Field) bool {
		x, inA := a[m.Name]
		y, inB := b[m.Name]
		return inA && inB && !m.Kind.Equal(m.Sent(x), m.Sent(y))
	})
}

// Confirms reports whether an answer shows the value that was sent. Of a file only the digest counts, and only if the answer has one:
// servers name files as they like, and may not show at once what they are about to get.
func (k Kind) Confirms(sent, answered any) bool {
	want, isFile := sent.(File)
	have, isFileToo := answered.(File)
	switch {
	case isFile && isFileToo:
		return have.MD5Hash == "" || k.Equal(File{MD5Hash: want.MD5Hash}, File{MD5Hash: have.MD5Hash})
	case isFileToo && have == File{}:
		return sent == nil
	}
	return k.Equal(sent, answered)
}
