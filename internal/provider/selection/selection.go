// Package selection is the common part of data sources and list resources with many objects: the attributes filters, search and order_by, with
// their descriptions and validators, and the data sources.
package selection

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/pigello/terraform-provider-pigello/internal/client"
)

// The names of the attributes.
const (
	Filters = "filters"
	Search  = "search"
	OrderBy = "order_by"
)

// From returns the selection in a configuration.
func From(ctx context.Context, config tfsdk.Config, diags *diag.Diagnostics) client.Selection {
	var s client.Selection
	var search types.String
	diags.Append(config.GetAttribute(ctx, path.Root(Filters), &s.Filters)...)
	diags.Append(config.GetAttribute(ctx, path.Root(Search), &search)...)
	diags.Append(config.GetAttribute(ctx, path.Root(OrderBy), &s.OrderBy)...)
	s.Search = search.ValueString()
	return s
}
