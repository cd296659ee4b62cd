package model

import (
	"slices"
	"strings"

	"github.com/pigello/terraform-provider-pigello/internal/ident"
)

// Parameter returns the query parameter for a filter. The API must return all objects that satisfy the filter, in whatever spelling it
// stores the values; Matches removes the others afterwards. ok is false if no parameter guarantees that, or if it would be personal data.
func (c Condition) Parameter() (name, value string, ok bool) {
	operator, operands := c.operator, c.operands
	spelled := c.spellings()
	switch kind := c.field.Kind; {
	case c.private:
		return "", "", false
	case c.operator == "isnull":
		// To us an empty text is null, but the API may count it as a value. If the API hides the field, only the API can decide.
		if c.field.isText() && !c.field.Personal && c.asksForNull() {
			return "", "", false
		}
	case c.isPartial() && c.field.isNumber():
		operands = []string{c.partInAllSpellings()}
	case kind == Email && !c.negated && c.hasTwoSpellings():
		// The spelling that the API stores of the domain is not known. The local part is the same in both.
		local, isBeginning := c.localPart()
		if !isBeginning {
			return "", "", false
		}
		operator, operands = "istartswith", []string{local}
	case c.isPartial() && kind == Email && !c.negated:
		operator = "i" + strings.TrimPrefix(operator, "i")
	case c.isPartial():
	case kind == Email && operator == "" && !c.negated:
		operator = "iexact"
	case kind == Email && operator == "in" && !c.negated:
		// The operator in has no variant that ignores case.
		if operator = "iexact"; len(operands) > 1 {
			return "", "", false
		}
	case !slices.Equal(spelled, operands):
		operator, operands = "in", spelled
	}
	value = strings.Join(operands, ",")
	name = c.field.Name
	if operator != "" {
		name += "__" + operator
	}
	if c.negated {
		name += "!"
	}
	return name, value, value != ""
}

// spellings returns the operands in all spellings in which the API may store them.
func (c Condition) spellings() []string {
	var all []string
	for _, operand := range c.operands {
		all = append(all, c.field.spellings(operand)...)
	}
	return all
}

// spellings returns a value in the spellings in which the API may store it, if these can be listed.
func (f Field) spellings(value string) []string {
	switch f.Kind {
	case PersonalNumber, OrganizationNumber:
		digits := BareDigits(value)
		if f.Kind == OrganizationNumber {
			digits = ident.OrganizationNumber{}.Key(digits)
		}
		head, tail := digits[:max(0, len(digits)-4)], digits[max(0, len(digits)-4):]
		all := []string{digits, head + "-" + tail}
		if f.Kind == PersonalNumber {
			all = append(all, head+"+"+tail)
		}
		return all
	case UUID, Relation, Relations:
		if lower := strings.ToLower(value); lower != value {
			return []string{lower, value}
		}
	}
	return []string{value}
}

// partInAllSpellings returns a part of the operand that a number contains with and without a separator before its last four digits. A
// negated filter can use all digits: the objects that the API leaves out then do not satisfy it in any spelling.
func (c Condition) partInAllSpellings() string {
	digits := BareDigits(c.operands[0])
	head := 8
	if c.field.Kind == OrganizationNumber {
		head = 6
	}
	switch {
	case c.negated:
		return digits
	case strings.HasSuffix(c.operator, "startswith"):
		return digits[:min(head, len(digits))]
	case strings.HasSuffix(c.operator, "endswith"):
		return digits[max(0, len(digits)-4):]
	case len(digits) == 1:
		return digits
	}
	return "" // the separator may be anywhere in the operand
}

// Lookup returns a query for objects with a value, in all spellings in which the API may store it.
func (f Field) Lookup(value string) Query {
	query := Query{}
	if name, parameter, ok := (Condition{field: f, operands: []string{value}}).Parameter(); ok {
		query[name] = parameter
	}
	return query
}

// LookupAny returns a query for objects with one of several values. If there is more than one, none may contain a comma. For e-mail
// addresses, the operator in does not ignore case, so the query has two spellings of the domain: the declared one, and that of DNS.
func (f Field) LookupAny(values []string) Query {
	if len(values) == 1 {
		return f.Lookup(values[0])
	}
	var spelled []string
	for _, value := range values {
		spelled = append(spelled, f.spellings(value)...)
		if key := f.Kind.Key(value); f.Kind == Email && key != value {
			spelled = append(spelled, key)
		}
	}
	return Query{f.Name + "__in": strings.Join(spelled, ",")}
}

// BareDigits returns the ASCII digits of a text.
func BareDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

// hasTwoSpellings reports whether an operand has a domain with letters outside ASCII, which can be written in two ways.
func (c Condition) hasTwoSpellings() bool {
	return slices.ContainsFunc(c.operands, func(operand string) bool {
		domain := operand[strings.LastIndexByte(operand, '@')+1:]
		return c.operator != "isnull" && (!isASCII(domain) || strings.Contains(strings.ToLower(domain), "xn--"))
	})
}

// localPart returns the local part of an address with its @, if the operand is an address or the beginning of one with the @.
func (c Condition) localPart() (local string, ok bool) {
	at := strings.LastIndexByte(c.operands[0], '@') + 1
	switch c.operator {
	case "", "in", "iexact", "startswith", "istartswith":
		return c.operands[0][:at], at > 1 && len(c.operands) == 1
	}
	return "", false
}
