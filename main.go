// Command terraform-provider-pigello is the Terraform provider for Pigello.
package main

import (
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"os/signal"
	"syscall"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"

	"github.com/pigello/terraform-provider-pigello/internal/provider"
)

// version is set by the release build.
var version = "dev"

func main() {
	// net/http writes what a server sends beyond its answer to the standard log, and Terraform would keep it.
	log.SetOutput(io.Discard)
	debug := flag.Bool("debug", false, "run so that a debugger can attach")
	flag.Parse()
	if err := serve(*debug); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func serve(debug bool) error {
	var options []tf6server.ServeOpt
	if debug {
		options = append(options, tf6server.WithManagedDebug())
	} else {
		// Pipelines send this signal to every process of a job that they cancel. It is Terraform that stops the provider, once what
		// the API has made is in the state; Ctrl-C is left to it in just the same way.
		signal.Ignore(syscall.SIGTERM)
		if err := logNothing(); err != nil {
			return err
		}
	}
	cleanLess()
	return tf6server.Serve("registry.terraform.io/pigello/pigello", provider.NewServer(version), options...)
}
