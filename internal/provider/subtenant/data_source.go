// Package subtenant is the data source pigello_subtenant.
package subtenant

import (
	"context"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/pigello/terraform-provider-pigello/internal/client"
	"github.com/pigello/terraform-provider-pigello/internal/provider/providerdata"
	"github.com/pigello/terraform-provider-pigello/internal/provider/tfdiag"
)

var _ datasource.DataSourceWithConfigure = (*DataSource)(nil)

// DataSource is pigello_subtenant.
type DataSource struct{ client *client.Client }

// NewDataSource returns the data source.
func NewDataSource() datasource.DataSource { return &DataSource{} }

// Metadata implements datasource.DataSource.
func (*DataSource) Metadata(_ context.Context, req datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = req.ProviderTypeName + "_subtenant"
}

// Schema implements datasource.DataSource.
func (*DataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = dataSourceSchema()
}

// Configure implements datasource.DataSourceWithConfigure.
func (d *DataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.client = providerdata.Client(req.ProviderData, &resp.Diagnostics)
}

// Read implements datasource.DataSource.
func (d *DataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var config types.Object
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	if d.client == nil {
		resp.Diagnostics.AddError("Could not read the subtenant",
			"The provider's configuration is known only after apply, and Terraform reads a data source while it plans. Give the "+
				"provider values that are known at plan, let the data source wait for what they come from (depends_on), or apply "+
				"that first (terraform apply -target=…).")
		return
	}
	key, given := lookup(config)
	object := d.find(ctx, key, given.ValueString(), &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	attributes := fromAPI(object, &resp.Diagnostics)
	attributes[key.Name] = given
	result, diags := types.ObjectValue(config.AttributeTypes(ctx), attributes)
	resp.Diagnostics.Append(diags...)
	if !resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(resp.State.Set(ctx, result)...)
	}
}

// lookup returns the one key that the configuration gives.
func lookup(config types.Object) (client.Member, types.String) {
	for _, name := range keys {
		if given, ok := config.Attributes()[name].(types.String); ok && !given.IsNull() {
			key, _ := client.Subtenant.Member(name)
			return key, given
		}
	}
	return client.Member{}, types.StringNull()
}

// find returns the one subtenant with that key. No message repeats the key, which may be a personal number.
func (d *DataSource) find(ctx context.Context, key client.Member, value string, diags *diag.Diagnostics) client.Object {
	const summary = "Could not read the subtenant"
	subtenants := d.client.Subtenants()
	operation := tfdiag.Operation{Verb: "read", Entity: client.Subtenant}
	if key.Name == "id" {
		object, err := subtenants.Get(ctx, value)
		if client.IsNotFound(err) {
			diags.AddAttributeError(path.Root("id"), summary, "No subtenant has this id, or it is out of reach of the service "+
				"version's level.")
		} else if err != nil {
			tfdiag.Add(diags, operation, err)
		}
		return object
	}
	found, err := subtenants.Find(ctx, key, value)
	if err != nil {
		tfdiag.Add(diags, operation, err)
		return nil
	}
	if len(found) == 0 {
		diags.AddAttributeError(path.Root(key.Name), summary, fmt.Sprintf("No subtenant has this %s, or it is out of reach of "+
			"the service version's level.", key.Name))
		return nil
	}
	if len(found) > 1 {
		ids := make([]string, len(found))
		for i, object := range found {
			ids[i] = object.ID()
		}
		diags.AddAttributeError(path.Root(key.Name), summary, fmt.Sprintf("%d subtenants have this %s. Use one of their ids:\n\n%s",
			len(found), key.Name, strings.Join(ids, "\n")))
	}
	return found[0]
}
