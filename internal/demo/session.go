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

// The header for the customer of a request, its environment variable, and another customer.
const (
	customerHeader   = "X-PIGELLO-CUSTOMER-ID"
	customerVariable = "PIGELLO_CUSTOMER_ID"
	otherCustomer    = "99999999-9999-4999-8999-999999999999"
)

// session is what the demo needs: a sandbox for each of two customers, with one address on the loopback interface, and a directory with the
// built provider and a copy of examples/demo, so that no state file is left in the examples.
type session struct {
	out     io.Writer
	engine  cli.Engine
	sandbox *sandbox.Sandbox
	other   *sandbox.Sandbox
	server  *http.Server
	dir     string
	env     []string
	step    int
}

func newSession(ctx context.Context, out io.Writer) (_ *session, err error) {
	engine, err := cli.FindEngine(ctx)
	if err != nil {
		return nil, err
	}
	root, err := checkout(ctx)
	if err != nil {
		return nil, err
	}

	s := &session{out: out, engine: engine, sandbox: sandbox.New(), other: sandbox.New(func(b *sandbox.Behaviour) { b.Credentials[customerHeader] = otherCustomer })}
	s.sandbox.Seed()
	s.other.Seed()
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

	fmt.Fprintln(s.out, "Building the provider, and starting a Pigello in memory ...")
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
	s.server = &http.Server{Handler: http.HandlerFunc(s.serve), ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = s.server.Serve(listener) }() // if it fails, so do the commands
	s.env = append(s.env, s.sandbox.Environment("http://"+listener.Addr().String())...)
	return s, nil
}

// serve passes a request to the sandbox of its customer.
func (s *session) serve(w http.ResponseWriter, r *http.Request) {
	if r.Header.Get(customerHeader) == otherCustomer {
		s.other.ServeHTTP(w, r)
		return
	}
	s.sandbox.ServeHTTP(w, r)
}

func (s *session) config() string { return filepath.Join(s.dir, "config") }

// copyConfig copies the configuration, but not the state and other files that manual use of examples/demo may have left there.
func (s *session) copyConfig(from string) error {
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
		if err := s.write(filepath.Base(file), string(content)); err != nil {
			return err
		}
	}
	return nil
}

// write writes a file of the configuration.
func (s *session) write(name, content string) error {
	return os.WriteFile(filepath.Join(s.config(), name), []byte(content), 0o600)
}

// state returns the state file.
func (s *session) state() (string, error) {
	content, err := os.ReadFile(filepath.Join(s.config(), "terraform.tfstate"))
	return string(content), err
}

// close stops the sandbox and removes the directory.
func (s *session) close() error {
	var err error
	if s.server != nil {
		err = s.server.Close()
	}
	return errors.Join(err, os.RemoveAll(s.dir))
}

// say announces a step.
func (s *session) say(format string, a ...any) {
	s.step++
	fmt.Fprintf(s.out, "\n%d. %s\n", s.step, fmt.Sprintf(format, a...))
}

// note prints the result of a step.
func (s *session) note(format string, a ...any) {
	fmt.Fprintf(s.out, "   => %s\n", fmt.Sprintf(format, a...))
}

// set sets an environment variable for the following commands.
func (s *session) set(name, value string) { s.env = append(s.env, name+"="+value) }

// terraform runs the command in examples/demo, shows an excerpt of what it prints, and fails unless it ends with the exit code.
func (s *session) terraform(ctx context.Context, want int, args ...string) error {
	return s.run(ctx, excerpt, want, s.engine.Path, append(args, "-no-color")...)
}

// run runs a command in examples/demo, shows what it prints, and fails unless it ends with the exit code.
func (s *session) run(ctx context.Context, show func(string) string, want int, name string, args ...string) error {
	cmd := cli.Command(ctx, s.config(), name, args...)
	cmd.Env = s.env
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output

	err := cmd.Run()
	command := strings.TrimSuffix(filepath.Base(name)+" "+strings.Join(args, " "), " -no-color")
	fmt.Fprintf(s.out, "   $ %s\n", command)
	for line := range strings.Lines(show(output.String())) {
		fmt.Fprintf(s.out, "   | %s", line)
	}
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return fmt.Errorf("%s: %w", command, err)
	}
	if got := cmd.ProcessState.ExitCode(); got != want {
		return fmt.Errorf("%s ended with exit code %d, not %d:\n%s", command, got, want, &output)
	}
	return nil
}

// checkout returns the root directory of the module.
func checkout(ctx context.Context) (string, error) {
	output, err := cli.Command(ctx, "", "go", "list", "-m", "-f", "{{.Dir}}").Output()
	if err != nil {
		return "", fmt.Errorf("go list -m: %w", err)
	}
	return strings.TrimSpace(string(output)), nil
}
