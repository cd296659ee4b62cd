package apispec

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/getkin/kin-openapi/openapi3"
)

// Field is one field of an entity, with everything that the description says about it.
type Field struct {
	Name   string
	Type   string // "string", "boolean", "integer", "array", "object", or "any" where the documentation gives none
	Format string // "date", "date-time", "email", "uuid", "luhn", "gln13", "int32", or ""

	Nullable       bool // null is a value of it; in a body, null clears it
	ReadOnly       bool // in responses, but not in bodies
	RequiredInBody bool // documented as required in POST and PATCH
	AlwaysReturned bool // documented as required in responses

	MinLength uint64  // 0 where none is documented
	MaxLength *uint64 // nil where none is documented
	Pattern   string  // "" where none is documented

	Enum     []any // the values, numbers as float64; nil for a field without an enumeration
	OpenEnum bool  // Enum is incomplete: there are other values

	Relation     bool // a reference {"id": …} to another object
	RelationList bool // an array of references

	FilterFamily string // "ordered", "text", "membership", or "" if lists cannot be filtered by it

	Schema *openapi3.Schema // the schema of the field's value
}

// Fields returns the fields of an entity, sorted by name. References and allOf are resolved.
func Fields(doc *openapi3.T, entity string) ([]Field, error) {
	schema, err := Schema(doc, entity)
	if err != nil {
		return nil, err
	}
	required := map[string]bool{}
	properties := map[string]*openapi3.Schema{}
	var collect func(*openapi3.Schema) error
	collect = func(s *openapi3.Schema) error {
		for _, part := range s.AllOf {
			if err := collect(part.Value); err != nil {
				return err
			}
		}
		for _, name := range s.Required {
			required[name] = true
		}
		for name, property := range s.Properties {
			if properties[name] != nil {
				return fmt.Errorf("%s has the field %s twice", entity, name)
			}
			properties[name] = property.Value
		}
		return nil
	}
	if err := collect(schema); err != nil {
		return nil, err
	}

	fields := make([]Field, 0, len(properties))
	for name, property := range properties {
		m, err := describe(name, property)
		if err != nil {
			return nil, fmt.Errorf("%s.%s: %w", entity, name, err)
		}
		m.AlwaysReturned = required[name]
		m.RequiredInBody = required[name] && !m.ReadOnly
		fields = append(fields, m)
	}
	slices.SortFunc(fields, func(a, b Field) int { return cmp.Compare(a.Name, b.Name) })
	return fields, nil
}

// describe collects the properties of a field from its schema, and from the schema that it extends.
func describe(name string, schema *openapi3.Schema) (Field, error) {
	m := Field{Name: name, Type: "any", Schema: schema}
	for s := schema; s != nil; s = base(s) {
		m.Nullable = m.Nullable || s.Nullable
		m.ReadOnly = m.ReadOnly || s.ReadOnly
		if types := s.Type.Slice(); len(types) > 0 {
			m.Type = types[0]
		}
		m.Format = cmp.Or(m.Format, s.Format)
		m.MinLength = max(m.MinLength, s.MinLength)
		m.MaxLength = cmp.Or(m.MaxLength, s.MaxLength)
		m.Pattern = cmp.Or(m.Pattern, s.Pattern)
		m.Relation = m.Relation || isReference(s)
		m.RelationList = m.RelationList || s.Items != nil && isReference(s.Items.Value)
		if m.Enum == nil {
			m.Enum = s.Enum
		}
		if _, open := s.Extensions["x-open-enum"]; open {
			m.OpenEnum = true
			if err := extension(s.Extensions, "x-open-enum", &m.Enum); err != nil {
				return Field{}, err
			}
		}
	}
	m.FilterFamily = family(m)
	return m, nil
}

// base returns the schema that a field's schema extends, or nil. To extend a schema, the description uses allOf with one element, since
// OpenAPI 3.0 ignores all properties next to a reference.
func base(s *openapi3.Schema) *openapi3.Schema {
	if len(s.AllOf) == 0 {
		return nil
	}
	return s.AllOf[0].Value
}

func isReference(s *openapi3.Schema) bool {
	return len(s.Properties) == 1 && s.Properties["id"] != nil && s.Properties["id"].Value.Format == "uuid"
}

// family returns the filter family of a field, by the rule that is a comment at x-filter-families.
func family(m Field) string {
	switch {
	case m.Relation, m.RelationList, m.Type == "boolean", m.Format == "uuid":
		return "membership"
	case m.Type == "integer", m.Format == "date", m.Format == "date-time":
		return "ordered"
	case m.Type == "string":
		return "text"
	}
	return ""
}

// Rule is a condition for several fields, or for several objects.
type Rule struct {
	// Kind is "at-least-one-of" or "exactly-one-of" Fields, "unique" (the one field, among all objects of the entity), or "requires" (the
	// first of Fields requires all others).
	Kind   string   `json:"rule"`
	Fields []string `json:"fields"`
}

// Rules returns the rules of an entity. Those of the schemas that it extends are first.
func Rules(doc *openapi3.T, entity string) ([]Rule, error) {
	schema, err := Schema(doc, entity)
	if err != nil {
		return nil, err
	}
	var rules []Rule
	var collect func(*openapi3.Schema) error
	collect = func(s *openapi3.Schema) error {
		for _, part := range s.AllOf {
			if err := collect(part.Value); err != nil {
				return err
			}
		}
		var own []Rule
		err := extension(s.Extensions, "x-rules", &own)
		rules = append(rules, own...)
		return err
	}
	if err := collect(schema); err != nil {
		return nil, fmt.Errorf("%s: %w", entity, err)
	}
	return rules, nil
}
