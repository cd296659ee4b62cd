package managed

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/pigello/terraform-provider-pigello/internal/client/model"
	"github.com/pigello/terraform-provider-pigello/internal/provider/providerdata"
	"github.com/pigello/terraform-provider-pigello/internal/provider/selection"
	"github.com/pigello/terraform-provider-pigello/internal/provider/tfdiag"
)

// ListResource is the list resource of one resource. It returns each object as it would be in the state after an import.
type ListResource struct {
	spec        *Spec
	name        func(model.Object) string // returns the display name; "" is replaced with the id
	description string
	data        *providerdata.Data // nil while the provider's configuration is not known
}

var _ list.ListResourceWithConfigure = (*ListResource)(nil)

// NewListResource returns the list resource of a spec. The display name of an object is its name, or its id if it has none.
func NewListResource(spec *Spec, name func(model.Object) string, description string) *ListResource {
	return &ListResource{spec: spec, name: name, description: description}
}

// Metadata implements list.ListResource.
func (l *ListResource) Metadata(_ context.Context, _ resource.MetadataRequest, resp *resource.MetadataResponse) {
	resp.TypeName = l.spec.TypeName
}

// ListResourceConfigSchema implements list.ListResource.
func (l *ListResource) ListResourceConfigSchema(
	_ context.Context, _ list.ListResourceSchemaRequest, resp *list.ListResourceSchemaResponse,
) {
	resp.Schema = selection.ListSchema(l.spec.Entity, l.description)
}

// Configure implements list.ListResourceWithConfigure.
func (l *ListResource) Configure(_ context.Context, req resource.ConfigureRequest, resp *resource.ConfigureResponse) {
	l.data = providerdata.From(req.ProviderData, &resp.Diagnostics)
}

// List implements list.ListResource. It requests pages only as Terraform reads the results, up to Terraform's limit.
func (l *ListResource) List(ctx context.Context, req list.ListRequest, stream *list.ListResultsStream) {
	var diags diag.Diagnostics
	if l.data == nil {
		tfdiag.AddNotConfigured(&diags, l.operation())
	}
	selected := selection.From(ctx, req.Config, &diags)
	selected.Limit = int(min(req.Limit, math.MaxInt32))
	// The state after an import and before the read that follows it: only an id.
	blank := req.NewListResult(ctx).Resource
	diags.Append(blank.SetAttribute(ctx, path.Root("id"), "")...)
	imported := get(ctx, blank, &diags)
	if diags.HasError() {
		stream.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	stream.Results = func(push func(list.ListResult) bool) {
		ctx, cancel := context.WithTimeout(ctx, providerdata.Timeout)
		defer cancel()
		for object, err := range l.spec.Objects(l.data.Client).Select(ctx, selected) {
			var result list.ListResult
			if err != nil {
				tfdiag.Add(&result.Diagnostics, l.operation(), err)
			} else {
				result = l.result(ctx, req, imported, object)
			}
			if !push(result) {
				return
			}
		}
	}
}

// result returns the result for an object: its state would be the same after an import and the read that follows it.
func (l *ListResource) result(ctx context.Context, req list.ListRequest, imported values, object model.Object) list.ListResult {
	id := types.StringValue(object.ID())
	result := req.NewListResult(ctx)
	result.DisplayName = cmp.Or(l.name(object), id.ValueString())
	result.Diagnostics.Append(result.Identity.Set(ctx, identity{ID: id})...)
	if !req.IncludeResource {
		return result
	}
	var unreadable diag.Diagnostics
	state := l.spec.refresh(imported, object, &record{}, &unreadable)
	if unreadable.HasError() {
		return l.leftOut(object)
	}
	state["id"] = id
	l.spec.setDefaults(state)
	l.spec.set(ctx, result.Resource, state, &result.Diagnostics)
	return result
}

// leftOut returns a warning about an object that cannot be decoded. After an error, Terraform would drop all results.
func (l *ListResource) leftOut(object model.Object) list.ListResult {
	var reasons []string
	for _, a := range l.spec.attributes {
		if _, err := object.Value(a.field); err != nil {
			reasons = append(reasons, err.Error())
		}
	}
	var result list.ListResult
	// The id is in the summary, since Terraform prints only the first warning of each summary.
	result.Diagnostics.AddWarning(fmt.Sprintf("The %s %s is left out", l.spec.Entity.Title, object.ID()), fmt.Sprintf(
		"It exists, but not all of it can be read: %s. It is not among the results, and an import of it would fail. The response is not as Pigello "+
			"documents it, so please report this.",
		strings.Join(reasons, "; ")))
	return result
}

func (l *ListResource) operation() tfdiag.Operation {
	return tfdiag.Operation{Verb: "list", Entity: l.spec.Entity, Many: true}
}
