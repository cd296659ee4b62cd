package sandbox

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/pigello/terraform-provider-pigello/internal/apispec"
	"github.com/pigello/terraform-provider-pigello/internal/ident"
)

// bodyRules and responseRules are the formats that values are validated with. In responses, e-mail addresses and check digits are not
// validated: a server may store values that are older than its rules, and so may [Sandbox.Put].
var (
	responseRules = []openapi3.SchemaValidationOption{openapi3.WithStringFormatValidators(map[string]openapi3.StringFormatValidator{
		"date":      openapi3.NewCallbackValidator(ident.Date{}.Check),
		"date-time": openapi3.NewCallbackValidator(ident.Instant{}.Check),
		"uuid":      openapi3.NewCallbackValidator(ident.UUID{}.Check),
	})}
	bodyRules = []openapi3.SchemaValidationOption{openapi3.WithStringFormatValidators(map[string]openapi3.StringFormatValidator{
		"date":      openapi3.NewCallbackValidator(ident.Date{}.Check),
		"date-time": openapi3.NewCallbackValidator(ident.Instant{}.Check),
		"uuid":      openapi3.NewCallbackValidator(ident.UUID{}.Check),
		"email":     openapi3.NewCallbackValidator(ident.Email{}.Check),
		"luhn":      openapi3.NewCallbackValidator(checkLuhn),
	})}
)

// checkLuhn checks a personal or an organization number. Both have the same format in the documentation, but not the same number of digits.
func checkLuhn(s string) error {
	digits := 0
	for _, r := range s {
		if unicode.IsDigit(r) {
			digits++
		}
	}
	if digits == 12 {
		return ident.PersonalNumber{}.Check(s)
	}
	return ident.OrganizationNumber{}.Check(s)
}

// validate returns the errors of a body, by field. r is the object that it changes, or nil if it creates one. The caller must hold the
// mutex of the store.
func (c *call) validate(e *entity, r *record, body map[string]any) map[string][]string {
	errs := map[string][]string{}
	addError := func(name, format string, args ...any) {
		errs[name] = append(errs[name], fmt.Sprintf(format, args...))
	}
	for name, value := range body {
		m, known := e.fields[name]
		switch {
		case !known: // beyond the documentation, as is the next one
			addError(name, "Unknown field.")
		case m.ReadOnly:
			addError(name, "This field is read-only.")
		default:
			if problem := validateValue(m, value); problem != "" {
				addError(name, "%s", problem)
			}
		}
	}

	// It is not documented whether a PATCH is validated alone or merged with the object.
	value := func(name string) (any, bool) {
		if v, sent := body[name]; sent {
			return v, true
		}
		if r != nil && !c.b.ValidateAlone {
			return r.fields[name], true
		}
		return nil, false
	}
	for _, m := range e.byName {
		if _, present := value(m.Name); m.RequiredInBody && !present {
			addError(m.Name, "This field is required.")
		}
	}
	given := func(name string) bool {
		v, _ := value(name)
		return v != nil
	}
	for _, rule := range e.rules {
		first, set := rule.Fields[0], 0
		for _, name := range rule.Fields {
			if given(name) {
				set++
			}
		}
		names := strings.Join(rule.Fields, ", ")
		switch rule.Kind {
		case "at-least-one-of":
			if set == 0 {
				addError(first, "At least one of %s must be set.", names)
			}
		case "exactly-one-of":
			if set != 1 {
				addError(first, "Exactly one of %s must be set.", names)
			}
		case "requires":
			if given(first) && set < len(rule.Fields) {
				addError(first, "Requires %s.", strings.Join(rule.Fields[1:], ", "))
			}
		case "unique":
			if c.taken(e, r, first, body[first]) {
				addError(first, "This field must be unique.")
			}
		}
	}
	for _, name := range c.b.Unique {
		if c.taken(e, r, name, body[name]) {
			addError(name, "This field must be unique.")
		}
	}
	return errs
}

// taken reports whether another object has the same value.
func (c *call) taken(e *entity, r *record, name string, value any) bool {
	key := func(v any) string {
		if m := e.fields[name]; m.Relation {
			return relationID(v)
		}
		return text(v)
	}
	want := key(value)
	return want != "" && slices.ContainsFunc(c.s.store.tables[e].inOrder, func(other *record) bool {
		return other != r && key(other.fields[name]) == want
	})
}

// validateValue returns the error of a field's value, in the words of Django REST framework, or "" if it is valid.
func validateValue(m apispec.Field, value any) string {
	if value == "" {
		return "This field may not be blank." // beyond the documentation
	}
	err := m.Schema.VisitJSON(value, bodyRules...)
	if err == nil {
		return ""
	}
	var problem *openapi3.SchemaError
	for errors.As(err, &problem) && problem.SchemaField == "allOf" {
		err = problem.Origin
	}
	if problem == nil {
		return "Enter a valid value."
	}
	switch problem.SchemaField {
	case "nullable":
		return "This field may not be null."
	case "maxLength":
		return fmt.Sprintf("Ensure this field has no more than %d characters.", *m.MaxLength)
	case "minLength":
		return fmt.Sprintf("Ensure this field has at least %d characters.", m.MinLength)
	case "enum":
		return fmt.Sprintf("\"%v\" is not a valid choice.", value)
	case "type":
		return fmt.Sprintf("Not a valid %s.", m.Type)
	case "required":
		return "The id is missing."
	}
	switch m.Format {
	case "date":
		return "Date has wrong format. Use one of these formats instead: YYYY-MM-DD."
	case "date-time":
		return "Datetime has wrong format. Use one of these formats instead: YYYY-MM-DDThh:mm[:ss[.uuuuuu]][+HH:MM|-HH:MM|Z]."
	case "email":
		return "Enter a valid email address."
	}
	return "Enter a valid value."
}
