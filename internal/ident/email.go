package ident

import (
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
)

// maxEmail is the maxLength of email in the apispec, in characters.
const maxEmail = 254

// Email is an e-mail address as the apispec's email members take it: at most 254 characters, local part and domain
// around an '@'. The check is loose on purpose: it finds what cannot be an address (RFC 5321, section 4.1.2), not every
// mistake. The server's own rule is not documented, and to refuse an address that it takes would be worse than a late
// error.
//
// The domain has no case (RFC 5321, section 2.4), and one with letters outside ASCII has two spellings: räksmörgås.se is
// xn--rksmrgs-5wao1o.se (IDNA, RFC 5891). The local part has a case: only the receiving host may say otherwise.
type Email struct{}

// Check accepts a non-empty local part and domain without white space or control characters. A domain neither begins nor
// ends with a dot or a hyphen and has no empty label; an '@' inside the local part must be quoted ("a@b"@example.com).
func (Email) Check(s string) error {
	if _, _, ok := splitEmail(s); !ok {
		return errors.New("must be an e-mail address (name@domain) of at most 254 characters")
	}
	return nil
}

// Equal compares the local parts exactly and the domains as they are looked up: without case, and in either spelling of a
// domain with letters outside ASCII.
func (e Email) Equal(a, b string) bool { return sameKey(e, a, b) }

// Key is the address with its domain as it is looked up.
func (Email) Key(s string) string {
	local, domain, ok := splitEmail(s)
	if !ok {
		return s
	}
	return local + "@" + lookedUp(domain)
}

// lookup maps and checks labels as a look-up does. It leaves out the rule against mixed directions of writing, which protects
// readers and does not change what a domain means.
var lookup = idna.New(idna.MapForLookup())

// lookedUp returns a domain as it is asked for in the DNS. What cannot be asked for there, such as an address in brackets
// or a label with an underscore, is only written in lower case.
func lookedUp(domain string) string {
	lower := strings.ToLower(domain)
	for _, spelling := range []string{domain, lower} { // IDNA lacks some upper-case letters
		if ascii, err := lookup.ToASCII(spelling); err == nil && isDomain(ascii) {
			return ascii
		}
	}
	return lower
}

func splitEmail(s string) (local, domain string, ok bool) {
	if !utf8.ValidString(s) || utf8.RuneCountInString(s) > maxEmail || strings.ContainsFunc(s, isSpaceOrControl) {
		return "", "", false
	}
	at := strings.LastIndexByte(s, '@')
	if at < 1 {
		return "", "", false
	}
	local, domain = s[:at], s[at+1:]
	quoted := len(local) > 2 && local[0] == '"' && local[len(local)-1] == '"'
	return local, domain, (quoted || !strings.Contains(local, "@")) && isDomain(domain)
}

func isDomain(s string) bool {
	return s != "" && strings.Trim(s, ".-") == s && !strings.Contains(s, "..")
}

func isSpaceOrControl(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }
