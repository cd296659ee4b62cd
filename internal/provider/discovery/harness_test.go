package discovery_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
	"github.com/zclconf/go-cty/cty"

	"github.com/pigello/terraform-provider-pigello/internal/provider"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// protocol is all that Terraform may ask for.
type protocol interface {
	tfprotov6.ProviderServer
	tfprotov6.ProviderServerWithListResource //nolint:staticcheck // deprecated only because it will be part of ProviderServer
}

// inProcess is the provider as Terraform 1.14 speaks to it, without Terraform.
type inProcess struct {
	protocol

	api        *sandbox.Sandbox
	schemas    *tfprotov6.GetProviderSchemaResponse
	identities *tfprotov6.GetResourceIdentitySchemasResponse
}

// newInProcess returns a configured provider, with a sandbox of its own.
func newInProcess(t *testing.T, behaviour ...func(*sandbox.Behaviour)) *inProcess {
	t.Helper()
	t.Parallel()
	api := sandbox.New(behaviour...)
	return inFront(t, api, api)
}

// inFront is newInProcess with what answers before the sandbox, or instead of it.
func inFront(t *testing.T, api *sandbox.Sandbox, handler http.Handler) *inProcess {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	p := unconfigured(t)
	p.api = api
	config := map[string]any{"max_retries": 1}
	for _, variable := range api.Environment(server.URL) {
		name, value, _ := strings.Cut(variable, "=")
		config[strings.ToLower(strings.TrimPrefix(name, "PIGELLO_"))] = value
	}
	resp, err := p.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{
		TerraformVersion: "1.14.0", Config: dynamic(t, p.schemas.Provider.ValueType(), config),
	})
	noDiagnostics(t, resp.Diagnostics, err)
	return p
}

func unconfigured(t *testing.T) *inProcess {
	t.Helper()
	p := &inProcess{protocol: provider.NewServer("test")().(protocol)}
	var err error
	p.schemas, err = p.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	noDiagnostics(t, p.schemas.Diagnostics, err)
	p.identities, err = p.GetResourceIdentitySchemas(t.Context(), &tfprotov6.GetResourceIdentitySchemasRequest{})
	noDiagnostics(t, p.identities.Diagnostics, err)
	return p
}

func noDiagnostics(t *testing.T, diags []*tfprotov6.Diagnostic, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range diags {
		t.Fatalf("%s: %s: %s (%s)", d.Severity, d.Summary, d.Detail, d.Attribute)
	}
}

// value builds a value of a type from Go. What is left out of an object is null.
func value(of tftypes.Type, v any) tftypes.Value {
	switch given := v.(type) {
	case map[string]any:
		if object, ok := of.(tftypes.Object); ok {
			attributes := map[string]tftypes.Value{}
			for name, t := range object.AttributeTypes {
				attributes[name] = value(t, given[name])
			}
			return tftypes.NewValue(of, attributes)
		}
		elements := map[string]tftypes.Value{}
		for name, element := range given {
			elements[name] = value(of.(tftypes.Map).ElementType, element)
		}
		return tftypes.NewValue(of, elements)
	case []any:
		var elements []tftypes.Value
		for _, element := range given {
			elements = append(elements, value(of.(tftypes.List).ElementType, element))
		}
		return tftypes.NewValue(of, elements)
	case tftypes.Value:
		return given
	}
	return tftypes.NewValue(of, v)
}

func dynamic(t *testing.T, of tftypes.Type, v any) *tfprotov6.DynamicValue {
	t.Helper()
	d, err := tfprotov6.NewDynamicValue(of, value(of, v))
	if err != nil {
		t.Fatal(err)
	}
	return &d
}

// same fails the test unless Terraform takes two states for the same.
func (p *inProcess) same(t *testing.T, of, what string, want, got *tfprotov6.DynamicValue) {
	t.Helper()
	diffs, err := p.decode(t, of, want).Diff(p.decode(t, of, got))
	if err != nil || len(diffs) > 0 {
		t.Errorf("%s: %v (%v)", what, diffs, err)
	}
}

