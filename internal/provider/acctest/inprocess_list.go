package acctest

import (
	"context"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// ListRequest is a list block.
type ListRequest struct {
	Of      string
	Config  Attributes
	Include bool // the objects, not only their identities
	Limit   int64
}

func (p *InProcess) listConfig(r ListRequest) *tfprotov6.DynamicValue {
	if r.Config == nil {
		r.Config = Attributes{}
	}
	return Dynamic(p.ListResourceSchemas[r.Of].ValueType(), r.Config)
}

// ValidateList validates a list block.
func (p *InProcess) ValidateList(ctx context.Context, r ListRequest) Diagnostics {
	resp := must(p.ValidateListResourceConfig(ctx, &tfprotov6.ValidateListResourceConfigRequest{TypeName: r.Of, Config: p.listConfig(r)}))
	return DiagnosticsOf(resp.Diagnostics)
}

// OpenList validates a list block and begins to list.
func (p *InProcess) OpenList(ctx context.Context, r ListRequest) *tfprotov6.ListResourceServerStream {
	p.t.Helper()
	p.ValidateList(ctx, r).None(p.t)
	stream := must(p.ListResource(ctx, &tfprotov6.ListResourceRequest{
		TypeName: r.Of, Config: p.listConfig(r), IncludeResource: r.Include, Limit: r.Limit,
	}))
	return stream
}

// Listed is what Terraform makes of a list.
type Listed struct {
	IDs, Names []string
	States     []tftypes.Value // null if the objects are not included
	Diagnostics
}

// List lists as Terraform does: to the limit, or to the first error.
func (p *InProcess) List(ctx context.Context, r ListRequest) Listed {
	p.t.Helper()
	var all Listed
	for result := range p.OpenList(ctx, r).Results {
		if all.Err() != nil {
			p.t.Fatal("something follows an error")
		}
		p.Add(&all, r.Of, result)
	}
	return all
}

// Add adds a result to those of a list.
func (p *InProcess) Add(all *Listed, of string, result tfprotov6.ListResourceResult) {
	p.t.Helper()
	all.Diagnostics = append(all.Diagnostics, DiagnosticsOf(result.Diagnostics)...)
	if result.Identity == nil {
		if len(result.Diagnostics) == 0 || result.Resource != nil || result.DisplayName != "" {
			p.t.Errorf("a result of nothing: %+v", result)
		}
		return
	}
	identity := Fields(Decode(p.Identities[of].ValueType(), result.Identity.IdentityData))
	all.IDs = append(all.IDs, Text(identity["id"]))
	all.Names = append(all.Names, result.DisplayName)
	all.States = append(all.States, Stored(Decode(p.Resource(of), result.Resource)))
}
