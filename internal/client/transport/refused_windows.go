package transport

import "syscall"

// connectionRefused is the error of the operating system if nobody listens at a port: WSAECONNREFUSED. No call on Windows returns
// syscall.ECONNREFUSED.
const connectionRefused = syscall.Errno(10061)
