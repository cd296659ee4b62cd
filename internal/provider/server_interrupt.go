package provider

import (
	"context"
	"sync"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// lastWords is how long a stream that was interrupted may take to say so.
const lastWords = time.Second

// interruptible is a protocol server whose streams say that they were interrupted.
//
// Once the provider was told to stop, plugin-go drops what a stream still has to say and ends it as if that had been all:
// terraform query would show, or generate, a part of the objects and exit with 0. But it asks the server to stop first, and
// waits for the answer. So the answer waits for the streams, whose last result is the error of the cancellation.
type interruptible struct {
	protocol

	mu   sync.Mutex
	open map[chan struct{}]struct{} // each closed when a stream has ended
}

func newInterruptible(p protocol) *interruptible {
	return &interruptible{protocol: p, open: map[chan struct{}]struct{}{}}
}

// ListResource implements tfprotov6.ProviderServerWithListResource.
func (s *interruptible) ListResource(ctx context.Context, req *tfprotov6.ListResourceRequest) (*tfprotov6.ListResourceServerStream, error) {
	end := s.begin()
	stream, err := s.protocol.ListResource(ctx, req)
	if err != nil {
		end()
		return nil, err
	}
	stream.Results = whileOpen(stream.Results, end)
	return stream, nil
}

// StopProvider implements tfprotov6.ProviderServer.
func (s *interruptible) StopProvider(ctx context.Context, req *tfprotov6.StopProviderRequest) (*tfprotov6.StopProviderResponse, error) {
	resp, err := s.protocol.StopProvider(ctx, req)
	ctx, cancel := context.WithTimeout(ctx, lastWords)
	defer cancel()
	for _, ended := range s.streams() {
		select {
		case <-ended:
		case <-ctx.Done():
			return resp, err
		}
	}
	return resp, err
}

// begin counts a stream as open until the function that it returns is called.
func (s *interruptible) begin() (end func()) {
	ended := make(chan struct{})
	s.mu.Lock()
	defer s.mu.Unlock()
	s.open[ended] = struct{}{}
	return sync.OnceFunc(func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.open, ended)
		close(ended)
	})
}

func (s *interruptible) streams() []<-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	var open []<-chan struct{}
	for ended := range s.open {
		open = append(open, ended)
	}
	return open
}
