package discovery_test

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
)

var (
	listBlock = regexp.MustCompile(`(?ms)^list "(\w+)" "(\w+)" \{\n(.*?)^\}`)
	config    = regexp.MustCompile(`(?ms)^  config (\{.*?^  \})`)
)

// examples returns the files with examples of list resources by their type.
func examples(t *testing.T) map[string]string {
	t.Helper()
	files, err := filepath.Glob("../../../examples/list-resources/*/list-resource.tfquery.hcl")
	if err != nil || len(files) != len(nouns) {
		t.Fatal(files, err)
	}
	found := map[string]string{}
	for _, file := range files {
		content := acctest.ReadFile(t, file)
		found[filepath.Base(filepath.Dir(file))] = content
	}
	return found
}

// TestListExamples lists what the examples ask for. The terraform command reads their expressions: it need not know lists.
func TestListExamples(t *testing.T) {
	for of, example := range examples(t) {
		t.Run(of, func(t *testing.T) {
			w := acctest.New(t)
			fill(w.Sandbox, of, 100)
			p := startBehind(t, w.Sandbox, w.Sandbox)
			blocks, configs := listBlock.FindAllStringSubmatch(example, -1), 0
			for _, block := range blocks {
				value := "{}"
				if body := config.FindStringSubmatch(block[3]); body != nil {
					value = body[1]
					configs++
				}
				w.Write(block[2]+".tf", fmt.Sprintf("output %q {\n  value = %s\n}\n", block[2], value))
			}
			if len(blocks) == 0 || configs != strings.Count(example, "config {") {
				t.Fatalf("%d blocks and %d configurations were found in\n%s", len(blocks), configs, example)
			}
			w.Apply()
			var outputs map[string]struct{ Value map[string]any }
			if err := json.Unmarshal([]byte(w.OK("output", "-json").Stdout), &outputs); err != nil {
				t.Fatal(err)
			}
			for _, block := range blocks {
				if block[1] != of {
					t.Errorf("an example of %s lists %s", of, block[1])
				}
				found := p.List(t.Context(), acctest.ListRequest{Of: of, Config: outputs[block[2]].Value, Include: true})
				if len(found.IDs) == 0 || (len(found.IDs) == 100) != (len(outputs[block[2]].Value) == 0) || len(found.Errors()) > 0 {
					t.Errorf("%s: %d results, %v", block[2], len(found.IDs), found.Errors())
				}
			}
		})
	}
}

// TestListExamplesQuery gives the examples to terraform query.
func TestListExamplesQuery(t *testing.T) {
	w := acctest.New(t)
	w.Needs(acctest.Queries)
	for of, example := range examples(t) {
		fill(w.Sandbox, of, 20)
		w.Write(of+".tfquery.hcl", example)
	}
	r := w.OK("query", "-no-color")
	for _, example := range examples(t) {
		for _, block := range listBlock.FindAllStringSubmatch(example, -1) {
			if name := "list." + block[1] + "." + block[2] + " "; !strings.Contains(r.Output, name) {
				t.Errorf("nothing of %s in\n%s", name, r.Output)
			}
		}
	}
}
