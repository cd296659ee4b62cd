package invite_test

import (
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/pigello/terraform-provider-pigello/internal/provider"
	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

func TestMain(m *testing.M) { acctest.Main(m) }

const (
	userInvite      = "pigello_organization_user_invite"
	subtenantInvite = "pigello_subtenant_invite"

	id = "497F6ECA-6276-4993-BFEB-53CBBBBA6F08"
)

// keys are the actions with the attributes that say whom to invite.
var keys = map[string]string{userInvite: "user_id", subtenantInvite: "sub_tenant_id"}

// server is what Terraform talks to.
type server interface {
	tfprotov6.ProviderServer
	tfprotov6.ProviderServerWithActions //nolint:staticcheck // deprecated only because it will be part of ProviderServer
}

// process is the provider without the terraform command.
type process struct {
	server
	schemas *tfprotov6.GetProviderSchemaResponse
}

func newProcess(t *testing.T) process {
	t.Helper()
	p := provider.NewServer("test")().(server)
	schemas, err := p.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil || len(schemas.Diagnostics) > 0 {
		t.Fatal(err, schemas.Diagnostics)
	}
	return process{p, schemas}
}

// configured returns a provider that is configured for a sandbox.
func configured(t *testing.T, changes ...string) (process, *sandbox.Sandbox) {
	t.Helper()
	t.Parallel()
	api := sandbox.New()
	server := httptest.NewServer(api)
	t.Cleanup(server.Close)
	config := map[string]any{"request_timeout": "1s", "max_retries": 1}
	for _, variable := range append(api.Environment(server.URL), changes...) {
		name, value, _ := strings.Cut(variable, "=")
		config[strings.ToLower(strings.TrimPrefix(name, "PIGELLO_"))] = value
	}
	p := newProcess(t)
	resp, err := p.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{
		TerraformVersion: "1.14.1", Config: dynamic(t, p.schemas.Provider.ValueType(), config),
	})
	if err != nil || len(resp.Diagnostics) > 0 {
		t.Fatal(err, resp.Diagnostics)
	}
	return p, api
}

// dynamic returns an object; what is not given is null.
func dynamic(t *testing.T, typ tftypes.Type, values map[string]any) *tfprotov6.DynamicValue {
	t.Helper()
	object := map[string]tftypes.Value{}
	for name, of := range typ.(tftypes.Object).AttributeTypes {
		object[name] = tftypes.NewValue(of, values[name])
	}
	result, err := tfprotov6.NewDynamicValue(typ, tftypes.NewValue(typ, object))
	if err != nil {
		t.Fatal(err)
	}
	return &result
}

func (p process) config(t *testing.T, action string, values map[string]any) *tfprotov6.DynamicValue {
	t.Helper()
	return dynamic(t, p.schemas.ActionSchemas[action].Schema.ValueType(), values)
}

// validate and plan return the errors by the attribute that they are on.
func (p process) validate(t *testing.T, action string, values map[string]any) map[string]string {
	t.Helper()
	resp, err := p.ValidateActionConfig(t.Context(), &tfprotov6.ValidateActionConfigRequest{ActionType: action, Config: p.config(t, action, values)})
	if err != nil {
		t.Fatal(err)
	}
	return errorsOf(resp.Diagnostics)
}

func (p process) plan(t *testing.T, action string, values map[string]any) map[string]string {
	t.Helper()
	resp, err := p.PlanAction(t.Context(), &tfprotov6.PlanActionRequest{
		ActionType: action, Config: p.config(t, action, values), ClientCapabilities: &tfprotov6.PlanActionClientCapabilities{},
	})
	if err != nil {
		t.Fatal(err)
	}
	return errorsOf(resp.Diagnostics)
}

// invoke returns the messages of an action, and its errors.
func (p process) invoke(t *testing.T, action string, values map[string]any) (progress []string, errors map[string]string) {
	t.Helper()
	resp, err := p.InvokeAction(t.Context(), &tfprotov6.InvokeActionRequest{ActionType: action, Config: p.config(t, action, values)})
	if err != nil {
		t.Fatal(err)
	}
	for event := range resp.Events {
		switch e := event.Type.(type) {
		case tfprotov6.ProgressInvokeActionEventType:
			progress = append(progress, e.Message)
		case tfprotov6.CompletedInvokeActionEventType:
			errors = errorsOf(e.Diagnostics)
		}
	}
	return progress, errors
}

func errorsOf(diagnostics []*tfprotov6.Diagnostic) map[string]string {
	found := map[string]string{}
	for _, d := range diagnostics {
		at := ""
		if d.Attribute != nil {
			at = strings.Trim(strings.TrimPrefix(d.Attribute.String(), "AttributeName"), `()"`)
		}
		found[at] += d.Summary + ": " + d.Detail + "\n"
	}
	return found
}
