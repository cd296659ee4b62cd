package organizationuser_test

import (
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/hashicorp/terraform-plugin-testing/compare"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/pigello/terraform-provider-pigello/internal/provider"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

const resourceType = "pigello_organization_user"

// serve returns a sandbox and the provider's configuration for it. The environment stays out of it: it belongs to the
// whole process.
func serve(t *testing.T) (*sandbox.Sandbox, map[string]string) {
	t.Helper()
	t.Parallel()
	api := sandbox.New()
	server := httptest.NewServer(api)
	t.Cleanup(server.Close)
	configuration := map[string]string{}
	for _, variable := range api.Environment(server.URL) {
		name, value, _ := strings.Cut(variable, "=")
		configuration[strings.ToLower(strings.TrimPrefix(name, "PIGELLO_"))] = value
	}
	return api, configuration
}

// TestLifecycle runs the provider in the process of the test, where the race detector sees it.
func TestLifecycle(t *testing.T) {
	api, configuration := serve(t)
	block := attributes{}
	for name, value := range configuration {
		block[name] = value
	}
	config := func(declared attributes) string {
		return strings.Replace(user("provider", block), `resource "pigello_organization_user" "provider"`, `provider "pigello"`, 1) +
			users(map[string]attributes{"u": declared, "v": rich, "w": spelling})
	}
	u := address("u")
	bystander := api.Put(kind, map[string]any{"detail_access": 0, "first_name": "Bystander"})
	remote := func() string {
		for _, object := range api.All(kind) {
			if object["custom_id"] == "u" {
				return object["id"].(string)
			}
		}
		t.Fatal("the server has no u")
		return ""
	}
	declared := rich.with(attributes{"custom_id": "u", "anonymized": false})
	changed := other.with(attributes{
		"custom_id": "u", "ssn": nil, "role_id": nil,
		"send_out_distribution_instruction": `[{}]`, // an import takes [] for the null that it means
	})
	sameID, otherID := statecheck.CompareValue(compare.ValuesSame()), statecheck.CompareValue(compare.ValuesDiffer())
	action := func(action plancheck.ResourceActionType, checks ...plancheck.PlanCheck) resource.ConfigPlanChecks {
		return resource.ConfigPlanChecks{PreApply: append(checks, plancheck.ExpectResourceAction(u, action))}
	}

	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: map[string]func() (tfprotov6.ProviderServer, error){
			"pigello": func() (tfprotov6.ProviderServer, error) {
				return providerserver.NewProtocol6WithError(provider.New("test")())()
			},
		},
		CheckDestroy: func(*terraform.State) error {
			if left := api.All(kind); len(left) != 1 || left[0]["id"] != bystander {
				return fmt.Errorf("%d users left", len(left))
			}
			return nil
		},
		Steps: []resource.TestStep{
			{
				Config:           config(declared),
				ConfigPlanChecks: action(plancheck.ResourceActionCreate, plancheck.ExpectUnknownValue(u, tfjsonpath.New("id"))),
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownValue(u, tfjsonpath.New("email"), knownvalue.StringExact("ada@example.com")),
					statecheck.ExpectSensitiveValue(u, tfjsonpath.New("ssn")),
					sameID.AddStateValue(u, tfjsonpath.New("id")),
					otherID.AddStateValue(u, tfjsonpath.New("id")),
				},
			},
			{
				ResourceName: u, ImportState: true, ImportStateVerify: true,
				ImportStateVerifyIgnore: []string{"ssn"}, // an import leaves it out
			},
			{
				Config:            config(changed),
				ConfigPlanChecks:  action(plancheck.ResourceActionUpdate, plancheck.ExpectUnknownValue(u, tfjsonpath.New("role_id"))),
				ConfigStateChecks: []statecheck.StateCheck{sameID.AddStateValue(u, tfjsonpath.New("id"))},
			},
			{ResourceName: u, ImportState: true, ImportStateVerify: true},
			{ResourceName: u, ImportState: true, ImportStateKind: resource.ImportBlockWithID},
			{
				PreConfig: func() { api.Change(kind, remote(), map[string]any{"email": "somebody@example.com"}) },
				Config:    config(changed),
				ConfigPlanChecks: action(plancheck.ResourceActionUpdate,
					plancheck.ExpectKnownValue(u, tfjsonpath.New("email"), knownvalue.StringExact("augusta@example.com"))),
				ConfigStateChecks: []statecheck.StateCheck{sameID.AddStateValue(u, tfjsonpath.New("id"))},
			},
			{
				PreConfig:         func() { api.Remove(kind, remote()) },
				Config:            config(changed),
				ConfigPlanChecks:  action(plancheck.ResourceActionCreate),
				ConfigStateChecks: []statecheck.StateCheck{otherID.AddStateValue(u, tfjsonpath.New("id"))},
			},
		},
	})
}

