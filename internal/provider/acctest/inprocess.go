package acctest

import (
	"context"
	"reflect"
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/pigello/terraform-provider-pigello/internal/pluginserver"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// Protocol is all that Terraform may call.
type Protocol interface {
	tfprotov6.ProviderServer
	tfprotov6.ProviderServerWithListResource //nolint:staticcheck // deprecated only because it will be part of ProviderServer
	tfprotov6.ProviderServerWithActions      //nolint:staticcheck // likewise
}

// InProcess is a provider in the process of the test, served as the release serves it. Its methods do what Terraform does, of whatever
// version.
type InProcess struct {
	Protocol
	*Schemas

	t testing.TB
}

// Serve serves a provider that is not configured. Terraform starts a new one for each walk.
func Serve(t testing.TB, p provider.Provider) *InProcess {
	t.Helper()
	return &InProcess{Protocol: pluginserver.New(p).(Protocol), Schemas: schemasOf(t, p), t: t}
}

// Configure configures the provider, which must succeed. See Configuration.
func (p *InProcess) Configure(config Attributes) *InProcess {
	p.t.Helper()
	p.TryConfigure(config).None(p.t)
	return p
}

// TryConfigure configures the provider and returns its diagnostics.
func (p *InProcess) TryConfigure(config Attributes) Diagnostics {
	resp := must(p.ConfigureProvider(p.t.Context(), &tfprotov6.ConfigureProviderRequest{
		TerraformVersion: "1.14.0", ClientCapabilities: &tfprotov6.ConfigureProviderClientCapabilities{},
		Config: Dynamic(p.Provider.ValueType(), config),
	}))
	return DiagnosticsOf(resp.Diagnostics)
}

// ValidateConfiguration validates the provider's configuration.
func (p *InProcess) ValidateConfiguration(config Attributes) Diagnostics {
	resp := must(p.ValidateProviderConfig(p.t.Context(), &tfprotov6.ValidateProviderConfigRequest{Config: Dynamic(p.Provider.ValueType(), config)}))
	return DiagnosticsOf(resp.Diagnostics)
}

// Configuration returns the configuration of a provider for a sandbox at a URL.
func Configuration(api *sandbox.Sandbox, url string) Attributes {
	config := Attributes{}
	for _, variable := range api.Environment(url) {
		name, value, _ := strings.Cut(strings.TrimPrefix(variable, "PIGELLO_"), "=")
		config[strings.ToLower(name)] = value
	}
	return config
}

// Schemas are those of a provider and of its identities.
type Schemas struct {
	*tfprotov6.GetProviderSchemaResponse
	Identities map[string]*tfprotov6.ResourceIdentitySchema
}

// schemas are those of each type of provider. They are always the same, and the framework takes longer for them than for most calls.
var schemas sync.Map

// schemasOf returns the schemas of a provider.
func schemasOf(t testing.TB, p provider.Provider) *Schemas {
	t.Helper()
	if known, ok := schemas.Load(reflect.TypeOf(p)); ok {
		return known.(*Schemas)
	}
	// The context of the test would end before the schemas are asked for again.
	server := providerserver.NewProtocol6(p)()
	s := must(server.GetProviderSchema(context.Background(), &tfprotov6.GetProviderSchemaRequest{}))
	DiagnosticsOf(s.Diagnostics).None(t)
	identities := must(server.GetResourceIdentitySchemas(context.Background(), &tfprotov6.GetResourceIdentitySchemasRequest{}))
	DiagnosticsOf(identities.Diagnostics).None(t)
	found, _ := schemas.LoadOrStore(reflect.TypeOf(p), &Schemas{s, identities.IdentitySchemas})
	return found.(*Schemas)
}

// Resource returns the type of a resource's state.
func (s *Schemas) Resource(of string) tftypes.Object {
	return s.ResourceSchemas[of].ValueType().(tftypes.Object)
}

// Identity returns an identity with an id.
func (s *Schemas) Identity(of, id string) *tfprotov6.ResourceIdentityData {
	return &tfprotov6.ResourceIdentityData{IdentityData: Dynamic(s.Identities[of].ValueType(), Attributes{"id": id})}
}

// IdentityID returns the id in the identity of an object.
func (s *Schemas) IdentityID(o Object) string {
	return Text(Fields(Decode(s.Identities[o.Of].ValueType(), o.Identity.IdentityData))["id"])
}

// must returns a response. The protocol has no errors but those in it, and FailNow is for the test's goroutine alone.
func must[Response any](resp Response, err error) Response {
	if err != nil {
		panic(err)
	}
	return resp
}
