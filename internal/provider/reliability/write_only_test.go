package reliability_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

const (
	numberA = "19900101-2385"
	numberB = "19850615-1235"
	numberC = "191500722390" // a coordination number without a month and a day
)

// secrets declares a user and an identity whose personal number comes from the ephemeral variable v, and is not declared if that is empty.
func secrets(customID string, lifecycles ...string) string {
	lifecycle := map[int]string{}
	for i, lines := range lifecycles {
		lifecycle[i] = "lifecycle { " + lines + " }"
	}
	return `variable "v" {
  type      = string
  default   = ""
  ephemeral = true
}
resource "pigello_organization_user" "ada" {
  detail_access = 0
  first_name    = "Ada"
  custom_id     = "` + customID + `"
  ssn_wo        = var.v == "" ? null : var.v
  ` + lifecycle[0] + `
}
resource "pigello_protected_identity" "p" {
  tenant_id        = "` + tenant + `"
  custom_id        = "` + customID + `"
  personal_data_wo = { first_name = "-", ssn = var.v == "" ? null : var.v }
  ` + lifecycle[1] + `
}
`
}

// numbers returns the personal numbers that the server holds, of the user and of the identity.
func numbers(w *acctest.Workspace) [2]any {
	var found [2]any
	for i, kind := range []string{kind, identity} {
		for _, object := range w.Sandbox.All(kind) {
			found[i] = object["ssn"]
		}
	}
	return found
}

// TestForgottenSecret applies saved plans in a pipeline that has forgotten the secret by then: nothing is cleared, and nothing created without it.
func TestForgottenSecret(t *testing.T) {
	w := acctest.New(t)
	w.Config(secrets("1"))
	stops := func(what string, planned string) {
		t.Helper()
		w.Setenv("TF_VAR_v", planned)
		_, r := w.Plan()
		if r.ExitCode != 2 {
			t.Fatalf("%s: %s", what, r.Output)
		}
		before := numbers(w)
		w.Setenv("TF_VAR_v", "")
		w.Sandbox.ResetRequests()
		errs := w.Try("apply", "-input=false", "-var=v=", "tfplan").Errors()
		if len(errs) != 2 {
			t.Errorf("%s: want an error for each of the two, got %+v", what, errs)
		}
		for _, d := range errs {
			if !strings.Contains(d.Detail, "ssn_wo_declared") && !strings.Contains(d.Detail, "personal_data_wo_members") {
				t.Errorf("%s: %s\n%s", what, d.Summary, d.Detail)
			}
		}
		if n := acctest.Count(w.Sandbox, http.MethodPost) + acctest.Count(w.Sandbox, http.MethodPatch); n != 0 || numbers(w) != before {
			t.Errorf("%s: %d writes, the server holds %v, before %v", what, n, numbers(w), before)
		}
	}
	stops("creation", numberA)
	w.Setenv("TF_VAR_v", numberA)
	w.Apply()
	stops("another number", numberB)
	w.Config(secrets("2"))
	stops("another change", numberA)
	// To leave the secret out of the plan, too, is to want it cleared.
	w.Setenv("TF_VAR_v", "")
	w.Apply()
	if now := numbers(w); now != [2]any{nil, nil} {
		t.Errorf("not cleared: %v", now)
	}
	w.PlanEmpty()
}

// TestIgnoredSecret has write-only data under ignore_changes. It is written at the creation and not after it; what somebody corrects in Pigello
// stays; and plans become empty.
func TestIgnoredSecret(t *testing.T) {
	for name, ignore := range map[string][]string{
		"by name": {"ignore_changes = [ssn_wo]", "ignore_changes = [personal_data_wo]"},
		"all":     {"ignore_changes = all", "ignore_changes = all"},
	} {
		for when, first := range map[string][]string{"from the beginning": ignore, "later": nil} {
			t.Run(name+"/"+when, func(t *testing.T) {
				w := acctest.New(t)
				w.Config(secrets("1", first...))
				w.Setenv("TF_VAR_v", numberA)
				w.Apply()
				for kind, id := range map[string]string{kind: served(w, kind)[0], identity: served(w, identity)[0]} {
					w.Sandbox.Change(kind, id, map[string]any{"ssn": numberB})
				}
				w.Sandbox.ResetRequests()
				w.Config(secrets("1", ignore...))
				w.Apply()
				w.PlanEmpty()
				w.Setenv("TF_VAR_v", numberC)
				w.Apply()
				w.PlanEmpty()
				w.Setenv("TF_VAR_v", "")
				w.Apply()
				w.PlanEmpty()
				if n, now := acctest.Count(w.Sandbox, http.MethodPatch), numbers(w); n != 0 || now != [2]any{numberB, numberB} {
					t.Errorf("%d changes were sent, and the server holds %v", n, now)
				}
				if name != "by name" {
					return
				}
				// Another change is sent alone.
				w.Setenv("TF_VAR_v", numberC)
				w.Config(secrets("2", ignore...))
				w.Apply()
				for _, r := range w.Sandbox.Requests() {
					if body := r.Object(); r.Method == http.MethodPatch && (body["custom_id"] != "2" || strings.Contains(string(r.Body), "ssn")) {
						t.Errorf("sent %s", r.Body)
					}
				}
				w.PlanEmpty()
				// Without ignore_changes, what is declared is written again.
				w.Config(secrets("2"))
				w.Apply()
				if now := numbers(w); now != [2]any{numberC, numberC} {
					t.Errorf("the server holds %v", now)
				}
				w.PlanEmpty()
			})
		}
	}
}

