// Package lookup finds the object for a data source or an ephemeral resource.
package lookup

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/pigello/terraform-provider-pigello/internal/client"
	"github.com/pigello/terraform-provider-pigello/internal/client/model"
	"github.com/pigello/terraform-provider-pigello/internal/provider/mapping"
	"github.com/pigello/terraform-provider-pigello/internal/provider/providerdata"
	"github.com/pigello/terraform-provider-pigello/internal/provider/tfdiag"
)

// Attributes returns the attributes of the object with the key in the configuration. The key keeps the configuration's spelling.
func Attributes(
	ctx context.Context, data *providerdata.Data, objects func(*client.Client) *client.Collection, config types.Object,
	diags *diag.Diagnostics,
) types.Object {
	if !IsConfigured(data, diags) {
		return types.ObjectNull(config.AttributeTypes(ctx))
	}
	ctx, cancel := context.WithTimeout(ctx, providerdata.Timeout)
	defer cancel()
	collection := objects(data.Client)
	attributes := map[string]attr.Value{}
	for _, field := range collection.Entity.Fields {
		name := mapping.AttributeName(field)
		given, ok := config.Attributes()[name].(types.String)
		if ok && !given.IsNull() {
			object := find(ctx, collection, field, given.ValueString(), diags)
			if diags.HasError() {
				break
			}
			attributes = Values(object, collection.Entity, collection.Entity.Fields, path.Empty(), diags)
			attributes[name] = given
			break
		}
	}
	if diags.HasError() {
		return types.ObjectNull(config.AttributeTypes(ctx))
	}
	result, d := types.ObjectValue(config.AttributeTypes(ctx), attributes)
	diags.Append(d...)
	return result
}

// IsConfigured reports whether the provider is configured. If not, it adds an error.
func IsConfigured(data *providerdata.Data, diags *diag.Diagnostics) bool {
	if data == nil {
		diags.AddError("The provider is not configured yet",
			"The provider's configuration is known only after apply, and Terraform reads while it plans. Give the provider values that "+
				"are known at plan. Or apply first what they come from (terraform apply -target=<address>), or name it in depends_on.")
	}
	return data != nil
}

// Values returns the values of an object's fields by attribute name. at is the path of the object, for errors.
func Values(object model.Object, entity model.Entity, fields []model.Field, at path.Path, diags *diag.Diagnostics) map[string]attr.Value {
	attributes := make(map[string]attr.Value, len(fields))
	for _, field := range fields {
		name := mapping.AttributeName(field)
		value, err := object.Value(field)
		if err != nil {
			diags.AddAttributeError(at.AtName(name), "Unreadable response", tfdiag.Unreadable(entity, object, err))
		}
		attributes[name] = mapping.FromGo(field.Kind, value)
	}
	return attributes
}

// find returns the only object with a key. No message repeats the key, which may be a personal number.
func find(ctx context.Context, objects *client.Collection, key model.Field, value string, diags *diag.Diagnostics) model.Object {
	at := path.Root(mapping.AttributeName(key))
	title := objects.Entity.Title
	operation := tfdiag.Operation{Verb: "read", Entity: objects.Entity}
	found, err := objects.Find(ctx, key, value)
	switch {
	case err != nil:
		tfdiag.Add(diags, operation, err)
	case len(found) == 0:
		diags.AddAttributeError(at, "Could not read the "+title, fmt.Sprintf(
			"No %s has this %s, or it is not visible to these credentials (service version). Check the value, and what the service version may see.", title, at))
	case len(found) == 1:
		return found[0]
	default:
		ids := make([]string, len(found))
		for i, object := range found {
			ids[i] = object.ID()
		}
		diags.AddAttributeError(at, "Could not read the "+title, fmt.Sprintf(
			"%d %s have this %s. If one of them is meant, use its id:\n\n%s", len(found), objects.Entity.Plural, at, strings.Join(ids, "\n")))
	}
	return nil
}
