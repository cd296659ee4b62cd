package managed

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/pigello/terraform-provider-pigello/internal/client"
	"github.com/pigello/terraform-provider-pigello/internal/client/model"
	"github.com/pigello/terraform-provider-pigello/internal/provider/mapping"
)

// record is what the private state holds of an object. It holds names, but no values of attributes.
type record struct {
	// Declared are the attributes with the policies ServerDefault and OmittedUntilDeclared that were in the configuration at the last apply.
	Declared []string `json:"declared,omitempty"`
	// Hidden are the fields that the API returns as null although a value was written.
	Hidden []string `json:"hidden,omitempty"`
	// Written are the fields that were last declared as write-only values.
	Written []string `json:"written,omitempty"`
	// Missed are the fields that a read has returned as null although a value was written.
	Missed []string `json:"missed,omitempty"`
	// Pending are the fields whose file could not be uploaded.
	Pending []string `json:"pending,omitempty"`
	// ID is the id of the object. The plan of a replacement has no other way to know it.
	ID string `json:"id,omitempty"`
	// Scope is that of the client that last saw the object.
	Scope client.Scope `json:"scope,omitempty"`
}

const (
	recordKey = "record"
	importKey = "import" // present from an import to the read that follows it
)

// privateState is the interface of the framework's private state.
type privateState interface {
	GetKey(context.Context, string) ([]byte, diag.Diagnostics)
	SetKey(context.Context, string, []byte) diag.Diagnostics
}

func loadRecord(ctx context.Context, private privateState, diags *diag.Diagnostics) record {
	var r record
	content, d := private.GetKey(ctx, recordKey)
	diags.Append(d...)
	if len(content) == 0 {
		return r
	}
	if err := json.Unmarshal(content, &r); err != nil {
		diags.AddError("Unreadable private state", "The provider cannot read what it has stored in the state beside the object: "+
			err.Error()+". Another program has changed the state, or a newer version of the provider has written it. Use that version. Or remove the object "+
			"from the state with terraform state rm, and import it again.")
	}
	return r
}

func (r record) save(ctx context.Context, private privateState, diags *diag.Diagnostics) {
	content, _ := json.Marshal(r) // texts only, which cannot fail
	diags.Append(private.SetKey(ctx, recordKey, content)...)
}

func (r *record) declared(a attribute) bool { return slices.Contains(r.Declared, a.name) }

// declare records which attributes a configuration declares. A value that is not written because of ignore_changes does not count.
func (r *record) declare(s *Spec, config, plan values) {
	before := *r
	r.Written = s.WriteOnly.named(plan)
	r.Declared = nil
	for _, a := range s.attributes {
		if a.isRecorded() && !config[a.name].IsNull() && (before.declared(a) || a.isInPlan(config[a.name], plan[a.name])) {
			r.Declared = append(r.Declared, a.name)
		}
	}
}

// isInPlan reports whether a plan has the value that the configuration declares.
func (a attribute) isInPlan(declared, planned attr.Value) bool {
	if a.field.Kind == model.Picture {
		return pictureOf(declared).source.Equal(pictureOf(planned).source)
	}
	return planned.IsUnknown() || a.field.Kind.Equal(mapping.ToGo(declared), mapping.ToGo(planned))
}

// observeRead records the value that a read returns for a field. If it is null although a value was written, it may have been cleared in
// Pigello, or the API may hide it in reads. The next write of the field finds out which.
func (r *record) observeRead(f model.Field, value any, declared bool) {
	switch {
	case value != nil:
		r.setHidden(f, false)
	case declared && f.Personal && !r.hidden(f):
		r.Missed = withName(r.Missed, f.Name, true)
	}
}

func (r *record) hidden(f model.Field) bool { return slices.Contains(r.Hidden, f.Name) }

// setHidden records whether the API hides a field, and reports whether it does so for the first time.
func (r *record) setHidden(f model.Field, hidden bool) (isNew bool) {
	isNew = hidden && !r.hidden(f)
	r.Hidden = withName(r.Hidden, f.Name, hidden)
	return isNew
}

func (r *record) pending(f model.Field) bool { return slices.Contains(r.Pending, f.Name) }

// setPending records whether the file of a field must still be uploaded.
func (r *record) setPending(f model.Field, pending bool) {
	r.Pending = withName(r.Pending, f.Name, pending)
}

// withName returns a copy of a set of names that contains a name if in is set, and does not contain it otherwise.
func withName(names []string, name string, in bool) []string {
	names = slices.DeleteFunc(slices.Clone(names), func(other string) bool { return other == name })
	if in {
		names = append(names, name)
	}
	return names
}
