package pluginserver

import (
	"context"
	"sync/atomic"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// callContext is the context of a call while the call runs, and the server's background context afterwards.
//
// The framework's server keeps the context of every call, with its loggers, until Terraform calls StopProvider. This is about 25 KiB for each
// call, or a gigabyte for a plan of 10,000 objects, and the garbage collector scans it again and again. A callContext takes only 250 bytes
// after its call.
type callContext struct {
	current atomic.Pointer[context.Context]
}

// Deadline implements context.Context.
func (c *callContext) Deadline() (time.Time, bool) { return (*c.current.Load()).Deadline() }

// Done implements context.Context.
func (c *callContext) Done() <-chan struct{} { return (*c.current.Load()).Done() }

// Err implements context.Context.
func (c *callContext) Err() error { return (*c.current.Load()).Err() }

// Value implements context.Context.
func (c *callContext) Value(key any) any { return (*c.current.Load()).Value(key) }

// during makes a call with a callContext. After the call, it cancels the contexts that were derived from it, as gRPC does.
//
//nolint:contextcheck // it does not know that a callContext is made from the parameter
func during[Req, Resp any](ctx context.Context, s *server, req Req, method func(context.Context, Req) (Resp, error)) (Resp, error) {
	ctx, cancel := context.WithCancel(ctx)
	call := &callContext{}
	call.current.Store(&ctx)
	defer func() {
		cancel()
		call.current.Store(s.background.Load())
	}()
	return method(call, req)
}

// ConfigureProvider implements tfprotov6.ProviderServer. It keeps its context as the background context: work that continues after a call,
// such as a request that serves several calls, needs its loggers.
func (s *server) ConfigureProvider(ctx context.Context, req *tfprotov6.ConfigureProviderRequest) (*tfprotov6.ConfigureProviderResponse, error) {
	s.background.Store(new(context.WithoutCancel(ctx)))
	return s.protocol.ConfigureProvider(ctx, req)
}

// The following calls are those that Terraform makes for each object, or for each element of a value. There are only few other calls.

// ReadResource implements tfprotov6.ProviderServer.
func (s *server) ReadResource(ctx context.Context, req *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	return during(ctx, s, req, s.readInJSON)
}

// UpgradeResourceState implements tfprotov6.ProviderServer.
func (s *server) UpgradeResourceState(ctx context.Context, req *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.UpgradeResourceStateResponse, error) {
	return during(ctx, s, req, s.protocol.UpgradeResourceState)
}

// UpgradeResourceIdentity implements tfprotov6.ProviderServer.
func (s *server) UpgradeResourceIdentity(ctx context.Context, req *tfprotov6.UpgradeResourceIdentityRequest) (*tfprotov6.UpgradeResourceIdentityResponse, error) {
	return during(ctx, s, req, s.protocol.UpgradeResourceIdentity)
}

// ValidateResourceConfig implements tfprotov6.ProviderServer.
func (s *server) ValidateResourceConfig(ctx context.Context, req *tfprotov6.ValidateResourceConfigRequest) (*tfprotov6.ValidateResourceConfigResponse, error) {
	return during(ctx, s, req, s.protocol.ValidateResourceConfig)
}

// PlanResourceChange implements tfprotov6.ProviderServer.
func (s *server) PlanResourceChange(ctx context.Context, req *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	return during(ctx, s, req, s.protocol.PlanResourceChange)
}

// ApplyResourceChange implements tfprotov6.ProviderServer.
func (s *server) ApplyResourceChange(ctx context.Context, req *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	return during(ctx, s, req, s.protocol.ApplyResourceChange)
}

// ImportResourceState implements tfprotov6.ProviderServer.
func (s *server) ImportResourceState(ctx context.Context, req *tfprotov6.ImportResourceStateRequest) (*tfprotov6.ImportResourceStateResponse, error) {
	return during(ctx, s, req, s.protocol.ImportResourceState)
}

// GenerateResourceConfig implements tfprotov6.ProviderServer.
func (s *server) GenerateResourceConfig(ctx context.Context, req *tfprotov6.GenerateResourceConfigRequest) (*tfprotov6.GenerateResourceConfigResponse, error) {
	return during(ctx, s, req, s.protocol.GenerateResourceConfig)
}

// ValidateDataResourceConfig implements tfprotov6.ProviderServer.
func (s *server) ValidateDataResourceConfig(ctx context.Context, req *tfprotov6.ValidateDataResourceConfigRequest) (*tfprotov6.ValidateDataResourceConfigResponse, error) {
	return during(ctx, s, req, s.protocol.ValidateDataResourceConfig)
}

// ReadDataSource implements tfprotov6.ProviderServer.
func (s *server) ReadDataSource(ctx context.Context, req *tfprotov6.ReadDataSourceRequest) (*tfprotov6.ReadDataSourceResponse, error) {
	return during(ctx, s, req, s.protocol.ReadDataSource)
}

// CallFunction implements tfprotov6.ProviderServer.
func (s *server) CallFunction(ctx context.Context, req *tfprotov6.CallFunctionRequest) (*tfprotov6.CallFunctionResponse, error) {
	return during(ctx, s, req, s.protocol.CallFunction)
}
