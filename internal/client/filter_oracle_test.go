package client_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/pigello/terraform-provider-pigello/internal/apispec"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// The oracle is a second implementation of filters, from the contract and the description of the API. It compares character by character, and
// does not normalize texts as the client does.

// populate stores users who differ a little in all fields with filters, with several spellings.
func populate(s *sandbox.Sandbox, n int) {
	pick := func(i int, values ...any) any { return values[i%len(values)] }
	relation := func(value any) any {
		if value == nil {
			return nil
		}
		return map[string]any{"id": value}
	}
	for i := range n {
		ssn := fmt.Sprintf("19%02d01%02d%s%03d%d", 50+i%40, 1+i%28, pick(i, "-", "", "+"), i%1000, i%10)
		clients := []any{}
		for j := range i % 3 {
			clients = append(clients, relation(uuid(20+(i+j)%3)))
		}
		s.Put(kind, map[string]any{
			"id":                       uuid(1000 + (i*7919)%n),
			"created_at":               fmt.Sprintf("2026-01-%02dT%02d:00:00.%06d%s", 1+i%28, i%24, i%3, pick(i, "Z", "+02:00", "-05:30")),
			"custom_id":                pick(i, fmt.Sprintf("emp-%d", i), fmt.Sprintf("EMP-%d", i), nil, fmt.Sprintf("x %d", i%10)),
			"first_name":               pick(i, "Ada", "ada", "Åsa", "ÅSA", nil, "Bo-Ada", "İrem"),
			"last_name":                pick(i, "Ek", "Strauß", "O'Brien, Jr", nil),
			"corporate_name":           pick(i, nil, "Ada AB", "Bo & Söner"),
			"email":                    pick(i, nil, fmt.Sprintf("Ada%d@Example.com", i%50), fmt.Sprintf("ada%d@EXAMPLE.com", i%50), "bo@other.example", "com@com.example"),
			"phone_number":             pick(i, nil, "+46701234567", "0701234567"),
			"ssn":                      pick(i/2, nil, ssn),
			"org_no":                   pick(i, nil, "556036-0793", "5560360793", "212000-0142"),
			"fmi":                      pick(i, nil, "12345678901234567"),
			"birth_date":               pick(i, nil, fmt.Sprintf("19%02d-01-01", 50+i%40), "2000-02-29"),
			"active_to":                pick(i, nil, "2030-01-01T00:00:00Z", "2030-01-01T01:00:00.000001+01:00", "2031-01-01T00:00:00.5Z"),
			"detail_access":            i % 3,
			"is_active":                i%2 == 0,
			"anonymized":               i%5 == 0,
			"anonymization_name":       pick(i, nil, "Anon"),
			"organization":             relation(pick(i, nil, uuid(1), uuid(2))),
			"role":                     relation(pick(i, nil, uuid(0xabc), uuid(0xdef))),
			"external_clients":         clients,
			"last_login":               pick(i, nil, "2026-02-01T00:00:00Z"),
			"hotp_invite_sendout_time": pick(i, "2026-02-01T00:00:00Z", nil),
			"mfa_has_totp":             pick(i, nil, true, false),
		})
	}
}

func uuid(n int) string { return fmt.Sprintf("%08x-0000-4000-8000-%012x", n, n) }

// oracle reports whether an object satisfies a filter.
func oracle(t *testing.T, m apispec.Field, operator, operand string, negated bool, object map[string]any) bool {
	t.Helper()
	var values []string // none for null
	switch v := object[m.Name].(type) {
	case string:
		values = []string{v}
	case bool, float64:
		values = []string{fmt.Sprint(v)}
	case map[string]any:
		values = []string{fmt.Sprint(v["id"])}
	case []any:
		for _, element := range v {
			values = append(values, fmt.Sprint(element.(map[string]any)["id"]))
		}
	}
	if operator == "isnull" {
		return (len(values) == 0) == (operand == "true") != negated
	}
	if len(values) == 0 {
		return negated // as the sandbox and the client do
	}
	operands := []string{operand}
	if operator == "in" {
		operands = strings.Split(operand, ",")
	}
	holds := slices.ContainsFunc(values, func(value string) bool {
		return slices.ContainsFunc(operands, func(operand string) bool { return compares(t, m, operator, value, operand) })
	})
	return holds != negated
}

// compares reports whether an operator is true for a value and an operand.
func compares(t *testing.T, m apispec.Field, operator, value, operand string) bool {
	t.Helper()
	switch operator {
	case "gt", "gte", "lt", "lte":
		n := after(t, m, value, operand)
		return operator == "gt" && n > 0 || operator == "gte" && n >= 0 || operator == "lt" && n < 0 || operator == "lte" && n <= 0
	case "", "in":
		if m.FilterFamily == "ordered" {
			return after(t, m, value, operand) == 0
		}
		return at(m, value, operand, 0, true, false)
	case "iexact":
		return at(m, value, operand, 0, true, true)
	}
	operator, anyCase := strings.CutPrefix(operator, "i")
	for start := range len(value) + 1 {
		if at(m, value, operand, start, operator == "endswith", anyCase) && (start == 0 || operator != "startswith") {
			return true
		}
	}
	return false
}

var separators = strings.NewReplacer("-", "", "+", "")

// at reports whether a value contains an operand at a position, and up to its end if toEnd is set. Letters are compared one by one.
func at(m apispec.Field, value, operand string, start int, toEnd, anyCase bool) bool {
	if m.Format == "luhn" {
		value, operand = separators.Replace(value), separators.Replace(operand)
	}
	if start > len(value) {
		return false
	}
	a, b := []rune(value[start:]), []rune(operand)
	domain := len([]rune(value)) // where case does not count
	switch {
	case m.Format == "email":
		domain = strings.LastIndexByte(value, '@') - start
	case m.FilterFamily == "membership", anyCase:
		domain = -1
	}
	if len(b) > len(a) || toEnd && len(b) != len(a) {
		return false
	}
	for i := range b {
		if a[i] != b[i] && (i < domain && !anyCase || !strings.EqualFold(string(a[i]), string(b[i]))) {
			return false
		}
	}
	return true
}

// after is above, below or equal to zero as a value is after, before or equal to an operand.
func after(t *testing.T, m apispec.Field, value, operand string) int64 {
	t.Helper()
	if m.Type == "integer" {
		a, err := strconv.Atoi(value)
		b, err2 := strconv.Atoi(operand)
		if err != nil || err2 != nil {
			t.Fatal(value, operand)
		}
		return int64(a - b)
	}
	layout := time.DateOnly
	if m.Format == "date-time" {
		layout = time.RFC3339
	}
	a, err := time.Parse(layout, value)
	b, err2 := time.Parse(layout, operand)
	if err != nil || err2 != nil {
		t.Fatal(value, operand)
	}
	return a.UnixMicro() - b.UnixMicro()
}
