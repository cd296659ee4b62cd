package pluginserver

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/zclconf/go-cty/cty"
	ctyjson "github.com/zclconf/go-cty/cty/json"
	ctymsgpack "github.com/zclconf/go-cty/cty/msgpack"
)

// stateTypes are the types of the resources' states, once one has been read.
type stateTypes struct {
	mu    sync.Mutex
	types map[string]cty.Type
}

// readInJSON reads, and answers in JSON, as the state file is written, instead of MessagePack.
//
// Terraform up to 1.14 compares what was read with the state down to the precision in which it holds a number, and that differs
// between the two encodings. With a number in a resource, plan -refresh-only -detailed-exitcode would exit with 2 at every
// run while it says "No changes". Terraform 1.15.9 and 1.16 and OpenTofu 1.12 do not. This file, and the call of readInJSON
// in calls.go, can go when Terraform 1.15 is the oldest version that we support.
func (s *server) readInJSON(ctx context.Context, req *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	resp, err := s.protocol.ReadResource(ctx, req)
	if err != nil || resp.NewState == nil || len(resp.NewState.MsgPack) == 0 {
		return resp, err
	}
	t, err := s.stateType(ctx, req.TypeName)
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

// stateType returns the type of a resource's state. Terraform does not always ask for the schemas before it reads, so that they
// are built here.
func (s *server) stateType(ctx context.Context, name string) (cty.Type, error) {
	s.states.mu.Lock()
	defer s.states.mu.Unlock()
	if s.states.types == nil {
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
		s.states.types = types
	}
	return s.states.types[name], nil
}
