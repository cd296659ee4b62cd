package provider

import (
	"context"
	"iter"
	"sync"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// lastWords is how long a stream that was interrupted may take to say so.
const lastWords = time.Second

// heard is after how long Terraform has surely heard of progress.
const heard = 250 * time.Millisecond

// interruptible is a protocol server whose streams say that they were interrupted.
//
// Once the provider was told to stop, plugin-go drops what a stream still has to say and ends it as if that had been all:
// terraform query would show, or generate, a part of the objects and exit with 0, and an action that was not carried out would
// be complete. But it asks the server to stop first, and waits for the answer. So the answer waits for the streams, whose last
// result is the error of the cancellation.
type interruptible struct {
	protocol

	mu      sync.Mutex
	open    map[chan struct{}]struct{} // each closed when a stream has ended
	stopped time.Time                  // when the provider was last told to stop
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

// InvokeAction implements tfprotov6.ProviderServer.
func (s *interruptible) InvokeAction(ctx context.Context, req *tfprotov6.InvokeActionRequest) (*tfprotov6.InvokeActionServerStream, error) {
	end := s.begin()
	stream, err := s.protocol.InvokeAction(ctx, req)
	if err != nil {
		end()
		return nil, err
	}
	stream.Events = whileOpen(s.withoutLateProgress(stream.Events), end)
	return stream, nil
}

// withoutLateProgress keeps Terraform from a crash: it stops listening to an action if progress reaches it after an interrupt, and
// panics if anything follows. So nothing follows progress that it may have heard of too late, not even how the action ended.
func (s *interruptible) withoutLateProgress(events iter.Seq[tfprotov6.InvokeActionEvent]) iter.Seq[tfprotov6.InvokeActionEvent] {
	return func(yield func(tfprotov6.InvokeActionEvent) bool) {
		var progress time.Time // when the last was told
		begun := time.Now()
		for event := range events {
			_, isProgress := event.Type.(tfprotov6.ProgressInvokeActionEventType)
			switch stopped := s.stoppedAt(); {
			case stopped.Before(begun): // or never
			case isProgress:
				continue
			case stopped.Sub(progress) < heard:
				return
			}
			if isProgress {
				progress = time.Now()
			}
			if !yield(event) {
				return
			}
		}
	}
}

// StopProvider implements tfprotov6.ProviderServer.
func (s *interruptible) StopProvider(ctx context.Context, req *tfprotov6.StopProviderRequest) (*tfprotov6.StopProviderResponse, error) {
	s.mu.Lock()
	s.stopped = time.Now()
	s.mu.Unlock()
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

func (s *interruptible) stoppedAt() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.stopped
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
