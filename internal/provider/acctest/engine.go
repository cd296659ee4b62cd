package acctest

import (
	"context"
	"os"
	"sync"

	"github.com/pigello/terraform-provider-pigello/internal/cli"
)

// nextVariable is the variable that names a second, newer command, for tests of a state that is used with both.
const nextVariable = "PIGELLO_TEST_TERRAFORM_NEXT"

// engine returns the command that all tests of a package use.
var engine = sync.OnceValues(func() (cli.Engine, error) { return cli.FindEngine(context.Background()) })

// Feature is a feature that not every supported command has.
type Feature struct {
	name            string
	terraform, tofu int // the first minor version with the feature; 0 if there is none
}

// The features that not every supported command has.
var (
	Identities = Feature{"import by identity", 12, 12}
	Queries    = Feature{"list resources", 14, 0}
	Actions    = Feature{"actions", 14, 0}
	// Caller is the object that has triggered an action, and -invoke for an action that uses it.
	Caller = Feature{"caller", 16, 0}
	// MinimalRefresh plans first, and then reads only what the plan would change.
	MinimalRefresh = Feature{"-minimal-refresh", 17, 0}
)

// Has reports whether the command of the workspace has a feature.
func (w *Workspace) Has(f Feature) bool {
	since := f.terraform
	if w.engine.OpenTofu {
		since = f.tofu
	}
	return since > 0 && w.engine.Minor >= since
}

// Needs skips the test unless the command of the workspace has a feature.
func (w *Workspace) Needs(f Feature) {
	w.t.Helper()
	if !w.Has(f) {
		w.t.Skipf("%s has no %s: %s can name another command", w.engine, f.name, cli.EngineVariable)
	}
}

// Engine returns the command that the workspace runs.
func (w *Workspace) Engine() cli.Engine { return w.engine }

// Use sets the engine for the following commands.
func (w *Workspace) Use(engine cli.Engine) { w.engine = engine }

// Next returns the second command, which the variable PIGELLO_TEST_TERRAFORM_NEXT names. It skips the test if there is none.
func (w *Workspace) Next() cli.Engine {
	w.t.Helper()
	path := os.Getenv(nextVariable)
	if path == "" {
		w.t.Skipf("a second command is needed: let %s name one that is newer than %s", nextVariable, w.engine)
	}
	next, err := cli.EngineAt(w.t.Context(), path)
	if err != nil {
		w.t.Fatalf("%s: %v", nextVariable, err)
	}
	return next
}
