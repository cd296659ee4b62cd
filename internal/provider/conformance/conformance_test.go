// Package conformance_test compares the provider with the description of the API, and with what users rely on.
package conformance_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/pigello/terraform-provider-pigello/internal/apispec"
	"github.com/pigello/terraform-provider-pigello/internal/client/model"
	"github.com/pigello/terraform-provider-pigello/internal/provider"
	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
)

// The conformance tests hold three things to each other: the description of the API, the client's tables, and the
// provider's schemas with what their validators do. Whichever of them changes alone, a test fails and names the field.

// noun is one entity of the description and what the provider makes of it.
type noun struct {
	entity     model.Entity
	resource   string            // the type of the resource, if there is one
	dataSource string            // the type of the data source, if there is one
	without    map[string]string // writable fields without an attribute in the resource, and why
	valid      acctest.Attributes
}

var nouns = map[string]noun{
	apispec.OrganizationUser: {
		entity: model.OrganizationUser, resource: "pigello_organization_user", dataSource: "pigello_organization_user",
		valid: acctest.Attributes{"detail_access": 1, "first_name": "Ada"},
	},
	apispec.ProtectedIdentity: {
		entity: model.ProtectedIdentity, resource: "pigello_protected_identity",
		valid: acctest.Attributes{"tenant_id": someID},
	},
	apispec.Subtenant: {entity: model.Subtenant, dataSource: "pigello_subtenant"},
}

const someID = "497f6eca-6276-4993-bfeb-53cbbbba6f08"

const unknown = tftypes.UnknownValue

// attributeOf is the name that the contract gives to the attribute of a field: relations are flat ids.
func attributeOf(m apispec.Field) string {
	switch {
	case m.Relation:
		return m.Name + "_id"
	case m.RelationList:
		return strings.TrimSuffix(m.Name, "s") + "_ids"
	}
	return m.Name
}

// described returns the fields of an entity as the description has them.
func described(t *testing.T, entity string) []apispec.Field {
	t.Helper()
	doc, err := apispec.Load()
	if err != nil {
		t.Fatal(err)
	}
	fields, err := apispec.Fields(doc, entity)
	if err != nil {
		t.Fatal(err)
	}
	return fields
}

func serve(t *testing.T) *acctest.InProcess {
	t.Helper()
	return acctest.Serve(t, provider.New("test")())
}

// attributes returns the attributes of a schema by name.
func attributes(s *tfprotov6.Schema) map[string]*tfprotov6.SchemaAttribute {
	all := map[string]*tfprotov6.SchemaAttribute{}
	if s != nil {
		for _, a := range s.Block.Attributes {
			all[a.Name] = a
		}
	}
	return all
}

// block is what users write a block for, with what validates it.
type block struct {
	name     string
	schema   *tfprotov6.Schema
	validate func(ctx context.Context, of string, config any) acctest.Diagnostics
}

func resource(p *acctest.InProcess, name string) block {
	return block{name, p.ResourceSchemas[name], p.ValidateResource}
}

func dataSource(p *acctest.InProcess, name string) block {
	return block{name, p.DataSourceSchemas[name], p.ValidateDataSource}
}

// errors returns the errors in a configuration by the attribute they are on.
func (b block) errors(t *testing.T, config acctest.Attributes) map[string]acctest.Diagnostics {
	t.Helper()
	return b.validate(t.Context(), b.name, config).Errors().By(acctest.Diagnostic.On)
}

func TestEveryEntityIsCovered(t *testing.T) {
	if got := slices.Sorted(maps.Keys(nouns)); !slices.Equal(got, apispec.Entities()) {
		t.Errorf("the description has %v, the tests cover %v", apispec.Entities(), got)
	}
}

// personal are the fields that the contract calls personal, and that the API may hide.
var personal = []string{"first_name", "last_name", "corporate_name", "email", "phone_number", "birth_date", "ssn"}

