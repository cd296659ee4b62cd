package managed

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/diag"
)

// DefaultTimeout bounds one operation on one object, its repetitions and waits included, where the attribute timeouts does
// not say otherwise.
const DefaultTimeout = 20 * time.Minute

// withTimeout bounds an operation by what the attribute timeouts says for it.
func withTimeout(
	ctx context.Context, v values, of func(timeouts.Value, context.Context, time.Duration) (time.Duration, diag.Diagnostics),
	diags *diag.Diagnostics,
) (context.Context, context.CancelFunc) {
	timeout := DefaultTimeout
	if configured, ok := v["timeouts"].(timeouts.Value); ok {
		var d diag.Diagnostics
		timeout, d = of(configured, ctx, DefaultTimeout)
		diags.Append(d...)
	}
	return context.WithTimeout(ctx, timeout)
}
