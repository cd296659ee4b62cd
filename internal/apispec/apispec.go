// Package apispec holds the one description of the Pigello API that this repository relies on, and the means to walk it.
// The sandbox validates against it, and a conformance test holds the provider's schemas to it: a change of the API is made in
// openapi.yaml and nowhere else.
package apispec

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// The entities, spelled as the last word of their paths.
const (
	OrganizationUser  = "organizationuser"
	ProtectedIdentity = "protectedidentity"
	Subtenant         = "subtenant"
)

//go:embed openapi.yaml
var document []byte

// Load parses the description and makes sure that it is valid OpenAPI. Every call returns a document of its own.
func Load() (*openapi3.T, error) {
	doc, err := openapi3.NewLoader().LoadFromData(document)
	if err != nil {
		return nil, fmt.Errorf("reading the API description: %w", err)
	}
	if err := doc.Validate(context.Background()); err != nil {
		return nil, fmt.Errorf("the API description is not valid: %w", err)
	}
	return doc, nil
}

// Entities lists the entities that the description covers, in alphabetical order.
func Entities() []string {
	return []string{OrganizationUser, ProtectedIdentity, Subtenant}
}

// BasePath is where objects of an entity are created; `list/` and `{id}/` stand below it.
func BasePath(doc *openapi3.T, entity string) (string, error) {
	return findPath(doc, entity, false)
}

// InvitePath is where objects of an entity are invited to log in. A protectedidentity is not a user and has none: an error.
func InvitePath(doc *openapi3.T, entity string) (string, error) {
	return findPath(doc, entity, true)
}

func findPath(doc *openapi3.T, entity string, invite bool) (string, error) {
	for _, path := range doc.Paths.InMatchingOrder() {
		if strings.HasSuffix(path, "/"+entity+"/") && strings.Contains(path, "/invite/") == invite {
			return path, nil
		}
	}
	return "", fmt.Errorf("no such path for %q in the API description", entity)
}

// Schema finds an entity's schema: the shape of its answers and, without the read-only members, of its bodies.
func Schema(doc *openapi3.T, entity string) (*openapi3.Schema, error) {
	path, err := BasePath(doc, entity)
	if err != nil {
		return nil, err
	}
	if item := doc.Paths.Value(path); item != nil && item.Post != nil {
		if created := item.Post.Responses.Status(201); created != nil && created.Value != nil {
			if media := created.Value.Content.Get("application/json"); media != nil && media.Schema != nil {
				return media.Schema.Value, nil
			}
		}
	}
	return nil, fmt.Errorf("the API description has no answer to POST %s", path)
}

// Operators lists what a filter of a family may carry besides the exact match; every one of them can be negated.
func Operators(doc *openapi3.T, family string) ([]string, error) {
	var families map[string][]string
	if err := extension(doc.Extensions, "x-filter-families", &families); err != nil {
		return nil, err
	}
	operators, ok := families[family]
	if !ok {
		return nil, fmt.Errorf("no filter family %q in the API description", family)
	}
	return operators, nil
}

// Headers names the headers that carry the credentials, keyed by their security scheme (`customer_id`, …). Every request
// carries all of them.
func Headers(doc *openapi3.T) map[string]string {
	headers := make(map[string]string, len(doc.Components.SecuritySchemes))
	for name, scheme := range doc.Components.SecuritySchemes {
		headers[name] = scheme.Value.Name
	}
	return headers
}

// extension decodes an x- member into target, which keeps its value if the member is absent.
func extension(extensions map[string]any, name string, target any) error {
	value, ok := extensions[name]
	if !ok {
		return nil
	}
	text, err := json.Marshal(value)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if err := json.Unmarshal(text, target); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}
