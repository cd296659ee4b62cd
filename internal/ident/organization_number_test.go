package ident

import "testing"

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
		{"5560000001", "165560000001", false},
		{"unknown", "unknown", true},
		{"un-known", "unknown", false},
	})
}

func FuzzOrganizationNumberSpellings(f *testing.F) {
	f.Add("5560000001")
	f.Add("202100-5489")
	f.Fuzz(func(t *testing.T, s string) {
		if (OrganizationNumber{}).Check(s) != nil {
			return
		}
		d, _ := bareDigits(s)
		checkSpellings(t, OrganizationNumber{}, s, d, d[:6]+"-"+d[6:])
	})
}
