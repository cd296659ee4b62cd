package acctest

import (
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Command is a terraform command that runs.
type Command struct {
	t            *testing.T
	cmd          *exec.Cmd
	stdin        io.WriteCloser // nil unless somebody is to answer
	stdout, both safeBuffer
}

// Start starts terraform.
func (w *Workspace) Start(args ...string) *Command {
	w.t.Helper()
	c := w.command(args)
	c.start()
	return c
}

// Ask starts terraform and returns when it asks for a value. Answer lets it go on.
func (w *Workspace) Ask(args ...string) *Command {
	w.t.Helper()
	c := w.command(args)
	var err error
	if c.stdin, err = c.cmd.StdinPipe(); err != nil {
		w.t.Fatal(err)
	}
	c.start()
	for deadline := time.Now().Add(time.Minute); !strings.Contains(c.both.String(), "Enter a value:"); time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			_ = c.cmd.Process.Kill()
			w.t.Fatalf("terraform %s asks for nothing:\n%s", strings.Join(args, " "), c.both.String())
		}
	}
	return c
}

// Answer gives terraform the value that it asks for, and waits for its end.
func (c *Command) Answer(value string) Result {
	c.t.Helper()
	if _, err := io.WriteString(c.stdin, value+"\n"); err != nil {
		c.t.Fatal(err)
	}
	return c.Wait()
}

func (w *Workspace) command(args []string) *Command {
	c := &Command{t: w.t, cmd: exec.CommandContext(context.Background(), w.terraform, args...)}
	c.cmd.Dir = w.Dir
	for _, variable := range os.Environ() {
		if !strings.HasPrefix(variable, "PIGELLO_") && !strings.HasPrefix(variable, "TF_") {
			c.cmd.Env = append(c.cmd.Env, variable)
		}
	}
	for name, value := range w.env {
		c.cmd.Env = append(c.cmd.Env, name+"="+value)
	}
	c.cmd.Stdout = io.MultiWriter(&c.stdout, &c.both)
	c.cmd.Stderr = &c.both
	// A group of its own: a signal reaches the provider too, as it does from a terminal, and not the tests.
	c.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	return c
}

func (c *Command) start() {
	c.t.Helper()
	if err := c.cmd.Start(); err != nil {
		c.t.Fatalf("terraform: %v", err)
	}
}

// Signal sends a signal to terraform and to its providers, as a terminal does with Ctrl-C.
func (c *Command) Signal(signal syscall.Signal) {
	c.t.Helper()
	if err := syscall.Kill(-c.cmd.Process.Pid, signal); err != nil {
		c.t.Fatal(err)
	}
}

// Wait waits for the end of the command.
func (c *Command) Wait() Result {
	c.t.Helper()
	err := c.cmd.Wait()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		c.t.Fatalf("terraform: %v", err)
	}
	return Result{ExitCode: c.cmd.ProcessState.ExitCode(), Stdout: c.stdout.String(), Output: c.both.String()}
}
