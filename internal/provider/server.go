package provider

import (
	"context"
	"iter"
	"sync"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// NewServer returns a constructor of the provider's protocol server. The version is as for New.
func NewServer(version string) func() tfprotov6.ProviderServer {
	return func() tfprotov6.ProviderServer { return newInterruptible(newServer(&Provider{version: version})) }
}

// protocol is all that Terraform may ask for, list resources and actions included.
type protocol interface {
	tfprotov6.ProviderServer
	tfprotov6.ProviderServerWithListResource //nolint:staticcheck // deprecated only because it will be part of ProviderServer
	tfprotov6.ProviderServerWithActions      //nolint:staticcheck // likewise
}

var _ protocol = (*server)(nil)

// server hands each call to a framework server (see shift), and answers reads in JSON (see stateTypes). All that it does
// besides would be the same without it.
type server struct {
	provider *Provider

	mu      sync.Mutex
	current *shift
	busy    map[*shift]struct{} // those with calls under way

	states stateTypes
}

// call makes a call that ends with its answer.
func call[Req, Resp any](
	ctx context.Context, s *server, req Req, method func(protocol, context.Context, Req) (Resp, error),
) (Resp, error) {
	on := s.begin(ctx)
	defer s.end(on)
	return method(on.protocol, ctx, req)
}

// whileOpen returns a stream that tells when it has ended.
func whileOpen[T any](stream iter.Seq[T], ended func()) iter.Seq[T] {
	ended = sync.OnceFunc(ended)
	return func(yield func(T) bool) {
		defer ended()
		stream(yield)
	}
}