// inProcess is a configured provider, called as Terraform calls it.
type inProcess struct {
	tfprotov6.ProviderServer
	schema, identity tftypes.Type
}

func newInProcess(t *testing.T, configuration map[string]string) inProcess {
	t.Helper()
	p := providerserver.NewProtocol6(provider.New("test")())()
	schemas, err := p.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	succeeds(t, err, schemas.Diagnostics)
	identities, err := p.GetResourceIdentitySchemas(t.Context(), &tfprotov6.GetResourceIdentitySchemasRequest{})
	succeeds(t, err, identities.Diagnostics)
	configured, err := p.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{
		TerraformVersion: "1.14.0",
		Config:           dynamic(t, schemas.Provider.ValueType(), configuration),
	})
	succeeds(t, err, configured.Diagnostics)
	return inProcess{p, schemas.ResourceSchemas[resourceType].ValueType(), identities.IdentitySchemas[resourceType].ValueType()}
}

// succeeds fails the test if a call ended with an error, and returns its warnings.
func succeeds(t *testing.T, err error, diags []*tfprotov6.Diagnostic) (warnings []string) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range diags {
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			t.Fatalf("%s: %s", d.Summary, d.Detail)
		}
		warnings = append(warnings, d.Summary+": "+d.Detail)
	}
	return warnings
}

// dynamic returns an object of texts; what is not given is null.
func dynamic(t *testing.T, typ tftypes.Type, values map[string]string) *tfprotov6.DynamicValue {
	t.Helper()
	object := map[string]tftypes.Value{}
	for name, attribute := range typ.(tftypes.Object).AttributeTypes {
		object[name] = tftypes.NewValue(attribute, nil)
		if value, ok := values[name]; ok {
			object[name] = tftypes.NewValue(tftypes.String, value)
		}
	}
	result, err := tfprotov6.NewDynamicValue(typ, tftypes.NewValue(typ, object))
	if err != nil {
		t.Fatal(err)
	}
	return &result
}

// text returns one attribute of an object, "" if it is null or if the whole object is.
func text(t *testing.T, typ tftypes.Type, value *tfprotov6.DynamicValue, name string) string {
	t.Helper()
	decoded, err := value.Unmarshal(typ)
	if err != nil {
		t.Fatal(err)
	}
	var object map[string]tftypes.Value
	var result string
	if err := decoded.As(&object); err != nil {
		t.Fatal(err)
	}
	if attribute, ok := object[name]; ok && !attribute.IsNull() {
		if err := attribute.As(&result); err != nil {
			t.Fatal(err)
		}
	}
	return result
}

