// Package validate checks configured values. Null and unknown values are valid, and no message repeats a value.
package validate

import (
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
)

func invalid(at path.Path, reason string) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(at, "Invalid value", "The value of "+at.String()+" "+reason+".")
}

// sentence returns a rule as a sentence.
func sentence(rule string) string { return strings.ToUpper(rule[:1]) + rule[1:] + "." }

// empty is the message about an empty text, for all optional attributes. Configurations from a spreadsheet often have empty texts.
const empty = "is empty; use null, or leave the attribute out, to have no value"
