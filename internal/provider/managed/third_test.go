package managed_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"

	"github.com/pigello/terraform-provider-pigello/internal/client"
	"github.com/pigello/terraform-provider-pigello/internal/client/model"
	"github.com/pigello/terraform-provider-pigello/internal/client/transport"
	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
	"github.com/pigello/terraform-provider-pigello/internal/provider/managed"
	"github.com/pigello/terraform-provider-pigello/internal/provider/providerdata"
)

// third is a provider of one resource that has no write-only data, no timeouts and no on_destroy: what a spec leaves out, the lifecycle
// does without.
type third struct {
	data *providerdata.Data
	keys []string
}

func (third) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "pigello"
}
func (third) Schema(context.Context, provider.SchemaRequest, *provider.SchemaResponse) {}
func (p third) Configure(_ context.Context, _ provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	resp.ResourceData = p.data
}
func (third) DataSources(context.Context) []func() datasource.DataSource { return nil }
func (p third) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{func() resource.Resource {
		entity := model.Subtenant
		entity.Keys = p.keys
		return managed.NewResource(managed.Prepare(managed.Spec{
			TypeName: "pigello_subtenant", Entity: entity, Objects: (*client.Client).Subtenants,
			Attributes: map[string]managed.Attribute{
				"id":         managed.Computed(schema.StringAttribute{Computed: true}),
				"first_name": managed.Configured(schema.StringAttribute{Optional: true}),
				"custom_id":  managed.Configured(schema.StringAttribute{Optional: true}),
			},
		}))
	}}
}

func clientOf(t *testing.T, url string) *client.Client {
	t.Helper()
	base, err := transport.ParseBaseURL(url)
	if err != nil {
		t.Fatal(err)
	}
	return client.New(transport.Config{BaseURL: base, RequestTimeout: transport.DefaultRequestTimeout})
}

func newData(c *client.Client) *providerdata.Data {
	return &providerdata.Data{
		Client: c, Recent: &providerdata.Recent{}, Addresses: &providerdata.Addresses{}, PlanChecks: &providerdata.PlanChecks{},
	}
}

const subtenantID = "497f6eca-6276-4993-bfeb-53cbbbba6f08"

// TestThirdResource takes a resource without write-only data through its life.
func TestThirdResource(t *testing.T) {
	stored := map[string]any{}
	url := acctest.Listen(t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
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
	c := clientOf(t, url)
	// Each walk of Terraform is a process of its own.
	start := func() *acctest.InProcess {
		return acctest.Serve(t, third{data: newData(c)}).Configure(acctest.Attributes{})
	}
	apply := func(prior acctest.Object, config acctest.Attributes) acctest.Object {
		t.Helper()
		p := start()
		plan, diags := p.Plan(t.Context(), prior, config)
		diags.None(t)
		applied, diags := p.Apply(t.Context(), plan)
		diags.None(t)
		return applied
	}
	created := apply(acctest.Object{Of: "pigello_subtenant"}, acctest.Attributes{"first_name": "Ada"})
	read, diags := start().Read(t.Context(), created)
	diags.None(t)
	changed := apply(read, acctest.Attributes{"first_name": "Ada", "custom_id": "x"})
	if stored["custom_id"] != "x" || stored["first_name"] != "Ada" {
		t.Errorf("the server has %v", stored)
	}
	apply(changed, nil)
	if stored != nil {
		t.Errorf("the server still has %v", stored)
	}
}

// TestThirdResourceWithAKey plans two creations with one key.
func TestThirdResourceWithAKey(t *testing.T) {
	url := acctest.Listen(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "[]") }))
	p := acctest.Serve(t, third{data: newData(clientOf(t, url)), keys: []string{"custom_id"}}).Configure(acctest.Attributes{})
	for i := range 2 {
		_, diags := p.Plan(t.Context(), acctest.Object{Of: "pigello_subtenant"}, acctest.Attributes{"custom_id": "x"})
		if diags.NoErrors(t); len(diags) != i || i > 0 && diags[0].On() != "custom_id" {
			t.Errorf("%d: %+v", i, diags)
		}
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
