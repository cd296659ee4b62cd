package provider_test

import (
	"maps"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/pigello/terraform-provider-pigello/internal/provider"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// protocol is the provider as Terraform speaks to it, without Terraform: whatever its version.
type protocol struct {
	tfprotov6.ProviderServer

	t       *testing.T
	sandbox *sandbox.Sandbox
	schemas *tfprotov6.GetProviderSchemaResponse
}

// newProtocol returns a configured provider; it is not configured if the address is not known.
func newProtocol(t *testing.T, known bool) *protocol {
	t.Helper()
	p := &protocol{ProviderServer: provider.NewServer("test")(), t: t, sandbox: sandbox.New()}
	server := httptest.NewServer(p.sandbox)
	t.Cleanup(server.Close)
	var err error
	if p.schemas, err = p.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{}); err != nil {
		t.Fatal(err)
	}
	config := map[string]any{}
	for _, variable := range p.sandbox.Environment(server.URL) {
		name, value, _ := strings.Cut(variable, "=")
		config[strings.ToLower(strings.TrimPrefix(name, "PIGELLO_"))] = value
	}
	if !known {
		config["base_url"] = tftypes.UnknownValue
	}
	resp, err := p.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{
		TerraformVersion: "1.11.4", ClientCapabilities: &tfprotov6.ConfigureProviderClientCapabilities{},
		Config: p.dynamic(p.schemas.Provider.ValueType(), config),
	})
	if err != nil || len(resp.Diagnostics) > 0 {
		t.Fatal(err, resp)
	}
	return p
}

// value builds a value of a type from Go: what is left out of an object is null.
func (p *protocol) value(of tftypes.Type, v any) tftypes.Value {
	given, ok := v.(map[string]any)
	object, isObject := of.(tftypes.Object)
	if !ok || !isObject {
		return tftypes.NewValue(of, v)
	}
	attributes := map[string]tftypes.Value{}
	for name, t := range object.AttributeTypes {
		attributes[name] = p.value(t, given[name])
	}
	return tftypes.NewValue(of, attributes)
}

func (p *protocol) dynamic(of tftypes.Type, v any) *tfprotov6.DynamicValue {
	p.t.Helper()
	d, err := tfprotov6.NewDynamicValue(of, p.value(of, v))
	if err != nil {
		p.t.Fatal(err)
	}
	return &d
}

// planned is how a plan ended.
type planned struct {
	attributes map[string]tftypes.Value
	diags      []*tfprotov6.Diagnostic
	requests   int
}

func (p *protocol) attributes(of tftypes.Type, d *tfprotov6.DynamicValue) map[string]tftypes.Value {
	p.t.Helper()
	v, err := d.Unmarshal(of)
	if err != nil {
		p.t.Fatal(err)
	}
	var attributes map[string]tftypes.Value
	if err := v.As(&attributes); err != nil {
		p.t.Fatal(err)
	}
	return attributes
}

// plan plans an update, after a refresh or without one.
func (p *protocol) plan(resource string, state, config map[string]any, private string, refresh bool) planned {
	p.t.Helper()
	of := p.schemas.ResourceSchemas[resource].ValueType()
	prior, priorPrivate := p.dynamic(of, state), []byte(private)
	p.sandbox.ResetRequests()
	if refresh {
		read, err := p.ReadResource(p.t.Context(), &tfprotov6.ReadResourceRequest{TypeName: resource, CurrentState: prior, Private: priorPrivate})
		if err != nil || slices.ContainsFunc(read.Diagnostics, isError) {
			p.t.Fatal(err, read)
		}
		prior, priorPrivate = read.NewState, read.Private
	}
	// As Terraform proposes: the configuration, and the state where it is silent about what is computed. Write-only values are null.
	proposed := p.attributes(of, prior)
	for _, a := range p.schemas.ResourceSchemas[resource].Block.Attributes {
		value, declared := config[a.Name]
		switch {
		case a.WriteOnly:
			proposed[a.Name] = tftypes.NewValue(a.ValueType(), nil)
		case declared || !a.Computed:
			proposed[a.Name] = p.value(a.ValueType(), value)
		}
	}
	proposal, err := tfprotov6.NewDynamicValue(of, tftypes.NewValue(of, proposed))
	if err != nil {
		p.t.Fatal(err)
	}
	resp, err := p.PlanResourceChange(p.t.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: resource, PriorState: prior, PriorPrivate: priorPrivate, ProposedNewState: &proposal, Config: p.dynamic(of, config),
	})
	if err != nil {
		p.t.Fatal(err)
	}
	return planned{p.attributes(of, resp.PlannedState), resp.Diagnostics, len(p.sandbox.Requests())}
}

func isError(d *tfprotov6.Diagnostic) bool { return d.Severity == tfprotov6.DiagnosticSeverityError }

// writeOnly is what the two resources have of it.
var writeOnly = map[string]struct {
	resource, kind, writtenAt string
	state, config             map[string]any
	wo                        func(ssn any) map[string]any
}{
	"protected identity": {
		"pigello_protected_identity", sandbox.ProtectedIdentity, "personal_data_written_at",
		map[string]any{
			"tenant_id": "7e000000-0000-4000-8000-000000000001", "personal_data_written_at": "2026-01-01T00:00:00Z",
			"personal_data_wo_members": []tftypes.Value{tftypes.NewValue(tftypes.String, "ssn")},
		},
		map[string]any{"tenant_id": "7e000000-0000-4000-8000-000000000001"},
		func(ssn any) map[string]any { return map[string]any{"personal_data_wo": map[string]any{"ssn": ssn}} },
	},
	"user": {
		"pigello_organization_user", sandbox.OrganizationUser, "ssn_written_at",
		map[string]any{"detail_access": 1, "first_name": "Ada", "ssn_written_at": "2026-01-01T00:00:00Z", "ssn_wo_declared": true, "on_destroy": "delete"},
		map[string]any{"detail_access": 1, "first_name": "Ada"},
		func(ssn any) map[string]any { return map[string]any{"ssn_wo": ssn} },
	},
}

