package ident

import (
	"errors"
	"strings"
)

// OrganizationNumber is a Swedish organization number, NNNNNNNNNN, as in the apispec's org_no (format "luhn", 10 to 11 characters),
// optionally with '-' before the last four digits. The last digit is the check digit of the other nine, computed as in a personal number
// (the Swedish Tax Agency's SKV 709). The organization number of a sole trader is the owner's personal number in ten digits. Therefore the
// digits have no other rule, and the number may be personal data.
type OrganizationNumber struct{}

// organizationCentury is the prefix with which Swedish authorities write an organization number as twelve digits, like a personal number
// with its century.
const organizationCentury = "16"

// ParseOrganizationNumber parses an organization number with or without the prefix 16, and returns the ten digits. It accepts everything
// that OrganizationNumber.Check accepts.
func ParseOrganizationNumber(s string) (string, error) {
	digits, ok := splitNumber(s, 10, "-")
	if !ok {
		if digits, ok = splitNumber(s, 12, "-"); ok {
			digits, ok = strings.CutPrefix(digits, organizationCentury)
		}
	}
	if !ok {
		return "", errors.New(`must be 10 digits, optionally with "-" before the last four`)
	}
	if !luhn(digits) {
		return "", errors.New("must be an organization number with a correct check digit (the last digit, computed from the nine before it)")
	}
	return digits, nil
}

// Check accepts ten digits with a correct check digit.
func (OrganizationNumber) Check(s string) error {
	digits, err := ParseOrganizationNumber(s)
	if err == nil && len(s) > len(digits)+1 {
		return errors.New(`must be 10 digits without "16" before them`)
	}
	return err
}

// Equal compares the digits. It ignores '-', '+' and spaces anywhere, and the prefix 16 before ten digits. It is lenient, since the server's
// spelling is not documented.
func (n OrganizationNumber) Equal(a, b string) bool { return sameKey(n, a, b) }

// Key is the digits, without 16 before ten digits.
func (OrganizationNumber) Key(s string) string {
	digits := bareDigits(s)
	if short, ok := strings.CutPrefix(digits, organizationCentury); ok && len(short) == 10 && allDigits(short) {
		return short
	}
	return digits
}
