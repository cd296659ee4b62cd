package tfdiag

import (
	"errors"
	"fmt"
	"strings"

	"github.com/pigello/terraform-provider-pigello/internal/client"
)

// taken names the objects that have a unique value, and says what to do.
func (o Operation) taken(err error, field string) string {
	conflict, ok := errors.AsType[*client.ConflictError](err)
	if !ok {
		return ""
	}
	var b strings.Builder
	holders := conflict.Holders[field]
	for _, id := range holders {
		fmt.Fprintf(&b, "\n\nThe %s %s has it.", o.Entity.Title, id)
		if o.ID == "" {
			fmt.Fprintf(&b, " If that is the same one, import it:\n\n%s", strings.TrimSpace(o.ImportBlock(id)))
		}
	}
	switch {
	case conflict.Circular:
		b.WriteString("\n\nThese objects exchange values, and none of them can be without a value in between. Replace one of them: Terraform " +
			"deletes it and creates it anew, and the others get their values in the same apply:\n\nterraform apply -replace=<address>")
	case o.ID == "":
		b.WriteString("\n\nIf the plan changes or deletes the one that has it, apply again: the value becomes free.")
	case len(holders) == 0:
		b.WriteString("\n\nFind the one that has it, and give the value up there first, then apply again.")
	default:
		b.WriteString("\n\nIf the plan changes or deletes that one as well, apply again; if it changes many, raise -parallelism. Otherwise give the value up " +
			"there first, then apply again.")
	}
	return b.String()
}

// cleared names the fields that an update has cleared and could not set.
func (o Operation) cleared(err error) string {
	cleared, ok := errors.AsType[*client.ClearedError](err)
	if !ok {
		return ""
	}
	names := make([]string, len(cleared.Fields))
	for i, field := range cleared.Fields {
		names[i] = field
		if at, ok := o.Attribute(field); ok {
			names[i] = at.String()
		}
	}
	list := strings.Join(names, ", ")
	if cleared.InDoubt {
		return fmt.Sprintf("To let another object take over its value, %s was to be set to null. It is not known whether Pigello has done that. It is null in "+
			"the state now. Apply again: the next apply sets it.", list)
	}
	return fmt.Sprintf("To let another object take over its value, %s was set to null, and then the new value could not be set. It is null in Pigello "+
		"and in the state now. Apply again: the next apply sets it.", list)
}
