package transport

import "syscall"

// errRefused is the error of the operating system if nobody listens at a port: WSAECONNREFUSED. No call on Windows returns
// syscall.ECONNREFUSED.
const errRefused = syscall.Errno(10061)