// TestIdentity imports by identity and by id, which Terraform does from 1.12 on, and finds the same user.
func TestIdentity(t *testing.T) {
	api, configuration := serve(t)
	userID := api.Put(kind, rich.body())
	p := newInProcess(t, configuration)
	identityData := func(id string) *tfprotov6.ResourceIdentityData {
		return &tfprotov6.ResourceIdentityData{IdentityData: dynamic(t, p.identity, map[string]string{"id": id})}
	}
	for name, req := range map[string]*tfprotov6.ImportResourceStateRequest{
		"id":             {ID: userID},
		"upper-case id":  {ID: strings.ToUpper(userID)},
		"identity":       {Identity: identityData(userID)},
		"upper identity": {Identity: identityData(strings.ToUpper(userID))},
	} {
		p := newInProcess(t, configuration) // as Terraform starts one for each run
		req.TypeName = resourceType
		imported, err := p.ImportResourceState(t.Context(), req)
		succeeds(t, err, imported.Diagnostics)
		if len(imported.ImportedResources) != 1 {
			t.Fatalf("%s: want one user, got %d", name, len(imported.ImportedResources))
		}
		found := imported.ImportedResources[0]
		read, err := p.ReadResource(t.Context(), &tfprotov6.ReadResourceRequest{
			TypeName: resourceType, CurrentState: found.State, CurrentIdentity: found.Identity, Private: found.Private,
		})
		succeeds(t, err, read.Diagnostics)
		for attribute, want := range map[string]string{"id": userID, "email": "ada@example.com", "ssn": ""} {
			if got := text(t, p.schema, read.NewState, attribute); got != want {
				t.Errorf("%s: %s: want %q, got %q", name, attribute, want, got)
			}
		}
		if got := text(t, p.identity, read.NewIdentity.IdentityData, "id"); got != userID {
			t.Errorf("%s: want the identity %s, got %q", name, userID, got)
		}
	}

	for _, identity := range []string{"emp-42", "deadbeef-0000-4000-8000-abcdefabcdef"} {
		data := &tfprotov6.ResourceIdentityData{IdentityData: dynamic(t, p.identity, map[string]string{"id": identity})}
		imported, err := p.ImportResourceState(t.Context(), &tfprotov6.ImportResourceStateRequest{TypeName: resourceType, Identity: data})
		if err != nil {
			t.Fatal(err)
		}
		diags := imported.Diagnostics
		if len(diags) == 0 {
			found := imported.ImportedResources[0]
			read, err := p.ReadResource(t.Context(), &tfprotov6.ReadResourceRequest{
				TypeName: resourceType, CurrentState: found.State, CurrentIdentity: found.Identity, Private: found.Private,
			})
			if err != nil {
				t.Fatal(err)
			}
			diags = read.Diagnostics
		}
		if len(diags) != 1 || diags[0].Severity != tfprotov6.DiagnosticSeverityError || strings.Contains(diags[0].Summary, "Identity") {
			t.Errorf("%s: want one error, got %v", identity, diags)
		}
	}
}

// TestGoneWithoutIdentity reads a user who is gone, from a state without identities: those of Terraform 1.11 and before are
// all so (TestRemovedBehindTheBack lives through it with a real one), and those of later versions until the first apply.
// The framework takes a null identity after a read for the provider's mistake, even if the object is gone.
func TestGoneWithoutIdentity(t *testing.T) {
	api, configuration := serve(t)
	p := newInProcess(t, configuration)
	api.Put(kind, map[string]any{"detail_access": 0, "first_name": "Bystander"})
	gone := api.Put(kind, map[string]any{"detail_access": 0, "first_name": "Ada"})
	// Without created_at, since what is new would be waited for.
	state := dynamic(t, p.schema, map[string]string{"id": gone})
	seen, err := p.ReadResource(t.Context(), &tfprotov6.ReadResourceRequest{TypeName: resourceType, CurrentState: state})
	succeeds(t, err, seen.Diagnostics)
	api.Remove(kind, gone)
	null, err := tfprotov6.NewDynamicValue(p.identity, tftypes.NewValue(p.identity, nil))
	if err != nil {
		t.Fatal(err)
	}
	for name, identity := range map[string]*tfprotov6.ResourceIdentityData{
		"no identity":   nil,
		"null identity": {IdentityData: &null},
		"null id":       {IdentityData: dynamic(t, p.identity, nil)},
		"identity":      {IdentityData: dynamic(t, p.identity, map[string]string{"id": gone})},
	} {
		p := newInProcess(t, configuration) // as Terraform starts one for each run
		read, err := p.ReadResource(t.Context(), &tfprotov6.ReadResourceRequest{
			TypeName: resourceType, CurrentIdentity: identity, CurrentState: state, Private: seen.Private,
		})
		warnings := succeeds(t, err, read.Diagnostics)
		if len(warnings) != 1 || !strings.Contains(warnings[0], gone) {
			t.Errorf("%s: want one warning with the id, got %v", name, warnings)
		}
		state, err := read.NewState.Unmarshal(p.schema)
		if err != nil || !state.IsNull() {
			t.Errorf("%s: the state remains: %v %v", name, state, err)
		}
	}
}
