package selection

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
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
	limit      = "limit"
	idsOnly    = "ids_only"
	includeSSN = "include_ssn"
	ids        = "ids"
	ssnByID    = "ssn_by_id"
)

// Source describes a data source of many objects.
type Source struct {
	Type         string // such as pigello_subtenants
	Result       string // the attribute that holds the objects, such as subtenants
	Entity       model.Entity
	Objects      func(*client.Client) *client.Collection
	Description  string
	Descriptions map[string]string // of an object's attributes, by field
}

// NewDataSource returns a data source of the objects of a selection, with all their fields or only their ids.
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
	element := types.ObjectType{AttrTypes: map[string]attr.Type{}}
	// The framework requests the type of an element for each value. A custom type is built only once.
	object := schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{}, CustomType: element}
	for _, field := range d.shown() {
		name := mapping.AttributeName(field)
		object.Attributes[name] = mapping.DataSourceAttribute(field.Kind, d.Descriptions[field.Name])
		element.AttrTypes[name] = object.Attributes[name].GetType()
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
				Optional: true, MarkdownDescription: SearchDescription(d.Entity), Validators: []validator.String{validate.Length(1, 255)},
			},
			OrderBy: schema.ListAttribute{
				Optional: true, ElementType: types.StringType,
				MarkdownDescription: OrderByDescription,
				Validators:          []validator.List{OrderByValidator(d.Entity)},
			},
			limit: schema.NumberAttribute{
				Optional: true, MarkdownDescription: LimitDescription, Validators: []validator.Number{validate.WholeNumber(1, math.MaxInt32)},
			},
			idsOnly:    schema.BoolAttribute{Optional: true, MarkdownDescription: idsOnlyDescription(d.Entity, d.Result)},
			includeSSN: schema.BoolAttribute{Optional: true, MarkdownDescription: includeSSNDescription},
			ids: schema.ListAttribute{
				Computed: true, ElementType: types.StringType,
				MarkdownDescription: fmt.Sprintf("The ids of the %s, in the order of `order_by`; empty if there are none.", d.Entity.Plural),
			},
			d.Result: schema.ListNestedAttribute{
				Computed: true, NestedObject: object,
				MarkdownDescription: fmt.Sprintf("The %s, in the order of `%s`; empty if there are none, null with `ids_only`. They have no "+
					"`ssn`: see `include_ssn`.", d.Entity.Plural, ids),
			},
			ssnByID: schema.MapAttribute{
				Computed: true, Sensitive: true, ElementType: types.StringType,
				MarkdownDescription: fmt.Sprintf("The personal numbers of the %s by id, of those who have one; null without `include_ssn`. "+
					"`lookup(…, id, null)` reads one of them.", d.Entity.Plural),
			},
		},
	}
}

// shown returns the fields of an object in the result. Personal numbers are not among them: they are sensitive, and with a sensitive value in
// each element, Terraform itself takes quadratic time.
func (d *dataSource) shown() []model.Field {
	return slices.DeleteFunc(slices.Clone(d.Entity.Fields), func(field model.Field) bool { return field.Kind == model.PersonalNumber })
}

// ValidateConfig implements datasource.DataSourceWithValidateConfig.
func (d *dataSource) ValidateConfig(ctx context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse) {
	if isTrue(ctx, req.Config, idsOnly, &resp.Diagnostics) && isTrue(ctx, req.Config, includeSSN, &resp.Diagnostics) {
		resp.Diagnostics.AddAttributeError(path.Root(includeSSN), "Invalid value",
			"Only one of ids_only and include_ssn may be true: ids_only stores nothing but ids, and include_ssn stores personal numbers.")
	}
}

// isTrue reports whether an attribute is known to be true.
func isTrue(ctx context.Context, config tfsdk.Config, name string, diags *diag.Diagnostics) bool {
	var value types.Bool
	diags.Append(config.GetAttribute(ctx, path.Root(name), &value)...)
	return value.ValueBool()
}

// Read implements datasource.DataSource.
func (d *dataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	diags := &resp.Diagnostics
	var config types.Object
	diags.Append(req.Config.Get(ctx, &config)...)
	selected := From(ctx, req.Config, diags)
	var most types.Number
	diags.Append(req.Config.GetAttribute(ctx, path.Root(limit), &most)...)
	if diags.HasError() || !lookup.IsConfigured(d.data, diags) {
		return
	}
	if !most.IsNull() {
		n, _ := most.ValueBigFloat().Int64()
		selected.Limit = int(n)
	}
	selected.IDsOnly = isTrue(ctx, req.Config, idsOnly, diags)
	withSSN := isTrue(ctx, req.Config, includeSSN, diags)
	if len(selected.OrderBy) == 0 {
		selected.OrderBy = []string{"id"} // the order must not change by itself
	}
	objects := d.read(ctx, selected, diags)
	if diags.HasError() {
		return
	}
	attributes, attributeTypes := config.Attributes(), config.AttributeTypes(ctx)
	attributes[ids] = listOf(types.StringType, objects, diags, func(_ int, object model.Object) attr.Value {
		return types.StringValue(object.ID())
	})
	element := attributeTypes[d.Result].(types.ListType).ElemType.(types.ObjectType)
	attributes[d.Result] = types.ListNull(element)
	if !selected.IDsOnly {
		shown := d.shown()
		attributes[d.Result] = listOf(element, objects, diags, func(i int, object model.Object) attr.Value {
			at := path.Root(d.Result).AtListIndex(i)
			value, errors := types.ObjectValue(element.AttrTypes, lookup.Values(object, d.Entity, shown, at, diags))
			diags.Append(errors...)
			return value
		})
	}
	attributes[ssnByID] = types.MapNull(types.StringType)
	if withSSN {
		attributes[ssnByID] = d.ssnByID(objects, diags)
	}
	result, errors := types.ObjectValue(attributeTypes, attributes)
	diags.Append(errors...)
	if !diags.HasError() {
		diags.Append(resp.State.Set(ctx, result)...)
	}
}

// read returns the objects of a selection.
func (d *dataSource) read(ctx context.Context, s client.Selection, diags *diag.Diagnostics) []model.Object {
	ctx, cancel := context.WithTimeout(ctx, providerdata.Timeout)
	defer cancel()
	var all []model.Object
	for object, err := range d.Objects(d.data.Client).Select(ctx, s) {
		if err != nil {
			tfdiag.Add(diags, tfdiag.Operation{Verb: "list", Entity: d.Entity, Many: true}, err)
			break
		}
		all = append(all, object)
	}
	return all
}

// listOf returns a list with one element for each object.
func listOf(
	element attr.Type, objects []model.Object, diags *diag.Diagnostics, value func(i int, object model.Object) attr.Value,
) types.List {
	elements := make([]attr.Value, len(objects))
	for i, object := range objects {
		elements[i] = value(i, object)
	}
	list, errors := types.ListValue(element, elements)
	diags.Append(errors...)
	return list
}

// ssnByID returns the personal numbers of the objects by id.
func (d *dataSource) ssnByID(objects []model.Object, diags *diag.Diagnostics) types.Map {
	ssn, _ := d.Entity.Field("ssn")
	numbers := map[string]attr.Value{}
	for _, object := range objects {
		value, err := object.Value(ssn)
		if err != nil {
			diags.AddAttributeError(path.Root(ssnByID), "Unreadable response", tfdiag.Unreadable(d.Entity, object, err))
		}
		if number := mapping.FromGo(ssn.Kind, value); !number.IsNull() {
			numbers[object.ID()] = number
		}
	}
	all, errors := types.MapValue(types.StringType, numbers)
	diags.Append(errors...)
	return all
}
