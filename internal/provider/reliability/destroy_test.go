package reliability_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// TestOnDestroy destroys in each of the modes and creates anew after it. The value that was last applied counts.
func TestOnDestroy(t *testing.T) {
	for mode, c := range map[string]struct {
		left   bool
		active any
	}{
		"":           {left: false},
		"delete":     {left: false},
		"deactivate": {left: true, active: false},
		"abandon":    {left: true, active: true},
	} {
		t.Run(mode, func(t *testing.T) {
			w := acctest.New(t)
			line := func(mode string) string {
				if mode == "" {
					return ""
				}
				return `on_destroy = "` + mode + `"`
			}
			before := map[string]string{"abandon": "delete", "delete": "abandon", "deactivate": ""}[mode]
			w.Config(user("ada", line(before)))
			w.Apply()
			w.Config(user("ada", line(mode)))
			w.Apply()
			id := ids(t, w)[0]
			w.Sandbox.ResetRequests()
			w.Config("")
			w.Apply()
			object, exists := w.Sandbox.Get(kind, id)
			if exists != c.left || exists && object["is_active"] != c.active || len(ids(t, w)) != 0 {
				t.Errorf("left is %v: %v", exists, object)
			}
			deletes, patches := acctest.Count(w.Sandbox, http.MethodDelete), acctest.Count(w.Sandbox, http.MethodPatch)
			if (deletes == 1) == c.left || (patches == 1) != (mode == "deactivate") {
				t.Errorf("%d DELETE, %d PATCH", deletes, patches)
			}
			w.Config(user("ada", line(mode)))
			w.Apply()
			if now := ids(t, w); len(now) != 1 || now[0] == id {
				t.Errorf("created anew as %v after %s", now, id)
			}
			w.PlanEmpty()
			w.OK("destroy", "-auto-approve", "-input=false")
			if n := len(ids(t, w)); n != 0 {
				t.Errorf("%d left in the state", n)
			}
		})
	}
}

// TestDeactivateWhoIsGone has nobody to deactivate; a failure keeps the user in the state.
func TestDeactivateWhoIsGone(t *testing.T) {
	w := acctest.New(t)
	w.Setenv("PIGELLO_MAX_RETRIES", "0")
	w.Config(user("ada", `on_destroy = "deactivate"`))
	w.Apply()
	w.Sandbox.Inject(sandbox.Fault{Method: http.MethodPatch, Status: 500})
	errs := w.Try("destroy", "-auto-approve").Errors()
	errs.Only(t, "deactivate", "500")
	agree(t, w, 1)
	w.Sandbox.Remove(kind, ids(t, w)[0])
	w.OK("destroy", "-auto-approve", "-refresh=false", "-input=false")
	agree(t, w, 0)
}

// TestImportedIsDeleted shows the default of on_destroy after an import.
func TestImportedIsDeleted(t *testing.T) {
	w := acctest.New(t)
	id := w.Sandbox.Put(kind, map[string]any{"detail_access": 0, "first_name": "ada"})
	w.Config(user("ada"))
	w.OK("import", "-input=false", "pigello_organization_user.ada", id)
	if has := w.Attributes("pigello_organization_user.ada")["on_destroy"]; has != "delete" {
		t.Errorf("on_destroy is %v", has)
	}
	w.PlanEmpty()
	w.OK("destroy", "-auto-approve", "-input=false")
	agree(t, w, 0)
}

// TestTerraformsOwn changes what is no concern of the API's.
func TestTerraformsOwn(t *testing.T) {
	w := acctest.New(t)
	w.Config(user("ada"))
	w.Apply()
	for _, line := range []string{
		`on_destroy = "abandon"`, `timeouts = { create = "1m" }`, `timeouts = { create = "2m", update = "3m" }`, `on_destroy = "deactivate"`, ``,
	} {
		w.Config(user("ada", line))
		w.Sandbox.ResetRequests()
		w.Apply()
		acctest.NoWrites(t, w.Sandbox)
		w.PlanEmpty()
	}
}

