package ident

import (
	"strings"
	"testing"
)

var forms = []Form{
	Text{}, Email{}, PhoneNumber{}, Date{}, Instant{}, PersonalNumber{}, OrganizationNumber{}, UUID{}, JSONArray{}, MD5{},
}

// checkCases maps a text to whether the Form accepts it.
type checkCases map[string]bool

func (cases checkCases) run(t *testing.T, form Form) {
	t.Helper()
	for text, want := range cases {
		err := form.Check(text)
		if (err == nil) != want {
			t.Errorf("Check(%q) = %v, want well formed: %v", text, err, want)
		}
		if err == nil {
			continue
		}
		if !strings.HasPrefix(err.Error(), "must be ") {
			t.Errorf("Check(%q) = %q, want an error that begins with \"must be \"", text, err)
		}
		// A message may contain a short text by chance.
		if len(text) > 3 && strings.Contains(err.Error(), text) {
			t.Errorf("Check(%q) = %q, which repeats the text", text, err)
		}
	}
}

type equalCase struct {
	a, b string
	want bool
}

func runEqual(t *testing.T, form Form, cases []equalCase) {
	t.Helper()
	for _, c := range cases {
		if got := form.Equal(c.a, c.b); got != c.want {
			t.Errorf("Equal(%q, %q) = %v, want %v", c.a, c.b, got, c.want)
		}
		if got := form.Equal(c.b, c.a); got != c.want {
			t.Errorf("Equal(%q, %q) = %v, want %v", c.b, c.a, got, c.want)
		}
	}
}

// TestFormsAreComparable checks that Forms can be compared and used as map keys.
func TestFormsAreComparable(t *testing.T) {
	seen := map[Form]bool{}
	for _, form := range forms {
		if seen[form] {
			t.Errorf("%T is listed twice", form)
		}
		seen[form] = true
	}
	if !seen[Email{}] {
		t.Error("Email{} is not found by its value")
	}
}

// FuzzForms checks every Form with any two texts: there is no panic, Equal is reflexive and symmetric, and no error contains a text.
func FuzzForms(f *testing.F) {
	for _, seed := range []string{
		"", "null", "[]", `[{"a":1.0,"b":"\u00e9"}]`, "ada@example.com", "19900101-2385", "202100-0142", "2024-02-29",
		"2024-02-29T12:00:00.123456789+05:30", "497f6eca-6276-4993-bfeb-53cbbbba6f08", "+46701234567", "\xff", "1e999999999999",
		"ada@räksmörgås.se", "ada@xn--rksmrgs-5wao1o.se", "ada@my_host.se", "191500722390", "165560120452", "1B2M2Y8AsgTpgAmY7PhCfg==",
	} {
		f.Add(seed, seed)
		f.Add(seed, strings.ToUpper(seed)+" ")
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		for _, form := range forms {
			if err := form.Check(a); err != nil && len(a) > 40 && strings.Contains(err.Error(), a) {
				t.Errorf("%T.Check(%q) repeats the text", form, a)
			}
			if !form.Equal(a, a) {
				t.Errorf("%T: %q does not equal itself", form, a)
			}
			if form.Equal(a, b) != form.Equal(b, a) {
				t.Errorf("%T: Equal(%q, %q) is not symmetric", form, a, b)
			}
			if keyed, ok := form.(Keyed); ok {
				checkKeys(t, keyed, a, b)
			}
		}
	})
}

// checkKeys checks that the keys of two texts are equal if and only if the texts are.
func checkKeys(t *testing.T, form Keyed, a, b string) {
	t.Helper()
	if form.Equal(a, b) != (form.Key(a) == form.Key(b)) {
		t.Errorf("%T: Equal(%q, %q) is %v, the keys are %q and %q", form, a, b, form.Equal(a, b), form.Key(a), form.Key(b))
	}
	if form.Equal(a, b) && a != b && form.Check(a) != nil && form.Check(b) == nil && !lenient[form] {
		t.Errorf("%T: %q is not well formed, and equals %q", form, a, b)
	}
	if key := form.Key(a); form.Key(key) != key {
		t.Errorf("%T: the key of %q is %q, and the key of that %q", form, a, key, form.Key(key))
	}
}

// lenient are the forms that accept texts that are not well formed.
var lenient = map[Form]bool{PersonalNumber{}: true, OrganizationNumber{}: true, MD5{}: true}

// TestKeyed lists the forms that have no key.
func TestKeyed(t *testing.T) {
	for _, form := range forms {
		_, keyed := form.(Keyed)
		if without := form == (Instant{}) || form == (JSONArray{}); keyed == without {
			t.Errorf("%T has keys: %v", form, keyed)
		}
	}
}

// checkSpellings checks that all spellings of a well-formed text are well formed and equal.
func checkSpellings(t *testing.T, form Form, text string, spellings ...string) {
	t.Helper()
	for _, spelling := range spellings {
		if err := form.Check(spelling); err != nil {
			t.Errorf("%T.Check(%q), a spelling of %q: %v", form, spelling, text, err)
		}
		if !form.Equal(text, spelling) {
			t.Errorf("%T: %q does not equal its spelling %q", form, text, spelling)
		}
	}
}
