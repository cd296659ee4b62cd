package main

import (
	"context"
	"io"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// emptyTemp sets a directory for temporary files. The demo must leave it empty.
func emptyTemp(t *testing.T) {
	t.Helper()
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	t.Cleanup(func() {
		entries, err := os.ReadDir(dir)
		if err != nil {
			t.Error(err)
		}
		for _, entry := range entries {
			t.Errorf("%s is left behind", entry.Name())
		}
	})
}

func TestDemo(t *testing.T) {
	emptyTemp(t)
	// Settings of the user for other work must have no effect.
	t.Setenv("PIGELLO_BASE_URL", "https://elsewhere.example")
	t.Setenv("TF_CLI_ARGS", "-no-such-option")
	var out strings.Builder
	if err := run(t.Context(), &out); err != nil {
		t.Fatalf("%v\n%s", err, &out)
	}
	for _, want := range []string{
		"Plan: 6 to add, 0 to change, 0 to destroy.",
		"No changes.",
		`phone_number = "` + changedNumber + `" -> "+46701234567"`,
		"Plan: 0 to add, 1 to change, 0 to destroy.",
		"Plan: 300 to import, 0 to add, 0 to change, 0 to destroy.",
		"307 objects were compared with",
		"Destroy complete! Resources: 307 destroyed.",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the demonstration does not show %q", want)
		}
	}
	for _, value := range protectedPerson {
		if shown := strings.ReplaceAll(out.String(), " -e "+value, ""); strings.Contains(shown, value) {
			t.Errorf("the demonstration shows %s beyond the search for it", value)
		}
	}
	if lines := strings.Count(out.String(), "\n"); lines > 150 {
		t.Errorf("the story has %d lines, too many to read", lines)
	}
	if t.Failed() {
		t.Log(out.String())
	}
}

// TestDemoNoticesSurprises runs steps with a Pigello that behaves in another way.
func TestDemoNoticesSurprises(t *testing.T) {
	for _, test := range []struct {
		name    string
		trouble func(*sandbox.Behaviour)
		want    string
	}{
		{"an update is refused", func(b *sandbox.Behaviour) {
			b.Refuse = func(method, _ string, _ map[string]any) (int, any) {
				if method == http.MethodPatch {
					return http.StatusForbidden, map[string]any{"detail": "no"}
				}
				return 0, nil
			}
		}, " apply -auto-approve ended with exit code 1, not 0"},
		{"a value is lost", func(b *sandbox.Behaviour) { b.Hide = []string{"role"} },
			" plan -detailed-exitcode ended with exit code 2, not 0"},
		{"a difference in personal data is not found", func(b *sandbox.Behaviour) { b.Hide = []string{"last_name"} },
			" plan -detailed-exitcode ended with exit code 0, not 2"},
	} {
		t.Run(test.name, func(t *testing.T) {
			emptyTemp(t)
			s, err := newSession(t.Context(), io.Discard)
			if err != nil {
				t.Fatal(err)
			}
			s.sandbox.Configure(test.trouble)
			if err := runSteps(t.Context(), s); err == nil || !strings.Contains(err.Error(), test.want) {
				t.Errorf("got error %v, want %q", err, test.want)
			}
			if err := s.close(); err != nil {
				t.Error(err)
			}
		})
	}
}

func TestDemoInterrupted(t *testing.T) {
	emptyTemp(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	out := &trigger{text: "3. ", fire: func() { time.AfterFunc(300*time.Millisecond, cancel) }}
	if err := run(ctx, out); err == nil {
		t.Error("it went on to the end")
	}
}

// trigger is a writer that calls a function when a text is written to it.
type trigger struct {
	text string
	fire func()
}

func (w *trigger) Write(p []byte) (int, error) {
	if w.fire != nil && strings.Contains(string(p), w.text) {
		w.fire()
		w.fire = nil
	}
	return len(p), nil
}
