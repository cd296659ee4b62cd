package discovery_test

import (
	"maps"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// TestGeneratedRoundTrip does what terraform query, generated configuration and imports do, without Terraform 1.14: the
// configuration that the provider makes of each result is valid, and the import of it plans nothing.
func TestGeneratedRoundTrip(t *testing.T) {
	for of := range nouns {
		t.Run(of, func(t *testing.T) {
			p := newInProcess(t, func(b *sandbox.Behaviour) { b.EmptyForNull = true })
			fill(p.api, of, 150)
			schema := p.schemas.ResourceSchemas[of].ValueType()
			found := p.list(t, request{of: of, include: true})
			if len(found.ids) != 150 {
				t.Fatalf("%d results, %v", len(found.ids), found.errors)
			}
			for i, id := range found.ids {
				generated, err := p.GenerateResourceConfig(t.Context(), &tfprotov6.GenerateResourceConfigRequest{TypeName: of, State: found.states[i]})
				noDiagnostics(t, generated.Diagnostics, err)
				validated, err := p.ValidateResourceConfig(t.Context(), &tfprotov6.ValidateResourceConfigRequest{
					TypeName: of, Config: generated.Config,
					ClientCapabilities: &tfprotov6.ValidateResourceConfigClientCapabilities{WriteOnlyAttributesAllowed: true},
				})
				noDiagnostics(t, validated.Diagnostics, err)

				before := p.adopt(t, of, id)
				planned, err := p.PlanResourceChange(t.Context(), &tfprotov6.PlanResourceChangeRequest{
					TypeName: of, Config: generated.Config, PriorState: before.state, PriorIdentity: before.identity, PriorPrivate: before.private,
					ProposedNewState: p.proposed(t, of, generated.Config, before.state),
				})
				noDiagnostics(t, planned.Diagnostics, err)
				p.same(t, of, id, before.state, planned.PlannedState)
				if _, ok := decoded(t, schema, generated.Config)["id"]; !ok {
					t.Fatal("no configuration")
				}
			}
			for _, r := range p.requests() {
				if r.Method != "GET" {
					t.Errorf("unexpected %s %s", r.Method, r.Path)
				}
			}
		})
	}
}

// proposed is what Terraform proposes: the configuration, and the state where it is silent about what is computed.
func (p *inProcess) proposed(t *testing.T, of string, config, state *tfprotov6.DynamicValue) *tfprotov6.DynamicValue {
	t.Helper()
	schema := p.schemas.ResourceSchemas[of]
	attributes := decoded(t, schema.ValueType(), config)
	before := decoded(t, schema.ValueType(), state)
	maps.DeleteFunc(before, func(name string, _ tftypes.Value) bool { return !attributes[name].IsNull() })
	for _, a := range schema.Block.Attributes {
		if value, ok := before[a.Name]; ok && a.Computed {
			attributes[a.Name] = value
		}
	}
	values := map[string]any{}
	for name, value := range attributes {
		values[name] = value
	}
	return dynamic(t, schema.ValueType(), values)
}
