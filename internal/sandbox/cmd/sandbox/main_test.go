package main

import (
	"context"
	"io"
	"net"
	"net/http"
	"os/exec"
	"strings"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// session is a running sandbox. stop ends it, and returns its error and the last text that it printed.
type session struct {
	instructions string
	stop         func() (last string, err error)
}

func start(t *testing.T, addr string) session {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	out, in := io.Pipe()
	done := make(chan error, 1)
	go func() {
		done <- serve(ctx, addr, 0, in)
		_ = in.Close()
	}()
	buffer := make([]byte, 1<<16)
	n, err := out.Read(buffer)
	if err != nil {
		cancel()
		t.Fatalf("it printed nothing: %v, %v", err, <-done)
	}
	return session{string(buffer[:n]), func() (string, error) {
		cancel()
		last, _ := io.ReadAll(out)
		return string(last), <-done
	}}
}

// environment returns the variables that the instructions export.
func (s session) environment() map[string]string {
	exported := map[string]string{}
	for line := range strings.Lines(s.instructions) {
		if variable, ok := strings.CutPrefix(line, "export "); ok {
			name, value, _ := strings.Cut(strings.TrimSpace(variable), "=")
			exported[name] = value
		}
	}
	return exported
}

// subtenant reads the subtenant that every session begins with.
func (s session) subtenant(t *testing.T) int {
	t.Helper()
	exported := s.environment()
	url := exported["PIGELLO_BASE_URL"] + "/accounts/users/customer/subtenant/" + exported["TF_VAR_sub_tenant_id"] + "/"
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range exported {
		if header, ok := strings.CutPrefix(name, "PIGELLO_"); ok && header != "BASE_URL" {
			r.Header.Set("X-PIGELLO-"+strings.ReplaceAll(header, "_", "-"), value)
		}
	}
	if len(r.Header) != 7 {
		t.Errorf("headers: %v", r.Header)
	}
	response, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	return response.StatusCode
}

// TestSessionsAreAlike starts two sessions one after another: the variables that the first one prints also work with the second one.
func TestSessionsAreAlike(t *testing.T) {
	free, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	addr := free.Addr().String()
	if err := free.Close(); err != nil {
		t.Fatal(err)
	}
	var printed string
	for range 2 {
		s := start(t, addr)
		if printed != "" && s.instructions != printed {
			t.Errorf("the second session prints\n%s\nthe first one\n%s", s.instructions, printed)
		}
		printed = s.instructions
		if status := s.subtenant(t); status != http.StatusOK {
			t.Errorf("status %d", status)
		}
		last, err := s.stop()
		if err != nil || !strings.Contains(last, "Stopped.") {
			t.Errorf("stopped with %v, saying %q", err, last)
		}
	}
}

// TestInstructionsAreCommands runs everything that is printed in a shell, and calls the function that it defines.
func TestInstructionsAreCommands(t *testing.T) {
	for _, tool := range []string{"sh", "curl"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("the instructions need %s", tool)
		}
	}
	s := start(t, "127.0.0.1:0")
	script := "set -eu\n" + s.instructions + `pigello -f "$PIGELLO_BASE_URL/accounts/users/customer/subtenant/$TF_VAR_sub_tenant_id/"`
	output, err := exec.CommandContext(t.Context(), "sh", "-c", script).CombinedOutput()
	if err != nil || !strings.Contains(string(output), sandbox.SubtenantID) {
		t.Errorf("%v\n%s", err, output)
	}
	if _, err := s.stop(); err != nil {
		t.Error(err)
	}
}

func TestServeOnlyOnLoopback(t *testing.T) {
	for _, addr := range []string{"0.0.0.0:0", ":0", "example.com:0", "127.0.0.1"} {
		if err := serve(t.Context(), addr, 0, io.Discard); err == nil {
			t.Errorf("served on %q", addr)
		}
	}
}
