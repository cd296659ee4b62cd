// Package cli runs the real terraform command with a provider that was just built, for the demo and the benchmark.
package cli

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Command returns a command that is interrupted when ctx ends, so that terraform can stop its providers.
func Command(ctx context.Context, dir, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 20 * time.Second
	shield(cmd)
	return cmd
}

// Environment returns an environment in which terraform uses the provider in the directory bin. It writes a configuration file to dir. The
// environment leaves out the user's settings of Terraform, the credentials of a real Pigello, and all variables that begin with one of the
// prefixes.
func Environment(dir, bin string, prefixes ...string) ([]string, error) {
	config := filepath.Join(dir, "terraform.rc")
	overrides := fmt.Sprintf("provider_installation {\n  dev_overrides {\n    \"pigello/pigello\" = %q\n  }\n}\n", filepath.ToSlash(bin))
	if err := os.WriteFile(config, []byte(overrides), 0o600); err != nil {
		return nil, err
	}
	env := without(append([]string{"PIGELLO_", "TF_"}, prefixes...)...)
	return append(env, "TF_CLI_CONFIG_FILE="+config, "TF_IN_AUTOMATION=1", "TF_INPUT=0", "CHECKPOINT_DISABLE=1"), nil
}

// without returns this process's environment without the variables that begin with one of the prefixes.
func without(prefixes ...string) []string {
	return slices.DeleteFunc(os.Environ(), func(variable string) bool {
		return slices.ContainsFunc(prefixes, func(prefix string) bool { return strings.HasPrefix(variable, prefix) })
	})
}
