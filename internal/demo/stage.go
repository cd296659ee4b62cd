package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/pigello/terraform-provider-pigello/internal/cli"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// stage is what the demonstration needs: a sandbox on the loopback interface, and a directory with the built provider
// and a copy of examples/demo, so that no state file is left among the examples.
type stage struct {
	out     io.Writer
	engine  cli.Engine
	sandbox *sandbox.Sandbox
	server  *http.Server
	dir     string
	env     []string
	step    int
}

func newStage(ctx context.Context, out io.Writer) (_ *stage, err error) {
	engine, err := cli.FindEngine(ctx)
	if err != nil {
		return nil, err
	}
	root, err := checkout(ctx)
	if err != nil {
		return nil, err
	}

	s := &stage{out: out, engine: engine, sandbox: sandbox.New()}
	if s.dir, err = os.MkdirTemp("", "pigello-demo-"); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.close())
		}
	}()
	if err := s.copyConfig(filepath.Join(root, "examples", "demo")); err != nil {
		return nil, err
	}

	s.say("Building the provider.")
	bin := filepath.Join(s.dir, "bin")
	build := cli.Command(ctx, root, "go", "build", "-o", bin+string(filepath.Separator), ".")
	if output, err := build.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("go build: %w\n%s", err, output)
	}
	if s.env, err = cli.Environment(s.dir, bin); err != nil {
		return nil, err
	}

	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s.server = &http.Server{Handler: s.sandbox, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = s.server.Serve(listener) }() // what it answers is checked by everything that follows
	baseURL := "http://" + listener.Addr().String()
	s.say("Starting a Pigello in memory at %s.", baseURL)

	s.env = append(s.env, s.sandbox.Environment(baseURL)...)
	return s, nil
}

func (s *stage) config() string { return filepath.Join(s.dir, "config") }

// copyConfig copies the configuration, but not what somebody may have left beside it who plays there by hand.
func (s *stage) copyConfig(from string) error {
	if err := os.Mkdir(s.config(), 0o700); err != nil {
		return err
	}
	files, err := filepath.Glob(filepath.Join(from, "*.tf"))
	if err != nil {
		return err
	}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(s.config(), filepath.Base(file)), content, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// close stops the sandbox and removes the directory.
func (s *stage) close() error {
	var err error
	if s.server != nil {
		err = s.server.Close()
	}
	return errors.Join(err, os.RemoveAll(s.dir))
}

// say announces a step.
func (s *stage) say(format string, a ...any) {
	s.step++
	fmt.Fprintf(s.out, "\n%d. %s\n", s.step, fmt.Sprintf(format, a...))
}

// terraform runs the command in examples/demo, shows what it prints, and fails unless it ends with the exit code.
func (s *stage) terraform(ctx context.Context, want int, args ...string) error {
	cmd := cli.Command(ctx, s.config(), s.engine.Path, append(args, "-no-color")...)
	cmd.Env = s.env
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output

	err := cmd.Run()
	fmt.Fprintf(s.out, "\n   $ %s %s\n", s.engine.Name(), strings.Join(args, " "))
	for line := range strings.Lines(withoutNoise(output.String())) {
		fmt.Fprintf(s.out, "   | %s", line)
	}
	fmt.Fprintln(s.out)
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return fmt.Errorf("%s %s: %w", s.engine.Name(), args[0], err)
	}
	if got := cmd.ProcessState.ExitCode(); got != want {
		return fmt.Errorf("%s %s ended with exit code %d, not %d", s.engine.Name(), args[0], got, want)
	}
	return nil
}

// withoutNoise leaves out what terraform says of every use of dev_overrides, and of every object that it looks at.
func withoutNoise(output string) string {
	const first, last = "Warning: Provider development overrides are in effect", "published\nreleases.\n"
	if before, rest, found := strings.Cut(output, first); found {
		if _, after, found := strings.Cut(rest, last); found {
			output = before + after
		}
	}
	var kept strings.Builder
	for line := range strings.Lines(output) {
		if !strings.Contains(line, ": Refreshing state...") {
			kept.WriteString(line)
		}
	}
	return strings.TrimSpace(kept.String())
}

// checkout returns the directory of the module that the demonstration is run in.
func checkout(ctx context.Context) (string, error) {
	output, err := cli.Command(ctx, "", "go", "list", "-m", "-f", "{{.Dir}}").Output()
	if err != nil {
		return "", fmt.Errorf("go list -m: %w", err)
	}
	return strings.TrimSpace(string(output)), nil
}
