// Package messages is the catalogue of what the provider says: each message once, as Terraform gets it. The messages about failed requests
// are in the catalogue of package tfdiag.
package messages

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
)

// catalogue is one golden file.
type catalogue struct {
	*testing.T
	text strings.Builder
}

// open returns a catalogue, which is compared with its file at the end of the test. After a change that is meant:
//
//	go test ./internal/provider/messages -update
func open(t *testing.T, name string) *catalogue {
	t.Helper()
	c := &catalogue{T: t}
	t.Cleanup(func() {
		if !t.Failed() {
			c.compare(filepath.Join("testdata", name+".txt"))
		}
	})
	return c
}

// add renders the diagnostics of what a user has done.
func (c *catalogue) add(what string, diags acctest.Diagnostics) {
	c.Helper()
	if len(diags) == 0 {
		c.Errorf("%s: no message", what)
	}
	slices.SortFunc(diags, func(a, b acctest.Diagnostic) int {
		return strings.Compare(a.Path+a.Summary+a.Detail, b.Path+b.Summary+b.Detail)
	})
	fmt.Fprintf(&c.text, "=== %s\n", what)
	for _, d := range diags {
		c.text.WriteString(map[string]string{"error": "Error: ", "warning": "Warning: "}[d.Severity] + d.Summary + "\n")
		if d.Path != "" {
			fmt.Fprintf(&c.text, "  on %s\n", d.Path)
		}
		if d.Detail != "" {
			fmt.Fprintf(&c.text, "\n%s\n", strings.TrimSpace(d.Detail))
		}
		c.text.WriteString("\n")
	}
}

var (
	loopback  = regexp.MustCompile(`127\.0\.0\.1:\d+`)
	requestID = regexp.MustCompile(`Request ID: \S+`)
	uuid      = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}`)
)

// compare compares what was rendered with a file. What differs from run to run is replaced.
func (c *catalogue) compare(file string) {
	got := loopback.ReplaceAllString(c.text.String(), "api.pigello.io")
	got = strings.ReplaceAll(got, os.TempDir(), "/tmp")
	got = requestID.ReplaceAllString(got, "Request ID: 0af76519-16cd-43dd-8448-eb211c80319c")
	got = uuid.ReplaceAllStringFunc(got, func(found string) string {
		if slices.Contains([]string{id, other, client, tenant}, found) || slices.Contains(several, found) {
			return found
		}
		return "9f8e7d6c-6276-4993-bfeb-53cbbbba6f08"
	})
	acctest.Golden(c, file, got)
}
