// Package invite is the action that invites a person to sign in. Each noun with users has one.
package invite

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/action"
	"github.com/hashicorp/terraform-plugin-framework/action/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/pigello/terraform-provider-pigello/internal/client"
	"github.com/pigello/terraform-provider-pigello/internal/client/model"
	"github.com/pigello/terraform-provider-pigello/internal/ident"
	"github.com/pigello/terraform-provider-pigello/internal/provider/providerdata"
	"github.com/pigello/terraform-provider-pigello/internal/provider/tfdiag"
	"github.com/pigello/terraform-provider-pigello/internal/provider/validate"
)

var (
	_ action.ActionWithConfigure      = (*Action)(nil)
	_ action.ActionWithModifyPlan     = (*Action)(nil)
	_ action.ActionWithValidateConfig = (*Action)(nil)
)

// Action invites objects of one entity.
type Action struct {
	typeName string
	invitee  string    // such as "a user of the organization"
	key      path.Path // the attribute with the id of the person to invite
	entity   model.Entity
	objects  func(*client.Client) *client.Collection
	data     *providerdata.Data
}

// New returns an action. key is the attribute with the id of the person to invite.
func New(typeName, invitee, key string, entity model.Entity, objects func(*client.Client) *client.Collection) *Action {
	return &Action{typeName: typeName, invitee: invitee, key: path.Root(key), entity: entity, objects: objects}
}

var body = path.Root("body")

// Metadata implements action.Action.
func (a *Action) Metadata(_ context.Context, _ action.MetadataRequest, resp *action.MetadataResponse) {
	resp.TypeName = a.typeName
}

// Schema implements action.Action.
func (a *Action) Schema(_ context.Context, _ action.SchemaRequest, resp *action.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: fmt.Sprintf("Invites %s to sign in to Pigello. Each run sends one invite. No invite is sent twice: if the response is lost, the "+
			"error says that the outcome is unknown, and the next apply does not repeat the action. To send an invite again, run "+
			"`terraform apply -invoke=action.%s.<name>`. After Ctrl-C, Terraform may report success for an invite that had just begun, or that takes more than a second.\n\n"+
			"Pigello documents neither what it reads from the request nor what the invited person receives. The provider infers that an id, in the form `{\"id\": …}`, is "+
			"enough. Use `body` if your Pigello wants something else. A plan does not check whether the id exists.\n\n"+
			"Needs Terraform 1.14.1. OpenTofu has no actions.",
			a.invitee, a.typeName),
		Attributes: map[string]schema.Attribute{
			a.key.String(): schema.StringAttribute{
				Optional: true,
				MarkdownDescription: fmt.Sprintf("The id of the %s to invite, a UUID, which is sent as `{\"id\": …}`. Exactly one of `%s` and `body` is needed. "+
					"Example: `497f6eca-6276-4993-bfeb-53cbbbba6f08`.", a.entity.Title, a.key),
			},
			"body": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: fmt.Sprintf("The request body: JSON, best written with `jsonencode`. It is sent unchanged. Exactly one of `%s` and `body` "+
					"is needed. Terraform shows it in the plan unless it is `sensitive`, and stores it in a saved plan; the provider's errors and logs never "+
					"contain it. Example: `jsonencode({ email = \"ada@example.com\" })`.", a.key),
			},
		},
	}
}

// Configure implements action.ActionWithConfigure.
func (a *Action) Configure(_ context.Context, req action.ConfigureRequest, resp *action.ConfigureResponse) {
	a.data = providerdata.From(req.ProviderData, &resp.Diagnostics)
}

// ValidateConfig implements action.ActionWithValidateConfig.
func (a *Action) ValidateConfig(ctx context.Context, req action.ValidateConfigRequest, resp *action.ValidateConfigResponse) {
	a.read(ctx, req.Config, &resp.Diagnostics)
}

// ModifyPlan implements action.ActionWithModifyPlan. It validates again: Terraform validates an action only once, before most values are known.
func (a *Action) ModifyPlan(ctx context.Context, req action.ModifyPlanRequest, resp *action.ModifyPlanResponse) {
	a.read(ctx, req.Config, &resp.Diagnostics)
}

// read reads a configuration and adds errors for invalid values. Unknown values are valid.
func (a *Action) read(ctx context.Context, config tfsdk.Config, diags *diag.Diagnostics) (id, content types.String) {
	diags.Append(config.GetAttribute(ctx, a.key, &id)...)
	diags.Append(config.GetAttribute(ctx, body, &content)...)
	isID, isBody := !id.IsNull() && !id.IsUnknown(), !content.IsNull() && !content.IsUnknown()
	if isID && isBody || id.IsNull() && content.IsNull() {
		diags.AddAttributeError(a.key, "Invalid value", fmt.Sprintf("Exactly one of %s and body must be set.", a.key))
	}
	if isID {
		diags.Append(validate.Text(a.key, id.ValueString(), ident.UUID{}.Check)...)
	}
	if isBody {
		diags.Append(validate.Text(body, content.ValueString(), isJSON)...)
	}
	return id, content
}

func isJSON(s string) error {
	if !json.Valid([]byte(s)) {
		return errors.New("must be JSON, best written with jsonencode")
	}
	return nil
}

// Invoke implements action.Action.
func (a *Action) Invoke(ctx context.Context, req action.InvokeRequest, resp *action.InvokeResponse) {
	id, content := a.read(ctx, req.Config, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	operation := tfdiag.Operation{
		Verb: "invite", Entity: a.entity, Type: a.typeName, ID: id.ValueString(), Invite: true,
		Attribute: func(field string) (path.Path, bool) { return a.key, field == "id" && !id.IsNull() },
	}
	if a.data == nil {
		tfdiag.AddNotConfigured(&resp.Diagnostics, operation)
		return
	}
	ctx, cancel := context.WithTimeout(ctx, providerdata.Timeout)
	defer cancel()
	objects := a.objects(a.data.Client)
	var err error
	if content.IsNull() {
		resp.SendProgress(action.InvokeProgressEvent{Message: fmt.Sprintf("Sending an invite to the %s %s", a.entity.Title, id.ValueString())})
		err = objects.InviteByID(ctx, id.ValueString())
	} else {
		resp.SendProgress(action.InvokeProgressEvent{Message: fmt.Sprintf("Sending an invite to %s, as body says", a.invitee)})
		err = objects.Invite(ctx, json.RawMessage(content.ValueString()))
	}
	if err != nil {
		tfdiag.Add(&resp.Diagnostics, operation, err)
	}
}
