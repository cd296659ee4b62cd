// Package pluginserver is a layer between Terraform and the plugin framework's server. It frees the memory of finished calls, returns
// resources in JSON, lets streams report that they were interrupted, and ends the provider when Terraform has ended.
//
// It can serve any provider: it does not depend on Pigello or its resources.
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

// protocol has all methods that Terraform may call, including those for list resources and actions.
type protocol interface {
	tfprotov6.ProviderServer
	tfprotov6.ProviderServerWithListResource //nolint:staticcheck // deprecated only because it will be part of ProviderServer
	tfprotov6.ProviderServerWithActions      //nolint:staticcheck // likewise
}

var _ protocol = (*server)(nil)

// server is the framework's server. It replaces the methods in calls.go and stop.go.
type server struct {
	protocol

	background atomic.Pointer[context.Context] // for work that continues after its call; never nil
	states     stateTypes

	mu      sync.Mutex                 // guards the following fields
	streams map[chan struct{}]struct{} // that Terraform reads; the channel is closed when the stream has ended
	stopped time.Time                  // when Terraform last called StopProvider
}

// New returns a provider's server.
func New(p provider.Provider) tfprotov6.ProviderServer {
	// The framework's server implements the complete protocol, but is returned as an interface with a part of it.
	return newServer(providerserver.NewProtocol6(p)().(protocol))
}

func newServer(framework protocol) *server {
	s := &server{protocol: framework, streams: map[chan struct{}]struct{}{}}
	s.background.Store(new(context.Background()))
	return s
}
