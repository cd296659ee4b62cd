// Package apispec holds the description of the Pigello API as OpenAPI, and functions to read it. The sandbox validates with it, and a
// conformance test compares the provider's schemas with it. When the API changes, only openapi.yaml needs to change.
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

// Load parses the description and checks that it is valid OpenAPI. Every call returns a new document.
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

// Entities returns the entities of the description, in alphabetical order.
func Entities() []string {
	return []string{OrganizationUser, ProtectedIdentity, Subtenant}
}

// BasePath returns the path at which objects of an entity are created; `list/` and `{id}/` are below it.
func BasePath(doc *openapi3.T, entity string) (string, error) {
	return findPath(doc, entity, false)
}

// InvitePath returns the path that invites a user to sign in. It is an error for an entity that is not a user, such as protectedidentity.
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

// Schema returns the schema of an entity, which is that of responses. Request bodies have the same schema without the read-only fields.
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
	return nil, fmt.Errorf("the API description has no response to POST %s", path)
}

// Operators returns the operators that filters of a family can have besides the exact match. Each of them can be negated.
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

// Headers returns the names of the headers for the credentials, by security scheme (`customer_id`, …). Every request has all of them.
func Headers(doc *openapi3.T) map[string]string {
	headers := make(map[string]string, len(doc.Components.SecuritySchemes))
	for name, scheme := range doc.Components.SecuritySchemes {
		headers[name] = scheme.Value.Name
	}
	return headers
}

// extension decodes an extension (x-…) into target. If there is none, target keeps its value.
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
