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
)

// Command is a terraform command that runs.
type Command struct {
	t            *testing.T
	cmd          *exec.Cmd
	stdout, both safeBuffer
}

// Start starts terraform.
func (w *Workspace) Start(args ...string) *Command {
	w.t.Helper()
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
	if err := c.cmd.Start(); err != nil {
		w.t.Fatalf("terraform: %v", err)
	}
	return c
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
