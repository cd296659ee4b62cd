package ident

import (
	"strings"
	"testing"
	"unicode"
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
		{"ada@straße.de", "ada@STRASSE.de", false}, // one letter never folds into two
		// Not well formed: identical or different.
		{"", "", true},
		{"", "@", false},
		{"nobody", "NOBODY", false},
		{"ada@example..com", "ada@EXAMPLE..com", false},
		{"ada@example.com", "ada@EXAMPLE.com ", false},
		{"\xff@example.com", "\xfe@example.com", false},
	})
}

func FuzzEmailSpellings(f *testing.F) {
	f.Add("ada@example.com")
	f.Add("åsa@exämple.se")
	f.Add(`"a@b"@K.example`) // Kelvin sign: three cases of one letter
	f.Fuzz(func(t *testing.T, s string) {
		if (Email{}).Check(s) != nil {
			return
		}
		at := strings.LastIndexByte(s, '@')
		checkSpellings(t, Email{}, s, s[:at]+strings.Map(unicode.SimpleFold, s[at:]))
	})
}
