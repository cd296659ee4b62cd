// Command terraform-provider-pigello is the Terraform provider for Pigello.
package main

import (
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"runtime"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"

	"github.com/pigello/terraform-provider-pigello/internal/pluginserver"
	"github.com/pigello/terraform-provider-pigello/internal/provider"
)

// version is set by the release build.
var version = "dev"

// address is that of the provider in the Terraform Registry.
const address = "registry.terraform.io/pigello/pigello"

func main() {
	// If a server sends more than its response, net/http writes that to the standard log, which Terraform would keep.
	log.SetOutput(io.Discard)
	debug := flag.Bool("debug", false, "run so that a debugger can attach")
	flag.Parse()
	if err := serve(*debug); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func serve(debug bool) error {
	defer runtime.KeepAlive(tuneGC())
	if debug {
		return tf6server.Serve(address, provider.NewServer(version), tf6server.WithManagedDebug())
	}
	if err := logNothing(); err != nil {
		return err
	}
	pluginserver.Serve(address, provider.NewServer(version))
	return nil
}
