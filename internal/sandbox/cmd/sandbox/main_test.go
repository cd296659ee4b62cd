package main

import (
	"bufio"
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
)

func TestServe(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	out, in := io.Pipe()
	done := make(chan error, 1)
	go func() { done <- serve(ctx, "127.0.0.1:0", 0, in) }()

	headers := http.Header{}
	var base, subtenant string
	for lines := bufio.NewScanner(out); subtenant == "" && lines.Scan(); {
		if id, ok := strings.CutPrefix(lines.Text(), "# subtenant "); ok {
			subtenant = id
			continue
		}
		name, value, _ := strings.Cut(strings.TrimPrefix(lines.Text(), "export PIGELLO_"), "=")
		if name == "BASE_URL" {
			base = value
		} else {
			headers.Set("X-PIGELLO-"+strings.ReplaceAll(name, "_", "-"), value)
		}
	}
	if len(headers) != 7 {
		t.Errorf("headers: %v", headers)
	}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, base+"/accounts/users/customer/subtenant/"+subtenant+"/", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header = headers
	response, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	if response.StatusCode != http.StatusOK {
		t.Errorf("status %d", response.StatusCode)
	}
	cancel()
	if err := <-done; err != nil {
		t.Errorf("stopped with %v", err)
	}
}

func TestServeOnlyOnLoopback(t *testing.T) {
	for _, addr := range []string{"0.0.0.0:0", ":0", "example.com:0", "127.0.0.1"} {
		if err := serve(t.Context(), addr, 0, io.Discard); err == nil {
			t.Errorf("served on %q", addr)
		}
	}
}
