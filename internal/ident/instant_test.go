package ident

import (
	"strings"
	"testing"
	"time"
)

func TestInstantCheck(t *testing.T) {
	cases := checkCases{
		"2024-02-29T12:00:00Z":       true,
		"2024-02-29T12:00:00+00:00":  true,
		"2024-02-29T12:00:00-00:00":  true,
		"2024-02-29T12:00:00+05:30":  true,
		"2024-02-29T12:00:00+23:59":  true,
		"9999-12-31T23:59:59Z":       true,
		"2023-02-29T12:00:00Z":       false,
		"2024-02-29T24:00:00Z":       false,
		"2024-02-29T12:60:00Z":       false,
		"2024-02-29T12:00:60Z":       false,
		"2024-02-29T12:00:00":        false,
		"2024-02-29 12:00:00Z":       false,
		"2024-02-29t12:00:00Z":       false,
		"2024-02-29T12:00:00z":       false,
		"2024-02-29T12:00:00,5Z":     false,
		"2024-02-29T12:00:00.Z":      false,
		"2024-02-29T12:00:00.5":      false,
		"2024-2-029T12:00:00Z":       false,
		"2024-02-29T012:0:00Z":       false,
		"0000-13-01T12:00:00Z":       false,
		"2024-02-29T2:00:00Z":        false,
		"2024-02-29T12:00Z":          false,
		"2024-02-29T12:00:00+24:00":  false,
		"2024-02-29T12:00:00+05:60":  false,
		"2024-02-29T12:00:00+0530":   false,
		"2024-02-29T12:00:00+05":     false,
		"2024-02-29T12:00:00Z+01:00": false,
		"2024-02-29":                 false,
		"":                           false,
	}
	for digits := 1; digits <= 9; digits++ {
		cases["2024-02-29T12:00:00."+"123456789"[:digits]+"Z"] = true
	}
	cases.run(t, Instant{})
}

func TestInstantEqual(t *testing.T) {
	runEqual(t, Instant{}, []equalCase{
		{"2024-02-29T12:00:00Z", "2024-02-29T12:00:00+00:00", true},
		{"2024-02-29T12:00:00Z", "2024-02-29T12:00:00-00:00", true},
		{"2024-02-29T12:00:00Z", "2024-02-29T17:30:00+05:30", true},
		{"2024-02-29T23:30:00-01:00", "2024-03-01T00:30:00Z", true},
		{"2024-02-29T12:00:00Z", "2024-02-29T12:00:00.000000Z", true},
		{"2024-02-29T12:00:00.5Z", "2024-02-29T12:00:00.500Z", true},
		{"2024-02-29T12:00:00.123456789Z", "2024-02-29T12:00:00.123456Z", true}, // truncated
		{"2024-02-29T12:00:00.123456789Z", "2024-02-29T12:00:00.123457Z", true}, // rounded
		{"2024-02-29T12:00:00.123456Z", "2024-02-29T12:00:00.123457Z", false},
		{"2024-02-29T12:00:00.999999999Z", "2024-02-29T12:00:01Z", true},
		{"2024-02-29T12:00:00Z", "2024-02-29T12:00:00.000001Z", false},
		{"2024-02-29T12:00:00Z", "2024-02-29T12:00:01Z", false},
		{"2024-02-29T12:00:00Z", "2024-02-29T12:00:00+01:00", false},
		// The difference is too large for a time.Duration.
		{"0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", false},
		// Not well formed: identical or different.
		{"now", "now", true},
		{"2024-02-29T12:00:00z", "2024-02-29T12:00:00Z", false},
		{"2024-02-29T12:00:00", "2024-02-29T12:00:00Z", false},
	})
}

func FuzzInstantSpellings(f *testing.F) {
	f.Add("2024-02-29T12:00:00.123456789+05:30", 60)
	f.Add("0001-01-01T00:00:00Z", -1439)
	f.Fuzz(func(t *testing.T, s string, minutes int) {
		moment, ok := parseInstant(s)
		if !ok {
			return
		}
		moment = moment.In(time.FixedZone("", minutes%(24*60)*60))
		if moment.Year() < 0 || moment.Year() > 9999 {
			return // RFC 3339 cannot write it
		}
		spelling := moment.Format(time.RFC3339Nano)
		checkSpellings(t, Instant{}, s, spelling, strings.Replace(spelling, "Z", "+00:00", 1))
	})
}
