package ident

import (
	"strings"
	"testing"
)

// All numbers are made up.
func TestPersonalNumberCheck(t *testing.T) {
	checkCases{
		"199001012385":  true,
		"19900101-2385": true,
		"19900101+2385": true,
		"18900101-2385": true, // the check digit does not cover the century
		"20000229-2381": true, // leap day of a century that 400 divides
		"20040229-2387": true,
		"19901231-2386": true,
		"20000101-2384": true,
		"19900161-2382": true, // coordination numbers: the first of the month
		"19900191-2386": true, // the thirty-first
		"20000289-2388": true, // 29 February
		"20040289-9819": true,
		// Coordination numbers of people whose date of birth is not known in full.
		"191500722390":  true, // no month, day 12
		"191500882392":  true, // no month, day 28
		"19900091-2387": true, // no month, day 31
		"19900160-2383": true, // January, no day
		"19900260-2382": true, // a month of 28 days, no day
		"19901260-2380": true, // December, no day
		"19900060-2384": true, // neither month nor day

		"19900101-2384": false, // wrong check digit
		"19000229-2381": false, // 1900 had no leap day, and none in a coordination number
		"19000289-2388": false,
		"20010229-2380": false,
		"19900100-2386": false, // day 0
		"19900132-2388": false, // day 32
		"19900192-2385": false, // day 32 of a coordination number
		"19900491-2383": false, // 31 April of a coordination number
		"19900099-2387": false,
		"19901301-2381": false, // month 13
		"19900001-2386": false, // month 0
		"19900000-2387": false, // neither month nor day
		"19900012-2383": false,
		"19900092-2386": false, // no month, day 32 of a coordination number
		"19900099-2389": false, // no month, day 39
		"19901360-2389": false, // month 13 of a coordination number
		"00000060-2383": false, // year 0
		"00000101-2384": false, // year 0

		"9001012385":         false, // without the century
		"900101-2385":        false,
		"1990010-12385":      false, // separator elsewhere
		"199001012385-":      false,
		"-199001012385":      false,
		"19900101--2385":     false,
		"19900101 2385":      false,
		"19900101\u22122385": false, // minus sign
		" 199001012385":      false,
		"199001012385\n":     false,
		"1990-01-01-2385":    false,
		"1990010123855":      false,
		"19900101A385":       false,
		"199001012３85":       false, // full-width digit
		"１９９００１０１２３８５":       false,
		"":                   false,
		"-":                  false,
	}.run(t, PersonalNumber{})
}

func TestPersonalNumberEqual(t *testing.T) {
	runEqual(t, PersonalNumber{}, []equalCase{
		{"199001012385", "19900101-2385", true},
		{"19900101+2385", "19900101-2385", true},
		{"19900101 2385", "199001012385", true},
		{"1990 0101-2385", "199001012385", true},
		{"199001012385", "18900101-2385", false},
		{"199001012385", "9001012385", false},
		// Equal is lenient with texts that are not well formed.
		{"19900101-2384", "199001012384", true},
		{"19900101-2384", "199001012385", false},
		// Not made of digits: identical or different.
		{"********-****", "************", false},
		{"********-****", "********-****", true},
		{"", "-", false},
		{"+", "-", false},
		{"１990", "1990", false},
	})
}

func TestParsePersonalNumber(t *testing.T) {
	for text, want := range map[string]PersonalNumberParts{
		"19900101-2385": {Digits: "199001012385", BirthDate: "1990-01-01"},
		"19901231+2386": {Digits: "199012312386", BirthDate: "1990-12-31"},
		"200002892388":  {Digits: "200002892388", BirthDate: "2000-02-29", Coordination: true},
		"19900161-2382": {Digits: "199001612382", BirthDate: "1990-01-01", Coordination: true},
		"19900191-2386": {Digits: "199001912386", BirthDate: "1990-01-31", Coordination: true},
		"191500722390":  {Digits: "191500722390", Coordination: true},
		"19150088-2392": {Digits: "191500882392", Coordination: true},
		"19900160-2383": {Digits: "199001602383", Coordination: true},
		"19900060+2384": {Digits: "199000602384", Coordination: true},
	} {
		if got, err := ParsePersonalNumber(text); err != nil || got != want {
			t.Errorf("ParsePersonalNumber(%q) = %+v, %v, want %+v", text, got, err, want)
		}
	}
	// The result for an invalid number is empty.
	if got, err := ParsePersonalNumber("19900101-2384"); err == nil || got != (PersonalNumberParts{}) {
		t.Errorf("ParsePersonalNumber of a wrong check digit = %+v, %v, want nothing and an error", got, err)
	}
}

// TestPersonalNumberOneMistake checks that each single wrong digit after the century is found: this is the purpose of the check digit.
func TestPersonalNumberOneMistake(t *testing.T) {
	const right = "199001012385"
	for i := 2; i < len(right); i++ {
		for digit := byte('0'); digit <= '9'; digit++ {
			if wrong := right[:i] + string(digit) + right[i+1:]; wrong != right && (PersonalNumber{}).Check(wrong) == nil {
				t.Errorf("%s is taken", wrong)
			}
		}
	}
}

func FuzzPersonalNumberSpellings(f *testing.F) {
	f.Add("199001012385")
	f.Add("20000289-2388")
	f.Add("191500722390")
	f.Add("19900160-2383")
	f.Fuzz(func(t *testing.T, s string) {
		parts, err := ParsePersonalNumber(s)
		if err != nil {
			return
		}
		d := parts.Digits
		checkSpellings(t, PersonalNumber{}, s, d, d[:8]+"-"+d[8:], d[:8]+"+"+d[8:])
		incomplete := d[4:6] == "00" || d[6:8] == "60"
		switch {
		case incomplete && (parts.BirthDate != "" || !parts.Coordination):
			t.Errorf("%q does not tell a date of birth: %+v", s, parts)
		case !incomplete && ((Date{}).Check(parts.BirthDate) != nil || strings.ReplaceAll(parts.BirthDate, "-", "")[:6] != d[:6]):
			t.Errorf("birth date of %q is %q", s, parts.BirthDate)
		}
	})
}
