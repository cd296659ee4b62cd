// Command meter runs the program in METER_PROGRAM. When the program has ended, meter adds a line with its CPU time and memory to the file in
// METER_RECORD. Terraform starts meter instead of the provider.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"

	"github.com/pigello/terraform-provider-pigello/internal/bench/usage"
)

func main() {
	code, err := run()
	if err != nil {
		fmt.Fprintln(os.Stderr, "meter:", err)
		os.Exit(1)
	}
	os.Exit(code)
}

func run() (code int, err error) {
	signal.Ignore(os.Interrupt) // the program gets it, too, and decides when to end
	cmd := exec.CommandContext(context.Background(), os.Getenv("METER_PROGRAM"), os.Args[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	var exit *exec.ExitError
	if err := cmd.Run(); err != nil && !errors.As(err, &exit) {
		return 0, err
	}
	return cmd.ProcessState.ExitCode(), usage.Of(cmd.ProcessState).Append(os.Getenv("METER_RECORD"))
}
