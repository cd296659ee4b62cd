//go:build !unix

package acctest

import (
	"os/exec"
	"syscall"
)

// ownGroup does nothing on systems without process groups.
func ownGroup(*exec.Cmd) {}

func signalGroup(cmd *exec.Cmd, signal syscall.Signal) error { return cmd.Process.Signal(signal) }
