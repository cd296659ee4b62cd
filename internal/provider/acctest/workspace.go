// Package acctest is what the provider's tests share. A Workspace runs the real terraform command with the provider of this checkout against
// a sandbox, over HTTP. InProcess calls a provider without terraform.
package acctest

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	tfjson "github.com/hashicorp/terraform-json"

	"github.com/pigello/terraform-provider-pigello/internal/cli"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// Workspace is a directory with a sandbox. It does not need terraform init.
type Workspace struct {
	Sandbox *sandbox.Sandbox
	URL     string // the sandbox's base URL
	Dir     string

	t        *testing.T
	env      map[string]string
	engine   cli.Engine
	provider string // the directory of the provider

	connections atomic.Int64
}

// Connections returns how many connections the sandbox has accepted.
func (w *Workspace) Connections() int { return int(w.connections.Load()) }

// Result is the result of a terraform command.
type Result struct {
	ExitCode int
	Stdout   string
	Output   string // stdout and stderr together
}

// New returns a workspace with the sandbox's address and credentials in its environment. It makes the test parallel.
func New(t *testing.T, behaviour ...func(*sandbox.Behaviour)) *Workspace {
	t.Helper()
	t.Parallel()
	engine, err := engine()
	if err != nil {
		t.Fatal(err)
	}
	w := &Workspace{t: t, Sandbox: sandbox.New(behaviour...), Dir: t.TempDir(), env: map[string]string{}, engine: engine}
	server := httptest.NewUnstartedServer(w.Sandbox)
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			w.connections.Add(1)
		}
	}
	server.Start()
	t.Cleanup(server.Close)
	w.URL = server.URL
	for _, variable := range w.Sandbox.Environment(server.URL) {
		name, value, _ := strings.Cut(variable, "=")
		w.Setenv(name, value)
	}
	binary, err := build()
	if err != nil {
		t.Fatal(err)
	}
	w.install(filepath.Dir(binary))
	w.Setenv("TF_CLI_CONFIG_FILE", filepath.Join(w.Dir, ".terraformrc"))
	w.Setenv("CHECKPOINT_DISABLE", "1")
	w.Setenv("TF_IN_AUTOMATION", "1")
	w.Setenv("TF_DISABLE_PLUGIN_TLS", "1") // Terraform's own switch for tests: half of a small plan is the keys for talking to providers
	w.Write("provider.tf", `terraform {
  required_providers { pigello = { source = "pigello/pigello" } }
}`)
	return w
}

// install makes Terraform use the provider in a directory.
func (w *Workspace) install(dir string) {
	w.t.Helper()
	w.provider = dir
	w.Write(".terraformrc", `provider_installation {
  dev_overrides { "pigello/pigello" = "`+filepath.ToSlash(dir)+`" }
  direct {}
}`)
}

// providerVariable is the variable that names the directory of a provider that is built already: make builds it once for all packages.
const providerVariable = "PIGELLO_TEST_PROVIDER"

// built is the directory of the provider that this package has built, or "".
var built string

// build returns the provider's binary. Without one that is built already, it builds it once for all tests of a package.
var build = sync.OnceValues(func() (string, error) {
	root := Root()
	// go test caches results, and does not know that the test depends on the provider's sources. It does so if the test looks at the files.
	for _, source := range []string{"main.go", "go.mod", "internal"} {
		if err := filepath.WalkDir(filepath.Join(root, source), func(_ string, _ fs.DirEntry, err error) error { return err }); err != nil {
			return "", err
		}
	}
	const name = "terraform-provider-pigello"
	if dir := os.Getenv(providerVariable); dir != "" {
		return filepath.Join(dir, name), nil
	}
	dir, err := os.MkdirTemp("", "pigello-acctest-")
	if err != nil {
		return "", err
	}
	built = dir
	binary := filepath.Join(dir, name)
	cmd := exec.Command("go", "build", "-o", binary, ".")
	cmd.Dir = root
	if output, err := cmd.CombinedOutput(); err != nil {
		return "", errors.New(string(output))
	}
	return binary, nil
})

