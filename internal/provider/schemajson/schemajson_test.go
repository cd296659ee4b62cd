package schemajson_test

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/pigello/terraform-provider-pigello/internal/provider"
	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
	"github.com/pigello/terraform-provider-pigello/internal/provider/schemajson"
)

const address = "registry.terraform.io/pigello/pigello"

func TestMain(m *testing.M) { acctest.Main(m) }

// TestRenderAgreesWithTerraform compares this provider's description with the terraform command's, in every section that
// the installed version knows.
func TestRenderAgreesWithTerraform(t *testing.T) {
	w := acctest.New(t)
	installed := address
	if w.Engine().OpenTofu {
		installed = "registry.opentofu.org/pigello/pigello"
	}
	theirs := sections(t, []byte(w.OK("providers", "schema", "-json").Stdout), installed)

	server, err := providerserver.NewProtocol6WithError(provider.New("test")())()
	if err != nil {
		t.Fatal(err)
	}
	text, err := schemajson.Render(context.Background(), server, address)
	if err != nil {
		t.Fatal(err)
	}
	ours := sections(t, text, address)

	for _, name := range []string{"provider", "resource_schemas", "data_source_schemas"} {
		if theirs[name] == nil {
			t.Errorf("terraform prints no %s", name)
		}
	}
	for name, section := range theirs {
		if diff := cmp.Diff(section, ours[name]); diff != "" {
			t.Errorf("%s (-terraform +ours):\n%s", name, diff)
		}
	}
}

// described is a provider that has one of everything, whether the real one does by now or not.
type described struct{ tfprotov6.ProviderServer }

func (described) GetProviderSchema(context.Context, *tfprotov6.GetProviderSchemaRequest) (*tfprotov6.GetProviderSchemaResponse, error) {
	schema := &tfprotov6.Schema{Version: 2, Block: &tfprotov6.SchemaBlock{
		Description: "A *thing*.", DescriptionKind: tfprotov6.StringKindMarkdown,
		Attributes: []*tfprotov6.SchemaAttribute{
			{Name: "secret", Type: tftypes.String, Optional: true, Sensitive: true, WriteOnly: true, Description: "plain"},
			{Name: "old", Type: tftypes.Set{ElementType: tftypes.Number}, Computed: true, Deprecated: true},
			{Name: "nested", Required: true, NestedType: &tfprotov6.SchemaObject{
				Nesting:    tfprotov6.SchemaObjectNestingModeSingle,
				Attributes: []*tfprotov6.SchemaAttribute{{Name: "inner", Type: tftypes.Bool, Required: true}},
			}},
		},
		BlockTypes: []*tfprotov6.SchemaNestedBlock{{
			TypeName: "timeouts", Nesting: tfprotov6.SchemaNestedBlockNestingModeSingle, Block: &tfprotov6.SchemaBlock{},
		}},
	}}
	each := map[string]*tfprotov6.Schema{"x": schema}
	return &tfprotov6.GetProviderSchemaResponse{
		Provider:        schema,
		ResourceSchemas: each, DataSourceSchemas: each, EphemeralResourceSchemas: each, ListResourceSchemas: each,
		ActionSchemas: map[string]*tfprotov6.ActionSchema{"x": {Schema: schema}},
		Functions: map[string]*tfprotov6.Function{"x": {
			Summary: "short", Description: "long", DeprecationMessage: "gone",
			Parameters:        []*tfprotov6.FunctionParameter{{Name: "a", Type: tftypes.String, Description: "first", AllowNullValue: true}},
			VariadicParameter: &tfprotov6.FunctionParameter{Name: "rest", Type: tftypes.Bool},
			Return:            &tfprotov6.FunctionReturn{Type: tftypes.String},
		}},
	}, nil
}

func (described) GetResourceIdentitySchemas(context.Context, *tfprotov6.GetResourceIdentitySchemasRequest) (*tfprotov6.GetResourceIdentitySchemasResponse, error) {
	return &tfprotov6.GetResourceIdentitySchemasResponse{IdentitySchemas: map[string]*tfprotov6.ResourceIdentitySchema{
		"x": {Version: 1, IdentityAttributes: []*tfprotov6.ResourceIdentitySchemaAttribute{
			{Name: "id", Type: tftypes.String, RequiredForImport: true, Description: "which"},
			{Name: "region", Type: tftypes.String, OptionalForImport: true},
		}},
	}}, nil
}

func TestRenderEverySection(t *testing.T) {
	const thing = `{
		"attributes": {
			"secret": {"type": "string", "description": "plain", "description_kind": "plain", "optional": true, "sensitive": true, "write_only": true},
			"old": {"type": ["set", "number"], "description_kind": "plain", "computed": true, "deprecated": true},
			"nested": {"description_kind": "plain", "required": true, "nested_type": {
				"nesting_mode": "single",
				"attributes": {"inner": {"type": "bool", "description_kind": "plain", "required": true}}
			}}
		},
		"block_types": {"timeouts": {"nesting_mode": "single", "block": {"description_kind": "plain"}}},
		"description": "A *thing*.", "description_kind": "markdown"
	}`
	const schema = `{"version": 2, "block": ` + thing + `}`
	const want = `{"format_version": "1.0", "provider_schemas": {"` + address + `": {
		"provider": ` + schema + `,
		"resource_schemas": {"x": ` + schema + `},
		"data_source_schemas": {"x": ` + schema + `},
		"ephemeral_resource_schemas": {"x": ` + schema + `},
		"list_resource_schemas": {"x": ` + schema + `},
		"action_schemas": {"x": {"block": ` + thing + `}},
		"functions": {"x": {
			"summary": "short", "description": "long", "deprecation_message": "gone", "return_type": "string",
			"parameters": [{"name": "a", "type": "string", "description": "first", "is_nullable": true}],
			"variadic_parameter": {"name": "rest", "type": "bool"}
		}},
		"resource_identity_schemas": {"x": {"version": 1, "attributes": {
			"id": {"type": "string", "description": "which", "required_for_import": true},
			"region": {"type": "string", "optional_for_import": true}
		}}}
	}}}`
	got, err := schemajson.Render(context.Background(), described{}, address)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(sections(t, []byte(want), address), sections(t, got, address)); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

// broken is a provider whose schema has a mistake.
type broken struct{ described }

func (broken) GetResourceIdentitySchemas(context.Context, *tfprotov6.GetResourceIdentitySchemasRequest) (*tfprotov6.GetResourceIdentitySchemasResponse, error) {
	return &tfprotov6.GetResourceIdentitySchemasResponse{Diagnostics: []*tfprotov6.Diagnostic{
		{Severity: tfprotov6.DiagnosticSeverityError, Summary: "Bad identity", Detail: "no attributes"},
	}}, nil
}

func TestRenderReportsMistakes(t *testing.T) {
	_, err := schemajson.Render(context.Background(), broken{}, address)
	if err == nil || err.Error() != "Bad identity: no attributes" {
		t.Errorf("got error %v", err)
	}
}

// sections decodes the description of the one provider at the address.
func sections(t *testing.T, text []byte, address string) map[string]any {
	t.Helper()
	var document struct {
		FormatVersion string                    `json:"format_version"`
		Providers     map[string]map[string]any `json:"provider_schemas"`
	}
	if err := json.Unmarshal(text, &document); err != nil {
		t.Fatal(err)
	}
	if document.FormatVersion != "1.0" || document.Providers[address] == nil {
		t.Fatalf("no description of %s in format 1.0: %.200s", address, text)
	}
	return document.Providers[address]
}
