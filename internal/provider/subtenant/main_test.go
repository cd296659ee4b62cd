package subtenant_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

func TestMain(m *testing.M) { acctest.Main(m) }

const kind = sandbox.Subtenant

// lookup is the block of a data source with a name, by a key in HCL.
func lookup(name, key, value string) string {
	return fmt.Sprintf("data \"pigello_subtenant\" %q {\n  %s = %s\n}\n", name, key, value)
}

func quoted(s string) string { return fmt.Sprintf("%q", s) }

// read applies the configuration and returns the data sources' attributes by name.
func read(t *testing.T, w *acctest.Workspace) map[string]map[string]any {
	t.Helper()
	w.Apply()
	return w.DataSources()
}

// failure is the errors of one data source.
type failure struct {
	texts []string
	on    []string // the attributes that they are on
}

// failures runs terraform plan and returns what failed by the data sources' names.
func failures(t *testing.T, w *acctest.Workspace) map[string]failure {
	t.Helper()
	found := map[string]failure{}
	r := w.Run("plan", "-json")
	for line := range strings.Lines(r.Stdout) {
		var message struct {
			Type       string
			Diagnostic struct {
				Severity, Summary, Detail, Address string
				Snippet                            struct{ Context, Code string }
			}
		}
		if err := json.Unmarshal([]byte(line), &message); err != nil {
			t.Fatalf("%v: %s", err, r.Output)
		}
		d := message.Diagnostic
		if message.Type != "diagnostic" || d.Severity != "error" {
			continue
		}
		name := strings.TrimPrefix(d.Address, "data.pigello_subtenant.")
		if name == "" { // found before there are addresses
			name = strings.Trim(strings.TrimPrefix(d.Snippet.Context, `data "pigello_subtenant" `), `"`)
		}
		on, _, _ := strings.Cut(strings.TrimSpace(d.Snippet.Code), " ")
		f := found[name]
		f.texts = append(f.texts, d.Summary+"\n"+d.Detail)
		f.on = append(f.on, on)
		found[name] = f
	}
	return found
}

// same fails the test unless two values are the same JSON.
func same(t *testing.T, what string, got, want any) {
	t.Helper()
	g, _ := json.Marshal(got)
	w, _ := json.Marshal(want)
	if string(g) != string(w) {
		t.Errorf("%s:\n got %s\nwant %s", what, g, w)
	}
}

// onlyReads fails the test if the provider did anything but read.
func onlyReads(t *testing.T, w *acctest.Workspace) {
	t.Helper()
	if slices.ContainsFunc(w.Sandbox.Requests(), func(r sandbox.Request) bool { return r.Method != "GET" }) {
		t.Error("a data source must only read")
	}
}
