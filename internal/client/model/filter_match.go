package model

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/pigello/terraform-provider-pigello/internal/ident"
)

// Matches reports whether an object satisfies the filter. An object without a value satisfies only a negated filter; the API does not
// document whether it should. hidden reports that the object may have a value that the API hides, so that only the server can decide.
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
		found, err := c.compares(value, operand)
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

// compares reports whether the operator is true for a value and an operand.
func (c Condition) compares(value any, operand string) (bool, error) {
	switch v := value.(type) {
	case []string:
		return slices.ContainsFunc(v, func(id string) bool { return (ident.UUID{}).Equal(id, operand) }), nil
	case bool:
		return strconv.FormatBool(v) == operand, nil
	case string:
		if c.isPartial() || c.operator == "iexact" {
			return c.comparesText(v, operand) || c.field.Kind == Email && c.comparesText(withLookupDomain(v), withLookupDomain(operand)), nil
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
func (f Field) valueOf(operand string) any {
	if f.Kind != Integer {
		return operand
	}
	n, _ := strconv.ParseInt(operand, 10, 32) // check has accepted it
	return n
}

// partialOperators compare a part of a text. The variants with an i in front ignore case.
var partialOperators = map[string]func(s, part string) bool{
	"contains": strings.Contains, "startswith": strings.HasPrefix, "endswith": strings.HasSuffix,
}

// comparesText compares texts. The result does not depend on the spelling of the value: it ignores separators in numbers, and the case of
// the domain in an e-mail address.
func (c Condition) comparesText(value, operand string) bool {
	if c.field.isNumber() {
		value, operand = BareDigits(value), BareDigits(operand)
	}
	if c.operator == "iexact" {
		return fold(value) == fold(operand)
	}
	operator, folded := strings.CutPrefix(c.operator, "i")
	test := partialOperators[operator]
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
	// Without an @ the operand is a part of the local part or of the domain. The beginning of an address is in the local part, whose case
	// counts.
	return operator != "startswith" && test(domain, fold(operand))
}

// fold removes the difference of case, also for letters with two lower-case forms.
func fold(s string) string { return strings.ToLower(strings.ToUpper(s)) }

// withLookupDomain returns an address, or a part of one, with its domain as DNS spells it.
func withLookupDomain(address string) string {
	if strings.HasPrefix(address, "@") {
		return strings.TrimPrefix(ident.Email{}.Key("x"+address), "x")
	}
	return ident.Email{}.Key(address)
}
