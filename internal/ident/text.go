package ident

// Text is any text, compared exactly. It is the Form of fields without a documented spelling, such as names and custom_id. Length limits are
// checked elsewhere.
type Text struct{}

// Check accepts everything.
func (Text) Check(string) error { return nil }

// Equal reports whether a and b are identical.
func (Text) Equal(a, b string) bool { return a == b }

// Key is s itself.
func (Text) Key(s string) string { return s }
