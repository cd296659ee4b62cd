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

// Serve serves a provider to the Terraform that has started this process, and returns when that has ended. The address is the
// provider's in the registry.
//
// It is what tf6server.Serve does, and watches Terraform's connection besides (see connection).
func Serve(address string, newServer func() tfprotov6.ProviderServer) {
	// Where nobody reads the log any more, a line of it must not end the process before its calls are finished.
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

// connection watches the connection that Terraform opens when it has started the provider, and keeps open until it ends, however
// that may be.
//
// While it is open, the process ignores SIGTERM. Pipelines send that to every process of a job that they cancel, and it would end
// the provider between a creation and its entry into the state. Terraform gets the signal, too, and stops the provider when its
// calls are finished.
//
// When the connection is closed, Terraform has gone, perhaps by kill -9, and nobody is left to stop the provider. Then it ends by
// itself: gRPC cancels the calls that are under way, and the process ends when they have returned. A call that is changing
// something at the server returns when the server has answered. Who does not want to wait for that can send SIGTERM.
type connection struct {
	server  *grpc.Server
	open    atomic.Int32   // how many there are: one at most, as far as we know
	calls   sync.WaitGroup // under way
	ignored chan os.Signal // takes SIGTERM while Terraform is connected; nobody reads it
}

// HandleConn implements stats.Handler.
func (c *connection) HandleConn(_ context.Context, event stats.ConnStats) {
	switch event.(type) {
	case *stats.ConnBegin:
		c.open.Add(1)
		signal.Notify(c.ignored, syscall.SIGTERM)
	case *stats.ConnEnd:
		if c.open.Add(-1) == 0 {
			signal.Stop(c.ignored) // signal.Ignore could not be undone
			go func() {
				// Not GracefulStop: it would wait for Terraform's call of Shutdown, which would wait for it.
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
