package selection

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/pigello/terraform-provider-pigello/internal/client"
	"github.com/pigello/terraform-provider-pigello/internal/client/model"
	"github.com/pigello/terraform-provider-pigello/internal/provider/lookup"
	"github.com/pigello/terraform-provider-pigello/internal/provider/mapping"
	"github.com/pigello/terraform-provider-pigello/internal/provider/providerdata"
	"github.com/pigello/terraform-provider-pigello/internal/provider/tfdiag"
	"github.com/pigello/terraform-provider-pigello/internal/provider/validate"
)

const (
	limit = "limit"
	ids   = "ids"
)

// Source is what a data source of many objects is made of.
type Source struct {
	Type         string // such as pigello_subtenants
	Result       string // the attribute that holds the objects, such as subtenants
	Entity       model.Entity
	Objects      func(*client.Client) *client.Collection
	Description  string
	Descriptions map[string]string // of an object's attributes, by member
}

// NewDataSource returns a data source that shows every member of the objects of a selection.
func NewDataSource(source Source) datasource.DataSourceWithConfigure {
	return &dataSource{Source: source}
}

type dataSource struct {
	Source

	data *providerdata.Data
}

// Metadata implements datasource.DataSource.
func (d *dataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = d.Type
}

// Configure implements datasource.DataSourceWithConfigure.
func (d *dataSource) Configure(_ context.Context, req datasource.ConfigureRequest, resp *datasource.ConfigureResponse) {
	d.data = providerdata.From(req.ProviderData, &resp.Diagnostics)
}

// Schema implements datasource.DataSource.
func (d *dataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	object := schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{}}
	for _, member := range d.Entity.Fields {
		object.Attributes[mapping.AttributeName(member)] = mapping.DataSourceAttribute(member.Kind, d.Descriptions[member.Name])
	}
	resp.Schema = schema.Schema{
		MarkdownDescription: d.Description,
		Attributes: map[string]schema.Attribute{
			Filters: schema.MapAttribute{
				Optional: true, ElementType: types.StringType,
				MarkdownDescription: FiltersDescription(d.Entity),
				Validators:          []validator.Map{FiltersValidator(d.Entity)},
			},
			Search: schema.StringAttribute{
				Optional: true, MarkdownDescription: SearchDescription, Validators: []validator.String{validate.Length(1, 255)},
			},
			OrderBy: schema.ListAttribute{
				Optional: true, ElementType: types.StringType,
				MarkdownDescription: OrderByDescription,
				Validators:          []validator.List{OrderByValidator(d.Entity)},
			},
			limit: schema.Int64Attribute{
				Optional: true, MarkdownDescription: LimitDescription, Validators: []validator.Int64{int64validator.Between(1, 1<<31-1)},
			},
			ids: schema.ListAttribute{
				Computed: true, ElementType: types.StringType,
				MarkdownDescription: fmt.Sprintf("The ids of the %s, in order; empty if there are none.", d.Entity.Plural),
			},
			d.Result: schema.ListNestedAttribute{
				Computed: true, NestedObject: object,
				MarkdownDescription: fmt.Sprintf("The %s, in the order of `%s`; empty if there are none. Each holds a sensitive value, "+
					"so that Terraform's own work grows with the square of their number: some hundred take seconds, a thousand take half "+
					"a minute. Filter for what you need.", d.Entity.Plural, ids),
			},
		},
	}
}

// Read implements datasource.DataSource.
func (d *dataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	diags := &resp.Diagnostics
	var config types.Object
	diags.Append(req.Config.Get(ctx, &config)...)
	selected := From(ctx, req.Config, diags)
	var most types.Int64
	diags.Append(req.Config.GetAttribute(ctx, path.Root(limit), &most)...)
	if diags.HasError() || !lookup.IsConfigured(d.data, diags) {
		return
	}
	selected.Limit = int(most.ValueInt64())
	if len(selected.OrderBy) == 0 {
		selected.OrderBy = []string{"id"} // so that what is made of the result does not change by itself
	}
	attributes := config.Attributes()
	objects, found := d.read(ctx, selected, config.AttributeTypes(ctx)[d.Result], diags)
	attributes[d.Result], attributes[ids] = objects, found
	result, errors := types.ObjectValue(config.AttributeTypes(ctx), attributes)
	diags.Append(errors...)
	if !diags.HasError() {
		diags.Append(resp.State.Set(ctx, result)...)
	}
}

// read returns the objects of a selection, and their ids.
func (d *dataSource) read(ctx context.Context, s client.Selection, of attr.Type, diags *diag.Diagnostics) (objects, found types.List) {
	ctx, cancel := context.WithTimeout(ctx, providerdata.Timeout)
	defer cancel()
	element := of.(types.ListType).ElemType.(types.ObjectType)
	all, allIDs := []attr.Value{}, []attr.Value{}
	for object, err := range d.Objects(d.data.Client).Select(ctx, s) {
		if err != nil {
			tfdiag.Add(diags, tfdiag.Operation{Verb: "list", Entity: d.Entity, Many: true}, err)
			break
		}
		at := path.Root(d.Result).AtListIndex(len(all))
		value, errors := types.ObjectValue(element.AttrTypes, lookup.Values(object, d.Entity, at, diags))
		diags.Append(errors...)
		all, allIDs = append(all, value), append(allIDs, types.StringValue(object.ID()))
	}
	objects, errors := types.ListValue(element, all)
	diags.Append(errors...)
	found, errors = types.ListValue(types.StringType, allIDs)
	diags.Append(errors...)
	return objects, found
}
