package messages

import (
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/pigello/terraform-provider-pigello/internal/provider"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

const (
	userType     = "pigello_organization_user"
	identityType = "pigello_protected_identity"

	id     = "497f6eca-6276-4993-bfeb-53cbbbba6f08"
	other  = "0a0a0a0a-6276-4993-bfeb-53cbbbba6f08"
	client = "55555555-5555-4555-8555-555555555555" // the sandbox's client_entity
	tenant = "7e7e7e7e-6276-4993-bfeb-53cbbbba6f08"
)

// object is a configuration, or a part of it. What is left out is null.
type object = map[string]any

type unknown struct{}

// server is what Terraform calls.
type server interface {
	tfprotov6.ProviderServer
	tfprotov6.ProviderServerWithListResource //nolint:staticcheck // deprecated only because it will be part of ProviderServer
	tfprotov6.ProviderServerWithActions      //nolint:staticcheck // likewise
}

// process is a provider that runs in the process of the test, with the sandbox that it talks to.
type process struct {
	*testing.T
	server
	api      *sandbox.Sandbox
	schemas  *tfprotov6.GetProviderSchemaResponse
	settings object                            // the provider's configuration
	answers  *atomic.Pointer[http.HandlerFunc] // instead of the sandbox
}

// unconfigured starts a provider without a configuration.
func unconfigured(t *testing.T) *process {
	t.Helper()
	p := &process{T: t, server: provider.NewServer("test")().(server), api: sandbox.New(), answers: &atomic.Pointer[http.HandlerFunc]{}}
	schemas, err := p.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	p.schemas = schemas
	return p
}

// start starts a provider that is configured for a sandbox, with some changes. It does not retry.
func start(t *testing.T, changes object) *process {
	t.Helper()
	p := unconfigured(t)
	p.settings = p.serve()
	maps.Copy(p.settings, changes)
	p.fine(p.configure(p.settings))
	return p
}

// again starts another provider for the same sandbox, as Terraform does for each command.
func (p *process) again(changes object) *process {
	p.Helper()
	next := unconfigured(p.T)
	next.api, next.answers, next.settings = p.api, p.answers, maps.Clone(p.settings)
	maps.Copy(next.settings, changes)
	next.fine(next.configure(next.settings))
	return next
}

// serve starts a server, and returns the configuration for it.
func (p *process) serve() object {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if answer := p.answers.Load(); answer != nil {
			(*answer)(w, r)
			return
		}
		p.api.ServeHTTP(w, r)
	}))
	p.Cleanup(server.Close)
	settings := object{"max_retries": 0}
	for _, variable := range p.api.Environment(server.URL) {
		name, value, _ := strings.Cut(strings.TrimPrefix(variable, "PIGELLO_"), "=")
		settings[strings.ToLower(name)] = value
	}
	return settings
}

// answer makes the API answer everything in one way.
func (p *process) answer(status int, body string) {
	handler := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = w.Write([]byte(body))
	})
	p.answers.Store(&handler)
}

func (p *process) configure(config object) diagnostics {
	resp, err := p.ConfigureProvider(p.Context(), &tfprotov6.ConfigureProviderRequest{
		TerraformVersion: "1.14.0", Config: dynamic(p.schemas.Provider.ValueType(), config),
	})
	p.succeeds(err)
	return resp.Diagnostics
}

func (p *process) succeeds(err error) {
	p.Helper()
	if err != nil {
		p.Fatal(err)
	}
}

func (p *process) typ(typeName string) tftypes.Type {
	return p.schemas.ResourceSchemas[typeName].ValueType()
}

// instance is what Terraform stores of a resource.
type instance struct {
	typeName string
	state    *tfprotov6.DynamicValue
	private  []byte
}

type diagnostics = []*tfprotov6.Diagnostic

func (p *process) validate(typeName string, config object) diagnostics {
	p.Helper()
	resp, err := p.ValidateResourceConfig(p.Context(), &tfprotov6.ValidateResourceConfigRequest{
		TypeName: typeName, Config: dynamic(p.typ(typeName), config),
		ClientCapabilities: &tfprotov6.ValidateResourceConfigClientCapabilities{WriteOnlyAttributesAllowed: true},
	})
	p.succeeds(err)
	return resp.Diagnostics
}

// none is a resource that is not in the state.
func (p *process) none(typeName string) instance {
	return instance{typeName: typeName, state: dynamic(p.typ(typeName), nil)}
}

// change is a planned change. The configuration nil destroys.
type change struct {
	config  object
	before  instance
	planned *tfprotov6.DynamicValue
	private []byte
}

