package acctest

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// Diagnostic is an error or a warning, as terraform shows it or as a provider in process returns it.
type Diagnostic struct {
	Severity        string // error or warning
	Summary, Detail string
	Address         string // of the resource, where terraform knows it
	Path            string // of the attribute, in process, as users write it: filters["email"]
	Block           string // the head of the block that terraform shows, such as resource "pigello_organization_user" "ada"
	Code            string // what terraform shows of the source
	Line            int    // where that is
}

// Text is all that the provider wrote.
func (d Diagnostic) Text() string { return d.Summary + "\n" + d.Detail }

// String is for the messages of tests.
func (d Diagnostic) String() string {
	return fmt.Sprintf("%s: %s (%s)", d.Severity, strings.ReplaceAll(d.Text(), "\n", " | "), cmp.Or(d.Path, d.Address+" "+strings.TrimSpace(d.Code)))
}

// On returns the attribute that the diagnostic is about: by its path, or as the source shows it.
func (d Diagnostic) On() string {
	if d.Path != "" {
		return strings.FieldsFunc(d.Path, func(r rune) bool { return r == '.' || r == '[' })[0]
	}
	name, _, _ := strings.Cut(strings.TrimSpace(d.Code), " ")
	return name
}

// Name returns the name of the resource or data source in whose block the diagnostic is.
func (d Diagnostic) Name() string {
	if d.Address != "" {
		return d.Address[strings.LastIndex(d.Address, ".")+1:]
	}
	labels := strings.Split(cmp.Or(d.Block, d.Code), `"`) // of what is missing, terraform shows the head as the code
	if len(labels) < 4 {
		return ""
	}
	return labels[3]
}

// Diagnostics are those of a command or of a call.
type Diagnostics []Diagnostic

// Errors returns the errors.
func (d Diagnostics) Errors() Diagnostics { return d.of("error") }

// Warnings returns the warnings.
func (d Diagnostics) Warnings() Diagnostics { return d.of("warning") }

func (d Diagnostics) of(severity string) Diagnostics {
	return slices.DeleteFunc(slices.Clone(d), func(d Diagnostic) bool { return d.Severity != severity })
}

// Err returns the errors as one, nil without any.
func (d Diagnostics) Err() error {
	var texts []string
	for _, e := range d.Errors() {
		texts = append(texts, e.Text())
	}
	if len(texts) == 0 {
		return nil
	}
	return errors.New(strings.Join(texts, "\n\n"))
}

// Paths returns the paths of the attributes.
func (d Diagnostics) Paths() []string {
	var paths []string
	for _, one := range d {
		paths = append(paths, one.Path)
	}
	return paths
}

// By sorts the diagnostics by what key says of each.
func (d Diagnostics) By(key func(Diagnostic) string) map[string]Diagnostics {
	sorted := map[string]Diagnostics{}
	for _, one := range d {
		sorted[key(one)] = append(sorted[key(one)], one)
	}
	return sorted
}

// ByAddress sorts the diagnostics by the resources that they are about.
func (d Diagnostics) ByAddress() map[string]Diagnostics {
	return d.By(func(d Diagnostic) string { return d.Address })
}

// None fails the test if there is a diagnostic.
func (d Diagnostics) None(t testing.TB) {
	t.Helper()
	for _, one := range d {
		t.Fatal(one)
	}
}

// NoErrors fails the test if there is an error.
func (d Diagnostics) NoErrors(t testing.TB) {
	t.Helper()
	d.Errors().None(t)
}

// Only returns the only diagnostic, which must say all of the words.
func (d Diagnostics) Only(t testing.TB, words ...string) Diagnostic {
	t.Helper()
	if len(d) != 1 {
		t.Fatalf("want one diagnostic, got %v", d)
	}
	for _, word := range words {
		if !strings.Contains(d[0].Text(), word) {
			t.Errorf("%q is not in %s", word, d[0].Text())
		}
	}
	return d[0]
}

// DiagnosticsOf returns the diagnostics of a response of a provider.
func DiagnosticsOf(given []*tfprotov6.Diagnostic) Diagnostics {
	var all Diagnostics
	for _, d := range given {
		all = append(all, Diagnostic{
			Severity: strings.ToLower(d.Severity.String()), Summary: d.Summary, Detail: d.Detail, Path: location(d.Attribute),
		})
	}
	return all
}

// location writes a path as users do, "" for none.
func location(path *tftypes.AttributePath) string {
	var b strings.Builder
	for _, step := range path.Steps() {
		switch s := step.(type) {
		case tftypes.AttributeName:
			fmt.Fprintf(&b, ".%s", string(s))
		case tftypes.ElementKeyString:
			fmt.Fprintf(&b, "[%q]", string(s))
		case tftypes.ElementKeyInt:
			fmt.Fprintf(&b, "[%d]", int64(s))
		default:
			b.WriteString("[…]") // an element of a set
		}
	}
	return strings.TrimPrefix(b.String(), ".")
}

// shown is a diagnostic as terraform writes it with -json.
type shown struct {
	Severity, Summary, Detail, Address string
	Range                              struct{ Start struct{ Line int } }
	Snippet                            struct{ Context, Code string }
}

func (s shown) diagnostic() Diagnostic {
	return Diagnostic{
		Severity: s.Severity, Summary: s.Summary, Detail: s.Detail, Address: s.Address,
		Block: s.Snippet.Context, Code: s.Snippet.Code, Line: s.Range.Start.Line,
	}
}

// message is a line that terraform writes with -json.
type message struct {
	Type       string
	Diagnostic *shown
}

func (w *Workspace) messages(r Result) []message {
	w.t.Helper()
	var all []message
	for line := range strings.Lines(r.Stdout) {
		var m message
		if err := json.Unmarshal([]byte(line), &m); err != nil {
			w.t.Fatalf("%v: %s", err, r.Output)
		}
		all = append(all, m)
	}
	return all
}

// Try runs a terraform command with -json and returns its diagnostics, but for the warning that the provider is under development.
func (w *Workspace) Try(args ...string) Diagnostics {
	w.t.Helper()
	r := w.Run(slices.Concat(args[:1], []string{"-json"}, args[1:])...) // what is no flag comes last
	var all Diagnostics
	for _, m := range w.messages(r) {
		if d := m.Diagnostic; d != nil && !strings.Contains(d.Summary, "development overrides") {
			all = append(all, d.diagnostic())
		}
	}
	if n := len(all.Errors()); (r.ExitCode == 1) != (n > 0) {
		w.t.Fatalf("exit code %d with %d errors\n%s", r.ExitCode, n, r.Output)
	}
	return all
}

// TryApply is Try with apply.
func (w *Workspace) TryApply(args ...string) Diagnostics {
	w.t.Helper()
	return w.Try(append([]string{"apply", "-auto-approve", "-input=false"}, args...)...)
}

// Validate returns the errors of terraform validate.
func (w *Workspace) Validate() Diagnostics {
	w.t.Helper()
	var output struct{ Diagnostics []shown }
	r := w.Run("validate", "-json")
	if err := json.Unmarshal([]byte(r.Stdout), &output); err != nil {
		w.t.Fatalf("%v\n%s", err, r.Output)
	}
	var all Diagnostics
	for _, d := range output.Diagnostics {
		all = append(all, d.diagnostic())
	}
	return all.Errors()
}
