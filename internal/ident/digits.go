package ident

import "strings"

// separators are the characters that people and servers put between the digits of a Swedish number.
const separators = "-+ "

// bareDigits returns s without separators if only ASCII digits remain, else s unchanged.
func bareDigits(s string) string {
	digits := strings.Map(func(r rune) rune {
		if strings.ContainsRune(separators, r) {
			return -1
		}
		return r
	}, s)
	if !allDigits(digits) {
		return s
	}
	return digits
}

// splitNumber returns the digits of s. ok is false unless there are n, with or without one of the separators before the last four.
func splitNumber(s string, n int, separator string) (string, bool) {
	if head := n - 4; len(s) == n+1 && strings.IndexByte(separator, s[head]) >= 0 {
		s = s[:head] + s[head+1:]
	}
	return s, len(s) == n && allDigits(s)
}

func allDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != ""
}

// luhn reports whether the last of the ASCII digits is the check digit of those before it: counted from the right,
// every second digit is doubled, and the digits of all the results add up to a multiple of ten (ISO/IEC 7812-1, annex B).
func luhn(digits string) bool {
	sum := 0
	for i := range len(digits) {
		d := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			d *= 2
		}
		sum += d/10 + d%10
	}
	return sum%10 == 0
}
