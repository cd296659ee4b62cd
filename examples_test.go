package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
)

func TestMain(m *testing.M) { acctest.Main(m) }

// TestExamplesAreValid lets the terraform command judge each example of the documentation. examples/demo is left to
// the demonstration, which applies it.
func TestExamplesAreValid(t *testing.T) {
	configurations := map[string][]string{"the provider": {"examples/provider/provider.tf"}}
	for _, pattern := range []string{"examples/resources/*/resource.tf", "examples/data-sources/*/data-source.tf"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("no example like %s (%v)", pattern, err)
		}
		for _, file := range files {
			configurations[file] = []string{file}
			byID := filepath.Join(filepath.Dir(file), "import-by-string-id.tf")
			if _, err := os.Stat(byID); err == nil {
				configurations[byID] = []string{file, byID}
			}
		}
	}
	for name, files := range configurations {
		t.Run(name, func(t *testing.T) {
			w := acctest.New(t)
			for _, file := range files {
				content, err := os.ReadFile(file)
				if err != nil {
					t.Fatal(err)
				}
				w.Write(filepath.Base(file), string(content))
			}
			for _, d := range w.Validate() {
				t.Errorf("%s: %s", d.Summary, d.Detail)
			}
		})
	}
}

// TestImportExamplesNameTheirResource holds the other import examples, which need a newer terraform or a shell, to the
// resource that they stand beside.
func TestImportExamplesNameTheirResource(t *testing.T) {
	for _, name := range []string{"import-by-identity.tf", "import.sh"} {
		files, err := filepath.Glob("examples/resources/*/" + name)
		if err != nil || len(files) == 0 {
			t.Fatalf("no example %s (%v)", name, err)
		}
		for _, file := range files {
			content, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if resource := filepath.Base(filepath.Dir(file)); !strings.Contains(string(content), " "+resource+".") {
				t.Errorf("%s does not name %s", file, resource)
			}
		}
	}
}
