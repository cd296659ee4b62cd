// Package managed is the lifecycle that all resources share: what is sent, what enters the state, what a plan shows.
//
// A resource embeds Resource and brings its schema. The flags of the schema decide what an attribute means:
//
//   - required, or optional: the configuration decides; without a value the member is cleared.
//   - optional and computed: never declared, the server decides; declared once, removing the line clears the member.
//   - sensitive: as optional, but the value enters the state only once it has been declared, so that an import
//     writes nobody's personal data to disk. A picture is followed in the same way: an import has no file.
//   - computed: the server decides.
package managed

import (
	"context"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/pigello/terraform-provider-pigello/internal/client/model"
	"github.com/pigello/terraform-provider-pigello/internal/provider/mapping"
)

// Layout says which attributes of a resource show which members of its entity. It does not change once made.
type Layout struct {
	entity     model.Entity
	attributes []attribute
	types      map[string]attr.Type
	typeName   string
	writeOnly  WriteOnly
}

// attribute is an attribute that shows a member.
type attribute struct {
	name     string
	member   model.Field
	computed bool
	optional bool
	followed bool     // only once it has been declared
	follows  []string // computed from these attributes: a change of one of them makes it unknown
}

// serverDecides tells an attribute that the server fills while nobody has declared it.
func (a attribute) serverDecides() bool { return a.optional && a.computed }

// NewLayout returns the layout of a resource. What the server derives from other attributes is in derived.
func NewLayout(
	typeName string, entity model.Entity, s schema.Schema, derived map[string][]string, writeOnly WriteOnly,
) *Layout {
	l := &Layout{typeName: typeName, entity: entity, types: map[string]attr.Type{}, writeOnly: writeOnly}
	for name, a := range s.Attributes {
		l.types[name] = a.GetType()
	}
	for _, member := range entity.Fields {
		name := mapping.AttributeName(member)
		if a, ok := s.Attributes[name]; ok {
			l.attributes = append(l.attributes, attribute{
				name: name, member: member, computed: a.IsComputed(), optional: a.IsOptional(),
				followed: a.IsSensitive() || member.Kind == model.Picture, follows: derived[name],
			})
		}
	}
	return l
}

// path returns the path of the attribute that shows a member.
func (l *Layout) path(member string) (path.Path, bool) {
	i := slices.IndexFunc(l.attributes, func(a attribute) bool { return a.member.Name == member })
	if i < 0 {
		return path.Path{}, false
	}
	return path.Root(l.attributes[i].name), true
}

// values are the attributes of an object by name.
type values map[string]attr.Value

// get reads a configuration, plan or state in one go: path by path would cost the square of the number of attributes.
func get(ctx context.Context, from interface {
	Get(context.Context, any) diag.Diagnostics
}, diags *diag.Diagnostics) values {
	var object types.Object
	diags.Append(from.Get(ctx, &object)...)
	return object.Attributes()
}

// set writes a plan or state in one go.
func (l *Layout) set(ctx context.Context, to interface {
	Set(context.Context, any) diag.Diagnostics
}, v values, diags *diag.Diagnostics) {
	object, d := types.ObjectValue(l.types, v)
	diags.Append(d...)
	if !d.HasError() {
		diags.Append(to.Set(ctx, object)...)
	}
}
