package model

import (
	"slices"
	"strings"

	"github.com/pigello/terraform-provider-pigello/internal/ident"
)

// Parameter is what is asked of the API for a filter: never less than the filter means, in whatever spelling the API holds the
// values, since what it leaves out nobody can bring back. What it sends too much, matches drops. ok is false if the API has no
// such filter, so that it is asked for all.
func (c Condition) Parameter() (name, value string, ok bool) {
	operator, operands := c.operator, c.operands
	spelled := c.spelled()
	switch kind := c.field.Kind; {
	case c.operator == "isnull":
		// The empty text is no value, but the API may hold it for one. Of a field that it may hide only the API itself knows.
		if c.field.isText() && !c.field.Personal && c.asksForNull() {
			return "", "", false
		}
	case c.isPartial() && c.field.isNumber():
		operands = []string{c.commonPart()}
	case kind == Email && !c.negated && c.hasTwoSpellings():
		// The API compares letters, and its spelling of the domain is not known. The local part is the same in both.
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
		// The list has no variant without regard to case.
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

// spelled returns the operands in all spellings that are as good.
func (c Condition) spelled() []string {
	var all []string
	for _, operand := range c.operands {
		all = append(all, c.field.spelled(operand)...)
	}
	return all
}

// spelled returns a value in all the spellings in which the API may hold it, as far as they can be listed.
func (m Field) spelled(value string) []string {
	switch m.Kind {
	case PersonalNumber, OrganizationNumber:
		digits := BareDigits(value)
		if m.Kind == OrganizationNumber {
			digits = ident.OrganizationNumber{}.Key(digits)
		}
		head, tail := digits[:max(0, len(digits)-4)], digits[max(0, len(digits)-4):]
		all := []string{digits, head + "-" + tail}
		if m.Kind == PersonalNumber {
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

// commonPart returns what a number has of the operand, whether or not a separator stands before its last four digits. To negate
// needs no such care: what the API then leaves out has the operand in any spelling.
func (c Condition) commonPart() string {
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
	return "" // the separator may stand anywhere in it
}

// Lookup asks for a value in all the spellings in which the API may hold it.
func (m Field) Lookup(value string) Query {
	query := Query{}
	if name, asked, ok := (Condition{field: m, operands: []string{value}}).Parameter(); ok {
		query[name] = asked
	}
	return query
}

// LookupAny asks for objects that have one of several values. Several must not have a comma in them. A list of e-mail addresses has no
// variant without regard to case: of their domains it names the declared spelling and the one in which they are looked up.
func (m Field) LookupAny(values []string) Query {
	if len(values) == 1 {
		return m.Lookup(values[0])
	}
	var spelled []string
	for _, value := range values {
		spelled = append(spelled, m.spelled(value)...)
		if key := m.Kind.Key(value); m.Kind == Email && key != value {
			spelled = append(spelled, key)
		}
	}
	return Query{m.Name + "__in": strings.Join(spelled, ",")}
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

// hasTwoSpellings reports whether an operand is, or has a part of, a domain with letters outside ASCII, which may be written in two ways.
func (c Condition) hasTwoSpellings() bool {
	return slices.ContainsFunc(c.operands, func(operand string) bool {
		domain := operand[strings.LastIndexByte(operand, '@')+1:]
		return c.operator != "isnull" && (!isASCII(domain) || strings.Contains(strings.ToLower(domain), "xn--"))
	})
}

// localPart returns the local part of an address with its @, if the operand is a whole address, or a beginning that holds the @.
func (c Condition) localPart() (local string, ok bool) {
	at := strings.LastIndexByte(c.operands[0], '@') + 1
	switch c.operator {
	case "", "in", "iexact", "startswith", "istartswith":
		return c.operands[0][:at], at > 1 && len(c.operands) == 1
	}
	return "", false
}
