// Command sandbox serves the Pigello API in memory on the loopback interface, and prints the environment variables with which the provider
// uses it.
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

// defaultAddress is the same at every start: a state can only be used with the address at which it was written.
const defaultAddress = "127.0.0.1:7443"

func main() {
	addr := flag.String("addr", defaultAddress, "loopback `address` to listen on; port 0 takes a free one")
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
	// The credentials are public, so the sandbox must not be reachable from other machines.
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return err
	}
	if ip := net.ParseIP(host); host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return fmt.Errorf("%s is not a loopback address", addr)
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", addr)
	if err != nil {
		return fmt.Errorf("%w\nTake another address with -addr, or with make sandbox ADDR=127.0.0.1:9000", err)
	}

	api := sandbox.New(func(b *sandbox.Behaviour) { b.Latency = latency })
	api.Seed()
	if _, err := io.WriteString(out, instructions(api.Environment("http://"+listener.Addr().String()))); err != nil {
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
	_, err = fmt.Fprintln(out, "\nStopped. What was stored is gone. The next session starts with the same address, credentials and ids; terraform\n"+
		"then reports what is in your state as gone, and plans to create it.")
	return err
}
