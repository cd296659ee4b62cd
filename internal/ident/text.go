package ident

// Text is any text at all, compared letter by letter. It is the Form of members whose spelling the apispec leaves open,
// such as names and custom_id; their length limits are not a matter of form.
type Text struct{}

// Check accepts everything.
func (Text) Check(string) error { return nil }

// Equal reports whether a and b are identical.
func (Text) Equal(a, b string) bool { return a == b }

// Key is s itself.
func (Text) Key(s string) string { return s }
