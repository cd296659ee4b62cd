package model

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// What a filter may carry besides the exact match depends on the field's family. A conformance test compares this with the
// description of the API.
var (
	orderedOperators    = []string{"gt", "gte", "in", "isnull", "lt", "lte"}
	textOperators       = []string{"contains", "endswith", "icontains", "iendswith", "iexact", "in", "isnull", "istartswith", "startswith"}
	membershipOperators = []string{"in", "isnull"}
)

// Operators returns the operators that a filter by this field may carry besides the exact match, or nil if lists cannot be
// filtered by it.
func (m Field) Operators() []string {
	switch m.Kind {
	case Date, Instant, Integer:
		return orderedOperators
	case Text, Email, PhoneNumber, PersonalNumber, OrganizationNumber:
		return textOperators
	case Bool, UUID, Relation, Relations:
		return membershipOperators
	default:
		return nil
	}
}

func (m Field) isText() bool { return slices.Equal(m.Operators(), textOperators) }

// Condition is one filter, read and found good.
type Condition struct {
	field    Field
	operator string // "" for the exact match
	negated  bool
	operands []string // one, or those of in
}

// CheckFilter tells what is wrong with a filter as the API spells it, such as email__iendswith or role_id__isnull! with its
// operand, or returns nil. The error reads on from a name ("must be …") and never repeats the operand.
func (e Entity) CheckFilter(name, operand string) error {
	_, err := e.ParseFilter(name, operand)
	return err
}

// CheckFilterName is CheckFilter while the operand is not known yet.
func (e Entity) CheckFilterName(name string) error {
	_, err := e.parseFilterName(name)
	return err
}

// ParseFilter reads a filter. Its errors are those of CheckFilter.
func (e Entity) ParseFilter(name, operand string) (Condition, error) {
	c, err := e.parseFilterName(name)
	if err != nil {
		return Condition{}, err
	}
	c.operands = []string{operand}
	if c.operator == "in" {
		c.operands = strings.Split(operand, ",")
	}
	for i, operand := range c.operands {
		if err := c.check(operand); err != nil {
			switch {
			case len(c.operands) > 1 && operand == "":
				err = fmt.Errorf("is a list whose element %d is empty; leave it out", i+1)
			case len(c.operands) > 1:
				err = fmt.Errorf("is a list whose element %d %w", i+1, err)
			}
			return Condition{}, err
		}
	}
	return c, nil
}

func (e Entity) parseFilterName(name string) (Condition, error) {
	name, negated := strings.CutSuffix(name, "!")
	field, operator, has := strings.Cut(name, "__")
	m, err := e.filterField(field)
	if err != nil {
		return Condition{}, err
	}
	if has && !slices.Contains(m.Operators(), operator) {
		return Condition{}, fmt.Errorf("must have an operator that %s has: none (the exact match), %s", m.Name, strings.Join(m.Operators(), ", "))
	}
	return Condition{field: m, operator: operator, negated: negated}, nil
}

// field returns the field that lists can be filtered by under that name: the API's own, or that of the relation's ids.
func (e Entity) filterField(name string) (Field, error) {
	var names []string
	for _, m := range e.Fields {
		if m.Operators() == nil {
			continue
		}
		if name == m.Name || name == m.idName() {
			return m, nil
		}
		names = append(names, m.Name)
	}
	slices.Sort(names)
	problem := "must name a field of the " + e.Title
	if _, ok := e.Field(name); ok {
		problem = "must name a field that lists can be filtered and ordered by, which " + name + " is not"
	}
	return Field{}, errors.New(problem + ". The fields are " + strings.Join(names, ", "))
}

// idName is the name of a relation's ids, which are all that one sees of it, or the field's own name.
func (m Field) idName() string {
	switch m.Kind {
	case Relation:
		return m.Name + "_id"
	case Relations:
		return strings.TrimSuffix(m.Name, "s") + "_ids"
	default:
		return m.Name
	}
}

// check tells what is wrong with an operand, or with an element of in.
func (c Condition) check(operand string) error {
	switch {
	case operand == "":
		return errors.New("is empty; leave the filter out, or find objects without a value with the operator isnull")
	case c.operator == "isnull":
		return checkBool(operand)
	case c.isPartial() && c.field.isNumber():
		if BareDigits(operand) == "" || strings.Trim(operand, "0123456789-+ ") != "" {
			return errors.New("must be a part of a number: digits, with or without a separator")
		}
		return nil
	case c.isPartial():
		return nil
	}
	switch c.field.Kind {
	case Bool:
		return checkBool(operand)
	case Integer:
		if n, err := strconv.ParseInt(operand, 10, 32); err != nil || strconv.FormatInt(n, 10) != operand {
			return errors.New("must be a whole number of 32 bits, such as 1")
		}
		return nil
	case Instant:
		// What a server makes of more is its own affair: it may cut off or round.
		if t, err := time.Parse(time.RFC3339, operand); err == nil && t.Nanosecond()%1000 != 0 {
			return errors.New("must have at most six digits after the point: microseconds")
		}
	}
	return c.field.Kind.Form().Check(operand)
}

func checkBool(operand string) error {
	if operand != "true" && operand != "false" {
		return errors.New("must be true or false")
	}
	return nil
}

// isPartial reports whether the operator looks at a part of a text.
func (c Condition) isPartial() bool {
	return strings.HasSuffix(c.operator, "contains") || strings.HasSuffix(c.operator, "with")
}

// isNumber reports whether a field holds numbers that may be written with a separator.
func (m Field) isNumber() bool { return m.Kind == PersonalNumber || m.Kind == OrganizationNumber }
