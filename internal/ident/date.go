package ident

import (
	"errors"
	"time"
)

// Date is a date, YYYY-MM-DD: the format "date" of the apispec (full-date of RFC 3339, section 5.6). Each date has one spelling.
type Date struct{}

// Check accepts dates that exist, in the years 1 to 9999.
func (Date) Check(s string) error {
	if !isDate(s) {
		return errors.New("must be a real date, YYYY-MM-DD")
	}
	return nil
}

// Equal reports whether a and b are identical.
func (Date) Equal(a, b string) bool { return a == b }

// Key is s itself.
func (Date) Key(s string) string { return s }

func isDate(s string) bool {
	// time.Parse also accepts the year 0, which neither the calendar nor the server's language has.
	t, err := time.Parse(time.DateOnly, s)
	return err == nil && t.Year() >= 1
}
