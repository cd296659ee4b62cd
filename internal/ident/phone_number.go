package ident

import (
	"errors"
	"regexp"
)

// phoneNumber is the pattern of phone_number in the apispec. Go's \d is ASCII only and its $ is the end of the text.
var phoneNumber = regexp.MustCompile(`^\+?1?\d{7,15}$`)

// PhoneNumber is a telephone number as the apispec's phone_number takes it: `^\+?1?\d{7,15}$`, digits without spaces or
// hyphens. There is one spelling for each: whether the server takes 0701234567 and +46701234567 for the same is not
// documented.
type PhoneNumber struct{}

// Check accepts what matches the pattern.
func (PhoneNumber) Check(s string) error {
	if !phoneNumber.MatchString(s) {
		return errors.New("must be a phone number of 7 to 15 digits, optionally after \"+\", without spaces or hyphens")
	}
	return nil
}

// Equal reports whether a and b are identical.
func (PhoneNumber) Equal(a, b string) bool { return a == b }

// Key is s itself.
func (PhoneNumber) Key(s string) string { return s }
