// Package validate checks configured values. Null and unknown values are valid, and no message repeats a value.
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

// sentence returns a rule as a sentence.
func sentence(rule string) string { return strings.ToUpper(rule[:1]) + rule[1:] + "." }

// empty is the message about an empty text, for all optional attributes. Configurations from a spreadsheet often have empty texts.
const empty = "is empty; use null, or leave the attribute out"
