// Package managed is the lifecycle that all resources share: what is sent, what enters the state, what a plan shows. A resource is a Spec:
// its attributes, each with the policy that says who decides its value, and what is particular about it.
package managed

import (
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/pigello/terraform-provider-pigello/internal/client"
	"github.com/pigello/terraform-provider-pigello/internal/client/model"
	"github.com/pigello/terraform-provider-pigello/internal/provider/mapping"
)

// Spec says what a resource is. It does not change after Prepare.
type Spec struct {
	TypeName    string
	Description string // in Markdown
	Entity      model.Entity
	Objects     func(*client.Client) *client.Collection
	ImportKeys  []string // fields that name an object at import, instead of its id
	Attributes  map[string]Attribute
	WriteOnly   *WriteOnly // nil without write-only data
	Deactivated model.Body // what on_destroy = "deactivate" writes; nil if there is no such choice
	// Warnings returns what a plan warns of. before is nil for a creation.
	Warnings func(before, after map[string]attr.Value) diag.Diagnostics

	attributes []attribute
	types      map[string]attr.Type
}

// Attribute is an attribute with its policy.
type Attribute struct {
	schema      schema.Attribute
	policy      policy
	derivedFrom []string
}

// policy says who decides the value of an attribute.
type policy int

const (
	local policy = iota
	configured
	serverDefault
	omittedUntilDeclared
	computed
)

// Local is an attribute of Terraform alone: no field of the API.
func Local(a schema.Attribute) Attribute { return Attribute{schema: a, policy: local} }

// Configured is a required or optional attribute: the configuration decides, and without a value the field is cleared.
func Configured(a schema.Attribute) Attribute { return Attribute{schema: a, policy: configured} }

// ServerDefault is an optional and computed attribute: the server decides until the configuration has declared a value. After that,
// removing the line clears the field.
func ServerDefault(a schema.Attribute) Attribute { return Attribute{schema: a, policy: serverDefault} }

// OmittedUntilDeclared is Configured, but a value of the server enters the state only once the configuration has declared one: an import
// writes nobody's personal data to disk, and it has no file.
func OmittedUntilDeclared(a schema.Attribute) Attribute {
	return Attribute{schema: a, policy: omittedUntilDeclared}
}

// Computed is an attribute that the server alone decides.
func Computed(a schema.Attribute) Attribute { return Attribute{schema: a, policy: computed} }

// DerivedFrom is Computed from other attributes: a change of one of them makes it unknown.
func DerivedFrom(a schema.Attribute, names ...string) Attribute {
	return Attribute{schema: a, policy: computed, derivedFrom: names}
}

// fits reports whether the flags of the schema are those of the policy.
func (a Attribute) fits() bool {
	switch a.policy {
	case configured, omittedUntilDeclared:
		return a.schema.IsRequired() != a.schema.IsOptional() && !a.schema.IsComputed()
	case serverDefault:
		return a.schema.IsOptional() && a.schema.IsComputed()
	case computed:
		return a.schema.IsComputed() && !a.schema.IsOptional()
	case local:
	}
	return true
}

// attribute is an attribute that shows a field.
type attribute struct {
	Attribute
	name  string
	field model.Field
}

// isComputed reports whether the server may decide the value.
func (a attribute) isComputed() bool { return a.policy == serverDefault || a.policy == computed }

// isRecorded reports whether it matters later that the attribute was declared.
func (a attribute) isRecorded() bool {
	return a.policy == serverDefault || a.policy == omittedUntilDeclared
}

// Prepare returns a spec that is ready for use. It panics if an attribute's flags are not those of its policy.
func Prepare(s Spec) *Spec {
	s.types = map[string]attr.Type{}
	for name, a := range s.Attributes {
		if !a.fits() {
			panic(fmt.Sprintf("%s.%s: the flags of the schema are not those of the policy", s.TypeName, name))
		}
		s.types[name] = a.schema.GetType()
	}
	for _, field := range s.Entity.Fields {
		name := mapping.AttributeName(field)
		if a, ok := s.Attributes[name]; ok {
			s.attributes = append(s.attributes, attribute{Attribute: a, name: name, field: field})
		}
	}
	return &s
}

// schema returns the schema of the resource.
func (s *Spec) schema() schema.Schema {
	attributes := make(map[string]schema.Attribute, len(s.Attributes))
	for name, a := range s.Attributes {
		attributes[name] = a.schema
	}
	return schema.Schema{MarkdownDescription: s.Description, Attributes: attributes}
}

// path returns the path of the attribute that shows a field.
func (s *Spec) path(field string) (path.Path, bool) {
	i := slices.IndexFunc(s.attributes, func(a attribute) bool { return a.field.Name == field })
	if i < 0 {
		return path.Path{}, false
	}
	return path.Root(s.attributes[i].name), true
}

// values are the attributes of an object by name.
type values = map[string]attr.Value

// get reads a configuration, plan or state in one go: path by path would cost the square of the number of attributes.
func get(ctx context.Context, from interface {
	Get(context.Context, any) diag.Diagnostics
}, diags *diag.Diagnostics) values {
	var object types.Object
	diags.Append(from.Get(ctx, &object)...)
	return object.Attributes()
}

// set writes a plan or state in one go.
func (s *Spec) set(ctx context.Context, to interface {
	Set(context.Context, any) diag.Diagnostics
}, v values, diags *diag.Diagnostics) {
	object, d := types.ObjectValue(s.types, v)
	diags.Append(d...)
	if !d.HasError() {
		diags.Append(to.Set(ctx, object)...)
	}
}
