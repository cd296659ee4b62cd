package failures_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
)

// TestOneCause plans 100 users, existing and new, while one cause makes all requests fail: few requests, and not an error for each user.
func TestOneCause(t *testing.T) {
	users := func(name string, lines ...string) string {
		return acctest.User(name, append(lines, "count = 100", `custom_id = "`+name+`-${count.index}"`)...)
	}
	existing := users("u")
	withNumbers := users("u", `ssn_wo = "19900101-2385"`)
	w := acctest.New(t)
	w.Setenv("PIGELLO_MAX_RETRIES", "2")
	w.Config(existing)
	w.Apply()
	for _, c := range []struct {
		name     string
		config   string
		args     []string
		env      map[string]string
		response *acctest.Response
		requests int64
		lines    int
		says     string
	}{
		{"a wrong secret", existing, nil, map[string]string{"PIGELLO_CLIENT_SECRET": "wrong"}, nil, 10, 80, "401 Unauthorized"},
		{"a wrong secret, no refresh", withNumbers, []string{"-refresh=false"}, map[string]string{"PIGELLO_CLIENT_SECRET": "wrong"}, nil, 10, 80, "401 Unauthorized"},
		{"a wrong secret, creations", existing + users("new"), nil, map[string]string{"PIGELLO_CLIENT_SECRET": "wrong"}, nil, 11, 80, "401 Unauthorized"},
		{"refused from a list on", existing, nil, nil, &acctest.Response{Status: http.StatusUnauthorized, Body: "{}"}, 14, 80, "401 Unauthorized"},
		{"503", existing, nil, nil, &acctest.Response{Status: http.StatusServiceUnavailable}, 60, 240, "503 Service Unavailable"},
		{"no such host", existing, nil, map[string]string{"PIGELLO_BASE_URL": "https://pigello.invalid"}, nil, 0, 80, "the host does not exist"},
		{"nothing listens", existing, nil, map[string]string{"PIGELLO_BASE_URL": "http://127.0.0.1:1"}, nil, 0, 240, "the server refuses the connection"},
	} {
		requests := w.Front(func(r *http.Request, _ map[string]any) acctest.Responder {
			if c.response == nil || c.name == "refused from a list on" && !strings.HasSuffix(r.URL.Path, "/list/") {
				return nil
			}
			return c.response
		})
		for name, value := range c.env {
			w.Setenv(name, value)
		}
		w.Config(c.config)
		r := w.Run(append([]string{"plan", "-no-color", "-input=false"}, c.args...)...)
		for _, variable := range w.Sandbox.Environment(w.URL) {
			name, value, _ := strings.Cut(variable, "=")
			w.Setenv(name, value)
		}
		before, told, _ := strings.Cut(r.Output, " used the selected providers") // to show what could be planned
		if _, after, planned := strings.Cut(told, "\nPlan: "); planned {
			told = after
		}
		told = before + told
		lines := strings.Count(told, "\n") - strings.Count(told, ": Refreshing state...")
		if r.ExitCode != 1 || !strings.Contains(r.Output, c.says) {
			t.Errorf("%s: exit code %d: %s", c.name, r.ExitCode, r.Output)
		}
		if requests() > c.requests {
			t.Errorf("%s: %d requests, want at most %d", c.name, requests(), c.requests)
		}
		if lines > c.lines {
			t.Errorf("%s: %d lines, want at most %d", c.name, lines, c.lines)
		}
	}
}
