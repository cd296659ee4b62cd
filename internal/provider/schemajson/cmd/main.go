// Command cmd prints the provider's schema for the generator of the documentation.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	"github.com/pigello/terraform-provider-pigello/internal/provider"
	"github.com/pigello/terraform-provider-pigello/internal/provider/schemajson"
)

// address is the one that tfplugindocs expects for a provider named pigello. It does not depend on the provider's namespace.
const address = "registry.terraform.io/hashicorp/pigello"

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "schemajson:", err)
		os.Exit(1)
	}
}

func run() error {
	server, err := providerserver.NewProtocol6WithError(provider.New("docs")())()
	if err != nil {
		return err
	}
	text, err := schemajson.Render(context.Background(), server, address)
	if err != nil {
		return err
	}
	_, err = os.Stdout.Write(append(text, '\n'))
	return err
}
