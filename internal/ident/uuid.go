package ident

import (
	"errors"
	"strings"
)

// UUID is an object's identifier, such as 497f6eca-6276-4993-bfeb-53cbbbba6f08: the format "uuid" of the apispec. By RFC 4122, section 3, it
// is written in lower case, and its case does not count. Version and variant are not checked, since only the server makes identifiers.
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

// isUUID is called for every identifier in every response, so it does not use a regular expression, which takes much more time.
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
