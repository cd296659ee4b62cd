package ident

import "errors"

// OrganizationNumber is a Swedish organization number, NNNNNNNNNN, as the apispec's org_no takes it (format "luhn", 10
// to 11 characters), optionally with '-' before the last four digits. The last digit is the check digit of the other nine,
// computed as in a personal number (the Swedish Tax Agency's SKV 709). A sole trader's organization number is the
// owner's personal number in ten digits; so nothing more is asked of the digits, and it is personal data.
type OrganizationNumber struct{}

// Check accepts ten digits with a correct check digit.
func (OrganizationNumber) Check(s string) error {
	digits, ok := splitNumber(s, 10, "-")
	if !ok {
		return errors.New(`must be 10 digits, optionally with "-" before the last four`)
	}
	if !luhn(digits) {
		return errors.New("must be an organization number with a correct check digit (the last digit, computed from the nine before it)")
	}
	return nil
}

// Equal compares the digits and ignores '-', '+' and spaces, wherever they stand: it reads leniently, since the server's
// own spelling is not documented.
func (OrganizationNumber) Equal(a, b string) bool { return sameDigits(a, b) }
