package ident

import (
	"strings"
	"testing"

	"golang.org/x/net/idna"
)

func TestEmailCheck(t *testing.T) {
	checkCases{
		"ada@example.com":                true,
		"ada.byron+x@mail.example.co.uk": true,
		"a@b":                            true,
		"ada@localhost":                  true,
		"ada@[192.0.2.1]":                true,
		"åsa@exämple.se":                 true,
		`"ada@home"@example.com`:         true,
		`""@example.com`:                 true,
		"":                               false,
		"@":                              false,
		"ada":                            false,
		"ada@":                           false,
		"@example.com":                   false,
		"ada@home@example.com":           false,
		`"ada@home@example.com`:          false,
		`"@example.com@example.com`:      false,
		"ada@.example.com":               false,
		"ada@example.com.":               false,
		"ada@-example.com":               false,
		"ada@example-":                   false,
		"ada@example..com":               false,
		"ada@.":                          false,
		"ada byron@example.com":          false,
		" ada@example.com":               false,
		"ada@example.com\n":              false,
		"ada@exam\u00a0ple.com":          false, // no-break space
		"ada@exam\u2028ple.com":          false, // line separator
		"ada\x00@example.com":            false,
		"ada\x7f@example.com":            false,
		"ada\xff@example.com":            false, // not UTF-8
		strings.Repeat("a", 242) + "@example.com": true,  // 254
		strings.Repeat("a", 243) + "@example.com": false, // 255
		strings.Repeat("å", 242) + "@example.com": true,  // 254 characters, more bytes
	}.run(t, Email{})
}

func TestEmailEqual(t *testing.T) {
	runEqual(t, Email{}, []equalCase{
		{"ada@example.com", "ada@EXAMPLE.com", true},
		{"åsa@exämple.se", "åsa@EXÄMPLE.se", true},
		{"ada@example.com", "Ada@example.com", false},
		{"ada@example.com", "ada@example.org", false},
		{`"a@B"@example.com`, `"a@B"@EXAMPLE.COM`, true},
		{`"a@B"@example.com`, `"a@b"@example.com`, false},
		{"ada@räksmörgås.se", "ada@xn--rksmrgs-5wao1o.se", true},
		{"ada@räksmörgås.se", "ada@XN--RKSMRGS-5WAO1O.SE", true},
		{"ada@RÄKSMÖRGÅS.se", "ada@xn--rksmrgs-5wao1o.SE", true},
		{"ada@ra\u0308ksmo\u0308rga\u030as.se", "ada@räksmörgås.se", true}, // letters in two characters
		{"ada@mail.räksmörgås.se", "ada@mail.xn--rksmrgs-5wao1o.se", true},
		{"ada@räksmörgås。se", "ada@räksmörgås.se", true}, // an ideographic full stop
		{"Ada@räksmörgås.se", "ada@xn--rksmrgs-5wao1o.se", false},
		{"ada@raksmorgas.se", "ada@räksmörgås.se", false},
		{"räksmörgås@example.com", "xn--rksmrgs-5wao1o@example.com", false}, // the local part is no domain
		{"ada@straße.de", "ada@xn--strae-oqa.de", true},
		{"ada@\u04c0.example", "ada@\u04cf.example", true}, // a letter that IDNA knows in lower case only
		{"ada@\u0130.example", "ada@i.example", false},     // a Turkish letter
		{"ada@straße.de", "ada@STRASSE.de", false},         // two domains since IDNA 2008
		// Not to be found in the DNS: without case, and otherwise as they are.
		{"ada@[IPv6:2001:DB8::1]", "ada@[ipv6:2001:db8::1]", true},
		{"ada@my_host.example.com", "ada@MY_HOST.example.com", true},
		{"ada@my_räksmörgås.se", "ada@MY_RÄKSMÖRGÅS.se", true},
		{"ada@xn--zz--.se", "ada@XN--ZZ--.se", true}, // no Punycode
		{"ada@xn--example-.com", "ada@XN--Example-.com", true},
		{"ada@xn--example-.com", "ada@example.com", false}, // Punycode without a letter outside ASCII: two domains
		{"ada@xn--rksmrgs-5wao1o_.se", "ada@räksmörgås_.se", false},
		{"ada@。。", "ada@..", false},
		// Not well formed: identical or different.
		{"", "", true},
		{"", "@", false},
		{"nobody", "NOBODY", false},
		{"ada@example..com", "ada@EXAMPLE..com", false},
		{"ada@example.com", "ada@EXAMPLE.com ", false},
		{"\xff@example.com", "\xfe@example.com", false},
	})
}

// FuzzEmailSpellings gets the readable spelling of a domain from another IDNA profile than that of Email.
func FuzzEmailSpellings(f *testing.F) {
	f.Add("ada@example.com")
	f.Add("åsa@exämple.se")
	f.Add("ada@xn--rksmrgs-5wao1o.se")
	f.Add("ada@my_host.räksmörgås.se")
	f.Add(`"a@b"@K.example`) // Kelvin sign: three cases of one letter
	f.Add("a@ℶM.example")    // Latin beside a mathematical sign that stands for a Hebrew letter
	f.Fuzz(func(t *testing.T, s string) {
		if (Email{}).Check(s) != nil {
			return
		}
		at := strings.LastIndexByte(s, '@') + 1
		local, domain := s[:at], s[at:]
		checkSpellings(t, Email{}, s, local+asciiCase(domain, 'A', 'Z'), local+asciiCase(domain, 'a', 'z'))
		readable, err := idna.Display.ToUnicode(domain)
		if err == nil && (Email{}).Check(local+readable) == nil && !(Email{}).Equal(s, local+readable) {
			t.Errorf("%q does not equal its spelling %q", s, local+readable)
		}
	})
}

// asciiCase puts the letters from first to last in the other case.
func asciiCase(s string, first, last rune) string {
	return strings.Map(func(r rune) rune {
		if first <= r && r <= last {
			return r ^ ' '
		}
		return r
	}, s)
}
