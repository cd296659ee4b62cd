// Package ident checks and compares the identifying texts of the Pigello API: it says whether a text is well formed, and whether two texts
// mean the same.
//
// The provider's validators, its semantic equality, the search for a lost create and the sandbox all use this package. So they cannot
// disagree about what a personal number or an e-mail address is. It depends on the standard library and, for the spellings of a domain,
// on golang.org/x/net/idna.
//
// Most of these texts are personal data. No error of this package repeats the text, so its errors can be logged and shown.
package ident

// Form is one kind of text, such as an e-mail address.
//
// Every Form of this package is an empty struct: it can be compared, copied and used as a map key, and is safe for concurrent use.
type Form interface {
	// Check returns nil if s is well formed. The error completes a sentence that begins with a name ("must be ..."), and never repeats s.
	Check(s string) error

	// Equal reports whether a and b mean the same, in any spelling. Texts that are not well formed are equal only if they are identical,
	// unless the Form documents that it is lenient. Equal is reflexive and symmetric, and it cannot fail: a server may return any text.
	Equal(a, b string) bool
}

// Keyed is a Form that has a key for each meaning. With keys, many texts can be compared fast.
//
// Instant has no keys: two instants are equal if they are close together, and a third one may be close to only one of them. JSONArray has
// no keys because many of them are never compared.
type Keyed interface {
	Form

	// Key returns the same key for all texts that mean the same as s, and another one for all other texts: Equal(a, b) is Key(a) == Key(b).
	// A key must not be shown or sent. It is personal data if s is.
	Key(s string) string
}

// sameKey is the Equal of a Keyed form.
func sameKey(form Keyed, a, b string) bool { return a == b || form.Key(a) == form.Key(b) }
