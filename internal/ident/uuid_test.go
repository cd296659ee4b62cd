package ident

import (
	"fmt"
	"slices"
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

// BenchmarkUUIDSets compares two sets of a thousand identifiers with another case and another order, like the attribute external_client_ids.
func BenchmarkUUIDSets(b *testing.B) {
	const size = 1000
	var x, y [size]string
	for i := range size {
		x[i] = fmt.Sprintf("497f6eca-6276-4993-bfeb-53cbbb%06x", i)
		y[size-1-i] = strings.ToUpper(x[i])
	}
	b.Run("pairs", func(b *testing.B) {
		for b.Loop() {
			for _, s := range x {
				if !slices.ContainsFunc(y[:], func(t string) bool { return UUID{}.Equal(s, t) }) {
					b.Fatal("not found")
				}
			}
		}
	})
	b.Run("keys", func(b *testing.B) {
		for b.Loop() {
			keys := make(map[string]bool, size)
			for _, s := range y {
				keys[UUID{}.Key(s)] = true
			}
			for _, s := range x {
				if !keys[UUID{}.Key(s)] {
					b.Fatal("not found")
				}
			}
		}
	})
}
