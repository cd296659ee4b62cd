package conformance_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/apispec"
)

// changes are what may become of a field when Pigello changes its API. Each returns false if it does not apply.
var changes = map[string]func(*apispec.Field) bool{
	"one character more": func(m *apispec.Field) bool { return m.MaxLength != nil && limit(m, *m.MaxLength+1) },
	"one character less": func(m *apispec.Field) bool { return m.MaxLength != nil && limit(m, *m.MaxLength-1) },
	"no longest length": func(m *apispec.Field) bool {
		had := m.MaxLength != nil
		m.MaxLength = nil
		return had
	},
	"a longer shortest": func(m *apispec.Field) bool { m.MinLength += 2; return isPlain(m) || m.Format == "luhn" },
	"a shorter shortest": func(m *apispec.Field) bool {
		applies := m.MinLength > 1
		m.MinLength--
		return applies
	},
	"no shortest": func(m *apispec.Field) bool {
		applies := m.MinLength > 1
		m.MinLength = 0
		return applies
	},
	"no pattern": func(m *apispec.Field) bool {
		had := m.Pattern != ""
		m.Pattern = ""
		return had
	},
	"a pattern":        func(m *apispec.Field) bool { was := isPlain(m); m.Pattern = `^[a-z]{2,4}$`; return was },
	"a longer pattern": func(m *apispec.Field) bool { had := m.Pattern != ""; m.Pattern = `^\+?1?\d{7,16}$`; return had },
	"a wider pattern":  func(m *apispec.Field) bool { had := m.Pattern != ""; m.Pattern = `^\+?1?\d{6,15}$`; return had },
	"no format": func(m *apispec.Field) bool {
		had := m.Type == "string" && m.Format != ""
		m.Format = ""
		return had
	},
	"a date":     func(m *apispec.Field) bool { return format(m, "date") },
	"an instant": func(m *apispec.Field) bool { return format(m, "date-time") },
	"an address": func(m *apispec.Field) bool { return format(m, "email") },
	"an id":      func(m *apispec.Field) bool { return format(m, "uuid") },
	"one choice more": func(m *apispec.Field) bool {
		m.Enum = append(slices.Clip(m.Enum), 3.0)
		return len(m.Enum) > 1
	},
	"one choice less": func(m *apispec.Field) bool {
		if len(m.Enum) == 0 {
			return false
		}
		m.Enum = m.Enum[1:]
		return true
	},
	"free choice": func(m *apispec.Field) bool {
		had := m.Enum != nil
		m.Enum = nil
		return had
	},
	"null or not":     func(m *apispec.Field) bool { m.Nullable = !m.Nullable; return !m.RequiredInBody },
	"required or not": func(m *apispec.Field) bool { m.RequiredInBody = !m.RequiredInBody; return true },
	"read-only":       func(m *apispec.Field) bool { m.ReadOnly = true; return true },
	"a boolean":       func(m *apispec.Field) bool { return retype(m, "boolean") },
	"an integer":      func(m *apispec.Field) bool { return retype(m, "integer") },
	"a text":          func(m *apispec.Field) bool { return retype(m, "string") },
	"an array":        func(m *apispec.Field) bool { return retype(m, "array") },
}

// unseen are the changes that mean nothing, and why.
var unseen = map[string]string{
	"phone_number, one character more": "the pattern is narrower than the length",
	"phone_number, one character less": "the pattern is narrower than the length",
	"phone_number, no longest length":  "the pattern is narrower than the length",
}

func isPlain(m *apispec.Field) bool { return m.Type == "string" && m.Format == "" && m.Pattern == "" }

func limit(m *apispec.Field, n uint64) bool {
	m.MaxLength = &n
	return true
}

func format(m *apispec.Field, f string) bool {
	applies := m.Type == "string" && m.Format != f && !m.Relation
	m.Format, m.Pattern = f, ""
	return applies
}

func retype(m *apispec.Field, of string) bool {
	applies := m.Type != of
	*m = apispec.Field{Name: m.Name, Type: of, Nullable: m.Nullable, RequiredInBody: m.RequiredInBody, Schema: m.Schema}
	return applies
}

// TestChangesOfTheDescriptionAreNoticed changes the description of each field in each way, and lets the comparison of
// TestResourcesFollowTheDescription say that the schema has not followed.
func TestChangesOfTheDescriptionAreNoticed(t *testing.T) {
	p := serve(t)
	tried := map[string]int{}
	for entity, n := range nouns {
		if n.resource == "" {
			continue
		}
		have := attributes(p.ResourceSchemas[n.resource])
		try := resource(p, n.resource).attempt(t, n.valid)
		for _, m := range described(t, entity) {
			a := have[attributeOf(m)]
			if a == nil || m.ReadOnly {
				continue
			}
			for what, change := range changes {
				changed := m
				if !change(&changed) {
					continue
				}
				tried[what]++
				noticed := attributeOf(changed) != a.Name || len(flags(changed, a)) > 0
				if !noticed {
					for range disagreements(changed, a.Name, try) {
						noticed = true
						break
					}
				}
				_, excused := unseen[m.Name+", "+what]
				if noticed == excused {
					t.Errorf("%s.%s, %s: noticed is %v", entity, m.Name, what, noticed)
				}
			}
		}
	}
	for what := range changes {
		if tried[what] == 0 {
			t.Error(fmt.Errorf("%s was never tried", what))
		}
	}
}
