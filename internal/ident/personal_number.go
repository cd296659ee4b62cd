package ident

import (
	"errors"
	"strings"
)

// PersonalNumber is a Swedish personal identity number or coordination number with its century, YYYYMMDDNNNN, as the
// apispec's ssn takes it (format "luhn", 12 to 13 characters), optionally with '-' or '+' before the last four digits.
//
// The Swedish Tax Agency's rules (SKV 704 for personal identity numbers, SKV 707 for coordination numbers): a date of
// birth, three digits that tell people born on one day apart, and a check digit computed over the other nine of the last
// ten digits, so without the century. A coordination number adds 60 to the day of birth. If the date of birth is not
// known in full, its month, its day or both are 00, so that the day is written as 60; a personal identity number always
// has a full date. In the ten-digit form '+' stands for "100 years or older"; the century makes it redundant, and it
// means nothing here.
type PersonalNumber struct{}

// PersonalNumberParts is what a well-formed personal number tells.
type PersonalNumberParts struct {
	// Digits is the number as twelve digits without separator.
	Digits string
	// BirthDate is the day of birth in the form of Date, with the 60 of a coordination number taken off. It is "" if the
	// number does not tell the month or the day, as some coordination numbers do not.
	BirthDate string
	// Coordination tells that it is a coordination number.
	Coordination bool
}

// ParsePersonalNumber reads a well-formed personal number. Its errors are those of PersonalNumber.Check.
func ParsePersonalNumber(s string) (PersonalNumberParts, error) {
	digits, ok := splitNumber(s, 12, "-+")
	if !ok {
		return PersonalNumberParts{}, errors.New(`must be 12 digits, YYYYMMDDNNNN, optionally with "-" or "+" before the last four`)
	}
	parts := PersonalNumberParts{Digits: digits, Coordination: digits[6] >= '6'}
	year, month, day := digits[:4], digits[4:6], digits[6:8]
	if parts.Coordination {
		day = string(day[0]-6) + day[1:]
	}
	const unknown = "00"
	incomplete := parts.Coordination && (month == unknown || day == unknown)
	if incomplete {
		// The part that is known must occur in some date: January has all days, and each month has a first.
		month, day = strings.Replace(month, unknown, "01", 1), strings.Replace(day, unknown, "01", 1)
	}
	birthDate := year + "-" + month + "-" + day
	if !isDate(birthDate) {
		return PersonalNumberParts{}, errors.New("must be a personal number that begins with a real date " +
			"(a coordination number adds 60 to the day, and its month and day may be 00)")
	}
	if !incomplete {
		parts.BirthDate = birthDate
	}
	if !luhn(digits[2:]) {
		return PersonalNumberParts{}, errors.New("must be a personal number with a correct check digit (the last digit, computed from the nine before it)")
	}
	return parts, nil
}

// Check accepts a real date of birth, or in a coordination number an incomplete one, and a correct check digit.
func (PersonalNumber) Check(s string) error {
	_, err := ParsePersonalNumber(s)
	return err
}

// Equal compares the digits and ignores '-', '+' and spaces, wherever they stand: it reads leniently, since the server's
// own spelling is not documented.
func (n PersonalNumber) Equal(a, b string) bool { return sameKey(n, a, b) }

// Key is the digits.
func (PersonalNumber) Key(s string) string { return bareDigits(s) }
