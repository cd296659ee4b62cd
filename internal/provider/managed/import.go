package managed

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/pigello/terraform-provider-pigello/internal/client/model"
	"github.com/pigello/terraform-provider-pigello/internal/ident"
	"github.com/pigello/terraform-provider-pigello/internal/provider/providerdata"
	"github.com/pigello/terraform-provider-pigello/internal/provider/tfdiag"
)

// ImportState implements resource.ResourceWithImportState. It accepts an id, as a text or as an identity, or a key and its value, such as
// custom_id:emp-42. Terraform then calls Read, which reads the object.
//
// A message must say which import it is about, since Terraform does not. It repeats the import id only if that is a valid id, or a valid key
// and value. Other texts may be personal numbers.
func (r *Resource) ImportState(ctx context.Context, req resource.ImportStateRequest, resp *resource.ImportStateResponse) {
	id := strings.TrimSpace(req.ID)
	if req.ID == "" && req.Identity != nil && !req.Identity.Raw.IsFullyNull() {
		var from identity
		resp.Diagnostics.Append(req.Identity.Get(ctx, &from)...)
		id = from.ID.ValueString()
	} else if key, value, ok := strings.Cut(req.ID, ":"); ok {
		id = r.findByKey(ctx, strings.TrimSpace(key), value, &resp.Diagnostics)
	}
	if resp.Diagnostics.HasError() {
		return
	}
	if (ident.UUID{}).Check(id) != nil {
		resp.Diagnostics.AddError(r.operation("import", "").Summary(), "The import id is neither an id nor a key and its value. "+r.importIDs())
		return
	}
	// Without configuration, Read cannot find out whether the object exists, and the plan would show all declared values as new.
	if !r.configured("import", &resp.Diagnostics) {
		return
	}
	if id != strings.ToLower(id) {
		// The state needs the server's spelling of the id, since a server may compare ids as text.
		field, _ := r.spec.Entity.Field("id")
		if id = r.findOne(ctx, field, id, id, &resp.Diagnostics); resp.Diagnostics.HasError() {
			return
		}
	}
	resp.Diagnostics.Append(resp.State.SetAttribute(ctx, path.Root("id"), id)...)
	resp.Diagnostics.Append(resp.Identity.Set(ctx, identity{ID: types.StringValue(id)})...)
	resp.Diagnostics.Append(resp.Private.SetKey(ctx, importKey, []byte("true"))...)
}

// findByKey returns the id of the only object with a key value. If there is not exactly one, it adds an error.
func (r *Resource) findByKey(ctx context.Context, key, value string, diags *diag.Diagnostics) string {
	summary := r.operation("import", "").Summary()
	field, _ := r.spec.Entity.Field(key)
	if !slices.Contains(r.spec.ImportKeys, key) {
		diags.AddError(summary, "The text before the colon is not a key to import by. "+r.importIDs())
		return ""
	}
	if field.Kind != model.Text {
		value = strings.TrimSpace(value) // in a text, a space may be a part of the value
	}
	wrong := field.Kind.Form().Check(value)
	if strings.TrimSpace(value) == "" {
		wrong = errors.New("is empty")
	}
	if wrong != nil {
		diags.AddError(summary, fmt.Sprintf("The value of %s %s. %s", key, wrong, r.importIDs()))
		return ""
	}
	if !r.configured("import", diags) {
		return ""
	}
	return r.findOne(ctx, field, value, key+":"+printable(value), diags)
}

// findOne returns the id of the only object whose field has a value. If there is not exactly one, it adds an error with the import id.
func (r *Resource) findOne(ctx context.Context, field model.Field, value, importID string, diags *diag.Diagnostics) string {
	ctx, cancel := context.WithTimeout(ctx, providerdata.Timeout)
	defer cancel()
	operation := r.operation("import", importID)
	title := r.spec.Entity.Title
	found, err := r.spec.Objects(r.data.Client).Find(ctx, field, value)
	switch {
	case err != nil:
		tfdiag.Add(diags, operation, err)
	case len(found) == 0:
		diags.AddError(operation.Summary(), fmt.Sprintf("No %s has the %s %s, or it is not visible to these credentials (service version). It was not imported. Check the import id: %s",
			title, field.Name, printable(value), importID))
	case len(found) == 1:
		return found[0].ID()
	default:
		blocks := make([]string, len(found))
		for i, object := range found {
			blocks[i] = operation.ImportBlock(object.ID())
		}
		diags.AddError(operation.Summary(), fmt.Sprintf("%d %s have the %s %s. If one of them is meant, import it by its id:\n\n%s",
			len(found), r.spec.Entity.Plural, field.Name, printable(value), strings.Join(blocks, "\n")))
	}
	return ""
}

// printable replaces control characters.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return unicode.ReplacementChar
		}
		return r
	}, s)
}

// importIDs returns a sentence about the import ids that are accepted.
func (r *Resource) importIDs() string {
	all := []string{fmt.Sprintf("the id that Pigello gave the %s (a UUID)", r.spec.Entity.Title)}
	for _, key := range r.spec.ImportKeys {
		value := key
		if field, _ := r.spec.Entity.Field(key); field.Kind == model.Relation {
			value = "uuid"
		}
		all = append(all, key+":<"+value+">")
	}
	return "An import takes one of these: " + strings.Join(all, ", ") + "."
}
