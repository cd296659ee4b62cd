// Package guides_test runs what the guides show: each configuration and each command, with the real terraform command.
package guides_test

import (
	"strings"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
)

func TestMain(m *testing.M) { acctest.Main(m) }

const root = "../../.."

// guide is one page.
type guide struct {
	t     *testing.T
	name  string
	parts []string // what follows each fence
}

// openGuide reads a guide as its readers see it, with the examples in it.
func openGuide(t *testing.T, name string) guide {
	t.Helper()
	content := acctest.ReadFile(t, root, "docs/guides", name+".md")
	return guide{t, name, strings.Split(content, "```")}
}

// block returns the one block of code in a language that holds a mark, without the indentation that a list gives it.
func (g guide) block(language, mark string) string {
	g.t.Helper()
	var found []string
	for _, part := range g.parts {
		block, ok := strings.CutPrefix(part, language+"\n")
		if ok && strings.Contains(block, mark) {
			found = append(found, unindented(block))
		}
	}
	if len(found) != 1 {
		g.t.Fatalf("%d blocks with %s in the guide %s, want 1", len(found), mark, g.name)
	}
	return found[0]
}

// formatted fails the test unless all blocks of Terraform code are written as terraform fmt writes them.
func (g guide) formatted(w *acctest.Workspace) {
	g.t.Helper()
	for _, part := range g.parts {
		if block, ok := strings.CutPrefix(part, "terraform\n"); ok {
			w.Write("formatted.tf", unindented(block))
			if r := w.Run("fmt", "-check", "-diff", "formatted.tf"); r.ExitCode != 0 {
				g.t.Errorf("the guide %s: %s", g.name, r.Output)
			}
		}
	}
	w.Write("formatted.tf", "")
}

func unindented(block string) string {
	lines := strings.Split(block, "\n")
	indent := lines[0][:len(lines[0])-len(strings.TrimLeft(lines[0], " "))]
	for i, line := range lines {
		lines[i] = strings.TrimPrefix(line, indent)
	}
	return strings.TrimRight(strings.Join(lines, "\n"), " ")
}

// says fails the test unless an output holds a text.
func says(t *testing.T, r acctest.Result, want string) {
	t.Helper()
	if !strings.Contains(r.Output, want) {
		t.Fatalf("want %q, got\n%s", want, r.Output)
	}
}
