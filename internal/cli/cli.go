// Package cli runs the real terraform command with a provider that was just built, for programs that show or measure it.
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

// Command prepares a command that gets the chance to clear up when ctx ends: terraform stops its providers then.
func Command(ctx context.Context, dir, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 20 * time.Second
	shield(cmd)
	return cmd
}

// Environment returns an environment in which terraform takes the provider from the directory bin; its settings are a file in
// dir. Nothing that the user has set for other work reaches that terraform, nor the provider: not a real Pigello's credentials,
// above all, nor a variable that begins with one of the prefixes.
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
