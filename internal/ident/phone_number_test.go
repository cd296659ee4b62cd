package ident

import "testing"

func TestPhoneNumber(t *testing.T) {
	checkCases{
		"1234567":           true,
		"0701234567":        true,
		"+46701234567":      true,
		"123456789012345":   true,
		"1234567890123456":  true, // 1 and 15 digits
		"+1234567890123456": true,
		"2345678901234567":  false, // 16 digits that do not begin with 1
		"12345678901234567": false,
		"123456":            false,
		"+":                 false,
		"":                  false,
		"++46701234567":     false,
		"46+701234567":      false,
		"070-1234567":       false,
		"070 1234567":       false,
		"0701234567\n":      false,
		" 0701234567":       false,
		"０７０１２３４５６７":        false, // full-width digits
		"٠٧٠١٢٣٤٥٦٧":        false, // Arabic-Indic digits
		"(070)1234567":      false,
	}.run(t, PhoneNumber{})
	runEqual(t, PhoneNumber{}, []equalCase{
		{"0701234567", "0701234567", true},
		{"0701234567", "+46701234567", false},
		{"+46701234567", "46701234567", false},
	})
}
