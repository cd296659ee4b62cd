package pluginserver

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// acting is a framework server with an action that reports progress after a second, and ends after ten.
type acting struct{ protocol }

func (acting) StopProvider(context.Context, *tfprotov6.StopProviderRequest) (*tfprotov6.StopProviderResponse, error) {
	return &tfprotov6.StopProviderResponse{}, nil
}

func (acting) InvokeAction(context.Context, *tfprotov6.InvokeActionRequest) (*tfprotov6.InvokeActionServerStream, error) {
	return &tfprotov6.InvokeActionServerStream{Events: func(yield func(tfprotov6.InvokeActionEvent) bool) {
		time.Sleep(time.Second)
		if yield(tfprotov6.InvokeActionEvent{Type: tfprotov6.ProgressInvokeActionEventType{Message: "progress"}}) {
			time.Sleep(9 * time.Second)
			yield(tfprotov6.InvokeActionEvent{Type: tfprotov6.CompletedInvokeActionEventType{}})
		}
	}}, nil
}

// TestInterruptedActions checks the events of an interrupted action: the last one is its result, unless Terraform may have received progress
// after the interrupt, since it would then crash.
func TestInterruptedActions(t *testing.T) {
	for _, c := range []struct {
		stop  time.Duration // after the beginning of the action
		hears []string
	}{
		{0, []string{"progress", "end"}}, // never
		{500 * time.Millisecond, []string{"end"}},
		{1100 * time.Millisecond, []string{"progress"}},
		{5 * time.Second, []string{"progress", "end"}},
		{20 * time.Second, []string{"progress", "end"}},
	} {
		synctest.Test(t, func(t *testing.T) {
			s := newServer(acting{})
			stop := func() {
				if _, err := s.StopProvider(t.Context(), &tfprotov6.StopProviderRequest{}); err != nil {
					t.Error(err)
				}
			}
			for round := range 2 { // the next action is not affected by the stop
				stream, err := s.InvokeAction(t.Context(), &tfprotov6.InvokeActionRequest{})
				if err != nil {
					t.Fatal(err)
				}
				if c.stop > 0 {
					time.AfterFunc(c.stop, stop)
				}
				var hears []string
				for event := range stream.Events {
					switch event.Type.(type) {
					case tfprotov6.ProgressInvokeActionEventType:
						hears = append(hears, "progress")
					case tfprotov6.CompletedInvokeActionEventType:
						hears = append(hears, "end")
					}
				}
				if !slices.Equal(hears, c.hears) {
					t.Errorf("stopped after %s, round %d: it hears %v, want %v", c.stop, round, hears, c.hears)
				}
				time.Sleep(time.Minute)
			}
			if len(s.streams) > 0 {
				t.Errorf("%d streams are open", len(s.streams))
			}
		})
	}
}

// TestStopWaitsForActions checks that the stop waits for streams, since plugin-go drops their later results.
func TestStopWaitsForActions(t *testing.T) {
	for left, want := range map[time.Duration]time.Duration{400 * time.Millisecond: 400 * time.Millisecond, 5 * time.Second: stopTimeout} {
		synctest.Test(t, func(t *testing.T) {
			s := newServer(acting{})
			stream, err := s.InvokeAction(t.Context(), &tfprotov6.InvokeActionRequest{})
			if err != nil {
				t.Fatal(err)
			}
			go func() {
				for range stream.Events {
				}
			}()
			time.Sleep(10*time.Second - left)
			start := time.Now()
			if _, err := s.StopProvider(t.Context(), &tfprotov6.StopProviderRequest{}); err != nil || time.Since(start) != want {
				t.Errorf("with %s left, the response takes %s, want %s (%v)", left, time.Since(start), want, err)
			}
			time.Sleep(time.Minute)
		})
	}
}
