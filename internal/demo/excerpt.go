package main

import (
	"fmt"
	"regexp"
	"strings"
)

var (
	// overrideWarning is terraform's warning about dev_overrides.
	overrideWarning = regexp.MustCompile(`(?s)\n?Warning: Provider development overrides are in effect\n.*?published\s+releases\.\n`)
	// summaries are the lines with the result of a command.
	summaries = regexp.MustCompile(`^(Plan: |No changes\.|Apply complete!|Destroy complete!)`)
	// changedLines are the objects that a plan changes in place, and the attributes that change.
	changedLines = regexp.MustCompile(`^  # .* will be updated in-place$|^ +~ \w+ += .* -> `)
	// source is the place of a diagnostic in the configuration. It is left out, since the diagnostic has the address.
	source = regexp.MustCompile(`^  on \S+ line \d+|^ +\d+: `)
	// padding aligns the values of attributes.
	padding = regexp.MustCompile(` += `)
	// diagnostics is the beginning of a diagnostic.
	diagnostics = regexp.MustCompile(`^(Warning|Error): `)
	// progress is a line after the end of a diagnostic.
	progress = regexp.MustCompile(`^(pigello_\S+: |Outputs:|─)`)
)

// excerpt returns the changes, the summaries and the diagnostics in terraform's output. Of several warnings or errors it returns the first
// one, and how many more there are.
func excerpt(output string) string {
	output = overrideWarning.ReplaceAllString(output, "")
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
		if inDiagnostic || summaries.MatchString(line) || changedLines.MatchString(line) {
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
