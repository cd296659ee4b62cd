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

// ValidateEphemeral validates the configuration of an ephemeral resource.
func (p *InProcess) ValidateEphemeral(ctx context.Context, of string, config any) Diagnostics {
	resp := must(p.ValidateEphemeralResourceConfig(ctx, &tfprotov6.ValidateEphemeralResourceConfigRequest{
		TypeName: of, Config: Dynamic(p.EphemeralResourceSchemas[of].ValueType(), config),
	}))
	return DiagnosticsOf(resp.Diagnostics)
}

// OpenEphemeral opens an ephemeral resource.
func (p *InProcess) OpenEphemeral(ctx context.Context, of string, config any) (tftypes.Value, Diagnostics) {
	typ := p.EphemeralResourceSchemas[of].ValueType()
	resp := must(p.OpenEphemeralResource(ctx, &tfprotov6.OpenEphemeralResourceRequest{TypeName: of, Config: Dynamic(typ, config)}))
	return Decode(typ, resp.Result), DiagnosticsOf(resp.Diagnostics)
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
