// Package server_test compares what the provider responds with what the plugin framework alone would respond.
package server_test

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/pigello/terraform-provider-pigello/internal/pluginserver"
	"github.com/pigello/terraform-provider-pigello/internal/provider"
	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
	"github.com/pigello/terraform-provider-pigello/internal/race"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

const userType = "pigello_organization_user"

// TestResponsesAreTheFrameworks sends the same requests to the provider's server and to a plain framework server, thousands of them and at
// random: both must send the same to Pigello, and respond the same to the byte. What is read is compared as values, for its
// encoding differs on purpose.
func TestResponsesAreTheFrameworks(t *testing.T) {
	calls := 3000
	if race.Enabled {
		calls = 500
	}
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	synctest.Test(t, func(t *testing.T) { // where two calls are made at the same time
		s := newSame(t, seed)
		for range calls {
			s.step()
		}
		for _, kind := range []string{"apply", "data source", "ephemeral", "function", "import", "list", "plan", "read", "schema", "upgrade", "validate"} {
			if s.asked[kind] < calls/40 {
				t.Errorf("only %d calls of kind %s", s.asked[kind], kind)
			}
		}
		t.Logf("%v calls, %d errors", s.asked, s.errors)
		if s.errors == 0 || s.errors > calls*2/3 {
			t.Errorf("%d of %d responses are errors", s.errors, calls)
		}
	})
}

// same is two servers that are asked the same.
type same struct {
	*testing.T
	random      *rand.Rand
	plain, ours acctest.Protocol
	tape        *tape
	types       map[string]tftypes.Type // of the resources
	schemas     *tfprotov6.GetProviderSchemaResponse
	held        []held
	asked       map[string]int
	errors      int
}

// held is an object that Terraform has in its state.
type held struct {
	typeName string
	state    *tfprotov6.DynamicValue
	private  []byte
	identity *tfprotov6.ResourceIdentityData
}

func newSame(t *testing.T, seed uint64) *same {
	pigello := sandbox.New()
	tape := &tape{RoundTripper: pigello.Transport()}
	s := &same{
		T: t, random: rand.New(rand.NewPCG(seed, 0)), tape: tape, asked: map[string]int{},
		plain: providerserver.NewProtocol6(&provider.Provider{Version: "test", Transport: tape})().(acctest.Protocol),
		ours:  pluginserver.New(&provider.Provider{Version: "test", Transport: tape}).(acctest.Protocol),
		types: map[string]tftypes.Type{},
	}
	s.schemas = ask(s, "schema", acctest.Protocol.GetProviderSchema, &tfprotov6.GetProviderSchemaRequest{})
	for name, schema := range s.schemas.ResourceSchemas {
		s.types[name] = schema.ValueType()
	}
	ask(s, "configure", acctest.Protocol.ConfigureProvider, &tfprotov6.ConfigureProviderRequest{
		TerraformVersion: "1.14.0",
		Config:           acctest.Dynamic(s.schemas.Provider.ValueType(), acctest.Configuration(pigello, "https://host.example")),
	})
	for _, kind := range []string{sandbox.OrganizationUser, sandbox.ProtectedIdentity, sandbox.Subtenant} {
		pigello.Put(kind, map[string]any{"id": someID, "custom_id": "emp-1"})
	}
	return s
}

// ask asks both, and compares.
func ask[Req, Resp any](s *same, kind string, method func(acctest.Protocol, context.Context, Req) (Resp, error), req Req) Resp {
	s.Helper()
	s.asked[kind]++
	s.tape.record()
	want, wantErr := method(s.plain, s.Context(), req)
	s.tape.play()
	got, err := method(s.ours, s.Context(), req)
	if fmt.Sprint(err) != fmt.Sprint(wantErr) {
		s.Fatalf("%s: the error is %v, want %v", kind, err, wantErr)
	}
	if left := s.tape.responses; len(left) > 0 {
		s.Fatalf("%s: %d requests fewer are made", kind, len(left))
	}
	diagnostics(want)
	diagnostics(got)
	compared := any(got)
	if read, ok := compared.(*tfprotov6.ReadResourceResponse); ok && err == nil {
		compared = s.decoded(read, any(want).(*tfprotov6.ReadResourceResponse))
	}
	if !reflect.DeepEqual(compared, any(want)) {
		s.Fatalf("%s: the response is not that of the framework. -want +got\n%s", kind, cmp.Diff(any(want), compared))
	}
	if err != nil || failed(diagnostics(got)) {
		s.errors++
	}
	return got
}

func failed(diags []*tfprotov6.Diagnostic) bool { return acctest.DiagnosticsOf(diags).Err() != nil }

