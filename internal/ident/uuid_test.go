package ident

import (
	"strings"
	"testing"
)

func TestUUID(t *testing.T) {
	checkCases{
		"497f6eca-6276-4993-bfeb-53cbbbba6f08":          true,
		"497F6ECA-6276-4993-BFEB-53CBBBBA6F08":          true,
		"00000000-0000-0000-0000-000000000000":          true,
		"497f6eca62764993bfeb53cbbbba6f08":              false,
		"{497f6eca-6276-4993-bfeb-53cbbbba6f08}":        false,
		"urn:uuid:497f6eca-6276-4993-bfeb-53cbbbba6f08": false,
		"497f6eca-6276-4993-bfeb-53cbbbba6f0":           false,
		"497f6eca-6276-4993-bfeb-53cbbbba6f080":         false,
		"497f6eca-6276-4993-bfeb-53cbbbba6f0g":          false,
		"497f6eca-6276-4993-bfeb-53cbbbba6f08\n":        false,
		"497f6eca6-276-4993-bfeb-53cbbbba6f08":          false,
		"list":                                          false,
		"":                                              false,
	}.run(t, UUID{})
	runEqual(t, UUID{}, []equalCase{
		{"497f6eca-6276-4993-bfeb-53cbbbba6f08", "497F6ECA-6276-4993-BFEB-53CBBBBA6F08", true},
		{"497f6eca-6276-4993-bfeb-53cbbbba6f08", "497f6eca-6276-4993-bfeb-53cbbbba6f09", false},
		{"497f6eca-6276-4993-bfeb-53cbbbba6f08", "497f6eca62764993bfeb53cbbbba6f08", false},
		{"list", "LIST", false},
		{"list", "list", true},
	})
}

func FuzzUUIDSpellings(f *testing.F) {
	f.Add("497f6eca-6276-4993-bfeb-53cbbbba6f08")
	f.Fuzz(func(t *testing.T, s string) {
		if (UUID{}).Check(s) == nil {
			checkSpellings(t, UUID{}, s, strings.ToLower(s), strings.ToUpper(s))
		}
	})
}
