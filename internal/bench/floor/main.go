// Command floor is a provider with the schemas of this one whose resources do nothing, served by the plain framework server: the
// time that Terraform and the framework take for themselves, whatever a provider does.
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
	err := providerserver.Serve(context.Background(), func() provider.Provider { return floor{pigello.New("floor")()} },
		providerserver.ServeOpts{Address: "registry.terraform.io/pigello/pigello"})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// floor is the provider, but for what it does.
type floor struct{ provider.Provider }

// Configure implements provider.Provider.
func (floor) Configure(context.Context, provider.ConfigureRequest, *provider.ConfigureResponse) {}

// Resources implements provider.Provider.
func (f floor) Resources(ctx context.Context) []func() resource.Resource {
	var idle []func() resource.Resource
	for _, newResource := range f.Provider.Resources(ctx) {
		idle = append(idle, func() resource.Resource { return idleResource{newResource()} })
	}
	return idle
}

// idleResource has the schema of a resource, and leaves the state as it is. It has no identity: the framework insists that a Read
// sets one.
type idleResource struct{ shape resource.Resource }

// Metadata implements resource.Resource.
func (r idleResource) Metadata(ctx context.Context, req resource.MetadataRequest, resp *resource.MetadataResponse) {
	r.shape.Metadata(ctx, req, resp)
}

// Schema implements resource.Resource.
func (r idleResource) Schema(ctx context.Context, req resource.SchemaRequest, resp *resource.SchemaResponse) {
	r.shape.Schema(ctx, req, resp)
}

// Create implements resource.Resource.
func (idleResource) Create(context.Context, resource.CreateRequest, *resource.CreateResponse) {}

// Read implements resource.Resource.
func (idleResource) Read(context.Context, resource.ReadRequest, *resource.ReadResponse) {}

// Update implements resource.Resource.
func (idleResource) Update(context.Context, resource.UpdateRequest, *resource.UpdateResponse) {}

// Delete implements resource.Resource.
func (idleResource) Delete(context.Context, resource.DeleteRequest, *resource.DeleteResponse) {}