// diagnostics returns those of a response, and sorts them: the framework goes through attributes in no order.
func diagnostics(response any) []*tfprotov6.Diagnostic {
	field := reflect.ValueOf(response).Elem().FieldByName("Diagnostics")
	if !field.IsValid() {
		return nil
	}
	diags := field.Interface().([]*tfprotov6.Diagnostic)
	slices.SortFunc(diags, func(a, b *tfprotov6.Diagnostic) int {
		return strings.Compare(a.Summary+a.Detail+a.Attribute.String(), b.Summary+b.Detail+b.Attribute.String())
	})
	return diags
}

// decoded returns what was read with the state that it should have, if it means the same.
func (s *same) decoded(read, want *tfprotov6.ReadResourceResponse) *tfprotov6.ReadResourceResponse {
	if read.NewState == nil || want.NewState == nil {
		return read
	}
	if len(read.NewState.JSON) == 0 {
		s.Fatalf("what is read is not in JSON: %+v", read.NewState)
	}
	for _, typ := range s.types {
		a, errA := read.NewState.Unmarshal(typ)
		b, errB := want.NewState.Unmarshal(typ)
		if errA == nil && errB == nil && a.Equal(b) {
			copied := *read
			copied.NewState = want.NewState
			return &copied
		}
	}
	return read
}

// step asks something at random.
func (s *same) step() {
	names := []string{userType, "pigello_protected_identity"}
	name := names[s.random.IntN(len(names))]
	if s.random.IntN(50) == 0 {
		name = "pigello_nothing"
	}
	typ := s.types[name]
	if typ == nil {
		typ = s.types[userType]
	}
	var on *held
	prior := held{typeName: name, state: acctest.Dynamic(typ, nil)}
	if len(s.held) > 0 && s.random.IntN(4) > 0 {
		on = &s.held[s.random.IntN(len(s.held))]
		name, prior, typ = on.typeName, *on, s.types[on.typeName]
	}
	switch s.random.IntN(12) {
	case 0:
		ask(s, "schema", acctest.Protocol.GetProviderSchema, &tfprotov6.GetProviderSchemaRequest{})
	case 1:
		ask(s, "list", listAll, &tfprotov6.ListResourceRequest{
			TypeName: name, IncludeResource: s.random.IntN(2) == 0, Limit: int64(s.random.IntN(9)),
			Config: acctest.Dynamic(s.schemas.ListResourceSchemas[userType].ValueType(), nil), // the same for all
		})
	case 2:
		ask(s, "validate", acctest.Protocol.ValidateResourceConfig, &tfprotov6.ValidateResourceConfigRequest{
			TypeName: name, Config: acctest.Dynamic(typ, s.value(typ, true)),
			ClientCapabilities: &tfprotov6.ValidateResourceConfigClientCapabilities{WriteOnlyAttributesAllowed: true},
		})
	case 3:
		ask(s, "upgrade", acctest.Protocol.UpgradeResourceState, &tfprotov6.UpgradeResourceStateRequest{
			TypeName: name, Version: int64(s.random.IntN(20) / 19),
			RawState: &tfprotov6.RawState{JSON: fmt.Appendf(nil, `{"id":%q,"detail_access":1,"nobody_knows":[%d]}`, someID, s.random.IntN(9))},
		})
	case 4:
		s.imports(name)
	case 5:
		name, config := s.keyed(s.schemas.DataSourceSchemas)
		ask(s, "data source", acctest.Protocol.ReadDataSource, &tfprotov6.ReadDataSourceRequest{TypeName: name, Config: config})
	case 6:
		name, config := s.keyed(s.schemas.EphemeralResourceSchemas)
		ask(s, "ephemeral", acctest.Protocol.OpenEphemeralResource, &tfprotov6.OpenEphemeralResourceRequest{TypeName: name, Config: config})
	case 7:
		functions := slices.Sorted(maps.Keys(s.schemas.Functions))
		text := plausible[s.random.IntN(len(plausible))]
		ask(s, "function", acctest.Protocol.CallFunction, &tfprotov6.CallFunctionRequest{
			Name: functions[s.random.IntN(len(functions))], Arguments: []*tfprotov6.DynamicValue{acctest.Dynamic(tftypes.String, text)},
		})
	case 8:
		if on != nil {
			s.reads(on)
		}
	default:
		s.changes(name, typ, prior, on)
	}
}

func (s *same) imports(name string) {
	id := []string{someID, "1", otherID}[s.random.IntN(3)]
	resp := ask(s, "import", acctest.Protocol.ImportResourceState, &tfprotov6.ImportResourceStateRequest{TypeName: name, ID: id})
	for _, i := range resp.ImportedResources {
		s.held = append(s.held, held{name, i.State, i.Private, i.Identity})
		s.reads(&s.held[len(s.held)-1])
	}
}