func with(a, b map[string]any) map[string]any {
	c := maps.Clone(a)
	maps.Copy(c, b)
	return c
}

// TestWriteOnlyPlans plans in every combination of what is known.
func TestWriteOnlyPlans(t *testing.T) {
	const same, spelled, other = "19900101-2385", "199001012385", "19850615-1235"
	private := `{"record":"eyJ3cml0dGVuIjpbInNzbiJdfQ=="}` // {"written":["ssn"]}
	for noun, r := range writeOnly {
		for name, test := range map[string]struct {
			config       map[string]any
			private      string
			unconfigured bool
			writes       bool
			requests     int // of a plan without a refresh
		}{
			"same":                 {config: r.wo(same), private: private, requests: 1},
			"spelled differently":  {config: r.wo(spelled), private: private, requests: 1},
			"other":                {config: r.wo(other), private: private, writes: true, requests: 1},
			"no record":            {config: r.wo(same), writes: true, requests: 1},
			"unknown":              {config: r.wo(tftypes.UnknownValue), private: private, writes: true},
			"unknown, no record":   {config: r.wo(tftypes.UnknownValue), writes: true},
			"dropped":              {private: private, writes: true, requests: 1},
			"nothing":              {},
			"another change":       {config: with(r.wo(same), map[string]any{"custom_id": "x"}), private: private, writes: true, requests: 1},
			"another, dropped":     {config: map[string]any{"custom_id": "x"}, private: private, writes: true, requests: 1},
			"another, nothing":     {config: map[string]any{"custom_id": "x"}},
			"unknown change":       {config: with(r.wo(same), map[string]any{"custom_id": tftypes.UnknownValue}), private: private, writes: true, requests: 1},
			"unconfigured, same":   {config: r.wo(same), private: private, unconfigured: true, writes: true},
			"unconfigured, gone":   {private: private, unconfigured: true, writes: true},
			"unconfigured, absent": {unconfigured: true},
		} {
			for _, refresh := range []bool{true, false} {
				t.Run(noun+"/"+name+map[bool]string{true: "", false: "/-refresh=false"}[refresh], func(t *testing.T) {
					p := newProtocol(t, !test.unconfigured)
					members := map[string]any{"ssn": same, "detail_access": 1, "first_name": "Ada"}
					if r.kind == sandbox.ProtectedIdentity {
						members = map[string]any{"ssn": same, "tenant": map[string]any{"id": r.state["tenant_id"]}}
					}
					id := p.sandbox.Put(r.kind, members)
					result := p.plan(r.resource, with(r.state, map[string]any{"id": id}), with(r.config, test.config), test.private, refresh)
					if slices.ContainsFunc(result.diags, isError) {
						t.Fatal(result.diags[0].Summary, result.diags[0].Detail)
					}
					if unknown := !result.attributes[r.writtenAt].IsKnown(); unknown != test.writes {
						t.Errorf("%s is unknown: %v, want %v", r.writtenAt, unknown, test.writes)
					}
					want := test.requests
					if refresh {
						want = map[bool]int{true: 0, false: 1}[test.unconfigured]
					}
					if result.requests != want {
						t.Errorf("%d requests, want %d", result.requests, want)
					}
					for _, d := range result.diags {
						if strings.Contains(d.Summary+d.Detail, "2385") || strings.Contains(d.Summary+d.Detail, "1235") {
							t.Errorf("a message holds the value: %s", d.Detail)
						}
					}
					for _, name := range []string{"ssn_wo", "personal_data_wo", "ssn"} {
						if v, ok := result.attributes[name]; ok && !v.IsNull() {
							t.Errorf("the plan holds %s", name)
						}
					}
				})
			}
		}
	}
}

// TestWriteOnlyNeedsTerraform111 shows what an older Terraform gets: an error, before anything is stored or sent.
func TestWriteOnlyNeedsTerraform111(t *testing.T) {
	for noun, r := range writeOnly {
		p := newProtocol(t, true)
		of := p.schemas.ResourceSchemas[r.resource].ValueType()
		for version, capabilities := range map[string]*tfprotov6.ValidateResourceConfigClientCapabilities{
			"1.9": nil, "1.10": {}, "1.11": {WriteOnlyAttributesAllowed: true},
		} {
			for _, value := range []any{"19900101-2385", nil} {
				resp, err := p.ValidateResourceConfig(t.Context(), &tfprotov6.ValidateResourceConfigRequest{
					TypeName: r.resource, ClientCapabilities: capabilities, Config: p.dynamic(of, with(r.config, r.wo(value))),
				})
				if err != nil {
					t.Fatal(err)
				}
				refused := slices.ContainsFunc(resp.Diagnostics, isError)
				isSet := value != nil || r.kind == sandbox.ProtectedIdentity
				if want := version != "1.11" && isSet; refused != want {
					t.Errorf("%s, Terraform %s, value %v: refused is %v, want %v", noun, version, value != nil, refused, want)
				}
				for _, d := range resp.Diagnostics {
					if !strings.Contains(d.Detail, "1.11") || strings.Contains(d.Detail, "2385") || !strings.Contains(d.Attribute.String(), "_wo") {
						t.Errorf("%s, Terraform %s: the message is %q on %s", noun, version, d.Detail, d.Attribute)
					}
				}
			}
		}
	}
}
