package ident

import (
	"errors"
	"strings"
)

// UUID is an object's identifier, such as 497f6eca-6276-4993-bfeb-53cbbbba6f08: the format "uuid" of the apispec. RFC 4122,
// section 3, writes it in lower case and reads it without case. Version and variant are not looked at: the server
// alone makes identifiers.
type UUID struct{}

// Check accepts hexadecimal digits in groups of 8-4-4-4-12.
func (UUID) Check(s string) error {
	if !isUUID(s) {
		return errors.New("must be a UUID (hexadecimal digits in groups of 8-4-4-4-12)")
	}
	return nil
}

// Equal ignores the case of the digits.
func (UUID) Equal(a, b string) bool { return a == b || strings.EqualFold(a, b) && isUUID(a) }

// Key is the identifier in lower case.
func (UUID) Key(s string) string {
	if !isUUID(s) {
		return s
	}
	return strings.ToLower(s)
}

// isUUID does what a regular expression would: it is called for every identifier of every answer, and takes a small part of the time.
func isUUID(s string) bool {
	if len(s) != len("00000000-0000-0000-0000-000000000000") {
		return false
	}
	for i := range len(s) {
		switch c := s[i]; i {
		case 8, 13, 18, 23:
			if c != '-' {
				return false
			}
		default:
			if (c < '0' || c > '9') && (c < 'a' || c > 'f') && (c < 'A' || c > 'F') {
				return false
			}
		}
	}
	return true
}
