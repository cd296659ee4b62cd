package main

import (
	"fmt"
	"regexp"
	"strings"
)

var (
	// override is what terraform says of every use of dev_overrides.
	override = regexp.MustCompile(`(?s)\n?Warning: Provider development overrides are in effect\n.*?published\s+releases\.\n`)
	// summaries are the lines that tell what a command did as a whole.
	summaries = regexp.MustCompile(`^(Plan: |No changes\.|Apply complete!|Destroy complete!)`)
	// updated are the objects that a plan changes in place, and the attributes that change.
	updated = regexp.MustCompile(`^  # .* will be updated in-place$|^ +~ \w+ += .* -> `)
	// source is where in the configuration a diagnostic comes from, which its address tells as well.
	source = regexp.MustCompile(`^  on \S+ line \d+|^ +\d+: `)
	// padding aligns the values of attributes.
	padding = regexp.MustCompile(` += `)
	// diagnostics begin so.
	diagnostics = regexp.MustCompile(`^(Warning|Error): `)
	// progress ends a diagnostic, as a summary does.
	progress = regexp.MustCompile(`^(pigello_\S+: |Outputs:|─)`)
)

// excerpt takes from terraform's output what changes, the summaries and the diagnostics. Of several diagnostics of one kind it
// takes the first, and tells how many there are.
func excerpt(output string) string {
	output = override.ReplaceAllString(output, "")
	var kept strings.Builder
	kinds := map[string]int{}
	kind := "" // of the diagnostic that the line belongs to
	for line := range strings.Lines(output) {
		line = strings.TrimRight(line, "\n ")
		switch {
		case diagnostics.MatchString(line):
			kind, _, _ = strings.Cut(line, ":")
			kinds[kind]++
		case summaries.MatchString(line), progress.MatchString(line):
			kind = ""
		}
		inDiagnostic := kind != "" && kinds[kind] == 1 && line != "" && !source.MatchString(line)
		if inDiagnostic || summaries.MatchString(line) || updated.MatchString(line) {
			fmt.Fprintln(&kept, padding.ReplaceAllString(strings.TrimSuffix(line, " Your infrastructure matches the configuration."), " = "))
		}
	}
	for _, kind := range []string{"Warning", "Error"} {
		if more := kinds[kind] - 1; more > 0 {
			fmt.Fprintf(&kept, "(%d more of this kind)\n", more)
		}
	}
	return kept.String()
}