// Main runs the tests of a package, and then removes the provider that they have built. Call it from TestMain.
func Main(m *testing.M) {
	code := m.Run()
	if built != "" {
		_ = os.RemoveAll(built)
	}
	os.Exit(code)
}

// Setenv sets a variable for the following commands; "" removes it.
func (w *Workspace) Setenv(name, value string) {
	if value == "" {
		delete(w.env, name)
		return
	}
	w.env[name] = value
}

// Variable gives a variable of the configuration to the commands that follow.
func (w *Workspace) Variable(name string, value any) {
	w.t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		w.t.Fatal(err)
	}
	w.Setenv("TF_VAR_"+name, string(text))
}

// Write writes a file.
func (w *Workspace) Write(name, content string) {
	w.t.Helper()
	if err := os.WriteFile(filepath.Join(w.Dir, name), []byte(content), 0o600); err != nil {
		w.t.Fatal(err)
	}
}

// Config writes main.tf.
func (w *Workspace) Config(hcl string) { w.t.Helper(); w.Write("main.tf", hcl) }

// Run runs terraform. Any exit code is accepted.
func (w *Workspace) Run(args ...string) Result {
	w.t.Helper()
	return w.Start(args...).Wait()
}

// safeBuffer is a buffer for concurrent writes of stdout and stderr.
type safeBuffer struct {
	mu      sync.Mutex
	content bytes.Buffer
}

// Write implements io.Writer.
func (b *safeBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.content.Write(p)
}

// String returns what has been written.
func (b *safeBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.content.String()
}

// OK runs terraform and fails the test unless it succeeds.
func (w *Workspace) OK(args ...string) Result {
	w.t.Helper()
	r := w.Run(args...)
	if r.ExitCode != 0 {
		w.t.Fatalf("terraform %s: exit code %d\n%s", strings.Join(args, " "), r.ExitCode, r.Output)
	}
	return r
}

// Apply applies the configuration.
func (w *Workspace) Apply(args ...string) Result {
	w.t.Helper()
	return w.OK(append([]string{"apply", "-auto-approve", "-input=false", "-no-color"}, args...)...)
}

// Plan makes a plan, and returns it decoded from JSON. The plan is in the file tfplan afterwards.
func (w *Workspace) Plan(args ...string) (*tfjson.Plan, Result) {
	w.t.Helper()
	r := w.Run(append([]string{"plan", "-detailed-exitcode", "-input=false", "-no-color", "-out=tfplan"}, args...)...)
	if r.ExitCode == 1 {
		w.t.Fatalf("terraform plan: %s", r.Output)
	}
	shown := w.OK("show", "-json", "tfplan")
	var plan tfjson.Plan
	if err := json.Unmarshal([]byte(shown.Stdout), &plan); err != nil {
		w.t.Fatal(err)
	}
	return &plan, r
}

// PlanEmpty fails the test unless the plan is empty, and the refresh has changed nothing in the state.
func (w *Workspace) PlanEmpty() {
	w.t.Helper()
	r := w.Run("plan", "-json", "-detailed-exitcode", "-input=false")
	drifted := slices.ContainsFunc(w.messages(r), func(m message) bool { return m.Type == "resource_drift" })
	if r.ExitCode != 0 || drifted {
		w.t.Fatalf("terraform plan: want no changes, got exit code %d, drift: %t\n%s", r.ExitCode, drifted, r.Output)
	}
}

// DataSources returns the attributes of all data sources in the state, by their names.
func (w *Workspace) DataSources() map[string]map[string]any {
	w.t.Helper()
	found := map[string]map[string]any{}
	for _, i := range w.Instances() {
		if i.Mode == "data" {
			found[i.Name] = i.Attributes
		}
	}
	return found
}

