package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// stage is a directory with the built programs.
type stage struct {
	dir string
	env []string
}

func newStage(ctx context.Context) (_ *stage, err error) {
	if _, err := exec.LookPath("terraform"); err != nil {
		return nil, errors.New("the benchmark needs the terraform command on the PATH: https://developer.hashicorp.com/terraform/install")
	}
	root, err := command(ctx, "", "go", "list", "-m", "-f", "{{.Dir}}").Output()
	if err != nil {
		return nil, fmt.Errorf("go list -m: %w", err)
	}
	s := &stage{}
	if s.dir, err = os.MkdirTemp("", "pigello-bench-"); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.close())
		}
	}()
	for program, source := range map[string]string{
		s.program(provider): ".", s.program(floor): "./internal/bench/floor", s.meter(): "./internal/bench/meter",
	} {
		build := command(ctx, strings.TrimSpace(string(root)), "go", "build", "-o", program, source)
		if output, err := build.CombinedOutput(); err != nil {
			return nil, fmt.Errorf("go build %s: %w\n%s", source, err, output)
		}
	}
	cliConfig := filepath.Join(s.dir, "terraform.rc")
	overrides := fmt.Sprintf("provider_installation {\n  dev_overrides {\n    \"pigello/pigello\" = %q\n  }\n}\n",
		filepath.ToSlash(filepath.Dir(s.meter())))
	if err := os.WriteFile(cliConfig, []byte(overrides), 0o600); err != nil {
		return nil, err
	}
	// Nothing that the user has set for other work may reach this terraform, nor the provider.
	for _, variable := range os.Environ() {
		if !strings.HasPrefix(variable, "PIGELLO_") && !strings.HasPrefix(variable, "TF_") && !strings.HasPrefix(variable, "GO") {
			s.env = append(s.env, variable)
		}
	}
	s.env = append(s.env, "TF_CLI_CONFIG_FILE="+cliConfig, "TF_IN_AUTOMATION=1", "TF_INPUT=0", "CHECKPOINT_DISABLE=1")
	return s, nil
}

// The two programs that are measured.
const (
	provider = "provider"
	floor    = "floor"
)

func (s *stage) program(name string) string { return filepath.Join(s.dir, name) }

// meter is what Terraform takes for the provider.
func (s *stage) meter() string { return filepath.Join(s.dir, "meter", "terraform-provider-pigello") }

func (s *stage) close() error { return os.RemoveAll(s.dir) }

// terraform runs the command, and fails unless it succeeds.
func (s *stage) terraform(ctx context.Context, dir string, env []string, args ...string) error {
	cmd := command(ctx, dir, "terraform", append(args, "-no-color")...)
	cmd.Env = append(slices.Clip(s.env), env...)
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output
	if err := cmd.Run(); err != nil {
		text := output.String()
		return fmt.Errorf("terraform %s: %w, at the end of:\n%s", args[0], err, text[max(0, len(text)-2000):])
	}
	return nil
}

// command prepares a command that gets the chance to clear up when ctx ends: terraform stops its providers then.
func command(ctx context.Context, dir, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = dir
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = 20 * time.Second
	shield(cmd)
	return cmd
}
