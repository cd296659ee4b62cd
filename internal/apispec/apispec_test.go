package apispec_test

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/pigello/terraform-provider-pigello/internal/apispec"
)

func load(t *testing.T) *openapi3.T {
	t.Helper()
	doc, err := apispec.Load()
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func fields(t *testing.T, doc *openapi3.T, entity string) []apispec.Field {
	t.Helper()
	m, err := apispec.Fields(doc, entity)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// The numbers are from the samples in the documentation: a field that was lost or duplicated while editing changes them.
func TestFieldCounts(t *testing.T) {
	doc := load(t)
	for _, c := range []struct {
		entity                                      string
		answered, body, required, nullable, filters int
		types                                       map[string]int
	}{
		{apispec.OrganizationUser, 38, 25, 1, 28, 29, map[string]int{"string": 17, "boolean": 8, "array": 5, "any": 4, "object": 3, "integer": 1}},
		{apispec.ProtectedIdentity, 15, 13, 0, 13, 15, map[string]int{"string": 9, "object": 6}},
		{apispec.Subtenant, 65, 46, 12, 39, 54, map[string]int{"string": 25, "boolean": 22, "any": 6, "object": 6, "array": 5, "integer": 1}},
	} {
		t.Run(c.entity, func(t *testing.T) {
			var body, required, nullable, filters int
			types := map[string]int{}
			all := fields(t, doc, c.entity)
			for _, m := range all {
				types[m.Type]++
				if m.Nullable {
					nullable++
				}
				if !m.ReadOnly {
					body++
				}
				if m.RequiredInBody {
					required++
				}
				if m.FilterFamily != "" {
					filters++
				}
			}
			got := []int{len(all), body, required, nullable, filters}
			if want := []int{c.answered, c.body, c.required, c.nullable, c.filters}; !slices.Equal(got, want) {
				t.Errorf("fields answered, in the body, required there, nullable, filterable: %v, want %v", got, want)
			}
			if !maps.Equal(types, c.types) {
				t.Errorf("types: %v, want %v", types, c.types)
			}
			if !slices.IsSortedFunc(all, func(a, b apispec.Field) int { return strings.Compare(a.Name, b.Name) }) {
				t.Error("fields are not in order")
			}
		})
	}
}

func TestFields(t *testing.T) {
	doc := load(t)
	limit := func(n uint64) *uint64 { return &n }
	for _, c := range []struct {
		entity string
		want   apispec.Field
	}{
		{apispec.OrganizationUser, apispec.Field{Name: "id", Type: "string", Format: "uuid", ReadOnly: true, AlwaysReturned: true, FilterFamily: "membership"}},
		{apispec.OrganizationUser, apispec.Field{Name: "created_at", Type: "string", Format: "date-time", ReadOnly: true, FilterFamily: "ordered"}},
		{apispec.OrganizationUser, apispec.Field{Name: "detail_access", Type: "integer", Format: "int32", RequiredInBody: true, AlwaysReturned: true, Enum: []any{0., 1., 2.}, FilterFamily: "ordered"}},
		{apispec.OrganizationUser, apispec.Field{Name: "custom_id", Type: "string", Nullable: true, MaxLength: limit(128), FilterFamily: "text"}},
		{apispec.OrganizationUser, apispec.Field{Name: "email", Type: "string", Format: "email", Nullable: true, MaxLength: limit(254), FilterFamily: "text"}},
		{apispec.OrganizationUser, apispec.Field{Name: "phone_number", Type: "string", Nullable: true, MaxLength: limit(36), Pattern: `^\+?1?\d{7,15}$`, FilterFamily: "text"}},
		{apispec.OrganizationUser, apispec.Field{Name: "ssn", Type: "string", Format: "luhn", Nullable: true, MinLength: 12, MaxLength: limit(13), FilterFamily: "text"}},
		{apispec.OrganizationUser, apispec.Field{Name: "org_no", Type: "string", Format: "luhn", Nullable: true, MinLength: 10, MaxLength: limit(11), FilterFamily: "text"}},
		{apispec.OrganizationUser, apispec.Field{Name: "fmi", Type: "string", Nullable: true, MinLength: 17, MaxLength: limit(20), FilterFamily: "text"}},
		{apispec.OrganizationUser, apispec.Field{Name: "role", Type: "object", Nullable: true, Relation: true, FilterFamily: "membership"}},
		{apispec.OrganizationUser, apispec.Field{Name: "external_clients", Type: "array", RelationList: true, FilterFamily: "membership"}},
		{apispec.OrganizationUser, apispec.Field{Name: "debt_distribution_instruction", Type: "array", Nullable: true}},
		{apispec.OrganizationUser, apispec.Field{Name: "profile_picture", Type: "object", Nullable: true}},
		{apispec.OrganizationUser, apispec.Field{Name: "full_name", Type: "any", Nullable: true, ReadOnly: true}},
		{apispec.OrganizationUser, apispec.Field{Name: "is_active", Type: "boolean", FilterFamily: "membership"}},
		{apispec.OrganizationUser, apispec.Field{Name: "mfa_has_totp", Type: "boolean", Nullable: true, ReadOnly: true, FilterFamily: "membership"}},
		{apispec.ProtectedIdentity, apispec.Field{Name: "sub_tenant", Type: "object", Nullable: true, Relation: true, FilterFamily: "membership"}},
		{apispec.ProtectedIdentity, apispec.Field{Name: "birth_date", Type: "string", Format: "date", Nullable: true, FilterFamily: "ordered"}},
		{apispec.Subtenant, apispec.Field{Name: "allow_brf_access", Type: "boolean", RequiredInBody: true, AlwaysReturned: true, FilterFamily: "membership"}},
		{apispec.Subtenant, apispec.Field{Name: "block_notifications_for", Type: "array"}},
		{apispec.Subtenant, apispec.Field{Name: "status", Type: "integer", Format: "int32", ReadOnly: true, AlwaysReturned: true, OpenEnum: true, Enum: []any{0., 1., 2., 3., 4., 5., 6., 7., 8., 9.}, FilterFamily: "ordered"}},
		{apispec.Subtenant, apispec.Field{Name: "peppol_id", Type: "string", Nullable: true, MinLength: 15, MaxLength: limit(18), Pattern: `^(0007|0088):\d{10,13}$`, FilterFamily: "text"}},
	} {
		t.Run(c.entity+"."+c.want.Name, func(t *testing.T) {
			all := fields(t, doc, c.entity)
			i := slices.IndexFunc(all, func(m apispec.Field) bool { return m.Name == c.want.Name })
			if i < 0 {
				t.Fatal("no such field")
			}
			if diff := cmp.Diff(c.want, all[i], cmpopts.IgnoreFields(apispec.Field{}, "Schema")); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

// A text without a documented minimum length must not have one here: the provider has that rule itself.
func TestNoInventedLengths(t *testing.T) {
	doc := load(t)
	documented := []string{"fmi", "gln13_number", "org_no", "peppol_id", "ssn", "username"}
	for _, entity := range apispec.Entities() {
		for _, m := range fields(t, doc, entity) {
			if (m.MinLength > 0) != slices.Contains(documented, m.Name) {
				t.Errorf("%s.%s has minLength %d", entity, m.Name, m.MinLength)
			}
			if _, err := regexp.Compile(m.Pattern); err != nil {
				t.Errorf("%s.%s: %v", entity, m.Name, err)
			}
		}
	}
}

func TestRules(t *testing.T) {
	doc := load(t)
	user := []apispec.Rule{
		{Kind: "at-least-one-of", Fields: []string{"first_name", "last_name", "corporate_name"}},
		{Kind: "unique", Fields: []string{"username"}},
	}
	for entity, want := range map[string][]apispec.Rule{
		apispec.OrganizationUser: user,
		apispec.ProtectedIdentity: {
			{Kind: "exactly-one-of", Fields: []string{"tenant", "sub_tenant"}},
			{Kind: "unique", Fields: []string{"tenant"}},
			{Kind: "unique", Fields: []string{"sub_tenant"}},
		},
		apispec.Subtenant: append(slices.Clone(user), apispec.Rule{Kind: "requires", Fields: []string{"sni_number", "corporate_name"}}),
	} {
		got, err := apispec.Rules(doc, entity)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: -want +got\n%s", entity, diff)
		}
		names := map[string]bool{}
		for _, m := range fields(t, doc, entity) {
			names[m.Name] = true
		}
		for _, rule := range got {
			for _, name := range rule.Fields {
				if !names[name] {
					t.Errorf("%s: the rule %s speaks of %s, which is no field", entity, rule.Kind, name)
				}
			}
		}
	}
}

func TestPathsAndHeaders(t *testing.T) {
	doc := load(t)
	if n := doc.Paths.Len(); n != 11 {
		t.Errorf("%d paths, want 11", n)
	}
	for _, entity := range apispec.Entities() {
		base, err := apispec.BasePath(doc, entity)
		if err != nil {
			t.Fatal(err)
		}
		for path, methods := range map[string][]string{
			base:           {"POST"},
			base + "{pk}/": {"DELETE", "GET", "PATCH"},
			base + "list/": {"GET", "POST"},
		} {
			item := doc.Paths.Value(path)
			if item == nil {
				t.Errorf("no path %s", path)
				continue
			}
			if got := slices.Sorted(maps.Keys(item.Operations())); !slices.Equal(got, methods) {
				t.Errorf("%s has %v, want %v", path, got, methods)
			}
		}
		invite, err := apispec.InvitePath(doc, entity)
		if entity == apispec.ProtectedIdentity {
			if err == nil {
				t.Errorf("a protectedidentity is invited at %s", invite)
			}
		} else if err != nil || invite == base || doc.Paths.Value(invite) == nil {
			t.Errorf("%s is invited at %q: %v", entity, invite, err)
		}
	}
	headers := apispec.Headers(doc)
	if len(headers) != 7 || headers["client_object_id"] != "X-PIGELLO-CLIENT-ENTITY" {
		t.Errorf("headers: %v", headers)
	}
}

func TestUnknownNames(t *testing.T) {
	doc := load(t)
	if _, err := apispec.Fields(doc, "tenant"); err == nil {
		t.Error("an entity that is not described has fields")
	}
	if _, err := apispec.Operators(doc, "spatial"); err == nil {
		t.Error("a family that is not described has operators")
	}
	operators, err := apispec.Operators(doc, "membership")
	if err != nil || !slices.Equal(operators, []string{"in", "isnull"}) {
		t.Errorf("membership: %v, %v", operators, err)
	}
}