// TestTimeouts bounds every operation, its repetitions included.
func TestTimeouts(t *testing.T) {
	w := acctest.New(t)
	w.Setenv("PIGELLO_MAX_RETRIES", "20")
	limits := `timeouts = { create = "2s", read = "2s", update = "2s", delete = "2s" }`
	slow := func(what string, faulty []sandbox.Fault, words []string, args ...string) {
		t.Helper()
		for _, fault := range faulty {
			fault.Times = -1
			w.Sandbox.Inject(fault)
			start := time.Now()
			errs := w.Try(append(args, "-input=false")...).Errors()
			// The commands take some time of their own.
			if took := time.Since(start); took < 2*time.Second && fault.Header == nil || took > 9*time.Second {
				t.Errorf("%s: took %s", what, took)
			}
			errs.Only(t, append(words, "Could not "+what)...)
			w.Sandbox.ClearFaults()
		}
	}
	w.Config(user("ada", `timeouts = { create = "-1s", read = "0s" }`))
	if errs := w.Validate(); len(errs) != 2 {
		t.Errorf("%+v", errs)
	}
	w.Config(user("ada", limits))
	slow("create", []sandbox.Fault{{Status: 503}, {Delay: time.Minute}}, nil, "apply", "-auto-approve")
	slow("create", []sandbox.Fault{{Status: 429, Header: retryAfter("300")}}, []string{"5m0s", "wait"}, "apply", "-auto-approve")
	agree(t, w, 0)
	w.Apply()
	state := w.State()
	slow("read", []sandbox.Fault{{Status: 503}, {Drop: true}}, nil, "plan")
	slow("read", []sandbox.Fault{{Status: 429, Header: retryAfter("300")}}, []string{"5m0s", "wait"}, "plan")
	w.Config(user("ada", limits, `last_name = "Lovelace"`))
	slow("update", []sandbox.Fault{{Status: 503}, {Method: http.MethodPatch, Delay: time.Minute}}, nil, "apply", "-auto-approve", "-refresh=false")
	slow("delete", []sandbox.Fault{{Status: 503}, {Method: http.MethodDelete, Drop: true}}, nil, "destroy", "-auto-approve", "-refresh=false")
	if len(ids(t, w)) != 1 || !strings.Contains(state, ids(t, w)[0]) {
		t.Errorf("the state has changed")
	}
}

// TestLongerTimeout has applied a timeouts.read that is too short to read anything. Without a refresh, a longer one counts at once, also for the
// comparison of write-only values.
func TestLongerTimeout(t *testing.T) {
	w := acctest.New(t, func(b *sandbox.Behaviour) { b.Latency = 200 * time.Millisecond })
	limited := func(read string) string {
		return user("ada", `ssn_wo = "`+numberA+`"`, fmt.Sprintf("timeouts = { read = %q }", read))
	}
	w.Config(limited("10ms"))
	w.Apply()
	for _, mode := range []string{"-refresh=true", "-refresh=false"} {
		w.Try("plan", "-input=false", mode).Errors().Only(t, "within 10ms (timeouts.read)")
	}
	w.Config(limited("1m"))
	w.Apply("-refresh=false")
	w.PlanEmpty()
}

// TestSoak plans again and again, while the server changes whatever it changes by itself.
func TestSoak(t *testing.T) {
	w := acctest.New(t, func(b *sandbox.Behaviour) {
		b.BumpVolatile, b.UnknownFields, b.RewriteInstants, b.LowerEmailDomain, b.ShuffleUnordered = true, true, true, true, true
	})
	w.Config(many(5) + user("ada", `email = "ada@EXAMPLE.com"`, `active_to = "2030-01-01T00:00:00Z"`, `ssn = "19900101-2385"`))
	w.Apply()
	for i := range 20 {
		for _, command := range [][]string{{"plan"}, {"plan", "-refresh-only"}} {
			r := w.Run(append(command, "-detailed-exitcode", "-input=false", "-no-color")...)
			if r.ExitCode != 0 {
				t.Fatalf("%v, number %d: exit code %d\n%s", command, i+1, r.ExitCode, r.Output)
			}
		}
	}
}

// TestDeactivationIsIgnored has a server that accepts is_active and keeps it: the user stays in the state.
func TestDeactivationIsIgnored(t *testing.T) {
	w := acctest.New(t)
	w.Config(user("ada", `on_destroy = "deactivate"`))
	w.Apply()
	w.Sandbox.Configure(func(b *sandbox.Behaviour) {
		b.Rewrite = func(_ string, fields map[string]any) { delete(fields, "is_active") }
	})
	w.Config("")
	w.TryApply().Errors().Only(t, "Could not deactivate", "response shows", "state rm")
	if n := len(w.Instances()); n != 1 {
		t.Errorf("the state holds %d users", n)
	}
	w.Sandbox.Configure(func(b *sandbox.Behaviour) { b.Rewrite = nil })
	w.Apply()
	if n := len(w.Instances()); n != 0 {
		t.Errorf("the state holds %d users", n)
	}
}
