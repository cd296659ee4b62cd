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

// TestInterruptedCreates has Ctrl-C come while the server is at work, or what ends a pipeline's job: the one and the other go to the
// provider, too. What the server makes is in the state.
func TestInterruptedCreates(t *testing.T) {
	for name, signal := range map[string]syscall.Signal{"Ctrl-C": syscall.SIGINT, "a job's end": syscall.SIGTERM} {
		t.Run(name, func(t *testing.T) {
			w := acctest.New(t)
			w.Config(many(25))
			w.Sandbox.Inject(
				sandbox.Fault{Method: http.MethodPost, Delay: 1500 * time.Millisecond, Drop: true, AfterCommit: true},
				sandbox.Fault{Method: http.MethodPost, Delay: 1500 * time.Millisecond, Times: -1},
			)
			c := w.Start("apply", "-auto-approve", "-input=false", "-no-color")
			await(t, w, http.MethodPost, 8)
			c.Signal(signal)
			r := c.Wait()
			if r.ExitCode == 0 {
				t.Errorf("the interrupt came to nothing:\n%s", r.Output)
			}
			n := len(served(w, kind))
			if n < 8 || n == 25 {
				t.Errorf("%d users were made", n)
			}
			agree(t, w, n)
			w.Apply()
			agree(t, w, 25)
			w.PlanEmpty()
		})
	}
}

// TestInterruptedWait has Ctrl-C come while the server makes everybody wait.
func TestInterruptedWait(t *testing.T) {
	for _, command := range []string{"apply", "destroy"} {
		t.Run(command, func(t *testing.T) {
			w := acctest.New(t)
			w.Config(many(12))
			method := http.MethodPost
			if command == "destroy" {
				w.Apply()
				method = http.MethodDelete
			}
			w.Sandbox.Inject(sandbox.Fault{Method: method, Status: 429, Times: -1, Header: retryAfter("300")})
			w.Sandbox.ResetRequests()
			c := w.Start(command, "-auto-approve", "-input=false", "-no-color")
			await(t, w, method, 1)
			time.Sleep(500 * time.Millisecond)
			c.Signal(syscall.SIGINT)
			start := time.Now()
			r := c.Wait()
			// The command takes some time of its own to stop.
			if took := time.Since(start); took > 3*time.Second || r.ExitCode == 0 || strings.Contains(r.Output, "not known") {
				t.Errorf("exit code %d after %s:\n%s", r.ExitCode, took, r.Output)
			}
			agree(t, w, len(served(w, kind)))
		})
	}
}

// TestKilled has terraform and the provider die between a request and its response. What the guide about failures says of it
// holds: the next apply meets a conflict where the API keeps a field unique, and makes a second user where it does not.
func TestKilled(t *testing.T) {
	kill := func(t *testing.T, w *acctest.Workspace) {
		t.Helper()
		w.Sandbox.Inject(sandbox.Fault{Method: http.MethodPost, Delay: time.Minute, AfterCommit: true})
		c := w.Start("apply", "-auto-approve", "-input=false", "-no-color")
		for deadline := time.Now().Add(time.Minute); len(served(w, kind))+len(served(w, identity)) == 0; time.Sleep(10 * time.Millisecond) {
			if time.Now().After(deadline) {
				t.Fatal("nothing is made")
			}
		}
		c.Signal(syscall.SIGKILL)
		if r := c.Wait(); r.ExitCode == 0 {
			t.Fatalf("it has survived:\n%s", r.Output)
		}
	}
	t.Run("unique", func(t *testing.T) {
		w := acctest.New(t, func(b *sandbox.Behaviour) { b.Unique = []string{"custom_id"} })
		w.Config(user("ada", `custom_id = "emp-42"`))
		kill(t, w)
		errs := w.TryApply().Errors()
		d := errs.Only(t, "unique", served(w, kind)[0])
		adopt(t, w, d, "ada", served(w, kind)[0])
	})
	t.Run("protected identity", func(t *testing.T) {
		w := acctest.New(t)
		w.Config(`resource "pigello_protected_identity" "p" { tenant_id = "` + tenant + `" }`)
		kill(t, w)
		errs := w.TryApply().Errors()
		errs.Only(t, "unique", served(w, identity)[0])
	})
	t.Run("not unique", func(t *testing.T) {
		w := acctest.New(t)
		w.Config(user("ada", `custom_id = "emp-42"`))
		kill(t, w)
		w.Apply()
		if n := len(served(w, kind)); n != 2 || len(ids(t, w)) != 1 {
			t.Errorf("%d users; the guide says two", n)
		}
	})
}
