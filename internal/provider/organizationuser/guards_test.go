package organizationuser_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/pigello/terraform-provider-pigello/internal/provider"
)

// TestImportOfNothing shows that neither an id nor an identity is a clear error, and not the framework's about a bug.
func TestImportOfNothing(t *testing.T) {
	_, configuration := serve(t)
	p := newInProcess(t, configuration)
	imported, err := p.ImportResourceState(t.Context(), &tfprotov6.ImportResourceStateRequest{TypeName: resourceType})
	if err != nil {
		t.Fatal(err)
	}
	if len(imported.Diagnostics) != 1 || !strings.Contains(imported.Diagnostics[0].Detail, "a UUID") {
		t.Errorf("want one error about the id, got %+v", imported.Diagnostics)
	}
}

// TestUnconfiguredApply shows that an apply whose provider configuration is not known, as when a destroy refers to what is
// gone, is an error and keeps the state. Abandoning needs no provider.
func TestUnconfiguredApply(t *testing.T) {
	_, configuration := serve(t)
	schema := newInProcess(t, configuration).schema
	p := providerserver.NewProtocol6(provider.New("test")())()
	null, err := tfprotov6.NewDynamicValue(schema, tftypes.NewValue(schema, nil))
	if err != nil {
		t.Fatal(err)
	}
	user := dynamic(t, schema, map[string]string{"id": uuid(1), "first_name": "Ada"})
	abandoned := dynamic(t, schema, map[string]string{"id": uuid(1), "on_destroy": "abandon"})
	for name, c := range map[string]struct {
		prior, planned, config *tfprotov6.DynamicValue
		fails                  bool
	}{
		"create":  {&null, user, user, true},
		"update":  {user, user, user, true},
		"delete":  {user, &null, &null, true},
		"abandon": {abandoned, &null, &null, false},
	} {
		resp, err := p.ApplyResourceChange(t.Context(), &tfprotov6.ApplyResourceChangeRequest{
			TypeName: resourceType, PriorState: c.prior, PlannedState: c.planned, Config: c.config,
		})
		if err != nil {
			t.Fatal(err)
		}
		failed := false
		for _, d := range resp.Diagnostics {
			failed = failed || d.Severity == tfprotov6.DiagnosticSeverityError && strings.Contains(d.Detail, "configuration is not known")
		}
		if failed != c.fails {
			t.Errorf("%s: failed is %v: %+v", name, failed, resp.Diagnostics)
		}
		if state, err := resp.NewState.Unmarshal(schema); name == "delete" && (err != nil || state.IsNull()) {
			t.Errorf("a failed delete must keep the state: %v %v", state, err)
		}
	}
}
