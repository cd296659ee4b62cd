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

// problem is what an error body says. Its form is not documented; the backend is Django in all likelihood, whose REST
// framework returns {"detail": …} or {field: [messages]}. Any other form is read as well as it can be.
type problem struct {
	redact  func(string) string // before a text is cut: half a secret would not be found any more
	fields  []FieldError
	message string
}

const (
	maxMessage = 500
	maxCleaned = 64 << 10
	maxRefused = 100
	maxDepth   = 8
)

// general are names under which servers put what is not about one field.
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

// read sorts what a decoded body says into what is about a field and what is not.
func (p *problem) read(entity model.Entity, value any, depth int) {
	object, ok := value.(map[string]any)
	if !ok || depth == 0 {
		p.message = join(p.message, p.flatten(value, depth))
		return
	}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		_, known := entity.Field(name)
		switch {
		case known && len(p.fields) == maxRefused:
		case known:
			message := p.flatten(object[name], depth-1)
			p.fields = append(p.fields, FieldError{Field: name, Message: message, Taken: saysTaken(message)})
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
