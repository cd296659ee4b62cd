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

// record is what the private state remembers of an object beside its values: names only, never a value.
type record struct {
	// Declared are the optional and computed attributes, and those that are followed once declared, that the configuration held
	// when it was last applied.
	Declared []string `json:"declared,omitempty"`
	// Hidden are the fields that the API answers with null although they were written.
	Hidden []string `json:"hidden,omitempty"`
	// Written are the fields that were last declared as write-only values.
	Written []string `json:"written,omitempty"`
	// Missed are the fields that were written and that a read has shown as null.
	Missed []string `json:"missed,omitempty"`
	// Pending are the fields whose file was announced and could not be uploaded.
	Pending []string `json:"pending,omitempty"`
	// ID is the id of the object. The plan of a replacement knows it from here only.
	ID string `json:"id,omitempty"`
	// Scope is where the object was last seen.
	Scope client.Scope `json:"scope,omitempty"`
}

const (
	recordKey = "record"
	importKey = "import" // present from an import to the read that follows it
)

// privateState is what the framework's private state can do.
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

// declare records what a configuration declares, as far as the plan follows it: what ignore_changes keeps from being written does not
// become declared.
func (r *record) declare(l *Spec, config, plan values) {
	before := *r
	r.Written = l.WriteOnly.named(plan)
	r.Declared = nil
	for _, a := range l.attributes {
		if a.isRecorded() && !config[a.name].IsNull() && (before.declared(a) || a.isFollowed(config[a.name], plan[a.name])) {
			r.Declared = append(r.Declared, a.name)
		}
	}
}

// isFollowed reports whether a plan holds what the configuration declares.
func (a attribute) isFollowed(declared, planned attr.Value) bool {
	if a.field.Kind == model.Picture {
		return pictureOf(declared).source.Equal(pictureOf(planned).source)
	}
	return planned.IsUnknown() || a.field.Kind.Equal(mapping.ToGo(declared), mapping.ToGo(planned))
}

// observe takes note of what a read shows of a field that is declared. If it shows null although a value was written, somebody may have
// cleared it, or the API hides it in reads only: the next write of it finds out.
func (r *record) observe(m model.Field, value any, declared bool) {
	switch {
	case value != nil:
		r.hide(m, false)
	case declared && m.Personal && !r.hidden(m):
		r.Missed = including(r.Missed, m.Name, true)
	}
}

func (r *record) hidden(m model.Field) bool { return slices.Contains(r.Hidden, m.Name) }

// hide records whether the API hides a field, and reports whether that is news.
func (r *record) hide(m model.Field, hidden bool) bool {
	news := hidden && !r.hidden(m)
	r.Hidden = including(r.Hidden, m.Name, hidden)
	return news
}

func (r *record) pending(m model.Field) bool { return slices.Contains(r.Pending, m.Name) }

// pend records whether the file of a field is still to be uploaded.
func (r *record) pend(m model.Field, pending bool) {
	r.Pending = including(r.Pending, m.Name, pending)
}

// including returns a set of names with a name in it, or not.
func including(names []string, name string, in bool) []string {
	names = slices.DeleteFunc(slices.Clone(names), func(other string) bool { return other == name })
	if in {
		names = append(names, name)
	}
	return names
}