// TestIgnoredAfterImport adopts people whose personal data is under ignore_changes, and changes something else: what somebody is really
// called does not come into the state.
func TestIgnoredAfterImport(t *testing.T) {
	w := acctest.New(t)
	ada := w.Sandbox.Put(kind, map[string]any{"detail_access": 0, "first_name": "Ada", "ssn": numberA})
	p := w.Sandbox.Put(identity, map[string]any{"tenant": map[string]any{"id": tenant}, "first_name": "Canarybird", "last_name": "Canarysurname"})
	config := func(customID string) string {
		return `import {
  to = pigello_organization_user.ada
  id = "` + ada + `"
}
import {
  to = pigello_protected_identity.p
  id = "` + p + `"
}
` + user("ada", `first_name = "Ada"`, `ssn = "`+numberB+`"`, `custom_id = "`+customID+`"`, `lifecycle { ignore_changes = [ssn] }`) +
			protected(`first_name = "-"`, `custom_id = "`+customID+`"`, `lifecycle { ignore_changes = [first_name] }`)
	}
	fix := func(s string) string { return strings.Replace(s, "  first_name = \"ada\"\n", "", 1) }
	w.Config(fix(config("1")))
	w.Apply()
	w.Config(fix(config("2")))
	w.Apply()
	w.Apply("-refresh-only")
	w.PlanEmpty()
	if found := w.Traces([]string{numberA, "Canarybird", "Canarysurname"}); len(found) != 0 {
		t.Errorf("%v", found)
	}
	for _, r := range w.Sandbox.Requests() {
		if r.Method == http.MethodPatch && (strings.Contains(string(r.Body), numberB) || strings.Contains(string(r.Body), `"-"`)) {
			t.Errorf("sent what is ignored: %s", r.Body)
		}
	}
}

// TestHiddenInReadsOnly has a server that shows personal data in the response to a write, and to no reader. One apply finds that out, and
// plans are empty from then on; changes are written all the same.
func TestHiddenInReadsOnly(t *testing.T) {
	for _, mask := range []string{"", "***"} {
		t.Run("mask "+mask, func(t *testing.T) { testHiddenInReadsOnly(t, mask) })
	}
}

func testHiddenInReadsOnly(t *testing.T, mask string) {
	w := acctest.New(t, func(b *sandbox.Behaviour) {
		b.HideInReads, b.Mask = []string{"ssn", "phone_number", "first_name"}, mask
	})
	config := func(phone string) string {
		return secrets("1") + user("eve", `phone_number = "`+phone+`"`, `ssn = "`+numberB+`"`) + `
resource "pigello_protected_identity" "plain" {
  tenant_id    = "` + uuidOf(7) + `"
  first_name   = "-"
  phone_number = "` + phone + `"
}
`
	}
	w.Setenv("TF_VAR_v", numberA)
	for _, phone := range []string{"0701234567", "0707654321"} {
		w.Config(config(phone))
		w.Apply()
		w.Apply() // repairs what seems to be missing
		w.Sandbox.ResetRequests()
		w.PlanEmpty()
		w.Apply()
		if n := acctest.Count(w.Sandbox, http.MethodPatch); n != 0 {
			t.Errorf("%d changes are sent again", n)
		}
		for _, kind := range []string{kind, identity} {
			found := false
			for _, object := range w.Sandbox.All(kind) {
				found = found || object["phone_number"] == phone
			}
			if !found {
				t.Errorf("no %s has the number %s", kind, phone)
			}
		}
	}
	w.Setenv("TF_VAR_v", numberC)
	w.Config(strings.Replace(config("0707654321"), "ssn_wo ", "ssn_wo_version = 1\n  ssn_wo ", 1))
	w.Apply()
	ada := w.Attributes("pigello_organization_user.ada")["id"].(string)
	if object, _ := w.Sandbox.Get(kind, ada); object["ssn"] != numberC {
		t.Errorf("the server holds %v", object["ssn"])
	}
	w.PlanEmpty()
}

// TestMasksAreNotSent has a server that shows asterisks in place of names: a change of something else does not write them.
func TestMasksAreNotSent(t *testing.T) {
	w := acctest.New(t, func(b *sandbox.Behaviour) { b.Hide, b.Mask = []string{"first_name", "last_name"}, "***" })
	w.Config(user("ada", `last_name = "Ek"`, `on_destroy = "deactivate"`))
	w.Apply()
	w.PlanEmpty()
	w.Config(user("ada", `last_name = "Ek"`, `on_destroy = "deactivate"`, `custom_id = "1"`))
	w.Apply()
	w.PlanEmpty()
	w.Config("")
	w.Apply()
	for _, r := range w.Sandbox.Requests() {
		if strings.Contains(string(r.Body), "***") {
			t.Errorf("%s %s", r.Method, r.Body)
		}
	}
	for _, left := range w.Sandbox.All(kind) {
		if left["first_name"] != "ada" || left["last_name"] != "Ek" || left["is_active"] != false {
			t.Errorf("%v", left)
		}
	}
}
