// Command demo demonstrates the provider. It builds the provider of this checkout, starts a Pigello in memory, and runs the real terraform
// command, which creates people, finds manual changes and undoes them. Each step is checked: the first unexpected result ends the demo with
// an error. It needs no credentials, and removes all its files.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, os.Stdout); err != nil {
		if ctx.Err() != nil {
			err = errors.New("interrupted")
		}
		fmt.Fprintln(os.Stderr, "demo:", err)
		stop()
		os.Exit(1)
	}
}

// run runs the demo in a new session, and always closes it.
func run(ctx context.Context, out io.Writer) (err error) {
	s, err := newSession(ctx, out)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	return runSteps(ctx, s)
}
