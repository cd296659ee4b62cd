package schedules_test

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/pigello/terraform-provider-pigello/internal/pluginserver"
)

const userType = "pigello_organization_user"

// schemaOf returns the types of the provider's configuration, of a user and of its identity.
var schemaOf = sync.OnceValue(func() (types struct {
	provider, user, identity tftypes.Type
	computed                 map[string]bool
},
) {
	server := providerserver.NewProtocol6(New("test")())()
	schemas, err := server.GetProviderSchema(context.Background(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		panic(err)
	}
	identities, err := server.GetResourceIdentitySchemas(context.Background(), &tfprotov6.GetResourceIdentitySchemasRequest{})
	if err != nil {
		panic(err)
	}
	types.provider, types.user = schemas.Provider.ValueType(), schemas.ResourceSchemas[userType].ValueType()
	types.identity = identities.IdentitySchemas[userType].ValueType()
	types.computed = map[string]bool{}
	for _, a := range schemas.ResourceSchemas[userType].Block.Attributes {
		types.computed[a.Name] = a.Computed
	}
	return types
})

// instance is what Terraform stores of a resource.
type instance struct {
	state    *tfprotov6.DynamicValue // nil if there is none
	private  []byte
	identity *tfprotov6.ResourceIdentityData
}

// process is a configured provider, as Terraform starts a new one for each walk.
type process struct{ tfprotov6.ProviderServer }

// start configures a provider that sends its requests through a transport. The variables are NAME=value.
func start(t *testing.T, transport http.RoundTripper, variables []string) process {
	t.Helper()
	p := process{pluginserver.New(&Provider{Version: "test", Transport: transport})}
	resp, err := p.ConfigureProvider(t.Context(), configurationOf(variables))
	if err != nil || failure(resp.Diagnostics) != nil {
		t.Fatal(err, failure(resp.Diagnostics))
	}
	return p
}

// configurationOf makes a configuration of variables as for start.
func configurationOf(variables []string) *tfprotov6.ConfigureProviderRequest {
	config := map[string]any{}
	for _, variable := range variables {
		name, value, _ := strings.Cut(strings.TrimPrefix(variable, "PIGELLO_"), "=")
		config[strings.ToLower(name)] = value
	}
	return &tfprotov6.ConfigureProviderRequest{TerraformVersion: "1.14.0", Config: dynamic(schemaOf().provider, config)}
}

// dynamic makes an object; what is not given is null.
func dynamic(typ tftypes.Type, values map[string]any) *tfprotov6.DynamicValue {
	object := map[string]tftypes.Value{}
	for name, attribute := range typ.(tftypes.Object).AttributeTypes {
		object[name] = tftypes.NewValue(attribute, nil)
		switch value := values[name].(type) {
		case nil:
		case tftypes.Value:
			object[name] = value
		default:
			object[name] = tftypes.NewValue(attribute, value)
		}
	}
	result, err := tfprotov6.NewDynamicValue(typ, tftypes.NewValue(typ, object))
	if err != nil {
		panic(err)
	}
	return &result
}

func null(typ tftypes.Type) *tfprotov6.DynamicValue {
	result, err := tfprotov6.NewDynamicValue(typ, tftypes.NewValue(typ, nil))
	if err != nil {
		panic(err)
	}
	return &result
}

// attributes returns the attributes of a user, nil if there is none.
func attributes(value *tfprotov6.DynamicValue) map[string]tftypes.Value {
	if value == nil {
		return nil
	}
	decoded, err := value.Unmarshal(schemaOf().user)
	if err != nil {
		panic(err)
	}
	if decoded.IsNull() {
		return nil
	}
	var object map[string]tftypes.Value
	if err := decoded.As(&object); err != nil {
		panic(err)
	}
	return object
}

func text(v tftypes.Value) string {
	var s *string
	if v.As(&s) != nil || s == nil {
		return ""
	}
	return *s
}

// failure returns the errors among diagnostics as one.
func failure(diags []*tfprotov6.Diagnostic) error {
	var texts []string
	for _, d := range diags {
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			texts = append(texts, d.Summary+"\n"+d.Detail)
		}
	}
	if len(texts) == 0 {
		return nil
	}
	return fmt.Errorf("%s", strings.Join(texts, "\n\n"))
}