func (p *process) plan(before instance, config object) (change, diagnostics) {
	p.Helper()
	typ := p.typ(before.typeName)
	proposed := config
	if config != nil {
		proposed = p.attributes(before)
		for _, a := range p.schemas.ResourceSchemas[before.typeName].Block.Attributes {
			if !a.Computed || config[a.Name] != nil {
				proposed[a.Name] = config[a.Name]
			}
			if a.WriteOnly {
				proposed[a.Name] = nil
			}
		}
	}
	resp, err := p.PlanResourceChange(p.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: before.typeName, PriorState: before.state, PriorPrivate: before.private,
		ProposedNewState: dynamic(typ, proposed), Config: dynamic(typ, config),
	})
	p.succeeds(err)
	return change{config, before, resp.PlannedState, resp.PlannedPrivate}, resp.Diagnostics
}

func (p *process) apply(c change) (instance, diagnostics) {
	p.Helper()
	resp, err := p.ApplyResourceChange(p.Context(), &tfprotov6.ApplyResourceChangeRequest{
		TypeName: c.before.typeName, PriorState: c.before.state, PlannedState: c.planned, PlannedPrivate: c.private,
		Config: dynamic(p.typ(c.before.typeName), c.config),
	})
	p.succeeds(err)
	return instance{c.before.typeName, resp.NewState, resp.Private}, resp.Diagnostics
}

// settle plans and applies, and returns the diagnostics of the apply.
func (p *process) settle(before instance, config object) (instance, diagnostics) {
	p.Helper()
	c, diags := p.plan(before, config)
	p.fine(diags)
	return p.apply(c)
}

// made returns an object that Terraform has created.
func (p *process) made(typeName string, config object) instance {
	p.Helper()
	i, diags := p.settle(p.none(typeName), config)
	p.fine(diags)
	return i
}

// adopted returns an object that Terraform has imported and read.
func (p *process) adopted(typeName, id string) instance {
	p.Helper()
	i, diags := p.read(p.imported(typeName, id))
	p.fine(diags)
	return i
}

// imported returns an object that Terraform has imported, and is about to read.
func (p *process) imported(typeName, id string) instance {
	p.Helper()
	resp, err := p.ImportResourceState(p.Context(), &tfprotov6.ImportResourceStateRequest{TypeName: typeName, ID: id})
	p.succeeds(err)
	p.fine(resp.Diagnostics)
	return instance{typeName, resp.ImportedResources[0].State, resp.ImportedResources[0].Private}
}

// fine fails the test at an error.
func (p *process) fine(diags diagnostics) {
	p.Helper()
	for _, d := range diags {
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			p.Fatalf("%s: %s", d.Summary, d.Detail)
		}
	}
}

func (p *process) read(i instance) (instance, diagnostics) {
	p.Helper()
	resp, err := p.ReadResource(p.Context(), &tfprotov6.ReadResourceRequest{TypeName: i.typeName, CurrentState: i.state, Private: i.private})
	p.succeeds(err)
	return instance{i.typeName, resp.NewState, resp.Private}, resp.Diagnostics
}

func (p *process) imports(typeName, id string) diagnostics {
	p.Helper()
	resp, err := p.ImportResourceState(p.Context(), &tfprotov6.ImportResourceStateRequest{TypeName: typeName, ID: id})
	p.succeeds(err)
	return resp.Diagnostics
}

func (p *process) validateData(typeName string, config object) diagnostics {
	p.Helper()
	resp, err := p.ValidateDataResourceConfig(p.Context(), &tfprotov6.ValidateDataResourceConfigRequest{
		TypeName: typeName, Config: dynamic(p.schemas.DataSourceSchemas[typeName].ValueType(), config),
	})
	p.succeeds(err)
	return resp.Diagnostics
}

func (p *process) readData(typeName string, config object) diagnostics {
	p.Helper()
	resp, err := p.ReadDataSource(p.Context(), &tfprotov6.ReadDataSourceRequest{
		TypeName: typeName, Config: dynamic(p.schemas.DataSourceSchemas[typeName].ValueType(), config),
	})
	p.succeeds(err)
	return resp.Diagnostics
}

func (p *process) validateEphemeral(config object) diagnostics {
	p.Helper()
	resp, err := p.ValidateEphemeralResourceConfig(p.Context(), &tfprotov6.ValidateEphemeralResourceConfigRequest{
		TypeName: identityType, Config: dynamic(p.schemas.EphemeralResourceSchemas[identityType].ValueType(), config),
	})
	p.succeeds(err)
	return resp.Diagnostics
}

func (p *process) openEphemeral(config object) diagnostics {
	p.Helper()
	resp, err := p.OpenEphemeralResource(p.Context(), &tfprotov6.OpenEphemeralResourceRequest{
		TypeName: identityType, Config: dynamic(p.schemas.EphemeralResourceSchemas[identityType].ValueType(), config),
	})
	p.succeeds(err)
	return resp.Diagnostics
}

func (p *process) validateList(typeName string, config object) diagnostics {
	p.Helper()
	resp, err := p.ValidateListResourceConfig(p.Context(), &tfprotov6.ValidateListResourceConfigRequest{
		TypeName: typeName, Config: dynamic(p.schemas.ListResourceSchemas[typeName].ValueType(), config),
	})
	p.succeeds(err)
	return resp.Diagnostics
}

