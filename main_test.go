package main

import (
	"context"
	"os"
	"os/exec"
	"strings"
	"testing"

	frameworkprovider "github.com/hashicorp/terraform-plugin-framework/provider"

	"github.com/pigello/terraform-provider-pigello/internal/provider"
)

// TestReleaseLinksNoTestCode holds that what only tests need stays out of the binary that users run.
func TestReleaseLinksNoTestCode(t *testing.T) {
	output, err := exec.CommandContext(t.Context(), "go", "list", "-deps", ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	const module = "github.com/pigello/terraform-provider-pigello/"
	linked := strings.FieldsSeq(string(output))
	for pkg := range linked {
		for _, prefix := range []string{
			module + "internal/sandbox",
			module + "internal/apispec",
			module + "internal/provider/acctest",
			module + "internal/provider/schemajson",
			"github.com/getkin/kin-openapi",
			"github.com/hashicorp/terraform-plugin-sdk",
			"github.com/hashicorp/terraform-plugin-testing",
			"net/http/httptest",
		} {
			if pkg == prefix || strings.HasPrefix(pkg, prefix+"/") {
				t.Errorf("the release links %s", pkg)
			}
		}
	}
	if !strings.Contains(string(output), module+"internal/client\n") {
		t.Errorf("the list lacks the client, so it cannot be the release's:\n%s", output)
	}
}

// TestReadmeNamesEveryAttribute holds README.md's table to the provider's configuration.
func TestReadmeNamesEveryAttribute(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	var resp frameworkprovider.SchemaResponse
	provider.New("test")().Schema(context.Background(), frameworkprovider.SchemaRequest{}, &resp)
	if len(resp.Schema.Attributes) == 0 {
		t.Fatal("the provider has no attributes")
	}
	for name := range resp.Schema.Attributes {
		if row := "| `" + name + "` | `PIGELLO_" + strings.ToUpper(name) + "` |"; !strings.Contains(string(readme), row) {
			t.Errorf("README.md has no row %s", row)
		}
	}
}
