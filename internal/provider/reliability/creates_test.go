package reliability_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// TestParallelCreates loses every second response to a creation, in each of the ways.
func TestParallelCreates(t *testing.T) {
	for name, fault := range map[string]sandbox.Fault{
		"reset":          {Drop: true},
		"cut in two":     {Truncate: true},
		"client timeout": {Delay: time.Minute},
		"500":            {Status: 500},
		"502":            {Status: 502, Body: "<html>"},
		"504":            {Status: 504},
		"unreadable":     {Status: 201, Body: "<html>"},
	} {
		t.Run(name, func(t *testing.T) {
			w := acctest.New(t)
			w.Setenv("PIGELLO_REQUEST_TIMEOUT", "3s")
			w.Config(many(12))
			fault.Method, fault.AfterCommit = http.MethodPost, true
			for range 6 {
				w.Sandbox.Inject(fault, sandbox.Fault{Method: http.MethodPost})
			}
			w.Apply()
			agree(t, w, 12)
			if n := acctest.Count(w.Sandbox, http.MethodPost); n != 12 {
				t.Errorf("%d creations were sent", n)
			}
			w.PlanEmpty()
		})
	}
}

// TestLostBeforeCommit loses requests, which are sent again after nothing was found.
func TestLostBeforeCommit(t *testing.T) {
	w := acctest.New(t)
	w.Config(many(6))
	w.Sandbox.Inject(
		sandbox.Fault{Method: http.MethodPost, Drop: true}, sandbox.Fault{Method: http.MethodPost, Status: 500},
		sandbox.Fault{Method: http.MethodPost, Status: 429, Header: retryAfter("2"), Times: 3},
	)
	w.Apply()
	agree(t, w, 6)
	if n := acctest.Count(w.Sandbox, http.MethodPost); n != 11 {
		t.Errorf("%d creations were sent", n)
	}
	w.PlanEmpty()
}

// TestUnknownOutcome ends with an error that says how to go on, which works.
func TestUnknownOutcome(t *testing.T) {
	t.Run("not made", func(t *testing.T) {
		w := acctest.New(t)
		w.Config(user("ada"))
		w.Sandbox.Inject(sandbox.Fault{Method: http.MethodPost, Status: 504})
		errs := w.TryApply().Errors()
		errs.Only(t, "Could not create", "504", "not known whether", "not sent again", "import {\n  to = pigello_organization_user.<name>\n  id = \"<id>\"\n}")
		if n := acctest.Count(w.Sandbox, http.MethodPost); n != 1 {
			t.Errorf("sent %d times", n)
		}
		w.Apply()
		agree(t, w, 1)
	})
	t.Run("made, and cannot be looked for", func(t *testing.T) {
		w := acctest.New(t, func(b *sandbox.Behaviour) { b.ForbidLists = true })
		w.Config(user("ada"))
		w.Sandbox.Inject(sandbox.Fault{Method: http.MethodPost, Drop: true, AfterCommit: true})
		errs := w.TryApply().Errors()
		d := errs.Only(t, "not known whether", "403")
		if n := acctest.Count(w.Sandbox, http.MethodPost); n != 1 || len(ids(t, w)) != 0 {
			t.Errorf("sent %d times, in the state: %v", n, ids(t, w))
		}
		adopt(t, w, d, "ada", served(w, kind)[0])
	})
	t.Run("one of two", func(t *testing.T) {
		w := acctest.New(t)
		w.Config(user("ada"))
		w.Sandbox.Inject(
			sandbox.Fault{Method: http.MethodPost, Drop: true, AfterCommit: true},
			sandbox.Fault{Method: http.MethodGet, Path: "/list/", Delay: 2 * time.Second}, // until the twin is there
		)
		c := w.Start("apply", "-auto-approve", "-input=false", "-no-color")
		await(t, w, http.MethodPost, 1)
		twin := w.Sandbox.Put(kind, map[string]any{"detail_access": 0, "first_name": "ada"})
		r := c.Wait()
		for _, id := range served(w, kind) {
			if r.ExitCode != 1 || !strings.Contains(r.Output, `id = "`+id+`"`) {
				t.Errorf("no import block for %s:\n%s", id, r.Output)
			}
		}
		w.Sandbox.Remove(kind, twin)
		adopt(t, w, acctest.Diagnostic{Detail: strings.ReplaceAll(r.Output, "\n│ ", "\n")}, "ada", served(w, kind)[0])
	})
}

