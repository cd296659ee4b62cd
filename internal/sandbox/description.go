package sandbox

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/pigello/terraform-provider-pigello/internal/apispec"
)

// description is the API description in a form for the sandbox. It never changes.
type description struct {
	entities  []*entity
	operators map[string][]string // by filter family
	headers   map[string]string   // by security scheme
}

type entity struct {
	kind   string
	base   string // the path to create at
	invite string // the path to invite at, or ""
	schema *openapi3.Schema
	fields map[string]apispec.Field
	byName []apispec.Field // by name
	rules  []apispec.Rule
}

// describe reads the description once for all sandboxes: tests create hundreds of them.
var describe = sync.OnceValues(func() (*description, error) {
	doc, err := apispec.Load()
	if err != nil {
		return nil, err
	}
	d := &description{operators: map[string][]string{}, headers: apispec.Headers(doc)}
	for _, kind := range apispec.Entities() {
		e := &entity{kind: kind, fields: map[string]apispec.Field{}}
		if e.base, err = apispec.BasePath(doc, kind); err != nil {
			return nil, err
		}
		if invite, err := apispec.InvitePath(doc, kind); err == nil {
			e.invite = invite
		}
		if e.schema, err = apispec.Schema(doc, kind); err != nil {
			return nil, err
		}
		if e.byName, err = apispec.Fields(doc, kind); err != nil {
			return nil, err
		}
		if e.rules, err = apispec.Rules(doc, kind); err != nil {
			return nil, err
		}
		for _, m := range e.byName {
			e.fields[m.Name] = m
			if m.FilterFamily == "" || d.operators[m.FilterFamily] != nil {
				continue
			}
			if d.operators[m.FilterFamily], err = apispec.Operators(doc, m.FilterFamily); err != nil {
				return nil, err
			}
		}
		d.entities = append(d.entities, e)
	}
	return d, nil
})

func (d *description) entity(kind string) *entity {
	i := slices.IndexFunc(d.entities, func(e *entity) bool { return e.kind == kind })
	if i < 0 {
		panic(fmt.Sprintf("sandbox: no entity %q", kind))
	}
	return d.entities[i]
}

// route returns the entity of a path, and what of it the path addresses: "objects", "object" (with its id), "list" or "invite".
func (d *description) route(path string) (e *entity, what, id string) {
	for _, e := range d.entities {
		if e.invite != "" && path == e.invite {
			return e, "invite", ""
		}
		rest, ok := strings.CutPrefix(path, e.base)
		if !ok {
			continue
		}
		switch id, found := strings.CutSuffix(rest, "/"); {
		case rest == "":
			return e, "objects", ""
		case rest == "list/":
			return e, "list", ""
		case found && !strings.Contains(id, "/"):
			return e, "object", id
		}
	}
	return nil, "", ""
}

// defaults returns the values of an object that is created without any fields.
//
// Beyond the documentation, which has no defaults.
func (e *entity) defaults() map[string]any {
	object := make(map[string]any, len(e.byName))
	for _, m := range e.byName {
		switch {
		case m.Nullable:
			object[m.Name] = nil
		case m.Type == "boolean":
			object[m.Name] = m.Name == "is_active"
		case m.Type == "array":
			object[m.Name] = []any{}
		case m.Type == "integer":
			object[m.Name] = zero
		}
	}
	return object
}