// Changed returns the attributes that a plan changes in a resource, by address, and which of them are unknown.
func Changed(plan *tfjson.Plan, address string) (changed, unknown []string) {
	for _, rc := range plan.ResourceChanges {
		if rc.Address != address {
			continue
		}
		before, _ := rc.Change.Before.(map[string]any)
		after, _ := rc.Change.After.(map[string]any)
		afterUnknown, _ := rc.Change.AfterUnknown.(map[string]any)
		names := map[string]bool{}
		for name := range before {
			names[name] = true
		}
		for name := range after {
			names[name] = true
		}
		for name := range afterUnknown {
			names[name] = true
		}
		for name := range names {
			if isUnknown(afterUnknown[name]) {
				unknown = append(unknown, name)
				continue
			}
			a, _ := json.Marshal(before[name])
			b, _ := json.Marshal(after[name])
			if !bytes.Equal(a, b) {
				changed = append(changed, name)
			}
		}
	}
	return changed, unknown
}

func isUnknown(v any) bool { b, ok := v.(bool); return ok && b }

// State returns the state file.
func (w *Workspace) State() string {
	w.t.Helper()
	return ReadFile(w.t, w.Dir, "terraform.tfstate")
}

// Attributes returns the attributes of a resource in the state, by address.
func (w *Workspace) Attributes(address string) map[string]any {
	w.t.Helper()
	for _, i := range w.Instances() {
		if i.Mode == "managed" && i.Address == address {
			return i.Attributes
		}
	}
	w.t.Fatalf("%s is not in the state", address)
	return nil
}

// TraceTo makes the following commands write the provider's log with the level TRACE to a file, and returns the path of the file.
func (w *Workspace) TraceTo(name string) string {
	at := filepath.Join(w.Dir, name)
	w.Setenv("TF_LOG_PROVIDER", "TRACE")
	w.Setenv("TF_LOG_PATH", at)
	return at
}

// StderrTo makes the following commands write the standard error of the provider to a file, and returns the path of the file. It holds the
// provider's complete log, including lines that Terraform discards.
func (w *Workspace) StderrTo(name string) string {
	w.t.Helper()
	binary, err := build()
	if err != nil {
		w.t.Fatal(err)
	}
	at, dir := filepath.Join(w.Dir, name), w.t.TempDir()
	script := fmt.Sprintf("#!/bin/sh\nexec %q \"$@\" 2>>%q\n", binary, at)
	if err := os.WriteFile(filepath.Join(dir, filepath.Base(binary)), []byte(script), 0o700); err != nil {
		w.t.Fatal(err)
	}
	w.install(dir)
	return at
}

// Instance is an object in the state file.
type Instance struct {
	Address          string
	Mode, Type, Name string // the mode is managed or data
	Key              string // of for_each
	Status           string // tainted, or nothing
	Attributes       map[string]any
	Identity         map[string]any
	Private          map[string]json.RawMessage
}

// Instances returns what is in the state, in its order.
func (w *Workspace) Instances() []Instance {
	w.t.Helper()
	var state struct {
		Resources []struct {
			Module, Mode, Type, Name string
			Instances                []struct {
				IndexKey             json.RawMessage `json:"index_key"`
				Status               string
				Attributes, Identity map[string]any
				Private              []byte
			}
		}
	}
	if err := json.Unmarshal([]byte(w.State()), &state); err != nil {
		w.t.Fatal(err)
	}
	var all []Instance
	for _, r := range state.Resources {
		for _, i := range r.Instances {
			one := Instance{
				Address: strings.TrimPrefix(r.Module+"."+r.Type+"."+r.Name, "."),
				Mode:    r.Mode, Type: r.Type, Name: r.Name, Status: i.Status, Attributes: i.Attributes, Identity: i.Identity,
			}
			if i.IndexKey != nil {
				one.Address += "[" + string(i.IndexKey) + "]"
				_ = json.Unmarshal(i.IndexKey, &one.Key) // a number of count is no key
			}
			private := map[string][]byte{}
			if len(i.Private) > 0 {
				if err := json.Unmarshal(i.Private, &private); err != nil {
					w.t.Fatal(err)
				}
			}
			one.Private = map[string]json.RawMessage{}
			for key, value := range private {
				one.Private[key] = value
			}
			all = append(all, one)
		}
	}
	return all
}
