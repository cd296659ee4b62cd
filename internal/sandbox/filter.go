package sandbox

import (
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/pigello/terraform-provider-pigello/internal/apispec"
	"github.com/pigello/terraform-provider-pigello/internal/ident"
)

// filter is one filter of a list. The documentation gives the syntax and the operators of each family of fields.
//
// Beyond the documentation: the treatment of null.
type filter struct {
	field    apispec.Field
	operator string // "" for the exact match
	negated  bool
	value    string
	match    func(value any) bool // before negation
}

const invalidValue = "Enter a valid value."

// parseFilter parses `field=value`, `field__operator=value` and both with a `!` after the name. If it is invalid, the text says why.
func (c *call) parseFilter(e *entity, name, value string) (filter, string) {
	name, negated := strings.CutSuffix(name, "!")
	field, operator, hasOperator := strings.Cut(name, "__")
	m := e.fields[field]
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
	return filter{field: m, operator: operator, negated: negated, value: value, match: match}, ""
}

// matcher returns a function that compares a value with the operand, or nil if the operand is not valid for the field.
func (c *call) matcher(m apispec.Field, operator, operand string) func(any) bool {
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

// textMatcher returns the matcher for an operator that only text has, or nil for other operators.
func (c *call) textMatcher(m apispec.Field, operator, operand string) func(any) bool {
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

// canonicalID returns an id in the spelling that is compared.
func (c *call) canonicalID(id string) string {
	if c.b.CaseSensitiveIDs {
		return id
	}
	return strings.ToLower(id)
}

// operandKey returns the key of an operand, and whether it is valid for the field.
func (c *call) operandKey(m apispec.Field, operand string) (key, bool) {
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
	// The server does not normalize the text of a filter.
	return key{text: operand}, true
}
