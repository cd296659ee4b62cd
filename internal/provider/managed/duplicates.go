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

// keyValue is a known value of a key of an object.
type keyValue struct {
	client.KeyValue
	entity    string
	attribute string
	unique    bool // the API allows the value only once
	writeOnly bool // the value is write-only
}

func (c keyValue) key() string {
	return strings.Join([]string{c.entity, c.Field.Name, c.Field.Kind.Key(c.Value)}, "\x00")
}

// keyValues returns the known values of an object's keys. A write-only value is never sent to search for it, since servers and proxies write
// addresses to their logs. It is only compared with known values.
func (s *Spec) keyValues(from values) []keyValue {
	var found []keyValue
	add := func(name, attribute string, value any, writeOnly bool) {
		text, ok := value.(types.String)
		if field, _ := s.Entity.Field(name); ok && text.ValueString() != "" {
			found = append(found, keyValue{
				KeyValue: client.KeyValue{Field: field, Value: text.ValueString(), LocalOnly: writeOnly || s.Entity.Confidential && field.Personal},
				entity:   s.Entity.Name, attribute: attribute, unique: slices.Contains(s.Entity.Unique, name), writeOnly: writeOnly,
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

// checkDuplicates reports existing objects, and other new ones of the same plan, with the same keys as a new object. replaced is the id of
// the object that the new one replaces, or "".
func (r *Resource) checkDuplicates(ctx context.Context, config values, replaced string, diags *diag.Diagnostics) {
	keys := slices.DeleteFunc(r.spec.keyValues(config), func(c keyValue) bool {
		return r.data.OnDuplicate == providerdata.Ignore && !c.unique
	})
	if len(keys) == 0 {
		return
	}
	hint := ""
	if replaced == "" { // the object may be new, or replace a tainted one: Terraform passes nothing of that one to the provider
		hint = "\n\nIf this resource is tainted, the other one may be its own object: plan without -refresh=false and -minimal-refresh."
	}
	for _, c := range keys {
		if !r.data.PlanChecks.Create(c.key(), replaced) {
			r.reportDuplicate(c, fmt.Sprintf("Another new %s has the same %s", r.spec.Entity.Title, c.attribute),
				fmt.Sprintf("This plan creates two with one %s. If they are the same one, declare it once.%s", c.attribute, hint), diags)
		}
	}
	values := make([]client.KeyValue, len(keys))
	for i, c := range keys {
		values[i] = c.KeyValue
	}
	found, err := r.spec.Objects(r.data.Client).Holders(ctx, values)
	if err != nil {
		r.reportUnchecked(err, diags)
	}
	for i, ids := range found {
		for _, id := range ids {
			if !strings.EqualFold(id, replaced) {
				r.reportHolder(ctx, keys[i], id, hint, diags)
			}
		}
	}
}

// reportHolder reports an object that has a key of a new object, unless it releases the key in the same plan. hint is for an object of which the
// plan has not seen anything.
func (r *Resource) reportHolder(ctx context.Context, c keyValue, id, hint string, diags *diag.Diagnostics) {
	title := r.spec.Entity.Title
	planned, managed := r.data.PlanChecks.Planned(ctx, id)
	if managed && (planned == nil || planned.Deleted || planned.Released[c.key()]) || !managed && r.data.PlanChecks.Applies(ctx) {
		return
	}
	advice := fmt.Sprintf("If it is the same one, do not create another but import it, with the name of this resource:\n\n%s",
		strings.TrimSpace(r.operation("create", "").ImportBlock(id))) + hint
	if c.unique {
		advice += "\n\nIf a resource of this configuration is about to give the value up, plan again, or apply that first, with -target=<its address>."
	}
	if managed {
		advice = fmt.Sprintf("Terraform manages it already, and this plan does not change its %s.", c.attribute)
	}
	r.reportDuplicate(c, fmt.Sprintf("The %s %s has this %s already", title, id, c.attribute), advice, diags)
}

// reportDuplicate adds a warning or an error about a key that two objects have.
func (r *Resource) reportDuplicate(c keyValue, summary, detail string, diags *diag.Diagnostics) {
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
	// With an attribute, Terraform prints its lines of the configuration, which may hold a write-only value.
	case c.writeOnly && isError:
		diags.AddError(summary, detail)
	case c.writeOnly:
		diags.AddWarning(summary, detail)
	case isError:
		diags.AddAttributeError(path.Root(c.attribute), summary, detail)
	default:
		diags.AddAttributeWarning(path.Root(c.attribute), summary, detail)
	}
}

// reportUnchecked reports once in a run why duplicates could not be searched for. Refused credentials are an error, since the apply would
// fail with them, too. With on_duplicate = "ignore", credentials that may not list are meant: the creation will show whether a key is free.
func (r *Resource) reportUnchecked(err error, diags *diag.Diagnostics) {
	operation := tfdiag.Operation{
		Verb: "look up", Entity: r.spec.Entity, Type: r.spec.TypeName, Many: true,
		Without: fmt.Sprintf(" If they may create %s but not list them, set on_duplicate = %q.", r.spec.Entity.Plural, providerdata.Ignore),
	}
	failure, ok := errors.AsType[*transport.Error](err)
	reason, next := err.Error(), "Look for them in Pigello."
	forbidden := ok && failure.Status == http.StatusForbidden
	if ok {
		reason = fmt.Sprintf("%s (from %s)", failure.Reason(), failure.Host)
	}
	if ok && !forbidden {
		next = "Plan again to check it."
	}
	refused := ok && failure.Status == http.StatusUnauthorized ||
		forbidden && r.data.OnDuplicate != providerdata.Ignore && !r.spec.Objects(r.data.Client).HasShown()
	switch {
	case refused || ok && (failure.IsMisconfigured() || transport.IsStopped(err)):
		if r.data.PlanChecks.Reported("refused to look up") == 0 {
			r.addReadError(operation, err, diags)
		}
	case r.data.PlanChecks.Reported("not looked up") == 0:
		diags.AddWarning("Not checked whether those to be created exist already", fmt.Sprintf("Could not list the %s: %s. "+
			"The plan is complete, but it does not say whether somebody has the keys (%s) of those to be created. %s",
			r.spec.Entity.Plural, reason, strings.Join(r.spec.Entity.Keys, ", "), next))
	}
}
