//go:build unix

package cli

import (
	"os/exec"
	"syscall"
)

// shield protects a command from Ctrl-C in the terminal, so that it gets only the one interrupt of Command: after a second one, Terraform
// stops without cleaning up.
func shield(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }
