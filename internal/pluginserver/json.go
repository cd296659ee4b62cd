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

// stateTypes holds the types of the resources' states. It is empty before the first read.
type stateTypes struct {
	mu    sync.Mutex
	types map[string]cty.Type
}

// readInJSON reads a resource, and returns its state in JSON instead of MessagePack.
//
// Terraform up to 1.14 compares the new state with the one in the state file, which is JSON, and also compares the precision of numbers. The
// precision is different in the two encodings. If a resource has a number, plan -refresh-only -detailed-exitcode says "No changes" and exits
// with 2. Terraform 1.15.9 and 1.16 and OpenTofu 1.12 do not have this error. Remove this file, and the call of readInJSON in calls.go, when
// Terraform 1.15 is the oldest supported version.
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

// stateType returns the type of a resource's state. It requests the schemas itself, since Terraform does not always do so before a read.
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
