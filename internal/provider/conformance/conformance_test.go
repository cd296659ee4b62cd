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
)

// The conformance tests hold three things to each other: the description of the API, the client's tables, and the
// provider's schemas with what their validators do. Whichever of them changes alone, a test fails and names the member.

// noun is one entity of the description and what the provider makes of it.
type noun struct {
	entity     model.Entity
	resource   string            // the type of the resource, if there is one
	dataSource string            // the type of the data source, if there is one
	without    map[string]string // writable members without an attribute in the resource, and why
	valid      map[string]tftypes.Value
}

var nouns = map[string]noun{
	apispec.OrganizationUser: {
		entity: model.OrganizationUser, resource: "pigello_organization_user", dataSource: "pigello_organization_user",
		valid: map[string]tftypes.Value{"detail_access": number(1), "first_name": text("Ada")},
	},
	apispec.ProtectedIdentity: {
		entity: model.ProtectedIdentity, resource: "pigello_protected_identity",
		valid: map[string]tftypes.Value{"tenant_id": text(someID)},
	},
	apispec.Subtenant: {entity: model.Subtenant, dataSource: "pigello_subtenant"},
}

const someID = "497f6eca-6276-4993-bfeb-53cbbbba6f08"

func text(s string) tftypes.Value          { return tftypes.NewValue(tftypes.String, s) }
func number(n int64) tftypes.Value         { return tftypes.NewValue(tftypes.Number, n) }
func boolean(b bool) tftypes.Value         { return tftypes.NewValue(tftypes.Bool, b) }
func unknown(t tftypes.Type) tftypes.Value { return tftypes.NewValue(t, tftypes.UnknownValue) }

// attributeOf is the name that the contract gives to the attribute of a member: relations are flat ids.
func attributeOf(m apispec.Member) string {
	switch {
	case m.Relation:
		return m.Name + "_id"
	case m.RelationList:
		return strings.TrimSuffix(m.Name, "s") + "_ids"
	}
	return m.Name
}

// described returns the members of an entity as the description has them.
func described(t *testing.T, entity string) []apispec.Member {
	t.Helper()
	doc, err := apispec.Load()
	if err != nil {
		t.Fatal(err)
	}
	members, err := apispec.Members(doc, entity)
	if err != nil {
		t.Fatal(err)
	}
	return members
}

// inProcess is the provider without the terraform command.
type inProcess struct {
	server  tfprotov6.ProviderServer
	schemas *tfprotov6.GetProviderSchemaResponse
}

func newInProcess(t *testing.T) inProcess {
	t.Helper()
	server := provider.NewServer("test")()
	schemas, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range schemas.Diagnostics {
		t.Errorf("%s: %s", d.Summary, d.Detail)
	}
	return inProcess{server, schemas}
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

// block is what users write a block for, with the request that validates it.
type block struct {
	name     string
	schema   *tfprotov6.Schema
	validate func(context.Context, *tfprotov6.DynamicValue) ([]*tfprotov6.Diagnostic, error)
}

func (p inProcess) resource(name string) block {
	return block{name, p.schemas.ResourceSchemas[name], func(ctx context.Context, config *tfprotov6.DynamicValue) ([]*tfprotov6.Diagnostic, error) {
		resp, err := p.server.ValidateResourceConfig(ctx, &tfprotov6.ValidateResourceConfigRequest{
			TypeName: name, Config: config,
			ClientCapabilities: &tfprotov6.ValidateResourceConfigClientCapabilities{WriteOnlyAttributesAllowed: true},
		})
		if err != nil {
			return nil, err
		}
		return resp.Diagnostics, nil
	}}
}

func (p inProcess) dataSource(name string) block {
	return block{name, p.schemas.DataSourceSchemas[name], func(ctx context.Context, config *tfprotov6.DynamicValue) ([]*tfprotov6.Diagnostic, error) {
		resp, err := p.server.ValidateDataResourceConfig(ctx, &tfprotov6.ValidateDataResourceConfigRequest{TypeName: name, Config: config})
		if err != nil {
			return nil, err
		}
		return resp.Diagnostics, nil
	}}
}

// diagnostics runs the validators on a configuration. What is left out is null.
func (b block) diagnostics(t *testing.T, config map[string]tftypes.Value) []*tfprotov6.Diagnostic {
	t.Helper()
	object := b.schema.ValueType().(tftypes.Object)
	values := map[string]tftypes.Value{}
	for attribute, of := range object.AttributeTypes {
		values[attribute] = tftypes.NewValue(of, nil)
	}
	maps.Copy(values, config)
	encoded, err := tfprotov6.NewDynamicValue(object, tftypes.NewValue(object, values))
	if err != nil {
		t.Fatal(err)
	}
	diagnostics, err := b.validate(t.Context(), &encoded)
	if err != nil {
		t.Fatal(err)
	}
	return diagnostics
}

// errors returns the summary and detail of the errors in a configuration by the attribute they are on.
func (b block) errors(t *testing.T, config map[string]tftypes.Value) map[string][]string {
	t.Helper()
	found := map[string][]string{}
	for _, d := range b.diagnostics(t, config) {
		at := ""
		if d.Attribute != nil && len(d.Attribute.Steps()) > 0 {
			at = fmt.Sprint(d.Attribute.Steps()[0])
			if name, ok := d.Attribute.Steps()[0].(tftypes.AttributeName); ok {
				at = string(name)
			}
		}
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			found[at] = append(found[at], d.Summary+": "+d.Detail)
		}
	}
	return found
}

func TestEveryEntityIsCovered(t *testing.T) {
	if got := slices.Sorted(maps.Keys(nouns)); !slices.Equal(got, apispec.Entities()) {
		t.Errorf("the description has %v, the tests cover %v", apispec.Entities(), got)
	}
}

// personal are the members that the contract calls personal, and that the API may hide.
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
			if field, _ := n.entity.Field(rule.Members[0]); rule.Kind == "unique" && !field.ReadOnly {
				unique = append(unique, field.Name)
			}
			if rule.Kind == "at-least-one-of" || rule.Kind == "exactly-one-of" {
				groups = append(groups, model.Group{Fields: rule.Members, Exclusive: rule.Kind == "exactly-one-of"})
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

// kindOf is the kind that a member has by the description.
func kindOf(t *testing.T, m apispec.Member) model.Kind {
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
