package ident

import (
	"errors"
	"regexp"
)

// phoneNumber is the pattern of phone_number in the apispec. Go's \d is ASCII only and its $ is the end of the text.
var phoneNumber = regexp.MustCompile(`^\+?1?\d{7,15}$`)

// PhoneNumber is a telephone number as in the apispec's phone_number: `^\+?1?\d{7,15}$`, digits without spaces or hyphens. Different
// spellings are different numbers: it is not documented whether 0701234567 and +46701234567 are the same to the server.
type PhoneNumber struct{}

// Check accepts texts that match the pattern.
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
