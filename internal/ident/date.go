package ident

import (
	"errors"
	"time"
)

// Date is a day of the calendar, YYYY-MM-DD: the format "date" of the apispec (full-date of RFC 3339, section 5.6). Each day
// has one spelling.
type Date struct{}

// Check accepts days that exist, from the year 1 to the year 9999.
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
	// time.Parse knows the lengths of the months. It would take the year 0, which the calendar and the server's
	// language lack.
	t, err := time.Parse(time.DateOnly, s)
	return err == nil && t.Year() >= 1
}
