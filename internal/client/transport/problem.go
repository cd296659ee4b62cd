package transport

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/pigello/terraform-provider-pigello/internal/client/model"
)

// problem is a decoded error body. Its form is not documented. The backend is probably Django, whose REST framework returns
// {"detail": …} or {field: [messages]}. Of any other form, the texts are collected.
type problem struct {
	redact  func(string) string // applied before a text is cut: it does not find half a secret
	fields  []FieldError
	message string
}

const (
	maxMessage = 500
	maxCleaned = 64 << 10
	maxFields  = 100
	maxDepth   = 8
)

// generalNames are names under which servers put messages that are not about one field.
var generalNames = []string{"detail", "details", "error", "errors", "message", "non_field_errors", "title", "__all__"}

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
			return problem{message: "the body of the response cannot be understood"}
		}
	case bytes.HasPrefix(body, []byte("<")):
		return problem{message: "the response is a web page"}
	case utf8.Valid(body) && !bytes.ContainsAny(body[:1], "{["):
		value = string(body)
	default:
		return problem{message: "the body of the response cannot be understood"}
	}
	p := problem{redact: redact}
	p.read(entity, value, maxDepth)
	return p
}

// read separates the messages of a decoded body into those about fields and the others.
func (p *problem) read(entity model.Entity, value any, depth int) {
	object, ok := value.(map[string]any)
	if !ok || depth == 0 {
		p.message = join(p.message, p.flatten(value, depth))
		return
	}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		_, known := entity.Field(name)
		switch {
		case known && len(p.fields) == maxFields:
		case known:
			message := p.flatten(object[name], depth-1)
			p.fields = append(p.fields, FieldError{Field: name, Message: message, Taken: saysTaken(message)})
		case slices.Contains(generalNames, name):
			p.read(entity, object[name], depth-1)
		default:
			p.message = join(p.message, cut(p.clean(name))+": "+p.flatten(object[name], depth-1))
		}
	}
}

// saysTaken reports whether a message says, in English or Swedish, that another object has a unique value.
func saysTaken(message string) bool {
	message = strings.ToLower(message)
	return slices.ContainsFunc([]string{"unique", "already", "unik", "redan"}, func(word string) bool { return strings.Contains(message, word) })
}

// flatten joins all texts in a value.
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

// clean prepares a text for display. It drops what is too long to be shown.
func (p *problem) clean(text string) string {
	return p.redact(printable(text[:min(len(text), maxCleaned)]))
}

// printable puts a text on one line, and removes control characters.
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
