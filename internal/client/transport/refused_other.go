//go:build !windows

package transport

import "syscall"

// errRefused is the error of the operating system if nobody listens at a port.
const errRefused = syscall.ECONNREFUSED
