package ident

import (
	"strings"
	"testing"
)

// The numbers are made up, but for 202100-5489, the Swedish Companies Registration Office's own.
func TestOrganizationNumber(t *testing.T) {
	checkCases{
		"5560000001":    true,
		"556000-0001":   true,
		"202100-5489":   true,
		"900101-2385":   true, // a sole trader
		"556000-0002":   false,
		"556000+0001":   false,
		"556000 0001":   false,
		"55600-00001":   false,
		"5560000001-":   false,
		"16556000-0001": false,
		"165560000001":  false,
		"16165560000":   false,
		"556000000":     false,
		"556000-000A":   false,
		"５560000001":    false,
		"":              false,
	}.run(t, OrganizationNumber{})
	runEqual(t, OrganizationNumber{}, []equalCase{
		{"5560000001", "556000-0001", true},
		{"556000 0001", "556000-0001", true},
		{"556000-0002", "5560000002", true},
		{"5560000001", "5599999991", false},
		{"5560000001", "165560000001", true}, // as authorities write it
		{"556000-0001", "16556000-0001", true},
		{"16556000-0001", "165560000001", true},
		{"5560000001", "195560000001", false},
		{"5560000001", "1665560000001", false},
		{"1655600000", "55600000", false}, // ten digits that begin with 16
		{"16", "", false},
		{"16unknown000", "unknown000", false},
		{"unknown", "unknown", true},
		{"un-known", "unknown", false},
	})
}

func TestParseOrganizationNumber(t *testing.T) {
	for text, want := range map[string]string{
		"5560120452": "5560120452", "556012-0452": "5560120452", "165560120452": "5560120452", "16556012-0452": "5560120452",
	} {
		if got, err := ParseOrganizationNumber(text); err != nil || got != want {
			t.Errorf("ParseOrganizationNumber(%q) = %q, %v, want %q", text, got, err, want)
		}
	}
	for text, want := range map[string]string{
		"195560120452": "10 digits", "16-5560120452": "10 digits", "16556012+0452": "10 digits", "1655601204522": "10 digits", "1655601204": "check digit",
		"165560120453": "check digit", "16": "10 digits", "": "10 digits",
	} {
		if got, err := ParseOrganizationNumber(text); err == nil || got != "" || !strings.Contains(err.Error(), want) {
			t.Errorf("ParseOrganizationNumber(%q) = %q, %v, want an error about %q", text, got, err, want)
		}
	}
	if err := (OrganizationNumber{}).Check("16556012-0452"); err == nil || !strings.Contains(err.Error(), `without "16"`) {
		t.Errorf("a number with 16 before it: %v", err)
	}
}

func FuzzOrganizationNumberSpellings(f *testing.F) {
	f.Add("5560000001")
	f.Add("202100-5489")
	f.Fuzz(func(t *testing.T, s string) {
		if (OrganizationNumber{}).Check(s) != nil {
			return
		}
		d := bareDigits(s)
		checkSpellings(t, OrganizationNumber{}, s, d, d[:6]+"-"+d[6:])
		for _, long := range []string{"16" + d, "16" + d[:6] + "-" + d[6:]} {
			if parsed, err := ParseOrganizationNumber(long); err != nil || parsed != d || !(OrganizationNumber{}).Equal(s, long) {
				t.Errorf("%q is read as %q, %v", long, parsed, err)
			}
		}
	})
}
