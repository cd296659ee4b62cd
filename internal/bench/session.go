package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/pigello/terraform-provider-pigello/internal/cli"
)

// session is a directory with the built programs.
type session struct {
	engine cli.Engine
	dir    string
	env    []string
}

func newSession(ctx context.Context) (_ *session, err error) {
	engine, err := cli.FindEngine(ctx)
	if err != nil {
		return nil, err
	}
	root, err := cli.Command(ctx, "", "go", "list", "-m", "-f", "{{.Dir}}").Output()
	if err != nil {
		return nil, fmt.Errorf("go list -m: %w", err)
	}
	s := &session{engine: engine}
	if s.dir, err = os.MkdirTemp("", "pigello-bench-"); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.close())
		}
	}()
	for program, source := range map[string]string{
		s.program(provider): ".", s.program(baseline): "./internal/bench/baseline", s.meter(): "./internal/bench/meter",
	} {
		build := cli.Command(ctx, strings.TrimSpace(string(root)), "go", "build", "-o", program, source)
		if output, err := build.CombinedOutput(); err != nil {
			return nil, fmt.Errorf("go build %s: %w\n%s", source, err, output)
		}
	}
	if s.env, err = cli.Environment(s.dir, filepath.Dir(s.meter()), "GO"); err != nil {
		return nil, err
	}
	return s, nil
}

// The two programs that are measured.
const (
	provider = "provider"
	baseline = "baseline"
)

func (s *session) program(name string) string { return filepath.Join(s.dir, name) }

// meter returns the program that Terraform starts as the provider.
func (s *session) meter() string { return filepath.Join(s.dir, "meter", "terraform-provider-pigello") }

func (s *session) close() error { return os.RemoveAll(s.dir) }

// terraform runs the command, and fails unless it succeeds.
func (s *session) terraform(ctx context.Context, dir string, env []string, args ...string) error {
	return s.run(ctx, s.engine, dir, env, args...)
}

// run runs the command of an engine, and fails unless it succeeds.
func (s *session) run(ctx context.Context, engine cli.Engine, dir string, env []string, args ...string) error {
	cmd := cli.Command(ctx, dir, engine.Path, append(args, "-no-color")...)
	cmd.Env = append(slices.Clip(s.env), env...)
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output
	if err := cmd.Run(); err != nil {
		text := output.String()
		return fmt.Errorf("%s %s: %w, at the end of:\n%s", engine.Name(), args[0], err, text[max(0, len(text)-2000):])
	}
	return nil
}
