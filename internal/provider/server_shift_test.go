package provider

import (
	"context"
	"errors"
	"iter"
	"net/http"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// serving returns a configured provider over a sandbox that holds a user, and the state of the user.
func serving(t *testing.T, change ...func(*sandbox.Behaviour)) (process, *sandbox.Sandbox, instance) {
	t.Helper()
	s := sandbox.New(change...)
	p := start(t, s.Transport(), s.Environment("https://host.example"))
	user, err := p.adopt(t.Context(), s.Put(sandbox.OrganizationUser, map[string]any{"detail_access": 1, "first_name": "Ada"}))
	if err != nil {
		t.Fatal(err)
	}
	return p, s, user
}

func (p process) server() *server { return p.ProviderServer.(*server) }

// shift returns the framework server that takes the next call.
func (p process) shift() *shift {
	s := p.server()
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.current
}

// idle makes calls that send nothing.
func (p process) idle(t *testing.T, calls int) {
	t.Helper()
	for range calls {
		resp, err := p.UpgradeResourceState(t.Context(), &tfprotov6.UpgradeResourceStateRequest{
			TypeName: userType, RawState: &tfprotov6.RawState{JSON: []byte(`{"id":"1"}`)},
		})
		if err != nil || failure(resp.Diagnostics) != nil {
			t.Fatal(err, failure(resp.Diagnostics))
		}
	}
}

// TestMemoryOfCallsIsFlat makes thousands of calls, and holds that neither their contexts nor the framework servers that took
// them stay in memory.
func TestMemoryOfCallsIsFlat(t *testing.T) {
	p, _, user := serving(t)
	var mu sync.Mutex
	living := map[string]int{}
	watch := func(kind string, object any) {
		mu.Lock()
		defer mu.Unlock()
		living[kind]++
		// Not a cleanup: the type of the framework's server has no name here.
		runtime.SetFinalizer(object, func(any) {
			mu.Lock()
			defer mu.Unlock()
			living[kind]--
		})
	}
	type key struct{}
	var last *shift
	const rounds = 5 * callsPerShift
	for range rounds {
		if on := p.shift(); on != last {
			last = on
			watch("framework server", on.protocol)
		}
		value := new([64]byte)
		watch("context", value)
		ctx, cancel := context.WithCancel(context.WithValue(t.Context(), key{}, value))
		read, err := p.refresh(ctx, user)
		if err != nil {
			t.Fatal(err)
		}
		planned, err := p.plan(ctx, read, map[string]any{"detail_access": 1, "first_name": "Ada"})
		if err != nil || !planned.empty {
			t.Fatal(err, planned.empty)
		}
		cancel()
	}
	left := func(kind string) int {
		mu.Lock()
		defer mu.Unlock()
		return living[kind]
	}
	// Finalizers run some time after a collection, and what they free is what the next collection finds.
	for range 100 {
		if runtime.GC(); left("framework server") == 1 && left("context") <= callsPerShift {
			runtime.KeepAlive(p)
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	runtime.KeepAlive(p)
	t.Errorf("after %d calls there are %d framework servers, and the contexts of %d calls", 2*rounds, left("framework server"), left("context"))
}

// TestShiftsShareTheClient reads a user in the last call of a framework server, and plans in the first one of the next. The plan
// compares a write-only value, for which it needs no request: it gets what the read has fetched.
func TestShiftsShareTheClient(t *testing.T) {
	p, s, _ := serving(t)
	created, err := p.planAnew(t.Context(), instance{}, map[string]any{"detail_access": 1, "first_name": "Ada", "ssn_wo": "19900101-2385"})
	if err != nil {
		t.Fatal(err)
	}
	user, err := p.apply(t.Context(), created)
	if err != nil {
		t.Fatal(err)
	}
	before := p.shift()
	p.idle(t, callsPerShift-before.calls-1)
	if p.shift() != before {
		t.Fatal("it took over too early")
	}
	s.ResetRequests()
	read, err := p.refresh(t.Context(), user)
	if err != nil {
		t.Fatal(err)
	}
	if p.shift() == before {
		t.Fatal("no other framework server has taken over")
	}
	planned, err := p.planAnew(t.Context(), read, created.config)
	if err != nil || !planned.empty {
		t.Fatal(err, planned.empty)
	}
	if requests := s.Requests(); len(requests) != 1 {
		t.Errorf("%d requests were made, want that of the read alone", len(requests))
	}
}

// hosts is a network that notes which hosts are asked.
type hosts struct {
	http.RoundTripper
	asked []string
}

func (h *hosts) RoundTrip(r *http.Request) (*http.Response, error) {
	h.asked = append(h.asked, r.URL.Host)
	return h.RoundTripper.RoundTrip(r)
}

// TestConfiguredAnew holds that another configuration counts from the next call on, whichever framework server takes it.
func TestConfiguredAnew(t *testing.T) {
	_, s, user := serving(t)
	network := &hosts{RoundTripper: s.Transport()}
	p := start(t, network, s.Environment("https://host.example"))
	p.idle(t, callsPerShift/2)
	before := p.shift()
	resp, err := p.ConfigureProvider(t.Context(), start(t, network, s.Environment("https://other.example")).shift().configuration)
	if err != nil || failure(resp.Diagnostics) != nil {
		t.Fatal(err, failure(resp.Diagnostics))
	}
	p.server().relieve(t.Context(), before) // as a call may do that has begun before
	for range 3 {
		if _, err := p.refresh(t.Context(), user); err != nil {
			t.Error(err)
		}
		p.idle(t, callsPerShift)
	}
	if want := slices.Repeat([]string{"other.example"}, 3); !slices.Equal(network.asked, want) {
		t.Errorf("%v were asked, want %v", network.asked, want)
	}
	// What is wrong with a configuration is said, and nothing is left of the one before.
	wrong, err := p.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{
		Config: dynamic(schemaOf().provider, map[string]any{"base_url": "http://host.example"}),
	})
	if err != nil || failure(wrong.Diagnostics) == nil {
		t.Fatal("a wrong configuration was taken", err)
	}
	if data := p.shift().provider.response.ResourceData; data != nil {
		t.Errorf("there is still %v", data)
	}
}

// hanging is a network that answers nothing until the request is cancelled.
type hanging struct{ arrived chan struct{} }

func (h hanging) RoundTrip(r *http.Request) (*http.Response, error) {
	h.arrived <- struct{}{}
	<-r.Context().Done()
	return nil, r.Context().Err()
}

// TestStopReachesEveryShift stops the provider while a read hangs whose framework server was relieved long ago, and another one
// in a newer one.
func TestStopReachesEveryShift(t *testing.T) {
	_, s, user := serving(t)
	network := hanging{make(chan struct{})}
	p := start(t, network, append(s.Environment("https://host.example"), "PIGELLO_REQUEST_TIMEOUT=1h"))
	ended := make(chan error)
	for range 2 {
		go func() {
			_, err := p.refresh(t.Context(), user)
			ended <- err
		}()
		select {
		case <-network.arrived:
		case err := <-ended:
			t.Fatal("a read has ended:", err)
		}
		p.idle(t, 3*callsPerShift)
	}
	if n := len(p.server().busy); n != 2 {
		t.Errorf("%d framework servers are busy, want 2", n)
	}
	if resp, err := p.StopProvider(t.Context(), &tfprotov6.StopProviderRequest{}); err != nil || resp.Error != "" {
		t.Fatal(err, resp.Error)
	}
	for range 2 {
		select {
		case err := <-ended:
			if err == nil {
				t.Error("a read that was stopped has succeeded")
			}
		case <-time.After(time.Minute):
			t.Fatal("a read goes on")
		}
	}
	if n := len(p.server().busy); n != 0 {
		t.Errorf("%d framework servers are busy when nothing is under way", n)
	}
	// What comes after a stop is not stopped.
	p.idle(t, 1)
}

// streaming is a framework server with streams.
type streaming struct {
	protocol
	stopped int
}

func (s *streaming) StopProvider(context.Context, *tfprotov6.StopProviderRequest) (*tfprotov6.StopProviderResponse, error) {
	s.stopped++
	return &tfprotov6.StopProviderResponse{}, nil
}

var errStream = errors.New("no stream")

func (s *streaming) ListResource(_ context.Context, req *tfprotov6.ListResourceRequest) (*tfprotov6.ListResourceServerStream, error) {
	if req.TypeName == "" {
		return nil, errStream
	}
	return &tfprotov6.ListResourceServerStream{Results: many[tfprotov6.ListResourceResult]}, nil
}

func (s *streaming) InvokeAction(_ context.Context, req *tfprotov6.InvokeActionRequest) (*tfprotov6.InvokeActionServerStream, error) {
	if req.ActionType == "" {
		return nil, errStream
	}
	return &tfprotov6.InvokeActionServerStream{Events: many[tfprotov6.InvokeActionEvent]}, nil
}

func many[T any](yield func(T) bool) {
	for range 3 {
		if !yield(*new(T)) {
			return
		}
	}
}

// TestStreamsAreUnderWayUntilTheyEnd holds that a stop reaches a stream that is being read, and none that has ended, even early.
func TestStreamsAreUnderWayUntilTheyEnd(t *testing.T) {
	ctx := t.Context()
	s := newServer(&Provider{version: "test"})
	framework := &streaming{}
	s.current.protocol = framework
	listed, err := s.ListResource(ctx, &tfprotov6.ListResourceRequest{TypeName: userType})
	if err != nil {
		t.Fatal(err)
	}
	invoked, err := s.InvokeAction(ctx, &tfprotov6.InvokeActionRequest{ActionType: userType})
	if err != nil {
		t.Fatal(err)
	}
	read(t, s, listed.Results)
	read(t, s, invoked.Events)
	if framework.stopped != 6 {
		t.Errorf("it was stopped %d times, want 6", framework.stopped)
	}
	for range listed.Results { // nothing keeps anybody from reading a sequence twice
		break
	}
	if _, err := s.ListResource(ctx, &tfprotov6.ListResourceRequest{}); !errors.Is(err, errStream) {
		t.Error(err)
	}
	if _, err := s.InvokeAction(ctx, &tfprotov6.InvokeActionRequest{}); !errors.Is(err, errStream) {
		t.Error(err)
	}
	if len(s.busy) != 0 || s.current.underWay != 0 {
		t.Errorf("%d framework servers are busy, with %d calls", len(s.busy), s.current.underWay)
	}
}

func read[T any](t *testing.T, s *server, stream iter.Seq[T]) {
	t.Helper()
	for range stream {
		if _, err := s.StopProvider(t.Context(), &tfprotov6.StopProviderRequest{}); err != nil {
			t.Error(err)
		}
	}
}

// TestShiftsAtOnce makes calls from many sides while the provider is configured and stopped, for the race detector above all.
func TestShiftsAtOnce(t *testing.T) {
	p, s, user := serving(t)
	configuration := p.shift().configuration
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			for range callsPerShift {
				if _, err := p.refresh(t.Context(), user); err != nil && !isCancelled(err) {
					t.Error(err)
				}
			}
		})
	}
	wg.Go(func() {
		for range 20 {
			if resp, err := p.ConfigureProvider(t.Context(), configuration); err != nil || failure(resp.Diagnostics) != nil {
				t.Error(err, failure(resp.Diagnostics))
			}
			if _, err := p.StopProvider(t.Context(), &tfprotov6.StopProviderRequest{}); err != nil {
				t.Error(err)
			}
		}
	})
	wg.Wait()
	if n := len(p.server().busy); n != 0 {
		t.Errorf("%d framework servers are busy", n)
	}
	if len(s.Requests()) == 0 {
		t.Error("no request was made")
	}
}

func isCancelled(err error) bool { return strings.Contains(err.Error(), "cancel") }
