//go:build !windows

package transport

import "syscall"

// connectionRefused is the error of the operating system if nobody listens at a port.
const connectionRefused = syscall.ECONNREFUSED
