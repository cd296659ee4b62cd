package ident

import "errors"

// PersonalNumber is a Swedish personal identity number or coordination number with its century, YYYYMMDDNNNN, as the
// apispec's ssn takes it (format "luhn", 12 to 13 characters), optionally with '-' or '+' before the last four digits.
//
// The Swedish Tax Agency's rules (SKV 704 for personal identity numbers, SKV 707 for coordination numbers): a date of
// birth, three digits that tell people born on one day apart, and a check digit computed over the other nine of the last
// ten digits, so without the century. A coordination number adds 60 to the day of birth and follows the same rules
// otherwise. In the ten-digit form '+' stands for "100 years or older"; the century makes it redundant, and it means
// nothing here.
type PersonalNumber struct{}

// PersonalNumberParts is what a well-formed personal number tells.
type PersonalNumberParts struct {
	// Digits is the number as twelve digits without separator.
	Digits string
	// BirthDate is the day of birth in the form of Date, with the 60 of a coordination number taken off.
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
	tens := digits[6]
	if parts.Coordination {
		tens -= 6
	}
	parts.BirthDate = digits[:4] + "-" + digits[4:6] + "-" + string(tens) + digits[7:8]
	if !isDate(parts.BirthDate) {
		return PersonalNumberParts{}, errors.New("must be a personal number that begins with a real date (in a coordination number, with 60 added to the day)")
	}
	if !luhn(digits[2:]) {
		return PersonalNumberParts{}, errors.New("must be a personal number with a correct check digit (the last digit, computed from the nine before it)")
	}
	return parts, nil
}

// Check accepts a real date of birth, 60 added to its day or not, and a correct check digit.
func (PersonalNumber) Check(s string) error {
	_, err := ParsePersonalNumber(s)
	return err
}

// Equal compares the digits and ignores '-', '+' and spaces, wherever they stand: it reads leniently, since the server's
// own spelling is not documented.
func (PersonalNumber) Equal(a, b string) bool { return sameDigits(a, b) }
