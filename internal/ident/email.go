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

// Email is an e-mail address as in the apispec: at most 254 characters, local part and domain with an '@' between them. The check is loose
// on purpose: it refuses what cannot be an address (RFC 5321, section 4.1.2), but does not find every mistake. The server's own rule is not
// documented. To refuse an address that the server accepts would be worse than an error at apply.
//
// The case of the domain does not count (RFC 5321, section 2.4), and a domain with letters outside ASCII has two spellings: räksmörgås.se
// is xn--rksmrgs-5wao1o.se (IDNA, RFC 5891). The case of the local part counts, since only the receiving host may ignore it.
type Email struct{}

// Check accepts a non-empty local part and a non-empty domain, without white space and control characters. A domain must not begin or end
// with a dot or a hyphen, and must not have an empty label. An '@' in the local part must be quoted ("a@b"@example.com).
func (Email) Check(s string) error {
	if _, _, ok := splitEmail(s); !ok {
		return errors.New("must be an e-mail address (name@domain) of at most 254 characters")
	}
	return nil
}

// Equal compares the local parts exactly, and the domains as DNS does: it ignores case, and accepts both spellings of letters outside ASCII.
func (e Email) Equal(a, b string) bool { return sameKey(e, a, b) }

// Key is the address with its domain as DNS spells it.
func (Email) Key(s string) string {
	local, domain, ok := splitEmail(s)
	if !ok {
		return s
	}
	return local + "@" + lookedUp(domain)
}

// lookup converts labels for DNS. It does not apply the rule against mixed writing directions, which protects readers and does not change
// the meaning of a domain.
var lookup = idna.New(idna.MapForLookup())

// lookedUp returns a domain as DNS spells it. What DNS does not allow, such as an address in brackets or a label with an underscore, is only
// converted to lower case.
func lookedUp(domain string) string {
	lower := strings.ToLower(domain)
	for _, spelling := range []string{domain, lower} { // IDNA does not know some upper-case letters
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
