package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
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
			module + "internal/race",
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

// TestPicturesExist holds that what the documents show is there. The addresses are whole ones, since the Terraform Registry has no
// files beside the pages.
func TestPicturesExist(t *testing.T) {
	pages, err := filepath.Glob("docs/guides/*.md")
	if err != nil {
		t.Fatal(err)
	}
	pictures := 0
	for _, page := range pages {
		content, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, picture := range regexp.MustCompile(`!\[[^\]]*\]\(([^)]*)\)`).FindAllSubmatch(content, -1) {
			pictures++
			name, whole := strings.CutPrefix(string(picture[1]), "https://raw.githubusercontent.com/pigello/terraform-provider-pigello/main/")
			if _, err := os.Stat(name); !whole || err != nil {
				t.Errorf("%s shows %s: %v", page, picture[1], err)
			}
		}
	}
	if pictures == 0 {
		t.Error("no page shows a picture")
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
