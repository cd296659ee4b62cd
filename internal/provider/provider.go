// Package provider is the Terraform provider for Pigello: its configuration, and the list of its resources, data sources, actions and functions.
package provider

import (
	"context"
	"net/http"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/pigello/terraform-provider-pigello/internal/client"
	"github.com/pigello/terraform-provider-pigello/internal/pluginserver"
	"github.com/pigello/terraform-provider-pigello/internal/provider/functions"
	"github.com/pigello/terraform-provider-pigello/internal/provider/organizationuser"
	"github.com/pigello/terraform-provider-pigello/internal/provider/protectedidentity"
	"github.com/pigello/terraform-provider-pigello/internal/provider/providerdata"
	"github.com/pigello/terraform-provider-pigello/internal/provider/subtenant"
)

var (
	_ provider.ProviderWithActions            = (*Provider)(nil)
	_ provider.ProviderWithEphemeralResources = (*Provider)(nil)
	_ provider.ProviderWithFunctions          = (*Provider)(nil)
	_ provider.ProviderWithListResources      = (*Provider)(nil)
	_ provider.ProviderWithValidateConfig     = (*Provider)(nil)
)

// Provider is the provider.
type Provider struct {
	Version   string            // such as 1.2.3; part of the User-Agent of its requests
	Transport http.RoundTripper // sends its requests; nil: the network
}

// New returns a constructor of the provider. The version, such as 1.2.3, is part of the User-Agent of its requests.
func New(version string) func() provider.Provider {
	return func() provider.Provider { return &Provider{Version: version} }
}

// NewServer returns a constructor of the server that Terraform calls. The version is as for New.
func NewServer(version string) func() tfprotov6.ProviderServer {
	return func() tfprotov6.ProviderServer { return pluginserver.New(New(version)()) }
}

// Resources implements provider.Provider.
func (*Provider) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{
		organizationuser.NewResource,
		protectedidentity.NewResource,
	}
}

// DataSources implements provider.Provider.
func (*Provider) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{
		organizationuser.NewDataSource,
		organizationuser.NewDataSourceList,
		subtenant.NewDataSource,
		subtenant.NewDataSourceList,
	}
}

// EphemeralResources implements provider.ProviderWithEphemeralResources.
func (*Provider) EphemeralResources(context.Context) []func() ephemeral.EphemeralResource {
	return []func() ephemeral.EphemeralResource{
		protectedidentity.NewEphemeralResource,
	}
}

// Functions implements provider.ProviderWithFunctions.
func (*Provider) Functions(context.Context) []func() function.Function {
	return []func() function.Function{
		functions.NewNormalizeOrgNo,
		functions.NewNormalizeSSN,
		functions.NewSSNBirthDate,
		functions.NewSSNIsCoordinationNumber,
	}
}

// ListResources implements provider.ProviderWithListResources.
func (*Provider) ListResources(context.Context) []func() list.ListResource {
	return []func() list.ListResource{
		organizationuser.NewListResource,
		protectedidentity.NewListResource,
	}
}

// Actions implements provider.ProviderWithActions.
func (*Provider) Actions(context.Context) []func() action.Action {
	return []func() action.Action{
		organizationuser.NewInviteAction,
		subtenant.NewInviteAction,
	}
}

// Metadata implements provider.Provider.
func (p *Provider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "pigello"
	resp.Version = p.Version
}

// Schema implements provider.Provider.
func (*Provider) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema = configurationSchema()
}

// ValidateConfig implements provider.ProviderWithValidateConfig.
func (*Provider) ValidateConfig(ctx context.Context, req provider.ValidateConfigRequest, resp *provider.ValidateConfigResponse) {
	validateConfiguration(ctx, req.Config, &resp.Diagnostics)
}

// Configure implements provider.Provider. It makes no request.
func (p *Provider) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	config, data, known := readConfiguration(ctx, req.Config, &resp.Diagnostics)
	if resp.Diagnostics.HasError() || !known {
		return
	}
	config.UserAgent = "terraform-provider-pigello/" + p.Version + " Terraform/" + req.TerraformVersion
	config.Log = logAttempt
	config.Network = p.Transport
	data.Client = client.New(config)
	data.Recent = &providerdata.Recent{}
	data.Addresses = &providerdata.Addresses{}
	data.PlanChecks = &providerdata.PlanChecks{}
	resp.ResourceData = &data
	resp.DataSourceData = &data
	resp.EphemeralResourceData = &data
	resp.ListResourceData = &data
	resp.ActionData = &data
}
