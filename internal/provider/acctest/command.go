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

// Command is a running terraform command.
type Command struct {
	t            *testing.T
	cmd          *exec.Cmd
	stdout, both safeBuffer
	input        *os.File // the other end of a pipe; see StartPiped
	provider     string   // the directory of the provider
}

// Start starts terraform.
func (w *Workspace) Start(args ...string) *Command {
	w.t.Helper()
	return w.start(nil, args...)
}

// StartPiped starts terraform with a pipe as its standard input. Its providers inherit the pipe: see Running.
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
	c := &Command{t: w.t, provider: w.provider, cmd: exec.CommandContext(context.Background(), w.engine.Path, args...)}
	c.cmd.Dir = w.Dir
	if stdin != nil { // a nil *os.File would be a non-nil interface
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

// environment returns the environment of the tests, without the user's settings of Terraform and Pigello, and with those of the workspace.
func (w *Workspace) environment() []string {
	env := slices.DeleteFunc(os.Environ(), func(variable string) bool {
		return strings.HasPrefix(variable, "PIGELLO_") || strings.HasPrefix(variable, "TF_")
	})
	for name, value := range w.env {
		env = append(env, name+"="+value)
	}
	return env
}

// Script runs a bash script in the workspace. In the script, terraform is the command of the workspace. Script skips the test without bash.
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

// Ask starts terraform and returns when it asks for a value. Call Enter to give the value.
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

// Signal sends a signal to terraform and its providers, as a terminal does with Ctrl-C. They may have ended already.
func (c *Command) Signal(signal syscall.Signal) {
	c.t.Helper()
	if err := signalGroup(c.cmd, signal); err != nil && !errors.Is(err, syscall.ESRCH) {
		c.t.Fatal(err)
	}
}

// KillTerraform kills terraform, but not its providers, with kill -9, and waits for its end.
func (c *Command) KillTerraform() {
	c.t.Helper()
	if err := c.cmd.Process.Kill(); err != nil {
		c.t.Fatal(err)
	}
	c.Wait()
}

// Running reports whether terraform or one of its providers is running: they keep the pipe of StartPiped open. The process table would also
// list zombies.
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
	// terraform prints where the provider is. The digits in that path can be those of a secret for which a test searches.
	output := strings.ReplaceAll(c.both.String(), c.provider, "…")
	return Result{ExitCode: c.cmd.ProcessState.ExitCode(), Stdout: c.stdout.String(), Output: output}
}