func (p *process) list(typeName string, config object) (found diagnostics) {
	p.Helper()
	resp, err := p.ListResource(p.Context(), &tfprotov6.ListResourceRequest{
		TypeName: typeName, Config: dynamic(p.schemas.ListResourceSchemas[typeName].ValueType(), config), IncludeResource: true, Limit: 10,
	})
	p.succeeds(err)
	for result := range resp.Results {
		found = append(found, result.Diagnostics...)
	}
	return found
}

func (p *process) validateAction(typeName string, config object) diagnostics {
	p.Helper()
	resp, err := p.ValidateActionConfig(p.Context(), &tfprotov6.ValidateActionConfigRequest{
		ActionType: typeName, Config: dynamic(p.schemas.ActionSchemas[typeName].Schema.ValueType(), config),
	})
	p.succeeds(err)
	return resp.Diagnostics
}

// invoke returns the diagnostics of an action. If it has none, its progress stands in for them.
func (p *process) invoke(typeName string, config object) (found diagnostics) {
	p.Helper()
	resp, err := p.InvokeAction(p.Context(), &tfprotov6.InvokeActionRequest{
		ActionType: typeName, Config: dynamic(p.schemas.ActionSchemas[typeName].Schema.ValueType(), config),
	})
	p.succeeds(err)
	var progress diagnostics
	for event := range resp.Events {
		switch e := event.Type.(type) {
		case tfprotov6.ProgressInvokeActionEventType:
			progress = append(progress, &tfprotov6.Diagnostic{Summary: e.Message})
		case tfprotov6.CompletedInvokeActionEventType:
			found = append(found, e.Diagnostics...)
		}
	}
	if len(found) == 0 {
		return progress
	}
	return found
}

// call returns the error of a function, in the words that Terraform adds to it.
func (p *process) call(name, argument string) diagnostics {
	p.Helper()
	value, err := tfprotov6.NewDynamicValue(tftypes.String, tftypes.NewValue(tftypes.String, argument))
	p.succeeds(err)
	resp, err := p.CallFunction(p.Context(), &tfprotov6.CallFunctionRequest{Name: name, Arguments: []*tfprotov6.DynamicValue{&value}})
	p.succeeds(err)
	if resp.Error == nil {
		p.Fatalf("%s: no error", name)
	}
	return diagnostics{{Severity: tfprotov6.DiagnosticSeverityError, Summary: "Invalid function argument", Detail: fmt.Sprintf(
		"Invalid value for %q parameter: %s.", p.schemas.Functions[name].Parameters[*resp.Error.FunctionArgument].Name, resp.Error.Text)}}
}

// attributes returns the attributes of an object.
func (p *process) attributes(i instance) object {
	p.Helper()
	decoded, err := i.state.Unmarshal(p.typ(i.typeName))
	p.succeeds(err)
	result := object{}
	if decoded.IsNull() {
		return result
	}
	var values map[string]tftypes.Value
	p.succeeds(decoded.As(&values))
	for name, value := range values {
		result[name] = value
	}
	return result
}

// dynamic is what Terraform sends of a configuration.
func dynamic(typ tftypes.Type, config object) *tfprotov6.DynamicValue {
	var given any
	if config != nil {
		given = config
	}
	result, err := tfprotov6.NewDynamicValue(typ, value(typ, given))
	if err != nil {
		panic(err)
	}
	return &result
}

// value builds a value of a type from Go.
func value(typ tftypes.Type, from any) tftypes.Value {
	switch v := from.(type) {
	case nil:
		return tftypes.NewValue(typ, nil)
	case tftypes.Value:
		return v
	case unknown:
		return tftypes.NewValue(typ, tftypes.UnknownValue)
	case object:
		values := map[string]tftypes.Value{}
		if typ, ok := typ.(tftypes.Map); ok {
			for name, element := range v {
				values[name] = value(typ.ElementType, element)
			}
			return tftypes.NewValue(typ, values)
		}
		for name, attribute := range typ.(tftypes.Object).AttributeTypes {
			values[name] = value(attribute, v[name])
		}
		for name := range v {
			if _, ok := values[name]; !ok {
				panic("there is no attribute " + name)
			}
		}
		return tftypes.NewValue(typ, values)
	case []any:
		var element tftypes.Type
		switch typ := typ.(type) {
		case tftypes.List:
			element = typ.ElementType
		case tftypes.Set:
			element = typ.ElementType
		}
		values := make([]tftypes.Value, len(v))
		for i := range v {
			values[i] = value(element, v[i])
		}
		return tftypes.NewValue(typ, values)
	}
	return tftypes.NewValue(typ, from)
}

// with returns an object with one attribute changed.
func with(o object, name string, value any) object {
	changed := object{name: value}
	for n, v := range o {
		if n != name {
			changed[n] = v
		}
	}
	return changed
}
