package ident

import (
	"errors"
	"strings"
)

// OrganizationNumber is a Swedish organization number, NNNNNNNNNN, as the apispec's org_no takes it (format "luhn", 10
// to 11 characters), optionally with '-' before the last four digits. The last digit is the check digit of the other nine,
// computed as in a personal number (the Swedish Tax Agency's SKV 709). A sole trader's organization number is the
// owner's personal number in ten digits; so nothing more is asked of the digits, and it is personal data.
type OrganizationNumber struct{}

// organizationCentury is what Swedish authorities write before an organization number where a personal number has its
// century, so that both have twelve digits.
const organizationCentury = "16"

// ParseOrganizationNumber reads an organization number with or without the 16 that authorities write before it, and
// returns the ten digits. It takes all that OrganizationNumber.Check takes.
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

// Equal compares the digits and ignores '-', '+' and spaces, wherever they stand, and 16 before ten digits: it reads
// leniently, since the server's own spelling is not documented.
func (n OrganizationNumber) Equal(a, b string) bool { return sameKey(n, a, b) }

// Key is the digits, without 16 before ten digits.
func (OrganizationNumber) Key(s string) string {
	digits := bareDigits(s)
	if short, ok := strings.CutPrefix(digits, organizationCentury); ok && len(short) == 10 && allDigits(short) {
		return short
	}
	return digits
}
