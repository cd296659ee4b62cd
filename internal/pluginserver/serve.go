package pluginserver

import (
	"context"
	"os"
	"os/signal"
	"sync"
	"sync/atomic"
	"syscall"

	"github.com/hashicorp/go-plugin"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"
	"google.golang.org/grpc"
	"google.golang.org/grpc/stats"
)

// maxMessage is the size of the largest message in bytes, as in tf6server.Serve.
const maxMessage = 256 << 20

// Serve serves a provider to the Terraform that has started this process, and returns when Terraform has ended. The address is that of the
// provider in the registry.
//
// It does the same as tf6server.Serve, and also watches Terraform's connection (see connection).
func Serve(address string, newServer func() tfprotov6.ProviderServer) {
	// When Terraform has ended, nothing reads the log any more. Writing to it must not end the process before its calls are finished.
	signal.Ignore(syscall.SIGPIPE)
	plugin.Serve(&plugin.ServeConfig{
		HandshakeConfig: plugin.HandshakeConfig{ // the same for all of Terraform's providers
			ProtocolVersion:  6,
			MagicCookieKey:   "TF_PLUGIN_MAGIC_COOKIE",
			MagicCookieValue: "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
		},
		Plugins: plugin.PluginSet{"provider": &tf6server.GRPCProviderPlugin{GRPCProvider: newServer, Name: address}},
		GRPCServer: func(options []grpc.ServerOption) *grpc.Server {
			c := &connection{ignored: make(chan os.Signal, 1)}
			c.server = grpc.NewServer(append(options, grpc.MaxRecvMsgSize(maxMessage), grpc.MaxSendMsgSize(maxMessage), grpc.StatsHandler(c))...)
			return c.server
		},
	})
}

// connection watches the connection of Terraform. Terraform opens it after it has started the provider, and it is closed when Terraform ends
// for any reason.
//
// While it is open, the process ignores SIGTERM. A pipeline that cancels a job sends SIGTERM to all of its processes. It would end the
// provider after a creation and before the new object is in the state. Terraform gets the signal, too, and stops the provider when its calls
// are finished.
//
// When the connection is closed, Terraform has ended, perhaps by kill -9, and cannot stop the provider any more. The provider then ends by
// itself: gRPC cancels the running calls, and the process ends when they have returned. A call that writes to the server returns after the
// response. SIGTERM then ends the process at once.
type connection struct {
	server  *grpc.Server
	open    atomic.Int32   // number of connections; as far as we know, there is at most one
	calls   sync.WaitGroup // running
	ignored chan os.Signal // receives SIGTERM while Terraform is connected; it is never read
}

// HandleConn implements stats.Handler.
func (c *connection) HandleConn(_ context.Context, event stats.ConnStats) {
	switch event.(type) {
	case *stats.ConnBegin:
		c.open.Add(1)
		signal.Notify(c.ignored, syscall.SIGTERM)
	case *stats.ConnEnd:
		if c.open.Add(-1) == 0 {
			signal.Stop(c.ignored) // possible after signal.Notify, but not after signal.Ignore
			go func() {
				// GracefulStop would wait for Terraform's call of Shutdown, and that would wait for GracefulStop.
				c.calls.Wait()
				c.server.Stop()
			}()
		}
	}
}

// HandleRPC implements stats.Handler.
func (c *connection) HandleRPC(_ context.Context, event stats.RPCStats) {
	switch event.(type) {
	case *stats.Begin:
		c.calls.Add(1)
	case *stats.End:
		c.calls.Done()
	}
}

// TagConn implements stats.Handler.
func (*connection) TagConn(ctx context.Context, _ *stats.ConnTagInfo) context.Context { return ctx }

// TagRPC implements stats.Handler.
func (*connection) TagRPC(ctx context.Context, _ *stats.RPCTagInfo) context.Context { return ctx }
