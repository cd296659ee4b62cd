package provider_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/pigello/terraform-provider-pigello/internal/provider"
	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// writeOnlyProvider returns a provider that is configured for a sandbox; it is not configured if the address is not known.
func writeOnlyProvider(t *testing.T, known bool) (*acctest.InProcess, *sandbox.Sandbox) {
	t.Helper()
	api := sandbox.New()
	config := acctest.Configuration(api, acctest.Listen(t, api))
	if !known {
		config["base_url"] = tftypes.UnknownValue
	}
	return acctest.Serve(t, provider.New("test")()).Configure(config), api
}

// writeOnly is what the two resources have of it.
var writeOnly = map[string]struct {
	resource, kind, writtenAt string
	state, config             acctest.Attributes
	wo                        func(ssn any) acctest.Attributes
}{
	"protected identity": {
		"pigello_protected_identity", sandbox.ProtectedIdentity, "personal_data_written_at",
		acctest.Attributes{
			"tenant_id": "7e000000-0000-4000-8000-000000000001", "personal_data_written_at": "2026-01-01T00:00:00Z",
			"personal_data_wo_members": []any{"ssn"},
		},
		acctest.Attributes{"tenant_id": "7e000000-0000-4000-8000-000000000001"},
		func(ssn any) acctest.Attributes {
			return acctest.Attributes{"personal_data_wo": map[string]any{"ssn": ssn}}
		},
	},
	"user": {
		"pigello_organization_user", sandbox.OrganizationUser, "ssn_written_at",
		acctest.Attributes{"detail_access": 1, "first_name": "Ada", "ssn_written_at": "2026-01-01T00:00:00Z", "ssn_wo_declared": true, "on_destroy": "delete"},
		acctest.Attributes{"detail_access": 1, "first_name": "Ada"},
		func(ssn any) acctest.Attributes { return acctest.Attributes{"ssn_wo": ssn} },
	},
}

// TestWriteOnlyPlans plans in every combination of what is known.
func TestWriteOnlyPlans(t *testing.T) {
	const same, spelled, other = "19900101-2385", "199001012385", "19850615-1235"
	private := `{"record":"eyJ3cml0dGVuIjpbInNzbiJdfQ=="}` // {"written":["ssn"]}
	for noun, r := range writeOnly {
		for name, test := range map[string]struct {
			config       acctest.Attributes
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
			"another change":       {config: r.wo(same).With(acctest.Attributes{"custom_id": "x"}), private: private, writes: true, requests: 1},
			"another, dropped":     {config: acctest.Attributes{"custom_id": "x"}, private: private, writes: true, requests: 1},
			"another, nothing":     {config: acctest.Attributes{"custom_id": "x"}},
			"unknown change":       {config: r.wo(same).With(acctest.Attributes{"custom_id": tftypes.UnknownValue}), private: private, writes: true, requests: 1},
			"unconfigured, same":   {config: r.wo(same), private: private, unconfigured: true, writes: true},
			"unconfigured, gone":   {private: private, unconfigured: true, writes: true},
			"unconfigured, absent": {unconfigured: true},
		} {
			for _, refresh := range []bool{true, false} {
				t.Run(noun+"/"+name+map[bool]string{true: "", false: "/-refresh=false"}[refresh], func(t *testing.T) {
					p, api := writeOnlyProvider(t, !test.unconfigured)
					stored := map[string]any{"ssn": same, "detail_access": 1, "first_name": "Ada"}
					if r.kind == sandbox.ProtectedIdentity {
						stored = map[string]any{"ssn": same, "tenant": map[string]any{"id": r.state["tenant_id"]}}
					}
					state := r.state.With(acctest.Attributes{"id": api.Put(r.kind, stored)})
					object := acctest.Object{Of: r.resource, State: acctest.Value(p.Resource(r.resource), state), Private: []byte(test.private)}
					if refresh {
						var diags acctest.Diagnostics
						object, diags = p.Read(t.Context(), object)
						diags.NoErrors(t)
					}
					plan, diags := p.Plan(t.Context(), object, r.config.With(test.config))
					diags.NoErrors(t)
					planned := acctest.Fields(plan.Planned)
					if unknown := !planned[r.writtenAt].IsKnown(); unknown != test.writes {
						t.Errorf("%s is unknown: %v, want %v", r.writtenAt, unknown, test.writes)
					}
					want := test.requests
					if refresh {
						want = map[bool]int{true: 0, false: 1}[test.unconfigured]
					}
					if requests := len(api.Requests()); requests != want {
						t.Errorf("%d requests, want %d", requests, want)
					}
					for _, d := range diags {
						// Four digits might be in an id.
						if strings.Contains(d.Text(), "900101") || strings.Contains(d.Text(), "850615") {
							t.Errorf("a message holds the value: %s", d.Detail)
						}
					}
					for _, name := range []string{"ssn_wo", "personal_data_wo", "ssn"} {
						if v, ok := planned[name]; ok && !v.IsNull() {
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
		p, _ := writeOnlyProvider(t, true)
		for version, capabilities := range map[string]*tfprotov6.ValidateResourceConfigClientCapabilities{
			"1.9": nil, "1.10": {}, "1.11": {WriteOnlyAttributesAllowed: true},
		} {
			for _, value := range []any{"19900101-2385", nil} {
				resp, err := p.ValidateResourceConfig(t.Context(), &tfprotov6.ValidateResourceConfigRequest{
					TypeName: r.resource, ClientCapabilities: capabilities,
					Config: acctest.Dynamic(p.Resource(r.resource), r.config.With(r.wo(value))),
				})
				if err != nil {
					t.Fatal(err)
				}
				diags := acctest.DiagnosticsOf(resp.Diagnostics)
				refused := diags.Err() != nil
				isSet := value != nil || r.kind == sandbox.ProtectedIdentity
				if want := version != "1.11" && isSet; refused != want {
					t.Errorf("%s, Terraform %s, value %v: refused is %v, want %v", noun, version, value != nil, refused, want)
				}
				for _, d := range diags {
					if !strings.Contains(d.Detail, "1.11") || strings.Contains(d.Detail, "2385") || !strings.Contains(d.Path, "_wo") {
						t.Errorf("%s, Terraform %s: the message is %q on %s", noun, version, d.Detail, d.Path)
					}
				}
			}
		}
	}
}
