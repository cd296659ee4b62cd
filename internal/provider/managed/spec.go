// Package managed is the lifecycle that all resources share: what is sent, what enters the state, and what a plan shows. A resource is a
// Spec. It has the attributes, each with a policy that says where its value comes from, and everything that is special about the resource.
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

// Spec describes a resource. It does not change after Prepare.
type Spec struct {
	TypeName    string
	Description string // in Markdown
	Entity      model.Entity
	Objects     func(*client.Client) *client.Collection
	ImportKeys  []string // fields by which an object can be imported, instead of its id
	Attributes  map[string]Attribute
	WriteOnly   *WriteOnly // nil without write-only data
	Deactivated model.Body // what on_destroy = "deactivate" writes; nil if the resource does not have this value
	// Warnings returns the warnings about a plan. before is nil for a creation.
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

// policy says where the value of an attribute comes from.
type policy int

const (
	local policy = iota
	configured
	serverDefault
	omittedUntilDeclared
	computed
)

// Local is an attribute that only Terraform has: it is not a field of the API.
func Local(a schema.Attribute) Attribute { return Attribute{schema: a, policy: local} }

// Configured is a required or optional attribute. The configuration decides its value; without one, the field is cleared.
func Configured(a schema.Attribute) Attribute { return Attribute{schema: a, policy: configured} }

// ServerDefault is an optional and computed attribute. The server decides its value until the configuration declares one. After that, the
// field is cleared when its line is removed.
func ServerDefault(a schema.Attribute) Attribute { return Attribute{schema: a, policy: serverDefault} }

// OmittedUntilDeclared is Configured, but the server's value enters the state only after the configuration has declared one. It is for
// personal data, which an import must not write to disk, and for files, which an import does not have.
func OmittedUntilDeclared(a schema.Attribute) Attribute {
	return Attribute{schema: a, policy: omittedUntilDeclared}
}

// Computed is an attribute whose value only the server decides.
func Computed(a schema.Attribute) Attribute { return Attribute{schema: a, policy: computed} }

// DerivedFrom is Computed, and the server derives it from other attributes. A change of one of them makes it unknown.
func DerivedFrom(a schema.Attribute, names ...string) Attribute {
	return Attribute{schema: a, policy: computed, derivedFrom: names}
}

// fits reports whether the flags of the schema agree with the policy.
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

// attribute is an attribute with its field of the API.
type attribute struct {
	Attribute
	name  string
	field model.Field
}

// isComputed reports whether the server may decide the value.
func (a attribute) isComputed() bool { return a.policy == serverDefault || a.policy == computed }

// isRecorded reports whether the record holds if the attribute was declared.
func (a attribute) isRecorded() bool {
	return a.policy == serverDefault || a.policy == omittedUntilDeclared
}

// Prepare returns a spec that is ready for use. It panics if the flags of an attribute do not agree with its policy.
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

// path returns the path of the attribute for a field.
func (s *Spec) path(field string) (path.Path, bool) {
	i := slices.IndexFunc(s.attributes, func(a attribute) bool { return a.field.Name == field })
	if i < 0 {
		return path.Path{}, false
	}
	return path.Root(s.attributes[i].name), true
}

// values are the attributes of an object by name.
type values = map[string]attr.Value

// get reads a complete configuration, plan or state. Reading each attribute by its path would take quadratic time.
func get(ctx context.Context, from interface {
	Get(context.Context, any) diag.Diagnostics
}, diags *diag.Diagnostics) values {
	var object types.Object
	diags.Append(from.Get(ctx, &object)...)
	return object.Attributes()
}

// set writes a complete plan or state.
func (s *Spec) set(ctx context.Context, to interface {
	Set(context.Context, any) diag.Diagnostics
}, v values, diags *diag.Diagnostics) {
	object, d := types.ObjectValue(s.types, v)
	diags.Append(d...)
	if !d.HasError() {
		diags.Append(to.Set(ctx, object)...)
	}
}
