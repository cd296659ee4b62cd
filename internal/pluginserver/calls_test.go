package pluginserver_test

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
)

// tiny is a provider with one data source, tiny_thing. Its Read calls the function read.
type tiny struct{ read func(context.Context) }

func (tiny) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "tiny"
}
func (tiny) Schema(context.Context, provider.SchemaRequest, *provider.SchemaResponse)          {}
func (tiny) Configure(context.Context, provider.ConfigureRequest, *provider.ConfigureResponse) {}
func (tiny) Resources(context.Context) []func() resource.Resource                              { return nil }
func (p tiny) DataSources(context.Context) []func() datasource.DataSource {
	return []func() datasource.DataSource{func() datasource.DataSource { return thing(p) }}
}

type thing tiny

func (thing) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = "tiny_thing"
}
func (thing) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = schema.Schema{}
}
func (t thing) Read(ctx context.Context, _ datasource.ReadRequest, _ *datasource.ReadResponse) {
	t.read(ctx)
}

// serve serves a provider, which is configured with a context that has a value for key.
func serve(t *testing.T, p tiny, value any) *acctest.InProcess {
	t.Helper()
	s := acctest.Serve(t, p)
	ctx, cancel := context.WithCancel(context.WithValue(t.Context(), key{}, value))
	defer cancel()
	config := acctest.Dynamic(s.Provider.ValueType(), acctest.Attributes{})
	if resp, err := s.ConfigureProvider(ctx, &tfprotov6.ConfigureProviderRequest{Config: config}); err != nil || len(resp.Diagnostics) > 0 {
		t.Fatal(err, resp.Diagnostics)
	}
	return s
}

func readThing(ctx context.Context, t *testing.T, s *acctest.InProcess) {
	t.Helper()
	if _, diags := s.ReadData(ctx, "tiny_thing", acctest.Attributes{}); len(diags) > 0 {
		t.Error(diags)
	}
}

type key struct{}

// discard returns a function that makes a call and ignores its result.
func discard[Req, Resp any](method func(context.Context, *Req) (Resp, error)) func(context.Context) {
	return func(ctx context.Context) { _, _ = method(ctx, new(Req)) }
}

// TestCallsLeaveNothingInMemory makes all calls that Terraform makes for each object, and checks that the values of their contexts are garbage
// collected. The framework's server keeps the context itself.
func TestCallsLeaveNothingInMemory(t *testing.T) {
	s := acctest.Serve(t, tiny{})
	for name, call := range map[string]func(context.Context){
		"UpgradeResourceState":       discard(s.UpgradeResourceState),
		"UpgradeResourceIdentity":    discard(s.UpgradeResourceIdentity),
		"ValidateResourceConfig":     discard(s.ValidateResourceConfig),
		"ReadResource":               discard(s.ReadResource),
		"PlanResourceChange":         discard(s.PlanResourceChange),
		"ApplyResourceChange":        discard(s.ApplyResourceChange),
		"ImportResourceState":        discard(s.ImportResourceState),
		"GenerateResourceConfig":     discard(s.GenerateResourceConfig),
		"ValidateDataResourceConfig": discard(s.ValidateDataResourceConfig),
		"ReadDataSource":             discard(s.ReadDataSource),
		"CallFunction":               discard(s.CallFunction),
	} {
		t.Run(name, func(t *testing.T) {
			var collected atomic.Bool
			func() {
				value := new([64]byte)
				runtime.AddCleanup(value, func(struct{}) { collected.Store(true) }, struct{}{})
				ctx, cancel := context.WithCancel(context.WithValue(t.Context(), key{}, value))
				defer cancel()
				call(ctx)
			}()
			for range 100 { // a cleanup runs some time after the collection
				if runtime.GC(); collected.Load() {
					return
				}
				time.Sleep(10 * time.Millisecond)
			}
			t.Error("the context of the call is still in memory")
		})
	}
	runtime.KeepAlive(s)
}

// TestContextOfACall checks the values of the context during a call and after it. The loggers are such values.
func TestContextOfACall(t *testing.T) {
	contexts := make(chan context.Context, 2)
	s := serve(t, tiny{read: func(ctx context.Context) {
		derived := context.WithoutCancel(ctx)
		contexts <- ctx
		contexts <- derived
		if ctx.Value(key{}) != "of the call" || derived.Value(key{}) != "of the call" {
			t.Errorf("in the call, the values are %v and %v", ctx.Value(key{}), derived.Value(key{}))
		}
		if ctx.Err() != nil {
			t.Error("in the call:", ctx.Err())
		}
	}}, "of the configuration")
	readThing(context.WithValue(t.Context(), key{}, "of the call"), t, s)
	during, derived := <-contexts, <-contexts
	if during.Value(key{}) != "of the configuration" || derived.Value(key{}) != "of the configuration" {
		t.Errorf("after the call, the values are %v and %v", during.Value(key{}), derived.Value(key{}))
	}
	if during.Err() == nil || derived.Err() != nil {
		t.Errorf("after the call, the errors are %v and %v", during.Err(), derived.Err())
	}
}

// TestCallsEndWhenCancelled cancels calls that wait, by their own context and by StopProvider.
func TestCallsEndWhenCancelled(t *testing.T) {
	begun := make(chan context.Context)
	s := serve(t, tiny{read: func(ctx context.Context) {
		begun <- ctx
		<-ctx.Done()
	}}, nil)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	for what, end := range map[string]func(){
		"its own context": cancel,
		"StopProvider": func() {
			if resp, err := s.StopProvider(t.Context(), &tfprotov6.StopProviderRequest{}); err != nil || resp.Error != "" {
				t.Error(err, resp.Error)
			}
		},
	} {
		ctx := ctx
		if what == "StopProvider" {
			ctx = t.Context()
		}
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			readThing(ctx, t, s)
		}()
		if call := <-begun; call.Err() != nil {
			t.Error(call.Err())
		}
		end()
		select {
		case <-ended:
		case <-time.After(time.Minute):
			t.Fatalf("%s has not ended the call", what)
		}
	}
}

// TestCallsAtOnce uses the contexts of calls while the calls end and the provider is stopped. It is for the race detector.
func TestCallsAtOnce(t *testing.T) {
	var wg sync.WaitGroup
	s := serve(t, tiny{read: func(ctx context.Context) {
		wg.Go(func() {
			for range 100 {
				_, _ = ctx.Value(key{}), ctx.Err()
			}
		})
	}}, nil)
	var calls sync.WaitGroup
	for range 8 {
		calls.Go(func() {
			for range 100 {
				ctx, cancel := context.WithCancel(t.Context())
				readThing(ctx, t, s)
				cancel()
			}
		})
	}
	calls.Go(func() {
		for range 20 {
			if _, err := s.StopProvider(t.Context(), &tfprotov6.StopProviderRequest{}); err != nil {
				t.Error(err)
			}
		}
	})
	calls.Wait()
	wg.Wait()
}
