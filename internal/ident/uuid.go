package ident

import (
	"errors"
	"regexp"
	"strings"
)

var uuid = regexp.MustCompile(`^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$`)

// UUID is an object's identifier, such as 497f6eca-6276-4993-bfeb-53cbbbba6f08: the format "uuid" of the apispec. RFC 4122,
// section 3, writes it in lower case and reads it without case. Version and variant are not looked at: the server
// alone makes identifiers.
type UUID struct{}

// Check accepts hexadecimal digits in groups of 8-4-4-4-12.
func (UUID) Check(s string) error {
	if !uuid.MatchString(s) {
		return errors.New("must be a UUID (hexadecimal digits in groups of 8-4-4-4-12)")
	}
	return nil
}

// Equal ignores the case of the digits.
func (UUID) Equal(a, b string) bool {
	return a == b || uuid.MatchString(a) && uuid.MatchString(b) && strings.EqualFold(a, b)
}
