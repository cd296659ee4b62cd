package main

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// TestReleaseImportsNoTesting holds this module's own packages to what TestReleaseLinksNoTestCode cannot: the plugin
// library itself links the package testing, so that it is in the list of dependencies whatever is done here.
func TestReleaseImportsNoTesting(t *testing.T) {
	output, err := exec.CommandContext(t.Context(), "go", "list", "-deps", "-f", `{{.ImportPath}} {{join .Imports " "}}`, ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	const module = "github.com/pigello/terraform-provider-pigello"
	own := 0
	for line := range strings.Lines(string(output)) {
		fields := strings.Fields(line)
		if fields[0] != module && !strings.HasPrefix(fields[0], module+"/") {
			continue
		}
		own++
		for _, forbidden := range []string{"testing", "testing/synctest", "testing/iotest", "net/http/httptest"} {
			if slices.Contains(fields[1:], forbidden) {
				t.Errorf("%s imports %s", fields[0], forbidden)
			}
		}
	}
	if own < 5 {
		t.Errorf("only %d packages of this module are in the release", own)
	}
}
