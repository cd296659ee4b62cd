package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/pigello/terraform-provider-pigello/internal/client/transport"
)

// logAttempt logs an HTTP attempt. Everything in transport.Attempt may be logged.
func logAttempt(ctx context.Context, a transport.Attempt) {
	fields := map[string]any{
		"method":      a.Method,
		"path":        a.Path,
		"attempt":     a.Number,
		"duration_ms": a.Duration.Milliseconds(),
	}
	if len(a.Parameters) > 0 {
		fields["parameters"] = a.Parameters
	}
	if len(a.Fields) > 0 {
		fields["fields"] = a.Fields
	}
	if a.RequestID != "" {
		fields["request_id"] = a.RequestID
	}
	if a.Failure != "" {
		fields["failure"] = a.Failure
	} else {
		fields["status"] = a.Status
	}
	tflog.Debug(ctx, "Pigello API request", fields)
}