// decode reads a state as Terraform does, which composes letters and their accents.
func (p *inProcess) decode(t *testing.T, of string, d *tfprotov6.DynamicValue) tftypes.Value {
	t.Helper()
	v, err := d.Unmarshal(p.schemas.ResourceSchemas[of].ValueType())
	if err != nil {
		t.Fatal(err)
	}
	v, err = tftypes.Transform(v, func(_ *tftypes.AttributePath, v tftypes.Value) (tftypes.Value, error) {
		if !v.Type().Is(tftypes.String) || v.IsNull() {
			return v, nil
		}
		var s string
		err := v.As(&s)
		return tftypes.NewValue(tftypes.String, cty.NormalizeString(s)), err
	})
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// decoded returns the attributes in a value.
func decoded(t *testing.T, of tftypes.Type, d *tfprotov6.DynamicValue) map[string]tftypes.Value {
	t.Helper()
	v, err := d.Unmarshal(of)
	if err != nil {
		t.Fatal(err)
	}
	var attributes map[string]tftypes.Value
	if err := v.As(&attributes); err != nil {
		t.Fatal(err)
	}
	return attributes
}

// text returns a value's text, "" for null.
func text(v tftypes.Value) string {
	var s *string
	if v.As(&s) != nil || s == nil {
		return ""
	}
	return *s
}

// request is a list block.
type request struct {
	of      string
	config  map[string]any
	include bool
	limit   int64
}

// open validates a list block and begins to list.
func (p *inProcess) open(ctx context.Context, t *testing.T, r request) *tfprotov6.ListResourceServerStream {
	t.Helper()
	if r.config == nil {
		r.config = map[string]any{}
	}
	config := dynamic(t, p.schemas.ListResourceSchemas[r.of].ValueType(), r.config)
	validated, err := p.ValidateListResourceConfig(ctx, &tfprotov6.ValidateListResourceConfigRequest{TypeName: r.of, Config: config})
	noDiagnostics(t, validated.Diagnostics, err)
	stream, err := p.ListResource(ctx, &tfprotov6.ListResourceRequest{
		TypeName: r.of, Config: config, IncludeResource: r.include, Limit: r.limit,
	})
	if err != nil {
		t.Fatal(err)
	}
	return stream
}

// results are what Terraform makes of a stream.
type results struct {
	ids, names []string
	states     []*tfprotov6.DynamicValue
	warnings   []*tfprotov6.Diagnostic
	errors     []*tfprotov6.Diagnostic
}

// list lists as Terraform does: to the limit, or to the first error.
func (p *inProcess) list(t *testing.T, r request) results {
	t.Helper()
	var all results
	for result := range p.open(t.Context(), t, r).Results {
		if len(all.errors) > 0 {
			t.Fatal("something follows an error")
		}
		p.add(t, r.of, &all, result)
	}
	return all
}

func (p *inProcess) add(t *testing.T, of string, all *results, result tfprotov6.ListResourceResult) {
	t.Helper()
	for _, d := range result.Diagnostics {
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			all.errors = append(all.errors, d)
		} else {
			all.warnings = append(all.warnings, d)
		}
	}
	if result.Identity == nil {
		if len(result.Diagnostics) == 0 || result.Resource != nil || result.DisplayName != "" {
			t.Fatalf("a result of nothing: %+v", result)
		}
		return
	}
	identity := decoded(t, p.identities.IdentitySchemas[of].ValueType(), result.Identity.IdentityData)
	all.ids = append(all.ids, text(identity["id"]))
	all.names = append(all.names, result.DisplayName)
	if result.Resource == nil {
		all.states = append(all.states, nil)
		return
	}
	schema := p.schemas.ResourceSchemas[of].ValueType()
	all.states = append(all.states, dynamic(t, schema, p.decode(t, of, result.Resource)))
}

// requests are those since the last look, as method and path.
func (p *inProcess) requests() []sandbox.Request {
	requests := p.api.Requests()
	p.api.ResetRequests()
	return requests
}
