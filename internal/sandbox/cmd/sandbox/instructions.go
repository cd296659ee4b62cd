package main

import (
	"strings"

	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// instructions returns commands for a second terminal. All other text is a comment, so that everything can be pasted into a shell. The
// comments have no quotes and no brackets: zsh runs a comment at its prompt as a command, which would then not end.
func instructions(environment []string) string {
	var b strings.Builder
	b.WriteString("# A Pigello in memory. Paste all of this into a second terminal; press Ctrl-C here to stop.\n" +
		"# Address and credentials of the provider:\n")
	for _, variable := range environment {
		b.WriteString("export " + variable + "\n")
	}
	b.WriteString("# For examples/demo: a subtenant who lives under protected identity, and who that is. The person is made up.\n" +
		"export TF_VAR_sub_tenant_id=" + sandbox.SubtenantID + "\n" +
		`export TF_VAR_protected_person='{"first_name": "Elsa", "last_name": "Nyman", "birth_date": "1992-07-04", "ssn": "19920704-9827"}'` + "\n" +
		"# curl with the seven headers, to change something without Terraform. README.md shows how.\n" +
		"pigello() { curl -sS")
	for _, variable := range environment {
		name, _, _ := strings.Cut(variable, "=")
		if header, isHeader := strings.CutPrefix(name, "PIGELLO_"); isHeader && header != "BASE_URL" {
			b.WriteString(` -H "X-PIGELLO-` + strings.ReplaceAll(header, "_", "-") + `: $` + name + `"`)
		}
	}
	b.WriteString(` -H "Content-Type: application/json" "$@"; }` + "\n")
	return b.String()
}
