package acctest

import (
	"encoding/json"
	"maps"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// Same fails the test unless two values are the same JSON.
func Same(t testing.TB, what string, got, want any) {
	t.Helper()
	if diff := cmp.Diff(throughJSON(t, want), throughJSON(t, got)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func throughJSON(t testing.TB, value any) any {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	var result any
	if err := json.Unmarshal(text, &result); err != nil {
		t.Fatal(err)
	}
	return result
}

// Holds fails the test unless the API's object exists and has these fields.
func Holds(t testing.TB, api *sandbox.Sandbox, kind, id string, want map[string]any) {
	t.Helper()
	got, ok := api.Get(kind, id)
	if !ok {
		t.Fatalf("the server has no %q", id)
	}
	maps.DeleteFunc(got, func(name string, _ any) bool { _, ok := want[name]; return !ok })
	Same(t, "what the server holds", got, want)
}

// OneLine returns what terraform prints without its line breaks and the frame beside the text.
func OneLine(output string) string {
	return strings.Join(strings.FieldsFunc(output, func(r rune) bool { return strings.ContainsRune(" \n\t│╷╵", r) }), " ")
}

// Says fails the test unless an output has a text, however its lines are broken.
func Says(t testing.TB, output, text string) {
	t.Helper()
	if !strings.Contains(OneLine(output), text) {
		t.Errorf("want %q in\n%s", text, output)
	}
}

// Count returns how often the output holds a text, however its lines are broken.
func (r Result) Count(text string) int { return strings.Count(OneLine(r.Output), text) }

// Exits fails the test unless a command ended with an exit code.
func (w *Workspace) Exits(r Result, code int) {
	w.t.Helper()
	if r.ExitCode != code {
		w.t.Fatalf("exit code %d, want %d\n%s", r.ExitCode, code, r.Output)
	}
}

// NoTraces fails the test if a value shows anywhere. See Traces.
func (w *Workspace) NoTraces(values []string, outputs ...Result) {
	w.t.Helper()
	var texts []string
	for _, r := range outputs {
		texts = append(texts, r.Output)
	}
	for _, trace := range w.Traces(values, texts...) {
		w.t.Error(trace)
	}
}
