// Command demo shows the provider at work: it builds the provider of this checkout, starts a Pigello in memory, and lets
// the real terraform command declare people, find a change that somebody made by hand, and undo it. Each step is
// checked; the first surprise ends the demonstration with an error. It needs no credentials and leaves nothing behind.
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

// run sets the stage, plays, and clears up, however the play ends.
func run(ctx context.Context, out io.Writer) (err error) {
	s, err := newStage(ctx, out)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	return play(ctx, s)
}
