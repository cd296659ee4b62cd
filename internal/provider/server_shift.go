package provider

import (
	"context"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// callsPerShift is after how many calls a fresh framework server takes over. What that costs, new schemas above all, is about
// the cost of one call.
const callsPerShift = 100

// shift is a framework server, from the first call that it takes until the last one has ended.
//
// The framework's server keeps something of every call until it is told to stop: the context with its loggers, about 25 KiB. A plan
// of 10,000 objects would end up with a gigabyte, and the garbage collector would go through all of it again and again.
type shift struct {
	protocol
	provider      *configuredOnce
	configuration *tfprotov6.ConfigureProviderRequest // nil before there is one

	calls, underWay int // guarded by the server's mutex
}

func newShift(p *configuredOnce, configuration *tfprotov6.ConfigureProviderRequest) *shift {
	// The framework's server can do all of it; the interface that it is returned as does not say so yet.
	return &shift{protocol: providerserver.NewProtocol6(p)().(protocol), provider: p, configuration: configuration}
}

// configuredOnce is the provider for framework servers that follow one another: the first one configures it, and the others get
// the same client, with all that it knows.
type configuredOnce struct {
	*Provider
	once     sync.Once
	response provider.ConfigureResponse
}

// Configure implements provider.Provider.
func (p *configuredOnce) Configure(ctx context.Context, req provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	p.once.Do(func() { p.Provider.Configure(ctx, req, &p.response) })
	*resp = p.response
}

func newServer(p *Provider) *server {
	return &server{provider: p, current: newShift(&configuredOnce{Provider: p}, nil), busy: map[*shift]struct{}{}}
}

// begin returns the framework server for a call, to be handed to end when the call has ended.
func (s *server) begin(ctx context.Context) *shift {
	s.mu.Lock()
	on := s.current
	s.enter(on)
	on.calls++
	last := on.calls%callsPerShift == 0
	s.mu.Unlock()
	if last {
		s.relieve(ctx, on)
	}
	return on
}

// enter counts a call that is under way. The mutex must be held.
func (s *server) enter(on *shift) {
	on.underWay++
	s.busy[on] = struct{}{}
}

func (s *server) end(on *shift) {
	s.mu.Lock()
	defer s.mu.Unlock()
	on.underWay--
	if on.underWay == 0 {
		delete(s.busy, on)
	}
}

// relieve lets a fresh framework server, configured as the one before, take the calls that follow. Until it is ready the one
// before takes them, so that none waits.
func (s *server) relieve(ctx context.Context, before *shift) {
	fresh := newShift(before.provider, before.configuration)
	if fresh.configuration != nil {
		if _, err := fresh.ConfigureProvider(context.WithoutCancel(ctx), fresh.configuration); err != nil {
			return // the one before goes on: it is configured
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.current == before { // and nobody has configured the provider anew meanwhile
		s.current = fresh
	}
}

// ConfigureProvider implements tfprotov6.ProviderServer.
func (s *server) ConfigureProvider(
	ctx context.Context, req *tfprotov6.ConfigureProviderRequest,
) (*tfprotov6.ConfigureProviderResponse, error) {
	fresh := newShift(&configuredOnce{Provider: s.provider}, req)
	s.mu.Lock()
	s.enter(fresh)
	s.mu.Unlock()
	defer s.end(fresh)
	resp, err := fresh.ConfigureProvider(ctx, req)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.current = fresh
	return resp, err
}

// StopProvider implements tfprotov6.ProviderServer. It cancels the calls that are under way.
func (s *server) StopProvider(ctx context.Context, req *tfprotov6.StopProviderRequest) (*tfprotov6.StopProviderResponse, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	stopped := &tfprotov6.StopProviderResponse{}
	for on := range s.busy {
		resp, err := on.StopProvider(ctx, req)
		if err != nil {
			return nil, err
		}
		if resp.Error != "" {
			stopped = resp
		}
	}
	return stopped, nil
}