// refresh reads a resource; it is gone if its state is nil afterwards.
func (p process) refresh(ctx context.Context, i instance) (instance, error) {
	if i.state == nil {
		return i, nil
	}
	resp, err := p.ReadResource(ctx, &tfprotov6.ReadResourceRequest{
		TypeName: userType, CurrentState: i.state, Private: i.private, CurrentIdentity: i.identity,
	})
	if err != nil {
		return i, err
	}
	if err := failure(resp.Diagnostics); err != nil {
		return i, err
	}
	if attributes(resp.NewState) == nil {
		return instance{}, nil
	}
	return instance{resp.NewState, resp.Private, resp.NewIdentity}, nil
}

// adopt imports a resource.
func (p process) adopt(ctx context.Context, id string) (instance, error) {
	resp, err := p.ImportResourceState(ctx, &tfprotov6.ImportResourceStateRequest{TypeName: userType, ID: id})
	if err != nil {
		return instance{}, err
	}
	if err := failure(resp.Diagnostics); err != nil {
		return instance{}, err
	}
	imported := resp.ImportedResources[0]
	return p.refresh(ctx, instance{imported.State, imported.Private, imported.Identity})
}

// change is a planned change. The configuration nil plans to destroy.
type change struct {
	config  map[string]any
	prior   instance
	planned *tfprotov6.DynamicValue
	private []byte
	empty   bool
}

// creations holds the plans of creations, which depend on the configuration alone: the framework takes its time for a plan, and
// the schedules create the same users again and again.
var creations sync.Map

func (p process) plan(ctx context.Context, prior instance, config map[string]any) (change, error) {
	key := fmt.Sprint(config)
	if planned, ok := creations.Load(key); ok && prior.state == nil {
		return planned.(change), nil
	}
	c, err := p.planAnew(ctx, prior, config)
	if prior.state == nil && err == nil {
		creations.Store(key, c)
	}
	return c, err
}

func (p process) planAnew(ctx context.Context, prior instance, config map[string]any) (change, error) {
	c := change{config: config, prior: prior}
	typ := schemaOf().user
	before := prior.state
	if before == nil {
		before = null(typ)
	}
	proposed := null(typ)
	if config != nil {
		values := map[string]any{}
		for name, value := range attributes(prior.state) {
			if schemaOf().computed[name] {
				values[name] = value
			}
		}
		maps.Copy(values, config)
		proposed = dynamic(typ, values)
	}
	resp, err := p.PlanResourceChange(ctx, &tfprotov6.PlanResourceChangeRequest{
		TypeName: userType, PriorState: before, ProposedNewState: proposed, Config: configured(config),
		PriorPrivate: prior.private, PriorIdentity: prior.identity,
	})
	if err != nil {
		return c, err
	}
	if err := failure(resp.Diagnostics); err != nil {
		return c, err
	}
	if len(resp.RequiresReplace) > 0 {
		return c, fmt.Errorf("the plan replaces: %v", resp.RequiresReplace)
	}
	c.planned, c.private = resp.PlannedState, resp.PlannedPrivate
	was, err := before.Unmarshal(typ)
	if err != nil {
		return c, err
	}
	will, err := c.planned.Unmarshal(typ)
	c.empty = err == nil && was.Equal(will)
	return c, err
}

func configured(config map[string]any) *tfprotov6.DynamicValue {
	if config == nil {
		return null(schemaOf().user)
	}
	return dynamic(schemaOf().user, config)
}

// apply applies a change and returns what Terraform would store, in spite of an error too.
func (p process) apply(ctx context.Context, c change) (instance, error) {
	before := c.prior.state
	if before == nil {
		before = null(schemaOf().user)
	}
	resp, err := p.ApplyResourceChange(ctx, &tfprotov6.ApplyResourceChangeRequest{
		TypeName: userType, PriorState: before, PlannedState: c.planned, Config: configured(c.config),
		PlannedPrivate: c.private, PlannedIdentity: c.prior.identity,
	})
	if err != nil {
		return c.prior, err
	}
	if attributes(resp.NewState) == nil {
		return instance{}, failure(resp.Diagnostics)
	}
	return instance{resp.NewState, resp.Private, resp.NewIdentity}, failure(resp.Diagnostics)
}
