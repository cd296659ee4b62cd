// Command baseline is a provider with the schemas of this one, whose resources do nothing, and with the unchanged framework server. It shows
// how long Terraform and the framework themselves take.
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"

	pigello "github.com/pigello/terraform-provider-pigello/internal/provider"
)

func main() {
	err := providerserver.Serve(context.Background(), func() provider.Provider { return baseline{pigello.New("baseline")()} },
		providerserver.ServeOpts{Address: "registry.terraform.io/pigello/pigello"})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// baseline is the provider with resources that do nothing.
type baseline struct{ provider.Provider }

// Configure implements provider.Provider.
func (baseline) Configure(context.Context, provider.ConfigureRequest, *provider.ConfigureResponse) {}

// Resources implements provider.Provider.
func (f baseline) Resources(ctx context.Context) []func() resource.Resource {
	var idle []func() resource.Resource
	for _, newResource := range f.Provider.Resources(ctx) {
		idle = append(idle, func() resource.Resource { return idleResource{newResource()} })
	}
	return idle
}

// idleResource has the schema of a resource, and does not change the state. It has no identity, since the framework would require that Read
// sets it.
type idleResource struct{ schema resource.Resource }

// Metadata implements resource.Resource.
func (r idleResource) Metadata(ctx context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	r.schema.Metadata(ctx, req, resp)
}

// Schema implements resource.Resource.
func (r idleResource) Schema(ctx context.Context, req resource.SchemaRequest, resp *resource.SchemaResponse) {
	r.schema.Schema(ctx, req, resp)
}

// Create implements resource.Resource.
func (idleResource) Create(context.Context, resource.CreateRequest, *resource.CreateResponse) {}

// Read implements resource.Resource.
func (idleResource) Read(context.Context, resource.ReadRequest, *resource.ReadResponse) {}

// Update implements resource.Resource.
func (idleResource) Update(context.Context, resource.UpdateRequest, *resource.UpdateResponse) {}

// Delete implements resource.Resource.
func (idleResource) Delete(context.Context, resource.DeleteRequest, *resource.DeleteResponse) {}
