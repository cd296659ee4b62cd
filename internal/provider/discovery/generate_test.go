package discovery_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// TestGeneratedRoundTrip does what terraform query, generated configuration and imports do, without Terraform 1.14: the
// configuration that the provider makes of each result is valid, and the import of it plans nothing.
func TestGeneratedRoundTrip(t *testing.T) {
	for of := range nouns {
		t.Run(of, func(t *testing.T) {
			p, api := start(t, func(b *sandbox.Behaviour) { b.EmptyForNull = true })
			fill(api, of, 150)
			found := p.List(t.Context(), acctest.ListRequest{Of: of, Include: true})
			if len(found.IDs) != 150 {
				t.Fatalf("%d results, %v", len(found.IDs), found.Errors())
			}
			for i, id := range found.IDs {
				generated, err := p.GenerateResourceConfig(t.Context(), &tfprotov6.GenerateResourceConfigRequest{
					TypeName: of, State: acctest.Dynamic(p.Resource(of), found.States[i]),
				})
				if err != nil {
					t.Fatal(err)
				}
				acctest.DiagnosticsOf(generated.Diagnostics).None(t)
				config := acctest.Decode(p.Resource(of), generated.Config)
				p.ValidateResource(t.Context(), of, config).None(t)

				before := adopt(t, p, of, id)
				plan, diags := p.Plan(t.Context(), before, config)
				diags.None(t)
				same(t, id, before.State, plan.Planned)
				if _, ok := acctest.Fields(config)["id"]; !ok {
					t.Fatal("no configuration")
				}
			}
			acctest.NoWrites(t, api)
		})
	}
}
