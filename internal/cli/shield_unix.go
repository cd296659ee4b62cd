//go:build unix

package cli

import (
	"os/exec"
	"syscall"
)

// shield keeps the terminal's Ctrl-C from a command: it gets one interrupt, from us. Terraform takes a second one as the
// wish to stop without clearing up.
func shield(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }
