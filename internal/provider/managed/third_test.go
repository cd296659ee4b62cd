package managed_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/pigello/terraform-provider-pigello/internal/client"
	"github.com/pigello/terraform-provider-pigello/internal/client/model"
	"github.com/pigello/terraform-provider-pigello/internal/client/transport"
	"github.com/pigello/terraform-provider-pigello/internal/provider/managed"
	"github.com/pigello/terraform-provider-pigello/internal/provider/providerdata"
)

// third is a provider of one resource that has no write-only data, no timeouts and no on_destroy: what a spec leaves out, the lifecycle
// does without.
type third struct{ data *providerdata.Data }

func (third) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "pigello"
}
func (third) Schema(context.Context, provider.SchemaRequest, *provider.SchemaResponse) {}
func (p third) Configure(_ context.Context, _ provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	resp.ResourceData = p.data
}
func (third) DataSources(context.Context) []func() datasource.DataSource { return nil }
func (third) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{func() resource.Resource {
		return managed.NewResource(managed.Prepare(managed.Spec{
			TypeName: "pigello_subtenant", Entity: model.Subtenant, Objects: (*client.Client).Subtenants,
			Attributes: map[string]managed.Attribute{
				"id":         managed.Computed(schema.StringAttribute{Computed: true}),
				"first_name": managed.Configured(schema.StringAttribute{Optional: true}),
				"custom_id":  managed.Configured(schema.StringAttribute{Optional: true}),
			},
		}))
	}}
}

const subtenantID = "497f6eca-6276-4993-bfeb-53cbbbba6f08"

// TestThirdResource takes a resource without write-only data through its life.
func TestThirdResource(t *testing.T) {
	stored := map[string]any{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		switch r.Method {
		case http.MethodPost, http.MethodPatch:
			_ = json.Unmarshal(body, &stored)
			stored["id"] = subtenantID
		case http.MethodDelete:
			stored = nil
			w.WriteHeader(http.StatusNoContent)
			return
		}
		_ = json.NewEncoder(w).Encode(stored)
	}))
	defer server.Close()
	base, err := transport.ParseBaseURL(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	c := client.New(transport.Config{BaseURL: base, RequestTimeout: transport.DefaultRequestTimeout})
	object := tftypes.Object{AttributeTypes: map[string]tftypes.Type{"id": tftypes.String, "first_name": tftypes.String, "custom_id": tftypes.String}}
	value := func(id, firstName, customID any) *tfprotov6.DynamicValue {
		v, err := tfprotov6.NewDynamicValue(object, tftypes.NewValue(object, map[string]tftypes.Value{
			"id": tftypes.NewValue(tftypes.String, id), "first_name": tftypes.NewValue(tftypes.String, firstName), "custom_id": tftypes.NewValue(tftypes.String, customID),
		}))
		if err != nil {
			t.Fatal(err)
		}
		return &v
	}
	none, _ := tfprotov6.NewDynamicValue(object, tftypes.NewValue(object, nil))
	empty, _ := tfprotov6.NewDynamicValue(tftypes.Object{}, tftypes.NewValue(tftypes.Object{}, map[string]tftypes.Value{}))
	// Each walk of Terraform is a process of its own.
	start := func() tfprotov6.ProviderServer {
		p := providerserver.NewProtocol6(third{&providerdata.Data{
			Client: c, Recent: &providerdata.Recent{}, Addresses: &providerdata.Addresses{}, PlanChecks: &providerdata.PlanChecks{},
		}})()
		if _, err := p.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{Config: &empty}); err != nil {
			t.Fatal(err)
		}
		return p
	}
	good := func(diags []*tfprotov6.Diagnostic) {
		t.Helper()
		for _, d := range diags {
			t.Errorf("%s: %s", d.Summary, d.Detail)
		}
	}
	apply := func(prior, config, proposed *tfprotov6.DynamicValue, private []byte) (*tfprotov6.DynamicValue, []byte) {
		t.Helper()
		p := start()
		plan, err := p.PlanResourceChange(t.Context(), &tfprotov6.PlanResourceChangeRequest{
			TypeName: "pigello_subtenant", PriorState: prior, Config: config, ProposedNewState: proposed, PriorPrivate: private,
		})
		if err != nil {
			t.Fatal(err)
		}
		good(plan.Diagnostics)
		applied, err := p.ApplyResourceChange(t.Context(), &tfprotov6.ApplyResourceChangeRequest{
			TypeName: "pigello_subtenant", PriorState: prior, Config: config, PlannedState: plan.PlannedState, PlannedPrivate: plan.PlannedPrivate,
		})
		if err != nil {
			t.Fatal(err)
		}
		good(applied.Diagnostics)
		return applied.NewState, applied.Private
	}
	created, private := apply(&none, value(nil, "Ada", nil), value(tftypes.UnknownValue, "Ada", nil), nil)
	read, err := start().ReadResource(t.Context(), &tfprotov6.ReadResourceRequest{TypeName: "pigello_subtenant", CurrentState: created, Private: private})
	if err != nil {
		t.Fatal(err)
	}
	good(read.Diagnostics)
	changed, private := apply(read.NewState, value(nil, "Ada", "x"), value(subtenantID, "Ada", "x"), read.Private)
	if stored["custom_id"] != "x" || stored["first_name"] != "Ada" {
		t.Errorf("the server has %v", stored)
	}
	_, _ = apply(changed, &none, &none, private)
	if stored != nil {
		t.Errorf("the server still has %v", stored)
	}
}

// TestPolicyFitsSchema shows that an attribute whose flags contradict its policy is found when the provider starts.
func TestPolicyFitsSchema(t *testing.T) {
	defer func() {
		if what, _ := recover().(string); !strings.Contains(what, "pigello_thing.id") {
			t.Errorf("recovered %q", what)
		}
	}()
	managed.Prepare(managed.Spec{TypeName: "pigello_thing", Attributes: map[string]managed.Attribute{
		"id": managed.ServerDefault(schema.StringAttribute{Computed: true}),
	}})
}
