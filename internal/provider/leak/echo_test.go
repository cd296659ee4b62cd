package leak_test

import (
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
)

// wire is a response that is not, or not quite, HTTP.
type wire string

func (a wire) Send(w http.ResponseWriter) {
	conn, buffer, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(err)
	}
	_, _ = buffer.WriteString(string(a))
	_ = buffer.Flush()
	_ = conn.Close()
}

var lowerEscapes = regexp.MustCompile(`%..`)

// ownID stands for the id of the object that was asked for.
const ownID = "00000000-0000-4000-8000-00000000ffff"

// echoes are the ways in which a server can repeat what it was told.
var echoes = map[string]func(said string, sent http.Header) acctest.Responder{
	"detail":    inJSON(func(said string) any { return map[string]any{"detail": said} }),
	"non_field": inJSON(func(said string) any { return map[string]any{"non_field_errors": []string{said}} }),
	"unique": inJSON(func(said string) any {
		return map[string]any{"ssn": said + " must be unique", "tenant": []string{said + " is required"}}
	}),
	"fields": inJSON(func(said string) any {
		return map[string]any{"email": []string{said}, "first_name": said, "organization": map[string]any{"id": []string{said}}}
	}),
	"unknown_key": inJSON(func(said string) any { return map[string]any{said: []string{said}} }),
	"deep_key": inJSON(func(said string) any {
		return map[string]any{"errors": map[string]any{"x": map[string]any{said: said}}}
	}),
	"list":          inJSON(func(said string) any { return []any{said, []any{said}} }),
	"text_json":     inJSON(func(said string) any { return said }),
	"past_the_cut":  inJSON(func(said string) any { return map[string]any{"detail": strings.Repeat("-", 488) + said} }),
	"key_cut":       inJSON(func(said string) any { return map[string]any{strings.Repeat("-", 488) + said: "x"} }),
	"json_in_json":  inJSON(func(said string) any { return map[string]any{"detail": escaped(said)} }),
	"query_escaped": inJSON(func(said string) any { return map[string]any{"detail": url.QueryEscape(said)} }),
	"path_escaped":  inJSON(func(said string) any { return map[string]any{"detail": url.PathEscape(said)} }),
	"all_escaped":   inJSON(func(said string) any { return map[string]any{"detail": percent(said)} }),
	"entities":      inJSON(func(said string) any { return map[string]any{"detail": html.EscapeString(said)} }),
	"more_entities": inJSON(func(said string) any { return map[string]any{"detail": pythonHTML(said)} }),
	"lower_escapes": inJSON(func(said string) any {
		return map[string]any{"detail": lowerEscapes.ReplaceAllStringFunc(url.QueryEscape(said), strings.ToLower)}
	}),
	"double_json": inJSON(func(said string) any { return map[string]any{"detail": encode(map[string]any{"ssn": said})} }),
	"plain":       func(said string, _ http.Header) acctest.Responder { return &acctest.Response{Status: 400, Body: said} },
	"plain_cut": func(said string, _ http.Header) acctest.Responder {
		return &acctest.Response{Status: 400, Body: strings.Repeat("-", 488) + said}
	},
	"html": func(said string, _ http.Header) acctest.Responder {
		return &acctest.Response{Status: 500, Body: "<p>" + html.EscapeString(said)}
	},
	"xml": func(said string, _ http.Header) acctest.Responder {
		return &acctest.Response{Status: 400, Body: "<?xml?><e>" + said + "</e>"}
	},
	"cut_off": func(said string, _ http.Header) acctest.Responder {
		return &acctest.Response{Status: 400, Body: `{"detail": "` + said, Truncate: true}
	},
	"no_object": func(said string, _ http.Header) acctest.Responder { return &acctest.Response{Status: 200, Body: said} },
	"no_json": func(said string, _ http.Header) acctest.Responder {
		return &acctest.Response{Status: 400, Body: "{" + said}
	},
	"in_headers": func(said string, _ http.Header) acctest.Responder {
		return &acctest.Response{Status: 409, Header: inHeaders(said)}
	},
	"headers": func(_ string, sent http.Header) acctest.Responder {
		return &acctest.Response{Status: 400, Body: encode(map[string]any{"detail": fmt.Sprint(sent), "headers": sent})}
	},
	"wrong_type": func(said string, _ http.Header) acctest.Responder {
		return &acctest.Response{Status: 200, Body: encode(map[string]any{
			"id": said, "email": map[string]any{said: said}, "tenant": said, "created_at": said, "ssn": []string{said},
		})}
	},
	"wrong_fields": func(said string, _ http.Header) acctest.Responder {
		return &acctest.Response{Status: 200, Body: encode(map[string]any{
			"id": ownID, "email": map[string]any{said: said}, "tenant": said, "first_name": []string{said}, "ssn": []string{said}, "birth_date": 7,
		})}
	},
	"status_line": onWire(func(said string) string { return "HTTP/1.1 400 " + said + "\r\nContent-Length: 0\r\n\r\n" }),
	"status_text": onWire(func(said string) string { return "HTTP/1.1 " + said + "\r\n\r\n" }),
	"no_http":     onWire(func(said string) string { return said + "\r\n\r\n" }),
	"bad_length":  onWire(func(said string) string { return "HTTP/1.1 400 No\r\nContent-Length: " + said + "\r\n\r\n" }),
	"bad_header":  onWire(func(said string) string { return "HTTP/1.1 400 No\r\n" + said + "\r\n\r\n" }),
	"bad_coding":  onWire(func(said string) string { return "HTTP/1.1 400 No\r\nTransfer-Encoding: " + said + "\r\n\r\n" }),
	"bad_chunk": onWire(func(said string) string {
		return "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + said + "\r\n"
	}),
	"bad_gzip": onWire(func(said string) string {
		return fmt.Sprintf("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%s", len(said), said)
	}),
	"redirect": onWire(func(said string) string {
		return "HTTP/1.1 302 " + said + "\r\nLocation: https://" + said + "/\r\n\r\n"
	}),
	"too_much": onWire(func(said string) string { return "HTTP/1.1 400 No\r\nContent-Length: 2\r\n\r\n{}" + said }),
}

func inJSON(respond func(said string) any) func(string, http.Header) acctest.Responder {
	return func(said string, _ http.Header) acctest.Responder {
		return &acctest.Response{Status: 400, Body: encode(respond(said))}
	}
}

func onWire(respond func(said string) string) func(string, http.Header) acctest.Responder {
	return func(said string, _ http.Header) acctest.Responder { return wire(respond(oneLine(said))) }
}

func oneLine(s string) string { return strings.NewReplacer("\r", " ", "\n", " ", "\t", " ").Replace(s) }

func encode(value any) string {
	content, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return string(content)
}

func inHeaders(said string) http.Header {
	said = oneLine(said)
	h := http.Header{}
	for _, name := range []string{
		"X-Request-Id", "X-Correlation-Id", "Location", "Retry-After", "Set-Cookie", "Content-Type", "Www-Authenticate", "Warning", said,
	} {
		h.Set(name, said)
	}
	return h
}
