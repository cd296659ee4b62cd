package ident

import "testing"

func TestDate(t *testing.T) {
	checkCases{
		"2024-02-29":           true,
		"2000-02-29":           true,
		"0001-01-01":           true,
		"9999-12-31":           true,
		"2023-02-29":           false,
		"1900-02-29":           false, // a century that 400 does not divide
		"2024-04-31":           false,
		"2024-13-01":           false,
		"2024-00-01":           false,
		"2024-01-00":           false,
		"0000-01-01":           false,
		"2024-1-01":            false,
		"2024-01-1":            false,
		"24-01-01":             false,
		"12024-01-01":          false,
		"-024-01-01":           false,
		"+024-01-01":           false,
		"2024/01/01":           false,
		"20240101":             false,
		"2024-01-01 ":          false,
		"2024-01-01T00:00:00Z": false,
		"２０２４-01-01":           false,
		"":                     false,
	}.run(t, Date{})
	runEqual(t, Date{}, []equalCase{
		{"2024-02-29", "2024-02-29", true},
		{"2024-02-29", "2024-02-28", false},
		{"soon", "soon", true},
	})
}
