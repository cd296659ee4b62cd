package client

import (
	"bytes"
	"encoding/json"
	"html"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// problem is what an error body says. Its form is not documented; the backend is Django in all likelihood, whose REST
// framework answers {"detail": …} or {member: [messages]}. Any other form is read as well as it can be.
type problem struct {
	members []MemberError
	message string
}

const (
	maxMessage = 500
	maxDepth   = 8
)

// general are names under which servers put what is not about one member.
var general = []string{"detail", "details", "error", "errors", "message", "non_field_errors", "title", "__all__"}

func readProblem(entity Entity, body []byte) problem {
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
	var p problem
	p.read(entity, value, maxDepth)
	return p
}

// read sorts what a decoded body says into what is about a member and what is not.
func (p *problem) read(entity Entity, value any, depth int) {
	object, ok := value.(map[string]any)
	if !ok || depth == 0 {
		p.message = join(p.message, flatten(value, depth))
		return
	}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		_, known := entity.Member(name)
		switch {
		case known:
			message := flatten(object[name], depth-1)
			p.members = append(p.members, MemberError{Member: name, Message: message, Taken: saysTaken(message)})
		case slices.Contains(general, name):
			p.read(entity, object[name], depth-1)
		default:
			p.message = join(p.message, name+": "+flatten(object[name], depth-1))
		}
	}
}

// saysTaken reports whether the server's words say that a value must be unique and is not.
func saysTaken(message string) bool {
	message = strings.ToLower(message)
	return strings.Contains(message, "unique") || strings.Contains(message, "already")
}

// flatten writes the texts in a value, wherever they are, one after another.
func flatten(value any, depth int) string {
	var text string
	switch v := value.(type) {
	case string:
		text = strings.Join(strings.Fields(v), " ")
	case json.Number:
		text = v.String()
	case []any:
		for _, element := range v {
			if depth > 0 && len(text) < maxMessage {
				text = join(text, flatten(element, depth-1))
			}
		}
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			if depth > 0 && len(text) < maxMessage {
				text = join(text, flatten(v[name], depth-1))
			}
		}
	}
	return cut(text)
}

func join(a, b string) string {
	if a == "" || b == "" {
		return a + b
	}
	return cut(a + " " + b)
}

func cut(text string) string {
	if len(text) <= maxMessage {
		return text
	}
	return strings.ToValidUTF8(text[:maxMessage], "") + "…"
}

// personalNumbers finds what may be a personal or coordination number, with or without its century.
var personalNumbers = regexp.MustCompile(`\b(?:\d{2})?\d{6}[-+ ]?\d{4}\b`)

// redactor returns a function that takes out of the server's words the client secret and the personal number that was
// sent, in the ways servers quote, and all else that looks like a personal number.
func redactor(secret string, body any) func(string) string {
	secrets := []string{secret}
	if members, ok := body.(Body); ok {
		if ssn, ok := members["ssn"].(string); ok {
			secrets = append(secrets, ssn)
		}
	}
	var pairs []string
	for _, s := range secrets {
		quoted, _ := json.Marshal(s)
		for _, spelling := range []string{
			s, strings.Trim(string(quoted), `"`), html.EscapeString(s), url.QueryEscape(s), url.PathEscape(s),
		} {
			if spelling != "" {
				pairs = append(pairs, spelling, "[withheld]")
			}
		}
	}
	replacer := strings.NewReplacer(pairs...)
	return func(message string) string {
		return personalNumbers.ReplaceAllString(replacer.Replace(message), "[withheld]")
	}
}
