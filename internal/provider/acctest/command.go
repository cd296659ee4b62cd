package acctest

import (
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// Command is a terraform command that runs.
type Command struct {
	t            *testing.T
	cmd          *exec.Cmd
	stdout, both safeBuffer
	input        *os.File // the other end of a pipe; see StartPiped
}

// Start starts terraform.
func (w *Workspace) Start(args ...string) *Command {
	w.t.Helper()
	return w.start(nil, args...)
}

// StartPiped starts terraform with a pipe as its standard input, which terraform hands on to its providers: see Running.
func (w *Workspace) StartPiped(args ...string) *Command {
	w.t.Helper()
	theirs, input, err := os.Pipe()
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { _ = input.Close() })
	c := w.start(theirs, args...)
	_ = theirs.Close()
	c.input = input
	return c
}

func (w *Workspace) start(stdin *os.File, args ...string) *Command {
	w.t.Helper()
	c := &Command{t: w.t, cmd: exec.CommandContext(context.Background(), w.engine.Path, args...)}
	c.cmd.Dir = w.Dir
	if stdin != nil { // as an interface, nil would not be nil
		c.cmd.Stdin = stdin
	}
	c.cmd.Env = w.environment()
	c.cmd.Stdout = io.MultiWriter(&c.stdout, &c.both)
	c.cmd.Stderr = &c.both
	ownGroup(c.cmd)
	if err := c.cmd.Start(); err != nil {
		w.t.Fatalf("terraform: %v", err)
	}
	return c
}

// environment is that of the tests, without what a user may have set for other work, and with what the workspace has set.
func (w *Workspace) environment() []string {
	env := slices.DeleteFunc(os.Environ(), func(variable string) bool {
		return strings.HasPrefix(variable, "PIGELLO_") || strings.HasPrefix(variable, "TF_")
	})
	for name, value := range w.env {
		env = append(env, name+"="+value)
	}
	return env
}

// Script runs a bash script in the workspace, in which terraform is the command of the workspace. It skips the test if bash is missing.
func (w *Workspace) Script(script string) Result {
	w.t.Helper()
	if _, err := exec.LookPath("bash"); err != nil {
		w.t.Skip("the script needs bash")
	}
	cmd := exec.CommandContext(w.t.Context(), "bash", "-c", "set -euo pipefail\nterraform() { command '"+w.engine.Path+"' \"$@\"; }\n"+script)
	cmd.Dir, cmd.Env = w.Dir, w.environment()
	output, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		w.t.Fatalf("bash: %v", err)
	}
	return Result{ExitCode: cmd.ProcessState.ExitCode(), Output: string(output)}
}

// Ask starts terraform and returns when it asks for a value. Enter lets it go on.
func (w *Workspace) Ask(args ...string) *Command {
	w.t.Helper()
	c := w.StartPiped(args...)
	deadline, tick := time.After(time.Minute), time.NewTicker(10*time.Millisecond)
	defer tick.Stop()
	for !strings.Contains(c.both.String(), "Enter a value:") {
		select {
		case <-tick.C:
		case <-deadline:
			_ = c.cmd.Process.Kill()
			w.t.Fatalf("terraform %s asks for nothing:\n%s", strings.Join(args, " "), c.both.String())
		}
	}
	return c
}

// Enter gives terraform the value that it asks for, and waits for its end.
func (c *Command) Enter(value string) Result {
	c.t.Helper()
	if _, err := c.input.WriteString(value + "\n"); err != nil {
		c.t.Fatal(err)
	}
	return c.Wait()
}

// Signal sends a signal to terraform and to its providers, as a terminal does with Ctrl-C. None of them may be left.
func (c *Command) Signal(signal syscall.Signal) {
	c.t.Helper()
	if err := signalGroup(c.cmd, signal); err != nil && !errors.Is(err, syscall.ESRCH) {
		c.t.Fatal(err)
	}
}

// KillTerraform does to terraform what kill -9 does, not to its providers, and waits for its end.
func (c *Command) KillTerraform() {
	c.t.Helper()
	if err := c.cmd.Process.Kill(); err != nil {
		c.t.Fatal(err)
	}
	c.Wait()
}

// Running reports whether terraform or one of its providers is running: it is as long as the pipe is open that StartPiped has given
// them. Unlike the process table, a pipe knows no zombies.
func (c *Command) Running() bool {
	_, err := c.input.Write([]byte{0})
	return err == nil
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
