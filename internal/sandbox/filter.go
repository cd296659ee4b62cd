package sandbox

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/pigello/terraform-provider-pigello/internal/apispec"
	"github.com/pigello/terraform-provider-pigello/internal/ident"
)

// filter is one parameter of a list that narrows it. The documentation gives the syntax and the operators of each family of
// fields; the treatment of null is beyond it.
type filter struct {
	member   apispec.Member
	operator string // "" for the exact match
	negated  bool
	value    string
	match    func(value any) bool // before negation
}

const invalidValue = "Enter a valid value."

// parseFilter reads `field=value`, `field__operator=value` and both with a `!` behind the name, or says what is wrong.
func (c *call) parseFilter(e *entity, name, value string) (filter, string) {
	name, negated := strings.CutSuffix(name, "!")
	field, operator, hasOperator := strings.Cut(name, "__")
	m := e.members[field]
	if m.FilterFamily == "" {
		return filter{}, "Not a field to filter by."
	}
	if hasOperator && !slices.Contains(c.s.description.operators[m.FilterFamily], operator) {
		return filter{}, "Not an operator of this field."
	}
	match := c.matcher(m, operator, value)
	if match == nil {
		return filter{}, invalidValue
	}
	return filter{member: m, operator: operator, negated: negated, value: value, match: match}, ""
}

// matcher makes the test that an operator and its operand stand for, or nil if the operand is not a value of the field.
func (c *call) matcher(m apispec.Member, operator, operand string) func(any) bool {
	if operator == "isnull" {
		want, err := strconv.ParseBool(operand)
		if err != nil {
			return nil
		}
		return func(value any) bool {
			list, isList := value.([]any)
			return (value == nil || isList && len(list) == 0) == want
		}
	}
	if match := c.textMatcher(m, operator, operand); match != nil {
		return match
	}
	operands := []string{operand}
	if operator == "in" {
		operands = strings.Split(operand, ",")
	}
	keys := make(map[key]bool, len(operands))
	var bound key
	for _, o := range operands {
		k, ok := c.operandKey(m, o)
		if !ok {
			return nil
		}
		keys[k], bound = true, k
	}
	if m.RelationList {
		return func(value any) bool {
			list, _ := value.([]any)
			return slices.ContainsFunc(list, func(element any) bool { return keys[key{text: relationID(element)}] })
		}
	}
	compared := func(accept func(int) bool) func(any) bool {
		return func(value any) bool {
			k, ok := c.key(m, value)
			return ok && !k.null && accept(k.compare(bound))
		}
	}
	switch operator {
	case "gt":
		return compared(func(n int) bool { return n > 0 })
	case "gte":
		return compared(func(n int) bool { return n >= 0 })
	case "lt":
		return compared(func(n int) bool { return n < 0 })
	case "lte":
		return compared(func(n int) bool { return n <= 0 })
	}
	return func(value any) bool {
		k, ok := c.key(m, value)
		return ok && keys[k]
	}
}

// textMatcher is the matcher of an operator that only text has, or nil.
func (c *call) textMatcher(m apispec.Member, operator, operand string) func(any) bool {
	var accept func(string) bool
	folded := strings.ToLower(operand)
	switch operator {
	case "contains":
		accept = func(s string) bool { return strings.Contains(s, operand) }
	case "icontains":
		accept = func(s string) bool { return strings.Contains(strings.ToLower(s), folded) }
	case "startswith":
		accept = func(s string) bool { return strings.HasPrefix(s, operand) }
	case "istartswith":
		accept = func(s string) bool { return strings.HasPrefix(strings.ToLower(s), folded) }
	case "endswith":
		accept = func(s string) bool { return strings.HasSuffix(s, operand) }
	case "iendswith":
		accept = func(s string) bool { return strings.HasSuffix(strings.ToLower(s), folded) }
	case "iexact":
		accept = func(s string) bool { return strings.EqualFold(s, operand) }
	default:
		return nil
	}
	return func(value any) bool {
		s, ok := c.canonical(m.Format, value).(string)
		return ok && accept(s)
	}
}

// canonicalID is an id as it is compared.
func (c *call) canonicalID(id string) string {
	if c.b.CaseSensitiveIDs {
		return id
	}
	return strings.ToLower(id)
}

// operandKey reads an operand, and tells whether it is a value that the field can have.
func (c *call) operandKey(m apispec.Member, operand string) (key, bool) {
	switch {
	case m.Relation, m.RelationList, m.Format == "uuid":
		return key{text: c.canonicalID(operand)}, ident.UUID{}.Check(operand) == nil
	case m.Type == "boolean":
		b, err := strconv.ParseBool(operand)
		k, _ := c.key(m, b)
		return k, err == nil
	case m.Type == "integer":
		_, err := strconv.ParseInt(operand, 10, 32)
		k, _ := c.key(m, json.Number(operand))
		return k, err == nil
	case m.Format == "date":
		return key{text: operand}, ident.Date{}.Check(operand) == nil
	case m.Format == "date-time":
		if (ident.Date{}).Check(operand) == nil {
			operand += "T00:00:00Z"
		}
		return c.key(m, operand)
	}
	// Text is compared as it was typed: the server does not tidy what it is asked for.
	return key{text: operand}, true
}
