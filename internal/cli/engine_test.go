package cli_test

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/cli"
)

// engine writes an executable file that prints a version, and returns its path.
func engine(t *testing.T, dir, name, version string) string {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("the commands of this test are shell scripts")
	}
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte("#!/bin/sh\necho '"+version+"'\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestFindEngine(t *testing.T) {
	both, tofuOnly, other := t.TempDir(), t.TempDir(), t.TempDir()
	engine(t, both, "terraform", "Terraform v1.11.4\non linux_amd64")
	engine(t, both, "tofu", "OpenTofu v1.12.6")
	engine(t, tofuOnly, "tofu", "OpenTofu v1.12.6")
	named := engine(t, other, "next", "Terraform v1.17.0-dev")
	old := engine(t, other, "old", "Terraform v1.9.8")
	odd := engine(t, other, "odd", "Fortran v77")
	for name, c := range map[string]struct {
		path, variable string
		want, command  string
		err            string
	}{
		"terraform comes first": {both, "", "Terraform 1.11", "terraform", ""},
		"tofu alone is enough":  {tofuOnly, "", "OpenTofu 1.12", "tofu", ""},
		"the variable wins":     {both, named, "Terraform 1.17", "terraform", ""},
		"nothing is there":      {other, "", "", "", "neither terraform nor tofu is on the PATH: install"},
		"too old":               {both, old, "", "", "Terraform 1.9 at " + old + " is too old: 1.11 or newer is needed"},
		"something else":        {both, odd, "", "", "no Terraform or OpenTofu"},
		"the variable is wrong": {both, filepath.Join(other, "none"), "", "", "no such file"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("PATH", c.path)
			t.Setenv(cli.EngineVariable, c.variable)
			found, err := cli.FindEngine(t.Context())
			if c.err != "" {
				if err == nil || !strings.Contains(err.Error(), c.err) || strings.Contains(err.Error(), "\n") {
					t.Errorf("the error is %v, want %q in one line", err, c.err)
				}
				return
			}
			if err != nil || found.String() != c.want || found.Name() != c.command {
				t.Errorf("found %s (%s), %v; want %s (%s)", found, found.Name(), err, c.want, c.command)
			}
		})
	}
}
