package leak_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// leakySecret needs quoting wherever it is written.
const leakySecret = `Gr8"Hush\<Word>&'%41+{x}`

// person is somebody whom nobody may find. The words are such as appear nowhere else.
type person map[string]string

var (
	before = person{
		"first_name": `Zäzilia "Qvistby" \ <Ögonblick>&'`, "last_name": "Hemlighetsson/Übelåker",
		"email": "qvistby.inkognito+42@geheim-adress.example", "phone_number": "+46739871234",
		"birth_date": "1987-06-14", "ssn": "19870614-9732",
	}
	after = person{
		"first_name": "Wilhelmøja\tXerxesdotter", "last_name": `Ånonym\\Z'wick`,
		"email": `undercover.bo@x.dold-domän.example`, "phone_number": "0768123987",
		"birth_date": "1991-08-03", "ssn": "199108038465",
	}
	drifted = person{
		"first_name": "Driftrud Nebelung", "last_name": "Schattenström", "email": "schatten@nirgendwo.example",
		"phone_number": "46705551239", "birth_date": "1975-11-22", "ssn": "19751122+9176",
	}
)

// escaped writes a text as a JSON library does that keeps to ASCII.
func escaped(s string) string {
	var b strings.Builder
	for _, r := range s {
		switch {
		case r == '"', r == '\\':
			b.WriteString(`\` + string(r))
		case r < ' ', r > '~':
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// encodings are the ways to write a text that a leak may take.
func encodings(s string) []string {
	quoted, _ := json.Marshal(s)
	return []string{
		s, strings.Trim(string(quoted), `"`), escaped(s), html.EscapeString(s), pythonHTML(s), url.QueryEscape(s), url.PathEscape(s),
		percent(s), base64.StdEncoding.EncodeToString([]byte(s)), strconv.Quote(s), strconv.QuoteToASCII(s),
	}
}

// percent writes every byte as a percent-encoding.
func percent(s string) string {
	var b strings.Builder
	for i := range len(s) {
		fmt.Fprintf(&b, "%%%02x", s[i])
	}
	return b.String()
}

// pythonHTML escapes as Python does.
func pythonHTML(s string) string {
	return strings.NewReplacer("&#34;", "&quot;", "&#39;", "&#x27;").Replace(html.EscapeString(s))
}

var digits = regexp.MustCompile(`\D`)

// traces are what must not be found if nothing of a person is to be told.
func (p person) traces() []string {
	var found []string
	for name, value := range p {
		found = append(found, encodings(value)...)
		number := digits.ReplaceAllString(value, "")
		switch name {
		case "first_name", "last_name":
			for _, word := range regexp.MustCompile(`[\p{L}]{5,}`).FindAllString(value, -1) {
				found = append(found, word, escaped(word), url.QueryEscape(word))
			}
		case "email":
			local, domain, _ := strings.Cut(value, "@")
			found = append(found, local, strings.Split(local, "+")[0], domain, url.QueryEscape(domain), escaped(domain))
		case "phone_number":
			found = append(found, strings.TrimLeft(number, "0"))
		case "birth_date":
			found = append(found, number)
		case "ssn":
			found = append(found, number, number[2:])
			for _, separator := range []string{"-", "+", " ", "%2B", "%2b", "%2D", "%2d", "\\u002b"} {
				found = append(found, number[2:8]+separator+number[8:])
			}
		}
	}
	return found
}

// secretTraces are what must not be found of the secret.
func secretTraces() []string {
	return append(encodings(leakySecret), `Gr8"Hush`, "Gr8&quot;Hush", `Gr8\"Hush`, "Gr8%22Hush", "Gr8&#34;Hush")
}

// lacks fails the test if a text has a trace of what must not be told, in whatever case.
func lacks(t *testing.T, what, text string, traces []string) {
	t.Helper()
	text = strings.ToLower(text)
	// Terraform wraps lines and draws a frame beside them.
	unwrapped := strings.Join(strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" \n\t│╷╵", r) }), " ")
	told := map[string]bool{}
	for _, trace := range traces {
		trace = strings.ToLower(trace)
		for _, in := range []string{text, unwrapped} {
			if at := strings.Index(in, trace); at >= 0 && !told[trace] && len(told) < 10 {
				told[trace] = true
				t.Errorf("%s tells %q: …%s…", what, trace, in[max(0, at-200):min(len(in), at+len(trace)+50)])
			}
		}
	}
}
