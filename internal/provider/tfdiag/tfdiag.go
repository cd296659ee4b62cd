// Package tfdiag turns the client's errors into Terraform's diagnostics. All wording about the API's errors is here.
package tfdiag

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/pigello/terraform-provider-pigello/internal/client"
	"github.com/pigello/terraform-provider-pigello/internal/client/model"
	"github.com/pigello/terraform-provider-pigello/internal/client/transport"
)

// Operation is the failed operation, for a summary such as "Could not update the organization user 497f6eca-…".
type Operation struct {
	Verb   string // such as update
	Entity model.Entity
	Type   string // of the resource, such as pigello_organization_user, or of the action
	ID     string // of the object, "" if it has none yet
	Many   bool   // the operation is about a list of objects
	Invite bool   // the operation is an action: it changes no state, and no apply repeats it
	// Without says what to do without the permission for the operation.
	Without string
	// Attribute returns the attribute for a field, and whether the schema has it.
	Attribute func(field string) (path.Path, bool)

	changed bool // the state has changed although the operation has failed
}

// Summary says which operation has failed.
func (o Operation) Summary() string {
	title := o.Entity.Title
	if o.Many {
		title = o.Entity.Plural
	}
	return strings.TrimSpace(fmt.Sprintf("Could not %s the %s %s", o.Verb, title, o.ID))
}

// Add adds the diagnostics of a failed operation: one for each field that the server refused, on its attribute, and one for everything else.
func Add(diags *diag.Diagnostics, o Operation, err error) {
	o.changed = errors.As(err, new(*client.ClearedError))
	failure, ok := errors.AsType[*transport.Error](err)
	switch {
	case !ok:
		diags.AddError(o.Summary(), sentence(err))
		return
	case transport.IsStopped(err):
		// One line is enough, since the first error was reported in full.
		diags.AddError(o.Summary(), capital(failure.Reason())+".")
		return
	}
	var rest []string
	if failure.Message != "" {
		rest = append(rest, failure.Message)
	}
	found := false
	for _, refused := range failure.Fields {
		at, ok := path.Path{}, false
		if o.Attribute != nil {
			at, ok = o.Attribute(refused.Field)
		}
		if !ok {
			rest = append(rest, refused.Field+": "+refused.Message)
			continue
		}
		found = true
		said := fmt.Sprintf("The server refuses %s: %s", at, refused.Message) + o.taken(err, refused.Field)
		diags.AddAttributeError(at, o.Summary(), o.detail(err, failure, said))
	}
	switch {
	case failure.Page:
		diags.AddError(o.Summary(), o.detail(err, failure, "The response is a web page, so it may be from a proxy or a firewall and not from the API."))
	case len(rest) > 0:
		diags.AddError(o.Summary(), o.detail(err, failure, "The server says: "+strings.Join(rest, "; ")))
	case !found:
		diags.AddError(o.Summary(), o.detail(err, failure, ""))
	}
}

// AddNotConfigured adds the error of an operation that needs the provider's configuration while that is not known.
func AddNotConfigured(diags *diag.Diagnostics, o Operation) {
	consequence := " Nothing was sent, and the state is unchanged."
	switch {
	case o.Invite:
		consequence = " Nothing was sent."
	case o.Many:
		consequence = ""
	}
	diags.AddError(o.Summary(), "The provider's configuration is not known, because it comes from something that does not exist (yet)."+
		consequence+" Give the provider values that are known.")
}

// Unreadable returns the detail of an error about a field of an object that cannot be read.
func Unreadable(entity model.Entity, object model.Object, err error) string {
	return fmt.Sprintf("Could not read the %s %s: %s. The response is not as Pigello documents it, so please report this.", entity.Title, object.ID(), err)
}

// sentence returns why an operation ended without a response.
func sentence(err error) string {
	var limit *transport.LimitError
	switch {
	case errors.As(err, &limit):
		return fmt.Sprintf("%s. Raise %s if the API needs more time. The state is unchanged.", capital(limit.Error()), limit.Name)
	case errors.Is(err, context.Canceled):
		return "The operation was canceled. The state is unchanged."
	}
	return capital(err.Error()) + "."
}

func capital(s string) string {
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

func (o Operation) detail(err error, e *transport.Error, said string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s at %s: %s.", e.Method, e.Path, e.Host, e.Reason())
	for _, paragraph := range []string{said, o.advice(err, e), o.cleared(err), o.repetition(e)} {
		if paragraph != "" {
			fmt.Fprintf(&b, "\n\n%s", paragraph)
		}
	}
	if e.Attempts > 1 {
		fmt.Fprintf(&b, "\n\nTried %d times.", e.Attempts)
	}
	if e.RequestID != "" {
		fmt.Fprintf(&b, "\n\nRequest ID: %s", e.RequestID)
	}
	return b.String()
}

// ImportBlock returns an import block for an object of the operation's kind.
func (o Operation) ImportBlock(id string) string {
	return fmt.Sprintf("import {\n  to = %s.<name>\n  id = %q\n}\n", o.Type, id)
}
