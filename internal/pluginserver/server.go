// Package pluginserver stands between Terraform and the plugin framework's server. It frees the memory of calls that are over,
// answers reads in JSON, lets streams report that they were interrupted, and ends the provider when Terraform has gone.
//
// It would serve any provider: it knows neither Pigello nor its resources.
package pluginserver

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// protocol is all that Terraform may call, list resources and actions included.
type protocol interface {
	tfprotov6.ProviderServer
	tfprotov6.ProviderServerWithListResource //nolint:staticcheck // deprecated only because it will be part of ProviderServer
	tfprotov6.ProviderServerWithActions      //nolint:staticcheck // likewise
}

var _ protocol = (*server)(nil)

// server is the framework's server, with its own form of the methods in calls.go and stop.go. All others are the framework's.
type server struct {
	protocol

	background atomic.Pointer[context.Context] // for what goes on after its call; never nil
	states     stateTypes

	mu      sync.Mutex                 // guards what follows
	streams map[chan struct{}]struct{} // those that Terraform reads; a channel is closed when its stream has ended
	stopped time.Time                  // when Terraform last called StopProvider
}

// New returns a provider's server.
func New(p provider.Provider) tfprotov6.ProviderServer {
	// The framework's server implements the whole protocol; the type that it is returned as is only a part of it.
	return newServer(providerserver.NewProtocol6(p)().(protocol))
}

func newServer(framework protocol) *server {
	s := &server{protocol: framework, streams: map[chan struct{}]struct{}{}}
	s.background.Store(new(context.Background()))
	return s
}
