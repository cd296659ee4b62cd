// Package validate checks configured values. What is null or unknown passes, and no message repeats a value.
package validate

import (
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
)

func invalid(at path.Path, reason string) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(at, "Invalid value", "The value of "+at.String()+" "+reason+".")
}
