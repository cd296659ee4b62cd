package acctest

import (
	"context"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

func (p *InProcess) actionConfig(action string, config any) *tfprotov6.DynamicValue {
	return Dynamic(p.ActionSchemas[action].Schema.ValueType(), config)
}

// ValidateAction validates the configuration of an action.
func (p *InProcess) ValidateAction(ctx context.Context, action string, config any) Diagnostics {
	resp := must(p.ValidateActionConfig(ctx, &tfprotov6.ValidateActionConfigRequest{ActionType: action, Config: p.actionConfig(action, config)}))
	return DiagnosticsOf(resp.Diagnostics)
}

// PlanInvocation plans an action.
func (p *InProcess) PlanInvocation(ctx context.Context, action string, config any) Diagnostics {
	resp := must(p.PlanAction(ctx, &tfprotov6.PlanActionRequest{
		ActionType: action, Config: p.actionConfig(action, config), ClientCapabilities: &tfprotov6.PlanActionClientCapabilities{},
	}))
	return DiagnosticsOf(resp.Diagnostics)
}

// Invoke runs an action and returns its messages.
func (p *InProcess) Invoke(ctx context.Context, action string, config any) (progress []string, diags Diagnostics) {
	resp := must(p.InvokeAction(ctx, &tfprotov6.InvokeActionRequest{ActionType: action, Config: p.actionConfig(action, config)}))
	for event := range resp.Events {
		switch e := event.Type.(type) {
		case tfprotov6.ProgressInvokeActionEventType:
			progress = append(progress, e.Message)
		case tfprotov6.CompletedInvokeActionEventType:
			diags = DiagnosticsOf(e.Diagnostics)
		}
	}
	return progress, diags
}
