// Package ident knows how the identifying texts of the Pigello API are written: when a text is well formed, and when
// two texts mean the same thing.
//
// The provider's validators, its semantic equality, the look-up of a lost create and the sandbox all ask this one
// package, so that they cannot disagree about what a personal number or an e-mail address is. It depends on the
// standard library and, for the spellings of a domain, on golang.org/x/net/idna.
//
// Most of these texts are personal data. No error of this package repeats the text that it is about, so an error can
// be logged or shown as it is.
package ident

// Form is a way to write a value.
//
// Every Form of this package is an empty struct: it can be compared, used as a map key and copied freely, and it is safe
// for concurrent use.
type Form interface {
	// Check tells whether s is well formed: nil, or an error that reads on from a name ("must be ...") and never
	// repeats s.
	Check(s string) error

	// Equal tells whether a and b mean the same thing, possibly in different spellings. Texts that are not well formed
	// are the same only if they are identical, unless the Form says that it reads them leniently. It is reflexive and
	// symmetric, and it cannot fail: a server may answer with anything.
	Equal(a, b string) bool
}

// Keyed is a Form that can tell the meaning of a text by a key. Many texts are compared fastest by their keys.
//
// Instant has none: it takes two instants for the same that are close together, and a third may be close to only one of
// them. JSONArray has none because nobody compares many of them.
type Keyed interface {
	Form

	// Key returns what all texts that mean the same as s share, and no other text: Equal(a, b) is Key(a) == Key(b). A key
	// is no spelling to show or to send. It holds the same personal data as s.
	Key(s string) string
}

// sameKey is the Equal of a Keyed form.
func sameKey(form Keyed, a, b string) bool { return a == b || form.Key(a) == form.Key(b) }
