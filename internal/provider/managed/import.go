package managed

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/pigello/terraform-provider-pigello/internal/client/model"
	"github.com/pigello/terraform-provider-pigello/internal/ident"
	"github.com/pigello/terraform-provider-pigello/internal/provider/providerdata"
	"github.com/pigello/terraform-provider-pigello/internal/provider/tfdiag"
)

// ImportState implements resource.ResourceWithImportState. It takes an id, as a text or as an identity, or a key and its value,
// such as custom_id:emp-42. The object itself is read by the Read that follows.
//
// No message repeats what was given: people confuse ids with personal numbers, and what a user is found by is personal.
func (r *Resource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	id := strings.TrimSpace(req.ID)
	if req.ID == "" && req.Identity != nil && !req.Identity.Raw.IsFullyNull() {
		var from identity
		resp.Diagnostics.Append(req.Identity.Get(ctx, &from)...)
		id = from.ID.ValueString()
	} else if key, value, ok := strings.Cut(id, ":"); ok {
		id = r.find(ctx, strings.TrimSpace(key), strings.TrimSpace(value), &resp.Diagnostics)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	operation := r.operation("import", "")
	if (ident.UUID{}).Check(id) != nil {
		resp.Diagnostics.AddError(operation.Summary(), "The import id is neither an id nor a key and its value. "+r.importIDs())
		return
	}
	// Read could not tell whether the object exists, and the plan would show all that is declared as new.
	if !r.configured("import", &resp.Diagnostics) {
		return
	}
	id = strings.ToLower(id)
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), id)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, identity{ID: types.StringValue(id)})...)
	resp.Diagnostics.Append(resp.Private.SetKey(ctx, importKey, []byte("true"))...)
}

// find returns the id of the one object that a key names. Unless there is one, it adds an error.
func (r *Resource) find(ctx context.Context, key, value string, diags *diag.Diagnostics) string {
	operation := r.operation("import", "")
	title := r.layout.entity.Title
	member, _ := r.layout.entity.Field(key)
	if !slices.Contains(r.importKeys, key) {
		diags.AddError(operation.Summary(), "What stands before the colon is no key. "+r.importIDs())
		return ""
	}
	wrong := member.Kind.Form().Check(value)
	if value == "" {
		wrong = errors.New("must not be empty")
	}
	if wrong != nil {
		diags.AddError(operation.Summary(), fmt.Sprintf("The value of %s %s. %s", key, wrong, r.importIDs()))
		return ""
	}
	if !r.configured("import", diags) {
		return ""
	}
	ctx, cancel := context.WithTimeout(ctx, providerdata.Timeout)
	defer cancel()
	which := "this " + key
	if member.Kind == model.Relation {
		which = key + " " + value // an id tells nothing, and Terraform does not say which import block an error is about
	}
	found, err := r.objects(r.data.Client).Find(ctx, member, value)
	switch {
	case err != nil:
		tfdiag.Add(diags, operation, err)
	case len(found) == 0:
		diags.AddError(operation.Summary(), fmt.Sprintf(
			"No %s has %s, or it is out of reach of the service version's level. Nothing was imported.", title, which))
	case len(found) == 1:
		return found[0].ID()
	default:
		blocks := make([]string, len(found))
		for i, object := range found {
			blocks[i] = operation.ImportBlock(object.ID())
		}
		diags.AddError(operation.Summary(), fmt.Sprintf("%d objects have %s, and nothing was imported. If one of them is meant, "+
			"import it by its id:\n\n%s", len(found), which, strings.Join(blocks, "\n")))
	}
	return ""
}

// importIDs says what an import takes.
func (r *Resource) importIDs() string {
	all := []string{fmt.Sprintf("the id that Pigello gave the %s (a UUID)", r.layout.entity.Title)}
	for _, key := range r.importKeys {
		value := key
		if member, _ := r.layout.entity.Field(key); member.Kind == model.Relation {
			value = "uuid"
		}
		all = append(all, key+":<"+value+">")
	}
	return "An import takes one of these: " + strings.Join(all, ", ") + "."
}
