package providerdata_test

import (
	"strings"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/provider/providerdata"
)

// TestAddresses finds the second address of an object: by a second read, or else because a plan keeps and removes it.
func TestAddresses(t *testing.T) {
	const id, other = "497f6eca-6276-4993-bfeb-53cbbbba6f08", "deadbeef-6276-4993-bfeb-53cbbbba6f08"
	for name, c := range map[string]struct {
		calls string // in turn: r for a read, k for a plan that keeps it, d for one that removes it; in upper case with the id in upper case
		want  string // for each, whether it is fine
	}{
		"one address that is kept":        {"rk", "yy"},
		"planned again":                   {"rkk", "yyy"},
		"one that is removed":             {"rd", "yy"},
		"two":                             {"rr", "yn"},
		"two, in another case":            {"rR", "yn"},
		"three":                           {"rrr", "ynn"},
		"two that are not read":           {"kd", "yn"},
		"two in the other order":          {"dK", "yn"},
		"two that were found by the read": {"rkrd", "yyny"},
	} {
		t.Run(name, func(t *testing.T) {
			var a providerdata.Addresses
			a.Read(other)
			a.Plan(other, true)
			got := ""
			for _, call := range c.calls {
				of := id
				if strings.ToUpper(string(call)) == string(call) {
					of = strings.ToUpper(id)
				}
				fine := false
				switch strings.ToLower(string(call)) {
				case "r":
					fine = a.Read(of)
				case "k":
					fine = a.Plan(of, false)
				case "d":
					fine = a.Plan(of, true)
				}
				got += map[bool]string{true: "y", false: "n"}[fine]
			}
			if got != c.want {
				t.Errorf("%s: %s, want %s", c.calls, got, c.want)
			}
		})
	}
}
