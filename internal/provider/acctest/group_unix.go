//go:build unix

package acctest

import (
	"os/exec"
	"syscall"
)

// ownGroup starts a command in a group of its own: a signal reaches the provider too, as it does from a terminal, and not the tests.
func ownGroup(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

func signalGroup(cmd *exec.Cmd, signal syscall.Signal) error {
	return syscall.Kill(-cmd.Process.Pid, signal)
}
