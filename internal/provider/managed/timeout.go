package managed

import (
	"context"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/pigello/terraform-provider-pigello/internal/client/transport"
	"github.com/pigello/terraform-provider-pigello/internal/provider/providerdata"
	"github.com/pigello/terraform-provider-pigello/internal/provider/validate"
)

// Timeouts returns the attribute timeouts.
func Timeouts(ctx context.Context) schema.Attribute {
	describe := func(operation, note string) string {
		return "How long " + operation + " may take. A duration above zero, such as `90s` or `5m`. Unset: `20m`." + note
	}
	a, _ := timeouts.Attributes(ctx, timeouts.Opts{
		Create: true, CreateDescription: describe("a creation", ""),
		Read: true, ReadDescription: describe("the reading at a refresh", " The value that was last applied counts: where one is too short "+
			"to read anything, `terraform apply -refresh=false` applies a longer one."),
		Update: true, UpdateDescription: describe("a change", ""),
		Delete: true, DeleteDescription: describe("the destruction", " The value that was last applied counts."),
	}).(schema.SingleNestedAttribute)
	a.MarkdownDescription = "How long the operations on this object may take, all requests, repetitions and waits included. A creation " +
		"that runs out of time may leave its outcome unknown. Changing this alone sends nothing to Pigello. Unset: `20m` each."
	for name, nested := range a.Attributes {
		if limit, ok := nested.(schema.StringAttribute); ok {
			limit.MarkdownDescription, limit.Description = limit.Description, ""
			limit.Validators = []validator.String{validate.Duration()} // the message of the library does not name the attribute
			a.Attributes[name] = limit
		}
	}
	return a
}

// withTimeout returns a context with the time limit of an operation in the attribute timeouts.
func withTimeout(
	ctx context.Context, v values, operation string,
	of func(timeouts.Value, context.Context, time.Duration) (time.Duration, diag.Diagnostics), diags *diag.Diagnostics,
) (context.Context, context.CancelFunc) {
	timeout := providerdata.Timeout
	if configured, ok := v["timeouts"].(timeouts.Value); ok {
		var d diag.Diagnostics
		timeout, d = of(configured, ctx, providerdata.Timeout)
		diags.Append(d...)
	}
	return transport.WithLimit(ctx, "timeouts."+operation, timeout)
}
