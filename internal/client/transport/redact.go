package transport

import (
	"encoding/json"
	"html"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/pigello/terraform-provider-pigello/internal/client/model"
)

// personalNumbers finds what may be a personal or coordination number, with or without the century. The separator may be escaped, as in an
// address, a web page or JSON.
var personalNumbers = regexp.MustCompile(
	`(?:\b|%[0-9A-Fa-f]{2})(?:\d{2})?\d{6}(?:[-+ ]|%(?:25)*[0-9A-Fa-f]{2}|&#?\w+;|\\u[0-9A-Fa-f]{4})?\d{4}\b`)

// plainIDs finds ids. A part of an id may look like a personal number.
var plainIDs = regexp.MustCompile(`\b[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}\b`)

func withholdPersonalNumbers(text string) string {
	var b strings.Builder
	rest := 0
	for _, id := range plainIDs.FindAllStringIndex(text, -1) {
		b.WriteString(personalNumbers.ReplaceAllString(text[rest:id[0]], "[withheld]"))
		b.WriteString(text[id[0]:id[1]])
		rest = id[1]
	}
	b.WriteString(personalNumbers.ReplaceAllString(text[rest:], "[withheld]"))
	return b.String()
}

// redactor returns a function that removes from a message the client secret and the personal number that was sent, in all spellings and
// escapes that servers use, and everything else that looks like a personal number.
func redactor(secret string, body any) func(string) string {
	secrets := []string{secret}
	if fields, ok := body.(model.Body); ok {
		if ssn, ok := fields["ssn"].(string); ok {
			secrets = append(secrets, spellings(ssn)...)
		}
	}
	var pairs []string
	for _, s := range secrets {
		for _, quoted := range []string{
			s, quote(s, true), quote(s, false), html.EscapeString(s), url.QueryEscape(s), url.PathEscape(s),
		} {
			if quoted != "" {
				pairs = append(pairs, quoted, "[withheld]")
			}
		}
	}
	replacer := strings.NewReplacer(pairs...)
	unquoted := slices.Clone(secrets)
	for _, s := range secrets { // a secret may hold characters that look like an escape
		unquoted = append(unquoted, unquote(s), unquote(unquote(s)))
	}
	return func(message string) string {
		message = withholdPersonalNumbers(replacer.Replace(message))
		// A secret with another kind of escape cannot be cut out of the message, so the whole message is withheld.
		for plain, round := unquote(message), 0; round < 3; plain, round = unquote(plain), round+1 {
			if withholdPersonalNumbers(plain) != plain || containsAny(plain, unquoted) {
				return "[withheld]"
			}
		}
		return strings.ToValidUTF8(message, "\uFFFD") // the secret may not be UTF-8, so its removal may have cut a letter
	}
}

// escapes finds the escape sequences of JSON and of addresses.
var escapes = regexp.MustCompile(`\\u[0-9A-Fa-f]{4}|\\.|%[0-9A-Fa-f]{2}`)

// unquote decodes one level of escapes.
func unquote(s string) string {
	return html.UnescapeString(escapes.ReplaceAllStringFunc(s, func(escape string) string {
		code, err := strconv.ParseUint(strings.TrimLeft(escape, `%\u`), 16, 32)
		switch {
		case escape[0] == '%' && err == nil:
			return string([]byte{byte(code)})
		case len(escape) > 2 && err == nil:
			return string(rune(code))
		}
		return escape[1:]
	}))
}

func containsAny(s string, secrets []string) bool {
	return slices.ContainsFunc(secrets, func(secret string) bool { return secret != "" && strings.Contains(s, secret) })
}

// quote returns s as a JSON string, without the quotation marks.
func quote(s string, escapeHTML bool) string {
	var b strings.Builder
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(escapeHTML)
	_ = encoder.Encode(s) // a string and a strings.Builder: neither fails
	text := strings.TrimSpace(b.String())
	return text[1 : len(text)-1]
}

// spellings returns a personal number as servers may write it: with and without the century and a separator.
func spellings(ssn string) []string {
	all := []string{ssn}
	digits := model.BareDigits(ssn)
	for _, century := range []int{0, 2} {
		if n := len(digits); n >= 10 {
			head, tail := digits[min(century, n-10):n-4], digits[n-4:]
			all = append(all, head+"-"+tail, head+"+"+tail, head+" "+tail, head+tail)
		}
	}
	return all
}
