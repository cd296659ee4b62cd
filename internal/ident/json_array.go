package ident

import (
	"encoding/json"
	"errors"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// JSONArray is a JSON array as text (RFC 8259). It is for fields whose elements are not documented, such as
// invoice_distribution_instruction.
type JSONArray struct{}

// Check accepts one JSON array and nothing after it. It refuses what JSON parsers read in different ways: text that is not UTF-8, half a
// surrogate pair, and nesting that is too deep for encoding/json (10,000 levels).
func (JSONArray) Check(s string) error {
	if v, ok := parseJSON(s); ok {
		if _, ok := v.([]any); ok {
			return nil
		}
	}
	return errors.New("must be a JSON array")
}

// Equal compares the values: white space, the order of an object's members, the spelling of a number (1.0 is 1e0) and escapes in a text do
// not count. [] and null are equal, since the API makes no difference between them.
func (JSONArray) Equal(a, b string) bool {
	if a == b {
		return true
	}
	va, okA := parseJSON(a)
	vb, okB := parseJSON(b)
	return okA && okB && equalJSON(emptyForNull(va), emptyForNull(vb))
}

// surrogate matches every escape of a JSON text, pairs of surrogates as one; a half of a pair is its first group.
var surrogate = regexp.MustCompile(
	`\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(u[dD][89a-fA-F][0-9a-fA-F]{2})|.)`)

// parseJSON parses one JSON value. Numbers are json.Number, so that none is rounded.
func parseJSON(s string) (any, bool) {
	if !utf8.ValidString(s) {
		return nil, false // encoding/json replaces every invalid byte with the same character
	}
	for _, m := range surrogate.FindAllStringSubmatchIndex(s, -1) {
		if m[2] >= 0 {
			return nil, false // and every half of a pair, too
		}
	}
	decoder := json.NewDecoder(strings.NewReader(s))
	decoder.UseNumber()
	var v any
	if decoder.Decode(&v) != nil {
		return nil, false
	}
	_, err := decoder.Token()
	return v, err == io.EOF
}

func emptyForNull(v any) any {
	if v == nil {
		return []any{}
	}
	return v
}

func equalJSON(a, b any) bool {
	switch a := a.(type) {
	case []any:
		b, ok := b.([]any)
		if !ok || len(a) != len(b) {
			return false
		}
		for i := range a {
			if !equalJSON(a[i], b[i]) {
				return false
			}
		}
		return true
	case map[string]any:
		b, ok := b.(map[string]any)
		if !ok || len(a) != len(b) {
			return false
		}
		for name, va := range a {
			if vb, ok := b[name]; !ok || !equalJSON(va, vb) {
				return false
			}
		}
		return true
	case json.Number:
		b, ok := b.(json.Number)
		return ok && (a == b || canonicalNumber(string(a)) == canonicalNumber(string(b)))
	default: // string, bool, nil
		return a == b
	}
}

// canonicalNumber returns the same spelling for all spellings of a JSON number: significant digits without zeros at either end, and a power
// of ten. It never expands the exponent, so 1e999999999 takes no more time than 1. A number with a larger exponent is returned unchanged: it
// is equal only to its own spelling.
func canonicalNumber(s string) string {
	mantissa, exponent, _ := strings.Cut(strings.ToLower(s), "e")
	mantissa, negative := strings.CutPrefix(mantissa, "-")
	whole, fraction, _ := strings.Cut(mantissa, ".")
	digits := strings.TrimLeft(whole+fraction, "0")
	if digits == "" {
		return "0"
	}
	power := int64(0)
	if exponent != "" {
		var err error
		// With 32 bits, the addition below cannot overflow.
		if power, err = strconv.ParseInt(exponent, 10, 32); err != nil {
			return s
		}
	}
	significant := strings.TrimRight(digits, "0")
	power += int64(len(digits) - len(significant) - len(fraction))
	if negative {
		significant = "-" + significant
	}
	return significant + "e" + strconv.FormatInt(power, 10)
}
