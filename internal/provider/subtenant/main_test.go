package subtenant_test

import (
	"fmt"
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
