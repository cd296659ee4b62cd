package ident

import (
	"errors"
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxEmail is the maxLength of email in the apispec, in characters.
const maxEmail = 254

// Email is an e-mail address as the apispec's email members take it: at most 254 characters, local part and domain
// around an '@'. The check is loose on purpose: it finds what cannot be an address (RFC 5321, section 4.1.2), not every
// mistake. The server's own rule is not documented, and to refuse an address that it takes would be worse than a late
// error.
//
// The domain has no case (RFC 5321, section 2.4). The local part has one: only the receiving host may say otherwise.
type Email struct{}

// Check accepts a non-empty local part and domain without white space or control characters. A domain neither begins nor
// ends with a dot or a hyphen and has no empty label; an '@' inside the local part must be quoted ("a@b"@example.com).
func (Email) Check(s string) error {
	if _, _, ok := splitEmail(s); !ok {
		return errors.New("must be an e-mail address (name@domain) of at most 254 characters")
	}
	return nil
}

// Equal compares the local parts exactly and the domains without case, letters outside ASCII included.
func (Email) Equal(a, b string) bool {
	if a == b {
		return true
	}
	localA, domainA, okA := splitEmail(a)
	localB, domainB, okB := splitEmail(b)
	return okA && okB && localA == localB && strings.EqualFold(domainA, domainB)
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
	ok = domain != "" &&
		(quoted || !strings.Contains(local, "@")) &&
		strings.Trim(domain, ".-") == domain &&
		!strings.Contains(domain, "..")
	return local, domain, ok
}

func isSpaceOrControl(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) }
