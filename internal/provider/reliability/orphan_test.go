package reliability_test

import (
	"net/http"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// TestProviderEndsWhenStopped looks into terraform's log, for terraform itself ends the provider by force if it takes long to stop.
func TestProviderEndsWhenStopped(t *testing.T) {
	w := acctest.New(t)
	w.Config(many(1))
	w.Apply()
	w.Setenv("TF_LOG", "TRACE")
	if log := w.OK("plan", "-no-color").Output; !strings.Contains(log, "plugin process exited") || strings.Contains(log, "failed to exit gracefully") {
		t.Errorf("the provider has not stopped by itself: its log is %d bytes", len(log))
	}
}

// TestProviderEndsWithTerraform kills terraform, and not the provider, while the server is at work. The provider ends by itself
// when it has finished what it has begun to change, and at once when it is asked to.
func TestProviderEndsWithTerraform(t *testing.T) {
	const forever = 10 * time.Minute
	start := func(t *testing.T, fault sandbox.Fault, args ...string) (*acctest.Workspace, *acctest.Command) {
		t.Helper()
		w := acctest.New(t)
		w.Setenv("PIGELLO_REQUEST_TIMEOUT", forever.String())
		w.Config(many(3))
		if fault.Method == http.MethodGet {
			w.Apply()
		}
		w.Sandbox.ResetRequests()
		w.Sandbox.Inject(fault)
		c := w.StartPiped(append(args, "-input=false", "-no-color")...)
		await(t, w, fault.Method, 1)
		c.KillTerraform()
		return w, c
	}
	ends := func(t *testing.T, c *acctest.Command, meanwhile func()) {
		t.Helper()
		for deadline := time.Now().Add(time.Minute); c.Running(); time.Sleep(10 * time.Millisecond) {
			if time.Now().After(deadline) {
				c.Signal(syscall.SIGKILL)
				t.Fatal("the provider goes on")
			}
			meanwhile()
		}
	}
	t.Run("while it reads", func(t *testing.T) {
		_, c := start(t, sandbox.Fault{Method: http.MethodGet, Delay: forever, Times: -1}, "plan")
		ends(t, c, func() {})
	})
	for name, level := range map[string]string{"while it writes": "", "while it writes and logs": "DEBUG"} {
		t.Run(name, func(t *testing.T) {
			w := acctest.New(t)
			w.Setenv("TF_LOG_PROVIDER", level)
			w.Config(user("ada", `custom_id = "emp-42"`))
			w.Sandbox.Inject(sandbox.Fault{Method: http.MethodPost, Delay: 1500 * time.Millisecond, Drop: true, AfterCommit: true})
			c := w.StartPiped("apply", "-auto-approve", "-input=false", "-no-color")
			await(t, w, http.MethodPost, 1)
			c.KillTerraform()
			ends(t, c, func() {})
			// The provider looks for what it has made when the response is lost, so that it did not end before.
			if acctest.Count(w.Sandbox, http.MethodGet) == 0 || len(served(w, kind)) != 1 {
				t.Errorf("the provider has ended in the middle of a creation: %v", w.Sandbox.Requests())
			}
		})
	}
	t.Run("when it is asked to", func(t *testing.T) {
		_, c := start(t, sandbox.Fault{Method: http.MethodPost, Delay: forever, Times: -1}, "apply", "-auto-approve")
		// More than once: the first may come before the provider knows that terraform has gone.
		ends(t, c, func() { c.Signal(syscall.SIGTERM) })
	})
}
