package acctest

import (
	"context"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Object is what Terraform stores of a resource. If the state is null, there is none.
type Object struct {
	Of       string // the type of the resource
	State    tftypes.Value
	Private  []byte
	Identity *tfprotov6.ResourceIdentityData
}

// Fields returns the attributes of an object, nil if there is none.
func (o Object) Fields() map[string]tftypes.Value { return Fields(o.State) }

// object returns what Terraform stores: nothing if the state is null.
func (p *InProcess) object(of string, state *tfprotov6.DynamicValue, private []byte, identity *tfprotov6.ResourceIdentityData) Object {
	decoded := Decode(p.Resource(of), state)
	if decoded.IsNull() {
		return Object{Of: of}
	}
	return Object{of, decoded, private, identity}
}

// state returns the state of an object as Terraform sends it.
func (p *InProcess) state(o Object) *tfprotov6.DynamicValue {
	if o.State.IsNull() {
		return Dynamic(p.Resource(o.Of), nil)
	}
	return Dynamic(p.Resource(o.Of), o.State)
}

// ValidateResource validates the configuration of a resource, as Terraform 1.11 and newer do.
func (p *InProcess) ValidateResource(ctx context.Context, of string, config any) Diagnostics {
	resp := must(p.ValidateResourceConfig(ctx, &tfprotov6.ValidateResourceConfigRequest{
		TypeName: of, Config: Dynamic(p.Resource(of), config),
		ClientCapabilities: &tfprotov6.ValidateResourceConfigClientCapabilities{WriteOnlyAttributesAllowed: true},
	}))
	return DiagnosticsOf(resp.Diagnostics)
}

// Read refreshes an object. After an error it is as before; if it is gone, its state is null.
func (p *InProcess) Read(ctx context.Context, o Object) (Object, Diagnostics) {
	if o.State.IsNull() {
		return o, nil
	}
	resp := must(p.ReadResource(ctx, &tfprotov6.ReadResourceRequest{
		TypeName: o.Of, CurrentState: p.state(o), Private: o.Private, CurrentIdentity: o.Identity,
	}))
	diags := DiagnosticsOf(resp.Diagnostics)
	if diags.Err() != nil {
		return o, diags
	}
	return p.object(o.Of, resp.NewState, resp.Private, resp.NewIdentity), diags
}

// Import imports an object by its id or its identity. It is not read yet.
func (p *InProcess) Import(ctx context.Context, of, id string, identity *tfprotov6.ResourceIdentityData) (Object, Diagnostics) {
	resp := must(p.ImportResourceState(ctx, &tfprotov6.ImportResourceStateRequest{TypeName: of, ID: id, Identity: identity}))
	diags := DiagnosticsOf(resp.Diagnostics)
	if diags.Err() != nil {
		return Object{Of: of}, diags
	}
	if n := len(resp.ImportedResources); n != 1 {
		p.t.Errorf("%d objects are imported, want 1", n)
		return Object{Of: of}, diags
	}
	imported := resp.ImportedResources[0]
	return p.object(of, imported.State, imported.Private, imported.Identity), diags
}

// Adopt imports an object and reads it.
func (p *InProcess) Adopt(ctx context.Context, of, id string, identity *tfprotov6.ResourceIdentityData) (Object, Diagnostics) {
	imported, diags := p.Import(ctx, of, id, identity)
	read, more := p.Read(ctx, imported)
	return read, append(diags, more...)
}

// Change is a planned change.
type Change struct {
	Prior    Object
	Config   tftypes.Value
	Planned  tftypes.Value
	Replaces []*tftypes.AttributePath

	private  []byte
	identity *tfprotov6.ResourceIdentityData
}

// Empty reports whether nothing is to be done.
func (c Change) Empty() bool {
	return c.Prior.State.IsNull() && c.Planned.IsNull() || c.Prior.State.Equal(c.Planned)
}

// Plan plans the change of an object, or its creation if it has no state. The configuration nil destroys it.
func (p *InProcess) Plan(ctx context.Context, prior Object, config any) (Change, Diagnostics) {
	of := p.Resource(prior.Of)
	c := Change{Prior: prior, Config: Value(of, config)}
	resp := must(p.PlanResourceChange(ctx, &tfprotov6.PlanResourceChangeRequest{
		TypeName: prior.Of, PriorState: p.state(prior), Config: Dynamic(of, c.Config), PriorPrivate: prior.Private, PriorIdentity: prior.Identity,
		ProposedNewState: Dynamic(of, p.proposed(prior, c.Config)),
	}))
	c.Planned, c.Replaces, c.private, c.identity = Decode(of, resp.PlannedState), resp.RequiresReplace, resp.PlannedPrivate, resp.PlannedIdentity
	return c, DiagnosticsOf(resp.Diagnostics)
}

// proposed is what Terraform proposes: the configuration, and the state where it is silent about what is computed.
func (p *InProcess) proposed(prior Object, config tftypes.Value) tftypes.Value {
	if config.IsNull() {
		return config
	}
	fields, before := Fields(config), prior.Fields()
	for _, a := range p.ResourceSchemas[prior.Of].Block.Attributes {
		switch {
		case a.WriteOnly:
			fields[a.Name] = tftypes.NewValue(a.ValueType(), nil)
		case !a.Computed || !fields[a.Name].IsNull():
		case before == nil:
			fields[a.Name] = tftypes.NewValue(a.ValueType(), tftypes.UnknownValue)
		default:
			fields[a.Name] = before[a.Name]
		}
	}
	return tftypes.NewValue(config.Type(), fields)
}

// Apply applies a change and returns what Terraform stores, in spite of an error too.
func (p *InProcess) Apply(ctx context.Context, c Change) (Object, Diagnostics) {
	of := p.Resource(c.Prior.Of)
	resp := must(p.ApplyResourceChange(ctx, &tfprotov6.ApplyResourceChangeRequest{
		TypeName: c.Prior.Of, PriorState: p.state(c.Prior), PlannedState: Dynamic(of, c.Planned), Config: Dynamic(of, c.Config),
		PlannedPrivate: c.private, PlannedIdentity: c.identity,
	}))
	return p.object(c.Prior.Of, resp.NewState, resp.Private, resp.NewIdentity), DiagnosticsOf(resp.Diagnostics)
}
