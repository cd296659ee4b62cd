package client

import (
	"bytes"
	"encoding/json"
	"html"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/pigello/terraform-provider-pigello/internal/client/model"
)

// problem is what an error body says. Its form is not documented; the backend is Django in all likelihood, whose REST
// framework answers {"detail": …} or {member: [messages]}. Any other form is read as well as it can be.
type problem struct {
	redact  func(string) string // before a text is cut: half a secret would not be found any more
	members []MemberError
	message string
}

const (
	maxMessage = 500
	maxCleaned = 64 << 10
	maxRefused = 100
	maxDepth   = 8
)

// general are names under which servers put what is not about one member.
var general = []string{"detail", "details", "error", "errors", "message", "non_field_errors", "title", "__all__"}

func readProblem(entity model.Entity, body []byte, redact func(string) string) problem {
	var value any
	body = bytes.TrimSpace(body)
	switch {
	case len(body) == 0:
		return problem{}
	case json.Valid(body):
		decoder := json.NewDecoder(bytes.NewReader(body))
		decoder.UseNumber()
		if err := decoder.Decode(&value); err != nil {
			return problem{message: "the answer's body cannot be understood"}
		}
	case bytes.HasPrefix(body, []byte("<")):
		return problem{message: "the answer is a web page, so it probably comes from a proxy and not from the API"}
	case utf8.Valid(body) && !bytes.ContainsAny(body[:1], "{["):
		value = string(body)
	default:
		return problem{message: "the answer's body cannot be understood"}
	}
	p := problem{redact: redact}
	p.read(entity, value, maxDepth)
	return p
}

// read sorts what a decoded body says into what is about a member and what is not.
func (p *problem) read(entity model.Entity, value any, depth int) {
	object, ok := value.(map[string]any)
	if !ok || depth == 0 {
		p.message = join(p.message, p.flatten(value, depth))
		return
	}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		_, known := entity.Field(name)
		switch {
		case known && len(p.members) == maxRefused:
		case known:
			message := p.flatten(object[name], depth-1)
			p.members = append(p.members, MemberError{Member: name, Message: message, Taken: saysTaken(message)})
		case slices.Contains(general, name):
			p.read(entity, object[name], depth-1)
		default:
			p.message = join(p.message, cut(p.clean(name))+": "+p.flatten(object[name], depth-1))
		}
	}
}

// saysTaken reports whether the server's words say that a value must be unique and is not.
func saysTaken(message string) bool {
	message = strings.ToLower(message)
	return strings.Contains(message, "unique") || strings.Contains(message, "already")
}

// flatten writes the texts in a value, wherever they are, one after another.
func (p *problem) flatten(value any, depth int) string {
	var text string
	switch v := value.(type) {
	case string:
		text = p.clean(v)
	case json.Number:
		text = p.clean(v.String())
	case []any:
		for _, element := range v {
			if depth > 0 && len(text) < maxMessage {
				text = join(text, p.flatten(element, depth-1))
			}
		}
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			if depth > 0 && len(text) < maxMessage {
				text = join(text, p.flatten(v[name], depth-1))
			}
		}
	}
	return cut(text)
}

// clean makes a text fit to be shown. What is too far behind ever to be shown is not looked at.
func (p *problem) clean(text string) string {
	return p.redact(printable(text[:min(len(text), maxCleaned)]))
}

// printable puts a text on one line, without what would steer a terminal.
func printable(text string) string {
	words := strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || unicode.IsControl(r) })
	return strings.Join(words, " ")
}

func join(a, b string) string {
	if a == "" || b == "" {
		return cut(a + b)
	}
	return cut(a + " " + b)
}

func cut(text string) string {
	if len(text) <= maxMessage {
		return text
	}
	return strings.ToValidUTF8(text[:maxMessage], "") + "…"
}

// personalNumbers finds what may be a personal or coordination number, with or without its century, and with its separator as it
// is or escaped for an address, a page or JSON.
var personalNumbers = regexp.MustCompile(
	`(?:\b|%[0-9A-Fa-f]{2})(?:\d{2})?\d{6}(?:[-+ ]|%(?:25)*[0-9A-Fa-f]{2}|&#?\w+;|\\u[0-9A-Fa-f]{4})?\d{4}\b`)

// plainIDs finds ids. Parts of one may look like a personal number.
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

// redactor returns a function that takes out of the server's words the client secret and the personal number that was
// sent, in the ways servers spell and quote, and all else that looks like a personal number.
func redactor(secret string, body any) func(string) string {
	secrets := []string{secret}
	if members, ok := body.(model.Body); ok {
		if ssn, ok := members["ssn"].(string); ok {
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
	for _, s := range secrets { // which may themselves hold what looks quoted
		unquoted = append(unquoted, unquote(s), unquote(unquote(s)))
	}
	return func(message string) string {
		message = withholdPersonalNumbers(replacer.Replace(message))
		// What is quoted in yet another way is not worth taking apart.
		for plain, round := unquote(message), 0; round < 3; plain, round = unquote(plain), round+1 {
			if withholdPersonalNumbers(plain) != plain || containsAny(plain, unquoted) {
				return "[withheld]"
			}
		}
		return strings.ToValidUTF8(message, "\uFFFD") // a secret need not be UTF-8, and may have been a part of a letter
	}
}

// escapes are how JSON, and addresses, write what they cannot hold.
var escapes = regexp.MustCompile(`\\u[0-9A-Fa-f]{4}|\\.|%[0-9A-Fa-f]{2}`)

// unquote undoes one round of the ways in which servers quote.
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

// quote returns s as it stands in JSON, without the quotation marks.
func quote(s string, escapeHTML bool) string {
	var b strings.Builder
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(escapeHTML)
	_ = encoder.Encode(s) // a string and a strings.Builder: neither fails
	text := strings.TrimSpace(b.String())
	return text[1 : len(text)-1]
}

// spellings returns a personal number as servers may write it: with and without its century and a separator.
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
