package ident

import (
	"errors"
	"strings"
)

// PersonalNumber is a Swedish personal identity number or coordination number with its century, YYYYMMDDNNNN, as in the apispec's ssn
// (format "luhn", 12 to 13 characters), optionally with '-' or '+' before the last four digits.
//
// The rules of the Swedish Tax Agency (SKV 704 for personal identity numbers, SKV 707 for coordination numbers): the number has a date of
// birth, three digits that distinguish people born on the same day, and a check digit, which is computed from the nine digits before it,
// without the century. A coordination number adds 60 to the day. If the date of birth of a coordination number is not completely known, its
// month or its day or both are 00, and the day is written as 60. A personal identity number always has a complete date. In the form with ten
// digits, '+' means "100 years or older". With the century it is redundant, and has no meaning here.
type PersonalNumber struct{}

// PersonalNumberParts is the information in a well-formed personal number.
type PersonalNumberParts struct {
	// Digits is the number as twelve digits without separator.
	Digits string
	// BirthDate is the date of birth in the form of Date, without the 60 of a coordination number. It is "" if the number does not have the
	// month or the day, as some coordination numbers.
	BirthDate string
	// Coordination is true for a coordination number.
	Coordination bool
}

// ParsePersonalNumber parses a well-formed personal number. Its errors are those of PersonalNumber.Check.
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
		// The known part must be possible in some date: January has all days, and each month has a first day.
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

// Check accepts numbers with a real date of birth, which may be incomplete in a coordination number, and a correct check digit.
func (PersonalNumber) Check(s string) error {
	_, err := ParsePersonalNumber(s)
	return err
}

// Equal compares the digits. It ignores '-', '+' and spaces anywhere. It is lenient, since the server's spelling is not documented.
func (n PersonalNumber) Equal(a, b string) bool { return sameKey(n, a, b) }

// Key is the digits.
func (PersonalNumber) Key(s string) string { return bareDigits(s) }
