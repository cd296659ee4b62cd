package model

import "testing"

// TestInternationalDomains checks that a filter finds an address with both spellings of its domain: the query leaves none out, and the
// comparison accepts both.
func TestInternationalDomains(t *testing.T) {
	for _, c := range []struct {
		filter, operand string
		requested       string // "" for all
		found, not      []string
	}{
		{"email", "ada@räksmörgås.se", "email__istartswith=ada@", []string{"ada@xn--rksmrgs-5wao1o.se", "ada@RÄKSMÖRGÅS.se"}, []string{"eva@räksmörgås.se", "Ada@räksmörgås.se"}},
		{"email", "ada@XN--rksmrgs-5wao1o.se", "email__istartswith=ada@", []string{"ada@räksmörgås.se"}, []string{"ada@raksmorgas.se"}},
		{"email__in", "ada@räksmörgås.se,bo@a.example", "", []string{"ada@xn--rksmrgs-5wao1o.se", "bo@A.example"}, []string{"bo@b.example"}},
		{"email__iexact", "Ada@räksmörgås.se", "email__istartswith=Ada@", []string{"ada@xn--rksmrgs-5wao1o.se"}, []string{"eva@xn--rksmrgs-5wao1o.se"}},
		{"email__iendswith", "@räksmörgås.se", "", []string{"ada@xn--rksmrgs-5wao1o.se", "bo@räksmörgås.se"}, []string{"bo@a.example"}},
		{"email__startswith", "ada@räk", "email__istartswith=ada@", []string{"ada@räksmörgås.se"}, []string{"eva@räksmörgås.se"}},
		{"email", "ada@a.example", "email__iexact=ada@a.example", []string{"ada@A.EXAMPLE"}, []string{"ada@b.example"}},
	} {
		condition, err := OrganizationUser.ParseFilter(c.filter, c.operand)
		if err != nil {
			t.Fatalf("%s %s: %v", c.filter, c.operand, err)
		}
		name, value, ok := condition.Parameter()
		if requested := name + "=" + value; ok != (c.requested != "") || ok && requested != c.requested {
			t.Errorf("%s = %s asks for %q, want %q", c.filter, c.operand, requested, c.requested)
		}
		for _, email := range append(c.found, c.not...) {
			object, err := ParseObject([]byte(`{"id": "` + uuid(7) + `", "email": "` + email + `"}`))
			if err != nil {
				t.Fatal(err)
			}
			matches, _, err := condition.Matches(object)
			want := false
			for _, found := range c.found {
				want = want || found == email
			}
			if err != nil || matches != want {
				t.Errorf("%s = %s finds %s: %v, want %v (%v)", c.filter, c.operand, email, matches, want, err)
			}
		}
	}
}