// adopt does what an error tells: it adds the import block, with the resource's name, and applies.
func adopt(t *testing.T, w *acctest.Workspace, d acctest.Diagnostic, name, id string) {
	t.Helper()
	_, block, ok := strings.Cut(d.Detail, "import {")
	block, _, closed := strings.Cut(block, "}")
	if !ok || !closed {
		t.Fatalf("no import block in %s", d.Detail)
	}
	if !strings.Contains(block, id) && !strings.Contains(block, "<id>") {
		t.Logf("the first import block is another one's: %s", block)
		block = "\n  to = pigello_organization_user.<name>\n  id = \"<id>\"\n"
	}
	w.Write("import.tf", "import {"+strings.NewReplacer("<name>", name, "<id>", id).Replace(block)+"}\n")
	w.Apply()
	agree(t, w, len(served(w, kind)))
	w.PlanEmpty()
}

// TestMustBeUnique has the error on the attribute, with the other one's id.
func TestMustBeUnique(t *testing.T) {
	for attribute, value := range map[string]string{"custom_id": "emp-42", "email": "ada@example.com", "ssn": "19900101-2385"} {
		t.Run(attribute, func(t *testing.T) {
			w := acctest.New(t, func(b *sandbox.Behaviour) { b.Unique = []string{attribute} })
			other := w.Sandbox.Put(kind, map[string]any{"detail_access": 0, "first_name": "ada", attribute: value})
			w.Config(user("ada", attribute+` = "`+value+`"`))
			errs := w.TryApply().Errors()
			d := errs.Only(t, "unique", "import {\n  to = pigello_organization_user.<name>\n  id = \""+other+"\"\n}")
			if !strings.Contains(d.Code, attribute) {
				t.Errorf("the error is on %q", d.Code)
			}
			if attribute == "ssn" && strings.Contains(d.Detail, value) {
				t.Errorf("the error tells the personal number: %s", d.Detail)
			}
			adopt(t, w, d, "ada", other)

			w.Config(user("ada", attribute+` = "`+value+`"`) + user("eve"))
			w.Apply()
			w.Config(user("ada", attribute+` = "`+value+`"`) + user("eve", attribute+` = "`+value+`"`))
			errs = w.TryApply().Errors()
			errs.Only(t, "update", "unique", other)
		})
	}
	t.Run("protected identity", func(t *testing.T) {
		w := acctest.New(t)
		w.Config(`resource "pigello_protected_identity" "p" { tenant_id = "` + tenant + `" }`)
		w.Plan()
		other := w.Sandbox.Put(identity, map[string]any{"tenant": map[string]any{"id": tenant}, "first_name": "Canary"})
		// The saved plan knows nothing of the other one, a new plan does.
		for says, args := range map[string][]string{"unique": {"apply", "-input=false", "tfplan"}, "has this tenant_id already": {"plan", "-input=false"}} {
			errs := w.Try(args...).Errors()
			d := errs.Only(t, says, "import {\n  to = pigello_protected_identity.<name>\n  id = \""+other+"\"\n}")
			if !strings.Contains(d.Code, "tenant_id") || strings.Contains(d.Detail, "Canary") {
				t.Errorf("%q: %s", d.Code, d.Detail)
			}
		}
	})
}

// TestStrangeServers shows that nothing which a server makes of a creation taints the user.
func TestStrangeServers(t *testing.T) {
	w := acctest.New(t, func(b *sandbox.Behaviour) {
		b.LowerEmailDomain, b.UnknownFields, b.BumpVolatile, b.EmptyForNull, b.LagAfterCreate = true, true, true, true, 3
		b.Hide = []string{"phone_number", "is_active"}
	})
	w.Config(user("ada", `email = "ada@EXAMPLE.com"`, `phone_number = "0701234567"`, `is_active = true`))
	warnings := w.TryApply().Warnings()
	if len(warnings) == 0 {
		t.Errorf("no warning about what the server made different")
	}
	agree(t, w, 1)
}
