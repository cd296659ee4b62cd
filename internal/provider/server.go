package provider

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"
	ctymsgpack "github.com/zclconf/go-cty/cty/msgpack"
)

// NewServer returns a constructor of the provider's protocol server. The version is as for New.
func NewServer(version string) func() tfprotov6.ProviderServer {
	return func() tfprotov6.ProviderServer {
		// The framework's server can do all of it; the interface that it is returned as does not say so yet.
		return newInterruptible(&server{protocol: providerserver.NewProtocol6(New(version)())().(protocol)})
	}
}

// protocol is all that Terraform may ask for, list resources and actions included.
type protocol interface {
	tfprotov6.ProviderServer
	tfprotov6.ProviderServerWithListResource //nolint:staticcheck // deprecated only because it will be part of ProviderServer
	tfprotov6.ProviderServerWithActions      //nolint:staticcheck // likewise
}

// server answers a read in JSON, as the state file is written, and not in MessagePack.
//
// Terraform 1.11 compares what was read with the state down to the precision in which it holds a number, and that differs
// between the two encodings. With a number in a resource, plan -refresh-only -detailed-exitcode would exit with 2 at every
// run while it says "No changes".
type server struct {
	protocol

	mu    sync.Mutex
	types map[string]cty.Type // of the resources, once one has been read
}

// ReadResource implements tfprotov6.ProviderServer.
func (s *server) ReadResource(ctx context.Context, req *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	resp, err := s.protocol.ReadResource(ctx, req)
	if err != nil || resp.NewState == nil || len(resp.NewState.MsgPack) == 0 {
		return resp, err
	}
	t, err := s.resourceType(ctx, req.TypeName)
	if err != nil {
		return nil, err
	}
	state, err := ctymsgpack.Unmarshal(resp.NewState.MsgPack, t)
	if err != nil {
		return nil, fmt.Errorf("the state of %s that was read: %w", req.TypeName, err)
	}
	content, err := ctyjson.Marshal(state, t)
	if err != nil {
		return nil, fmt.Errorf("the state of %s that was read: %w", req.TypeName, err)
	}
	resp.NewState = &tfprotov6.DynamicValue{JSON: content}
	return resp, nil
}

// resourceType returns the type of a resource's state. Terraform may leave out the request for the schemas, so that they
// are asked for here.
func (s *server) resourceType(ctx context.Context, name string) (cty.Type, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.types == nil {
		schemas, err := s.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
		if err != nil {
			return cty.NilType, err
		}
		types := map[string]cty.Type{}
		for name, schema := range schemas.ResourceSchemas {
			content, err := json.Marshal(schema.ValueType())
			if err != nil {
				return cty.NilType, err
			}
			if types[name], err = ctyjson.UnmarshalType(content); err != nil {
				return cty.NilType, err
			}
		}
		s.types = types
	}
	return s.types[name], nil
}
