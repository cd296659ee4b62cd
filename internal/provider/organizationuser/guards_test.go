package organizationuser_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
)

// TestImportOfNothing shows that neither an id nor an identity is a clear error, and not the framework's about a bug.
func TestImportOfNothing(t *testing.T) {
	_, configuration := serve(t)
	_, diags := start(t, configuration).Import(t.Context(), resourceType, "", nil)
	diags.Only(t, "a UUID")
}

// TestUnconfiguredApply shows that an apply whose provider configuration is not known, as when a destroy refers to what is
// gone, is an error and keeps the state. Abandoning needs no provider.
func TestUnconfiguredApply(t *testing.T) {
	t.Parallel()
	p := start(t, nil)
	of := p.Resource(resourceType)
	user := acctest.Dynamic(of, attributes{"id": uuid(1), "first_name": "Ada"})
	abandoned := acctest.Dynamic(of, attributes{"id": uuid(1), "on_destroy": "abandon"})
	null := acctest.Dynamic(of, nil)
	for name, c := range map[string]struct {
		prior, planned, config *tfprotov6.DynamicValue
		fails                  bool
	}{
		"create":  {null, user, user, true},
		"update":  {user, user, user, true},
		"delete":  {user, null, null, true},
		"abandon": {abandoned, null, null, false},
	} {
		resp, err := p.ApplyResourceChange(t.Context(), &tfprotov6.ApplyResourceChangeRequest{
			TypeName: resourceType, PriorState: c.prior, PlannedState: c.planned, Config: c.config,
		})
		if err != nil {
			t.Fatal(err)
		}
		diags := acctest.DiagnosticsOf(resp.Diagnostics)
		failed := slices.ContainsFunc(diags.Errors(), func(d acctest.Diagnostic) bool { return strings.Contains(d.Detail, "configuration is not known") })
		if failed != c.fails {
			t.Errorf("%s: failed is %v: %v", name, failed, diags)
		}
		if name == "delete" && acctest.Decode(of, resp.NewState).IsNull() {
			t.Error("a failed delete must keep the state")
		}
	}
}
