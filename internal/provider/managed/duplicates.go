package managed

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/pigello/terraform-provider-pigello/internal/client"
	"github.com/pigello/terraform-provider-pigello/internal/client/transport"
	"github.com/pigello/terraform-provider-pigello/internal/provider/providerdata"
	"github.com/pigello/terraform-provider-pigello/internal/provider/tfdiag"
)

// claim is a known value of a key of an object.
type claim struct {
	client.Claim
	entity    string
	attribute string
	unique    bool // the API allows the value only once
}

func (c claim) key() string {
	return strings.Join([]string{c.entity, c.Field.Name, c.Field.Kind.Key(c.Value)}, "\x00")
}

// claims returns the keys that are known of an object. A write-only value is compared with what is known, but never sent to ask for it:
// addresses are written to the logs of servers and proxies.
func (s *Spec) claims(from values) []claim {
	var found []claim
	add := func(name, attribute string, value any, unsent bool) {
		text, ok := value.(types.String)
		if field, _ := s.Entity.Field(name); ok && text.ValueString() != "" {
			found = append(found, claim{
				Claim:  client.Claim{Field: field, Value: text.ValueString(), Unsent: unsent || s.Entity.Confidential && field.Personal},
				entity: s.Entity.Name, attribute: attribute, unique: slices.Contains(s.Entity.Unique, name),
			})
		}
	}
	written := s.WriteOnly.declared(from).values
	for _, a := range s.attributes {
		if field := a.field.Name; slices.Contains(s.Entity.Keys, field) {
			add(field, a.name, from[a.name], false)
			if value, ok := written[field]; ok {
				add(field, s.WriteOnly.Attribute, value, true)
			}
		}
	}
	return found
}

// planCreation looks whether somebody has the keys of an object that is to be created. replaced is the id of the object that it
// replaces, if it does.
func (r *Resource) planCreation(ctx context.Context, config values, replaced string, diags *diag.Diagnostics) {
	claims := slices.DeleteFunc(r.spec.claims(config), func(c claim) bool {
		return r.data.OnDuplicate == providerdata.Ignore && !c.unique
	})
	if len(claims) == 0 {
		return
	}
	for _, c := range claims {
		if !r.data.Foresight.Create(c.key()) {
			r.duplicate(c, fmt.Sprintf("Another new %s has the same %s", r.spec.Entity.Title, c.attribute),
				fmt.Sprintf("This plan creates two with one %s. If they are the same one, declare it once.", c.attribute), diags)
		}
	}
	asked := make([]client.Claim, len(claims))
	for i, c := range claims {
		asked[i] = c.Claim
	}
	found, err := r.spec.Objects(r.data.Client).Holders(ctx, asked)
	if err != nil {
		r.notLooked(err, diags)
	}
	for i, ids := range found {
		for _, id := range ids {
			if !strings.EqualFold(id, replaced) {
				r.exists(ctx, claims[i], id, diags)
			}
		}
	}
}

// exists tells of somebody who has a key of an object that is to be created, unless that one gives it up in the same plan.
func (r *Resource) exists(ctx context.Context, c claim, id string, diags *diag.Diagnostics) {
	title := r.spec.Entity.Title
	planned, managed := r.data.Foresight.Planned(ctx, id)
	if managed && (planned == nil || planned.Gone || planned.Given[c.key()]) {
		return
	}
	advice := fmt.Sprintf("If it is the same one, do not create another but import it, with the name of this resource:\n\n%s",
		strings.TrimSpace(r.operation("create", "").ImportBlock(id)))
	if managed {
		advice = fmt.Sprintf("Terraform manages it already, and this plan does not change its %s.", c.attribute)
	}
	r.duplicate(c, fmt.Sprintf("The %s %s has this %s already", title, id, c.attribute), advice, diags)
}

// duplicate adds a warning or an error about a key that two have.
func (r *Resource) duplicate(c claim, summary, detail string, diags *diag.Diagnostics) {
	isError := c.unique || r.data.OnDuplicate == providerdata.Error
	switch {
	case c.unique:
		detail += fmt.Sprintf("\n\nThe API says that %s must be unique, so the apply would fail.", c.attribute)
	case isError:
		detail += "\n\nIf both are right, or a resource of this configuration is about to give the value up, set PIGELLO_ON_DUPLICATE=warn for this run " +
			"(or on_duplicate in the provider's configuration, which wins)."
	default:
		detail += "\n\nIf both are right, go on: it is a warning only. on_duplicate says whether a plan warns of this."
	}
	switch {
	// Where a write-only value may stand, Terraform must not print the lines of the configuration.
	case c.attribute == r.spec.WriteOnly.Attribute && isError:
		diags.AddError(summary, detail)
	case c.attribute == r.spec.WriteOnly.Attribute:
		diags.AddWarning(summary, detail)
	case isError:
		diags.AddAttributeError(path.Root(c.attribute), summary, detail)
	default:
		diags.AddAttributeWarning(path.Root(c.attribute), summary, detail)
	}
}

// notLooked tells, once in a run, why nobody was looked for. Credentials that are refused are an error, which the apply would meet, too.
func (r *Resource) notLooked(err error, diags *diag.Diagnostics) {
	operation := tfdiag.Operation{Verb: "look up", Entity: r.spec.Entity, Type: r.spec.TypeName, Many: true}
	failure, isAnswer := errors.AsType[*transport.Error](err)
	reason, next := err.Error(), "Look for them in Pigello."
	if isAnswer {
		reason, next = fmt.Sprintf("%s (from %s)", failure.Reason(), failure.Host), "Plan again to check it."
	}
	refused := isAnswer && (failure.Status == http.StatusUnauthorized ||
		failure.Status == http.StatusForbidden && !r.spec.Objects(r.data.Client).HasShown())
	switch {
	case refused || isAnswer && (failure.IsMisconfigured() || transport.IsStopped(err)):
		if r.data.Foresight.Told("refused to look up") == 0 {
			r.failed(operation, err, diags)
		}
	case r.data.Foresight.Told("not looked up") == 0:
		diags.AddWarning("Not checked whether those to be created exist already", fmt.Sprintf("Could not list the %s: %s. "+
			"The plan is complete, but it does not say whether somebody has the keys (%s) of those to be created. %s",
			r.spec.Entity.Plural, reason, strings.Join(r.spec.Entity.Keys, ", "), next))
	}
}
