package model

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The operators that filters can have besides the exact match. A conformance test compares them with package apispec.
var (
	orderedOperators    = []string{"gt", "gte", "in", "isnull", "lt", "lte"}
	textOperators       = []string{"contains", "endswith", "icontains", "iendswith", "iexact", "in", "isnull", "istartswith", "startswith"}
	membershipOperators = []string{"in", "isnull"}
)

// Operators returns the operators that a filter by this field can have besides the exact match, or nil if lists cannot be filtered by it.
func (f Field) Operators() []string {
	switch f.Kind {
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

func (f Field) isText() bool { return slices.Equal(f.Operators(), textOperators) }

// Condition is one valid filter.
type Condition struct {
	field    Field
	operator string // "" for the exact match
	negated  bool
	private  bool     // its operands are personal data of a confidential entity, which are never part of an address
	operands []string // one, or those of in
}

// CheckFilter returns what is wrong with a filter as the API spells it, such as email__iendswith or role_id__isnull!, and its operand. The
// error completes a sentence that begins with a name ("must be …"), and never repeats the operand.
func (e Entity) CheckFilter(name, operand string) error {
	_, err := e.ParseFilter(name, operand)
	return err
}

// CheckFilterName is CheckFilter for an operand that is not known yet.
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
	f, err := e.filterField(field)
	if err != nil {
		return Condition{}, err
	}
	if has && !slices.Contains(f.Operators(), operator) {
		return Condition{}, fmt.Errorf("must have an operator that %s has: none (the exact match), %s", f.Name, strings.Join(f.Operators(), ", "))
	}
	return Condition{field: f, operator: operator, negated: negated, private: e.Confidential && f.Personal && operator != "isnull"}, nil
}

// filterField returns the field for the name in a filter: the API's name, or the name of a relation's ids.
func (e Entity) filterField(name string) (Field, error) {
	var names []string
	for _, f := range e.Fields {
		if f.Operators() == nil {
			continue
		}
		if name == f.Name || name == f.idName() {
			return f, nil
		}
		names = append(names, f.Name)
	}
	slices.Sort(names)
	problem := "must name a field of the " + e.Title
	if _, ok := e.Field(name); ok {
		problem = "must name a field that lists can be filtered and ordered by, which " + name + " is not"
	}
	return Field{}, errors.New(problem + ". The fields are " + strings.Join(names, ", "))
}

// idName is the name under which the provider shows the ids of a relation; for all other fields it is the field's own name.
func (f Field) idName() string {
	switch f.Kind {
	case Relation:
		return f.Name + "_id"
	case Relations:
		return strings.TrimSuffix(f.Name, "s") + "_ids"
	default:
		return f.Name
	}
}

// check returns what is wrong with an operand, or with an element of the list of the operator in.
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
		// A server may round more digits or cut them off.
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

// isPartial reports whether the operator compares a part of a text.
func (c Condition) isPartial() bool {
	return strings.HasSuffix(c.operator, "contains") || strings.HasSuffix(c.operator, "with")
}

// isNumber reports whether the values of a field are numbers that may have a separator.
func (f Field) isNumber() bool { return f.Kind == PersonalNumber || f.Kind == OrganizationNumber }
