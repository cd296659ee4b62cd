package pluginserver

import (
	"context"
	"iter"
	"sync"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// Terraform calls StopProvider when it is interrupted. The framework's server then cancels all running calls and streams. That is not enough,
// for two reasons:
//
// After the response to StopProvider, plugin-go drops the results of a stream, and ends the stream without an error. terraform query would
// then show or generate a part of the objects and exit with 0, and an interrupted action would count as complete. Therefore the response to
// StopProvider waits for the streams, whose last result is the error of the cancellation.
//
// Terraform crashes if an action sends anything after it has reported progress during an interrupt: see withoutLateProgress.

const (
	// stopTimeout is how long the response to StopProvider waits for streams to end.
	stopTimeout = time.Second
	// progressDelay is how long Terraform may take to handle reported progress.
	progressDelay = 250 * time.Millisecond
)

// StopProvider implements tfprotov6.ProviderServer.
func (s *server) StopProvider(ctx context.Context, req *tfprotov6.StopProviderRequest) (*tfprotov6.StopProviderResponse, error) {
	s.mu.Lock()
	s.stopped = time.Now()
	s.mu.Unlock()
	resp, err := s.protocol.StopProvider(ctx, req)
	ctx, cancel := context.WithTimeout(ctx, stopTimeout)
	defer cancel()
	for _, ended := range s.openStreams() {
		select {
		case <-ended:
		case <-ctx.Done():
			return resp, err
		}
	}
	return resp, err
}

// ListResource implements tfprotov6.ProviderServerWithListResource.
func (s *server) ListResource(ctx context.Context, req *tfprotov6.ListResourceRequest) (*tfprotov6.ListResourceServerStream, error) {
	end := s.openStream()
	stream, err := s.protocol.ListResource(ctx, req)
	if err != nil {
		end()
		return nil, err
	}
	stream.Results = thenEnd(stream.Results, end)
	return stream, nil
}

// InvokeAction implements tfprotov6.ProviderServerWithActions.
func (s *server) InvokeAction(ctx context.Context, req *tfprotov6.InvokeActionRequest) (*tfprotov6.InvokeActionServerStream, error) {
	end := s.openStream()
	stream, err := s.protocol.InvokeAction(ctx, req)
	if err != nil {
		end()
		return nil, err
	}
	stream.Events = thenEnd(s.withoutLateProgress(stream.Events), end)
	return stream, nil
}

// withoutLateProgress prevents a crash of Terraform: if progress arrives after an interrupt, Terraform stops reading from the action, and
// panics at the next event. Therefore progress is dropped after an interrupt. Progress that was reported just before the interrupt may
// arrive after it. In that case, all later events are dropped, including the result of the action.
func (s *server) withoutLateProgress(events iter.Seq[tfprotov6.InvokeActionEvent]) iter.Seq[tfprotov6.InvokeActionEvent] {
	return func(yield func(tfprotov6.InvokeActionEvent) bool) {
		var progress time.Time // when it was last reported
		begun := time.Now()
		for event := range events {
			_, isProgress := event.Type.(tfprotov6.ProgressInvokeActionEventType)
			switch stopped := s.stoppedAt(); {
			case stopped.Before(begun): // never, or during an earlier action
			case isProgress:
				continue
			case stopped.Sub(progress) < progressDelay:
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

// openStream adds an open stream. The function that it returns removes it.
func (s *server) openStream() (end func()) {
	ended := make(chan struct{})
	s.mu.Lock()
	defer s.mu.Unlock()
	s.streams[ended] = struct{}{}
	return sync.OnceFunc(func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.streams, ended)
		close(ended)
	})
}

// thenEnd returns a stream that calls end after its last result.
func thenEnd[T any](stream iter.Seq[T], end func()) iter.Seq[T] {
	return func(yield func(T) bool) {
		defer end()
		stream(yield)
	}
}

func (s *server) openStreams() []<-chan struct{} {
	s.mu.Lock()
	defer s.mu.Unlock()
	var open []<-chan struct{}
	for ended := range s.streams {
		open = append(open, ended)
	}
	return open
}

func (s *server) stoppedAt() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.stopped
}
