package acctest

import (
	"context"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// ValidateDataSource validates the configuration of a data source.
func (p *InProcess) ValidateDataSource(ctx context.Context, of string, config any) Diagnostics {
	resp := must(p.ValidateDataResourceConfig(ctx, &tfprotov6.ValidateDataResourceConfigRequest{
		TypeName: of, Config: Dynamic(p.DataSourceSchemas[of].ValueType(), config),
	}))
	return DiagnosticsOf(resp.Diagnostics)
}

// ReadData reads a data source.
func (p *InProcess) ReadData(ctx context.Context, of string, config any) (tftypes.Value, Diagnostics) {
	typ := p.DataSourceSchemas[of].ValueType()
	resp := must(p.ReadDataSource(ctx, &tfprotov6.ReadDataSourceRequest{TypeName: of, Config: Dynamic(typ, config)}))
	return Decode(typ, resp.State), DiagnosticsOf(resp.Diagnostics)
}

// Call calls a function of one text.
func (p *InProcess) Call(ctx context.Context, name, argument string) (tftypes.Value, *tfprotov6.FunctionError) {
	resp := must(p.CallFunction(ctx, &tfprotov6.CallFunctionRequest{
		Name: name, Arguments: []*tfprotov6.DynamicValue{Dynamic(tftypes.String, argument)},
	}))
	if resp.Error != nil {
		return tftypes.Value{}, resp.Error
	}
	return Decode(p.Functions[name].Return.Type, resp.Result), nil
}

func (p *InProcess) actionConfig(action string, config any) *tfprotov6.DynamicValue {
	return Dynamic(p.ActionSchemas[action].Schema.ValueType(), config)
}

// ValidateAction validates the configuration of an action.
func (p *InProcess) ValidateAction(ctx context.Context, action string, config any) Diagnostics {
	resp := must(p.ValidateActionConfig(ctx, &tfprotov6.ValidateActionConfigRequest{ActionType: action, Config: p.actionConfig(action, config)}))
	return DiagnosticsOf(resp.Diagnostics)
}

// PlanInvocation plans an action.
func (p *InProcess) PlanInvocation(ctx context.Context, action string, config any) Diagnostics {
	resp := must(p.PlanAction(ctx, &tfprotov6.PlanActionRequest{
		ActionType: action, Config: p.actionConfig(action, config), ClientCapabilities: &tfprotov6.PlanActionClientCapabilities{},
	}))
	return DiagnosticsOf(resp.Diagnostics)
}

// Invoke runs an action and returns its messages.
func (p *InProcess) Invoke(ctx context.Context, action string, config any) (progress []string, diags Diagnostics) {
	resp := must(p.InvokeAction(ctx, &tfprotov6.InvokeActionRequest{ActionType: action, Config: p.actionConfig(action, config)}))
	for event := range resp.Events {
		switch e := event.Type.(type) {
		case tfprotov6.ProgressInvokeActionEventType:
			progress = append(progress, e.Message)
		case tfprotov6.CompletedInvokeActionEventType:
			diags = DiagnosticsOf(e.Diagnostics)
		}
	}
	return progress, diags
}

// ListRequest is a list block.
type ListRequest struct {
	Of      string
	Config  Attributes
	Include bool // the objects, not only their identities
	Limit   int64
}

func (p *InProcess) listConfig(r ListRequest) *tfprotov6.DynamicValue {
	if r.Config == nil {
		r.Config = Attributes{}
	}
	return Dynamic(p.ListResourceSchemas[r.Of].ValueType(), r.Config)
}

// ValidateList validates a list block.
func (p *InProcess) ValidateList(ctx context.Context, r ListRequest) Diagnostics {
	resp := must(p.ValidateListResourceConfig(ctx, &tfprotov6.ValidateListResourceConfigRequest{TypeName: r.Of, Config: p.listConfig(r)}))
	return DiagnosticsOf(resp.Diagnostics)
}

// OpenList validates a list block and begins to list.
func (p *InProcess) OpenList(ctx context.Context, r ListRequest) *tfprotov6.ListResourceServerStream {
	p.t.Helper()
	p.ValidateList(ctx, r).None(p.t)
	stream := must(p.ListResource(ctx, &tfprotov6.ListResourceRequest{
		TypeName: r.Of, Config: p.listConfig(r), IncludeResource: r.Include, Limit: r.Limit,
	}))
	return stream
}

// Listed is what Terraform makes of a list.
type Listed struct {
	IDs, Names []string
	States     []tftypes.Value // null if the objects are not included
	Diagnostics
}

// List lists as Terraform does: to the limit, or to the first error.
func (p *InProcess) List(ctx context.Context, r ListRequest) Listed {
	p.t.Helper()
	var all Listed
	for result := range p.OpenList(ctx, r).Results {
		if all.Err() != nil {
			p.t.Fatal("something follows an error")
		}
		p.Add(&all, r.Of, result)
	}
	return all
}

// Add adds a result to those of a list.
func (p *InProcess) Add(all *Listed, of string, result tfprotov6.ListResourceResult) {
	p.t.Helper()
	all.Diagnostics = append(all.Diagnostics, DiagnosticsOf(result.Diagnostics)...)
	if result.Identity == nil {
		if len(result.Diagnostics) == 0 || result.Resource != nil || result.DisplayName != "" {
			p.t.Errorf("a result of nothing: %+v", result)
		}
		return
	}
	identity := Fields(Decode(p.Identities[of].ValueType(), result.Identity.IdentityData))
	all.IDs = append(all.IDs, Text(identity["id"]))
	all.Names = append(all.Names, result.DisplayName)
	all.States = append(all.States, Stored(Decode(p.Resource(of), result.Resource)))
}
