package model

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/pigello/terraform-provider-pigello/internal/ident"
)

// Matches reports whether an object is one that the filter means. An object without a value is not, but a negated filter keeps
// it: whether the API means it then is not documented. hidden tells that a value may be there that the API does not show, so
// that only the server can know.
func (c Condition) Matches(object Object) (matches, hidden bool, err error) {
	value, err := object.Value(c.field)
	if err != nil {
		return false, false, err
	}
	ids, isList := value.([]string)
	absent := value == nil || isList && len(ids) == 0
	switch {
	case c.operator == "isnull":
		matches = absent == c.asksForNull()
		return matches, !matches && absent && c.field.Personal, nil
	case absent:
		return c.negated, !c.negated && c.field.Personal, nil
	}
	for _, operand := range c.operands {
		found, err := c.holds(value, operand)
		if err != nil {
			return false, false, err
		}
		if found {
			return !c.negated, false, nil
		}
	}
	return c.negated, false, nil
}

func (c Condition) asksForNull() bool { return (c.operands[0] == "true") != c.negated }

// holds reports whether a value stands in the operator's relation to an operand.
func (c Condition) holds(value any, operand string) (bool, error) {
	switch v := value.(type) {
	case []string:
		return slices.ContainsFunc(v, func(id string) bool { return (ident.UUID{}).Equal(id, operand) }), nil
	case bool:
		return strconv.FormatBool(v) == operand, nil
	case string:
		if c.isPartial() || c.operator == "iexact" {
			return c.holdsText(v, operand) || c.field.Kind == Email && c.holdsText(lookedUp(v), lookedUp(operand)), nil
		}
	}
	if c.operator == "" || c.operator == "in" {
		return c.field.Kind.Equal(value, c.field.valueOf(operand)), nil
	}
	n, sure := c.field.Kind.compare(value, c.field.valueOf(operand))
	if !sure {
		return false, fmt.Errorf("the field %s of the response: expected a value that can be compared", c.field.Name)
	}
	switch c.operator {
	case "gt":
		return n > 0, nil
	case "gte":
		return n >= 0, nil
	case "lt":
		return n < 0, nil
	default:
		return n <= 0, nil
	}
}

// valueOf returns an operand as a value of the field.
func (m Field) valueOf(operand string) any {
	if m.Kind != Integer {
		return operand
	}
	n, _ := strconv.ParseInt(operand, 10, 32) // which it was checked to be
	return n
}

// partial are the tests of the operators that look at a part of a text, without regard to the i in front.
var partial = map[string]func(s, part string) bool{
	"contains": strings.Contains, "startswith": strings.HasPrefix, "endswith": strings.HasSuffix,
}

// holdsText compares texts. It never drops what another spelling of the same would keep: neither separators in numbers nor the
// case of an e-mail address's domain count.
func (c Condition) holdsText(value, operand string) bool {
	if c.field.isNumber() {
		value, operand = BareDigits(value), BareDigits(operand)
	}
	if c.operator == "iexact" {
		return fold(value) == fold(operand)
	}
	operator, folded := strings.CutPrefix(c.operator, "i")
	test := partial[operator]
	switch {
	case folded:
		return test(fold(value), fold(operand))
	case test(value, operand):
		return true
	case c.field.Kind != Email:
		return false
	}
	local, domain := value[:strings.LastIndexByte(value, '@')+1], fold(value[strings.LastIndexByte(value, '@')+1:])
	if at := strings.LastIndexByte(operand, '@') + 1; at > 0 {
		return test(local+domain, operand[:at]+fold(operand[at:]))
	}
	// Without an @ it is a part of the one or of the other, and a beginning is always a part of what has its case.
	return operator != "startswith" && test(domain, fold(operand))
}

// fold makes texts equal that differ only in case, letters that have two small forms included.
func fold(s string) string { return strings.ToLower(strings.ToUpper(s)) }

// lookedUp returns an address, or a part of one that begins with the @ or holds it, with its domain as it is looked up.
func lookedUp(address string) string {
	if strings.HasPrefix(address, "@") {
		return strings.TrimPrefix(ident.Email{}.Key("x"+address), "x")
	}
	return ident.Email{}.Key(address)
}