func (s *same) reads(on *held) {
	resp := ask(s, "read", acctest.Protocol.ReadResource, &tfprotov6.ReadResourceRequest{
		TypeName: on.typeName, CurrentState: on.state, Private: on.private, CurrentIdentity: on.identity,
	})
	if !failed(resp.Diagnostics) && resp.NewState != nil {
		if value, err := resp.NewState.Unmarshal(s.types[on.typeName]); err == nil && !value.IsNull() {
			on.state, on.private, on.identity = acctest.Dynamic(s.types[on.typeName], value), resp.Private, resp.NewIdentity
		}
	}
}

// changes plans, and applies what is known if the plan allows it.
func (s *same) changes(name string, typ tftypes.Type, prior held, on *held) {
	unknown := s.random.IntN(3) == 0
	wanted := s.value(typ, unknown)
	if s.random.IntN(8) == 0 && on != nil {
		wanted = tftypes.NewValue(typ, nil)
	} else if before, err := prior.state.Unmarshal(typ); err == nil && !before.IsNull() && s.random.IntN(2) == 0 {
		wanted = before // nothing is to be done, more or less
	}
	config := acctest.Dynamic(typ, wanted)
	planned := ask(s, "plan", acctest.Protocol.PlanResourceChange, &tfprotov6.PlanResourceChangeRequest{
		TypeName: name, PriorState: prior.state, ProposedNewState: config, Config: config,
		PriorPrivate: prior.private, PriorIdentity: prior.identity,
	})
	if failed(planned.Diagnostics) || unknown {
		return
	}
	done := ask(s, "apply", acctest.Protocol.ApplyResourceChange, &tfprotov6.ApplyResourceChangeRequest{
		TypeName: name, PriorState: prior.state, PlannedState: planned.PlannedState, Config: config,
		PlannedPrivate: planned.PlannedPrivate, PlannedIdentity: planned.PlannedIdentity,
	})
	if value, err := done.NewState.Unmarshal(typ); !failed(done.Diagnostics) && err == nil && !value.IsNull() {
		s.held = append(s.held, held{name, done.NewState, done.Private, done.NewIdentity})
	}
}

const (
	someID  = "497f6eca-6276-4993-bfeb-53cbbbba6f08"
	otherID = "597f6eca-6276-4993-bfeb-53cbbbba6f08"
)

// plausible are the texts that attributes get.
var plausible = []string{"Ada", "ada@Example.com", "ADA@example.com", someID, otherID, "19900101-2385", "1990-01-01", "+46701234567", "delete", "[]", ""}

// value makes an object of a type at random. Most attributes are null, and some are unknown if that is allowed.
func (s *same) value(typ tftypes.Type, unknown bool) tftypes.Value {
	attributes := acctest.Attributes{}
	for name, of := range typ.(tftypes.Object).AttributeTypes {
		switch {
		case name == "first_name":
			attributes[name] = "Ada"
		case name == "tenant_id":
			attributes[name] = otherID
		case name == "detail_access":
			attributes[name] = s.random.IntN(3)
		case s.random.IntN(8) > 0:
		case unknown && s.random.IntN(4) == 0:
			attributes[name] = tftypes.UnknownValue
		case of.Is(tftypes.String):
			attributes[name] = plausible[s.random.IntN(len(plausible))]
		case of.Is(tftypes.Bool):
			attributes[name] = s.random.IntN(2) == 0
		case of.Is(tftypes.Set{}):
			attributes[name] = []any{someID}
		}
	}
	return acctest.Value(typ, attributes)
}

// keyed chooses one of some schemas, and makes a configuration with a key or two.
func (s *same) keyed(schemas map[string]*tfprotov6.Schema) (string, *tfprotov6.DynamicValue) {
	names := slices.Sorted(maps.Keys(schemas))
	name := names[s.random.IntN(len(names))]
	typ := schemas[name].ValueType()
	config := acctest.Attributes{}
	keys := map[string]string{"id": []string{someID, otherID, "1"}[s.random.IntN(3)], "custom_id": []string{"emp-1", "emp-2"}[s.random.IntN(2)]}
	for key, value := range keys {
		if _, ok := typ.(tftypes.Object).AttributeTypes[key]; ok && s.random.IntN(2) == 0 {
			config[key] = value
		}
	}
	return name, acctest.Dynamic(typ, config)
}

// listed is all that a list tells.
type listed struct {
	results []tfprotov6.ListResourceResult
}

var listAll = func(p acctest.Protocol, ctx context.Context, req *tfprotov6.ListResourceRequest) (*listed, error) {
	stream, err := p.ListResource(ctx, req)
	if err != nil {
		return nil, err
	}
	return &listed{slices.Collect(stream.Results)}, nil
}
