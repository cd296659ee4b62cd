// Package validate checks configured values. What is null or unknown passes, and no message repeats a value.
package validate

import (
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
)

func invalid(at path.Path, reason string) diag.Diagnostic {
	steps := at.Steps()
	if last := len(steps) - 1; last > 0 {
		if _, isElement := steps[last].(path.PathStepElementKeyValue); isElement { // it holds the value itself
			if reason == empty {
				reason = "is empty; leave it out"
			}
			return diag.NewAttributeErrorDiagnostic(at, "Invalid value", "An element of "+at.ParentPath().String()+" "+reason+".")
		}
	}
	return diag.NewAttributeErrorDiagnostic(at, "Invalid value", "The value of "+at.String()+" "+reason+".")
}

// sentence makes a message of a rule.
func sentence(rule string) string { return strings.ToUpper(rule[:1]) + rule[1:] + "." }

// empty is said of an empty text, wherever there may be no value. Configurations made of a spreadsheet are full of them.
const empty = "is empty; use null, or leave the attribute out"
