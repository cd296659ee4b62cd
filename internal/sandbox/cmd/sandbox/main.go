// Command sandbox serves the Pigello API in memory on the loopback interface, and prints the environment variables that
// make the provider use it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// subtenantID is the id of the one object that the sandbox begins with, for configurations to refer to.
const subtenantID = "0d9a3f5e-7c41-4b8e-9f2a-6c1d5e8b7a30"

func main() {
	addr := flag.String("addr", "127.0.0.1:0", "loopback `address` to listen on; port 0 takes a free one")
	latency := flag.Duration("latency", 0, "how long each request takes, such as 100ms")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := serve(ctx, *addr, *latency, os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "sandbox:", err)
		os.Exit(1)
	}
}

// serve runs a sandbox until ctx ends.
func serve(ctx context.Context, addr string, latency time.Duration, out io.Writer) error {
	// The credentials are public, and whatever is stored has no protection beyond them.
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return err
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return fmt.Errorf("%s is not a loopback address", addr)
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	if err != nil {
		return err
	}

	api := sandbox.New(func(b *sandbox.Behaviour) { b.Latency = latency })
	api.Put(sandbox.Subtenant, map[string]any{
		"id":         subtenantID,
		"custom_id":  "subtenant-1",
		"first_name": "Astrid",
		"last_name":  "Lindqvist",
		"email":      "astrid.lindqvist@example.com",
	})
	for _, variable := range api.Environment("http://" + listener.Addr().String()) {
		if _, err := fmt.Fprintln(out, "export", variable); err != nil {
			return err
		}
	}
	if _, err := fmt.Fprintln(out, "# subtenant", subtenantID); err != nil {
		return err
	}

	server := &http.Server{Handler: api, ReadHeaderTimeout: 10 * time.Second}
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	select {
	case err := <-served:
		return err
	case <-ctx.Done():
	}
	if err := server.Close(); err != nil {
		return err
	}
	if err := <-served; !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
