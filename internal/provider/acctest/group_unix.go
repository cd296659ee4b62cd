//go:build unix

package acctest

import (
	"os/exec"
	"syscall"
)

// ownGroup starts a command in its own process group. A signal to the group reaches the provider, too, as from a terminal, but not the tests.
func ownGroup(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

func signalGroup(cmd *exec.Cmd, signal syscall.Signal) error {
	return syscall.Kill(-cmd.Process.Pid, signal)
}