// TestClientKnowsTheDescription compares the client's tables with the description, both ways.
func TestClientKnowsTheDescription(t *testing.T) {
	doc, err := apispec.Load()
	if err != nil {
		t.Fatal(err)
	}
	for name, n := range nouns {
		base, err := apispec.BasePath(doc, name)
		if err != nil || n.entity.Path != base || n.entity.Name != name || n.entity.Title == "" || n.entity.Plural == "" {
			t.Errorf("%s: name %q, titles %q and %q, path %s, want %s (%v)", name, n.entity.Name, n.entity.Title, n.entity.Plural, n.entity.Path, base, err)
		}
		invite, err := apispec.InvitePath(doc, name)
		if nobody := err != nil; n.entity.InvitePath != invite || nobody != (name == apispec.ProtectedIdentity) {
			t.Errorf("%s: invited at %q, want %q (%v)", name, n.entity.InvitePath, invite, err)
		}
		if n.entity.Confidential != (name == apispec.ProtectedIdentity) {
			t.Errorf("%s: confidential is %v", name, n.entity.Confidential)
		}
		seen := map[string]bool{}
		for _, m := range described(t, name) {
			seen[m.Name] = true
			have, ok := n.entity.Field(m.Name)
			want := model.Field{
				Name: m.Name, Kind: kindOf(t, m), ReadOnly: m.ReadOnly, Required: m.RequiredInBody,
				Personal: slices.Contains(personal, m.Name),
			}
			if !ok || have != want {
				t.Errorf("%s.%s: the client has %+v, the description says %+v", name, m.Name, have, want)
			}
		}
		for _, m := range n.entity.Fields {
			if !seen[m.Name] {
				t.Errorf("%s.%s is not in the description, or twice in the client", name, m.Name)
			}
			delete(seen, m.Name)
		}
		rules, err := apispec.Rules(doc, name)
		if err != nil {
			t.Fatal(err)
		}
		var groups []model.Group
		var unique []string
		for _, rule := range rules {
			if field, _ := n.entity.Field(rule.Fields[0]); rule.Kind == "unique" && !field.ReadOnly {
				unique = append(unique, field.Name)
			}
			if rule.Kind == "at-least-one-of" || rule.Kind == "exactly-one-of" {
				groups = append(groups, model.Group{Fields: rule.Fields, Exclusive: rule.Kind == "exactly-one-of"})
			}
		}
		if fmt.Sprint(groups) != fmt.Sprint(n.entity.Groups) {
			t.Errorf("%s: the client has the groups %v, the description %v", name, n.entity.Groups, groups)
		}
		if !slices.Equal(unique, n.entity.Unique) {
			t.Errorf("%s: the client has the unique fields %v, the description %v", name, n.entity.Unique, unique)
		}
	}
}

// kindOf is the kind that a field has by the description.
func kindOf(t *testing.T, m apispec.Field) model.Kind {
	t.Helper()
	limit := uint64(0)
	if m.MaxLength != nil {
		limit = *m.MaxLength
	}
	switch {
	case m.Type == "any":
		return model.Any
	case m.Type == "boolean":
		return model.Bool
	case m.Type == "integer" && m.Format == "int32":
		return model.Integer
	case m.Relation:
		return model.Relation
	case m.RelationList:
		return model.Relations
	case m.Type == "array":
		return model.JSONArray
	case m.Type == "object" && m.Schema.Properties["md5_hash"] != nil:
		return model.Picture
	case m.Type == "string" && m.Format == "luhn" && m.MinLength == 12 && limit == 13:
		return model.PersonalNumber
	case m.Type == "string" && m.Format == "luhn" && m.MinLength == 10 && limit == 11:
		return model.OrganizationNumber
	case m.Type == "string" && strings.Contains(m.Pattern, `\d{7,15}`):
		return model.PhoneNumber
	}
	kind, ok := map[string]model.Kind{
		"": model.Text, "gln13": model.Text, "email": model.Email, "date": model.Date, "date-time": model.Instant, "uuid": model.UUID,
	}[m.Format]
	if !ok || m.Type != "string" {
		t.Errorf("no kind is known for %s: type %s, format %q", m.Name, m.Type, m.Format)
	}
	return kind
}
