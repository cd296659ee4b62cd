package invite_test

import (
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

const (
	ada = `resource "pigello_organization_user" "ada" {
  first_name    = "Ada"
  detail_access = 1
  custom_id     = "emp-42"
}

resource "terraform_data" "invite" {
  triggers_replace = pigello_organization_user.ada.id

  lifecycle {
    action_trigger {
      events  = [after_create]
      actions = [action.pigello_organization_user_invite.ada]
    }
  }
}
`
	inviteAda = `action "pigello_organization_user_invite" "ada" {
  config {
    user_id = pigello_organization_user.ada.id
  }
}
`
	invokeAda = "-invoke=action.pigello_organization_user_invite.ada"
)

// invites fails the test unless that many invites were sent to the one user that there is.
func invites(t *testing.T, w *acctest.Workspace, want int) {
	t.Helper()
	users := w.Sandbox.All(sandbox.OrganizationUser)
	if len(users) != 1 || len(w.Sandbox.Invites()) != want {
		t.Fatalf("%d users, %d invites, want %d", len(users), len(w.Sandbox.Invites()), want)
	}
	for _, invite := range w.Sandbox.Invites() {
		if string(invite) != `{"id":"`+users[0]["id"].(string)+`"}` {
			t.Errorf("the invite %s", invite)
		}
	}
}

// TestTriggered lets Terraform invite whom it has created: then, and when it is told to, and never besides.
func TestTriggered(t *testing.T) {
	w := acctest.New(t)
	w.Needs(acctest.Actions)
	w.Config(ada + inviteAda)
	if found := w.Validate(); len(found) > 0 {
		t.Fatalf("%+v", found)
	}
	w.Plan()
	if n := len(w.Sandbox.Invites()); n != 0 {
		t.Fatalf("a plan sends %d invites", n)
	}
	r := w.OK("apply", "-no-color", "-input=false", "tfplan")
	if !strings.Contains(r.Output, "Sending an invite to the organization user "+w.Attributes("pigello_organization_user.ada")["id"].(string)) {
		t.Error(r.Output)
	}
	invites(t, w, 1)
	w.PlanEmpty()
	w.Apply()
	w.Config(strings.Replace(ada, "detail_access = 1", "detail_access = 2", 1) + inviteAda)
	w.Apply()
	invites(t, w, 1)
	w.Apply(invokeAda)
	invites(t, w, 2)
	w.PlanEmpty()
}

// TestForms triggers invites in each form in which a command knows how to: two are sent when two users are created, one when one of
// them is created again, and none by any other change.
func TestForms(t *testing.T) {
	const invokeP = "-invoke=action.pigello_organization_user_invite.p"
	const trigger = `
  lifecycle {
    action_trigger {
      events  = [after_create]
      actions = [action.pigello_organization_user_invite.%s]
    }
  }`
	for name, form := range map[string]struct {
		inUser, action string
		toBo           []string // invites one of them once more
		works          func(*acctest.Workspace) bool
	}{
		"a resource between the two": {
			"", `
resource "terraform_data" "invite" {
  for_each         = local.people
  triggers_replace = pigello_organization_user.p[each.key].id
` + fmt.Sprintf(trigger, "p[each.key]") + `
}
action "pigello_organization_user_invite" "p" {
  for_each = local.people
  config { user_id = pigello_organization_user.p[each.key].id }
}`, []string{invokeP + `["bo"]`}, func(*acctest.Workspace) bool { return true },
		},
		"a reference to the user": {
			fmt.Sprintf(trigger, "p[each.key]"), `
action "pigello_organization_user_invite" "p" {
  for_each = local.people
  config { user_id = pigello_organization_user.p[each.key].id }
}`, []string{invokeP + `["bo"]`}, func(w *acctest.Workspace) bool { return !w.Has(acctest.Caller) },
		},
		"caller": {
			fmt.Sprintf(trigger, "p"), `
action "pigello_organization_user_invite" "p" {
  config { user_id = caller.id }
}`, []string{invokeP, `-target=pigello_organization_user.p["bo"]`}, func(w *acctest.Workspace) bool { return w.Has(acctest.Caller) },
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := acctest.New(t)
			w.Needs(acctest.Actions)
			if !form.works(w) {
				t.Skipf("%s knows no such form", w.Engine())
			}
			apply := func(access, invites int) {
				t.Helper()
				sent := len(w.Sandbox.Invites())
				w.Config(fmt.Sprintf(`locals { people = { bo = "Bo", cleo = "Cleo" } }
resource "pigello_organization_user" "p" {
  for_each      = local.people
  first_name    = each.value
  detail_access = %d
  %s
}`, access, form.inUser) + form.action)
				w.Apply()
				if n := len(w.Sandbox.Invites()) - sent; n != invites {
					t.Errorf("%d invites were sent, want %d", n, invites)
				}
				w.PlanEmpty()
			}
			apply(0, 2)
			apply(1, 0)
			w.Sandbox.Configure(func(b *sandbox.Behaviour) { b.ClockSkew += time.Hour }) // the absence of what is new would be waited out
			w.Sandbox.Remove(sandbox.OrganizationUser, fmt.Sprint(w.Attributes(`pigello_organization_user.p["bo"]`)["id"]))
			apply(1, 1)
			for want, args := range map[int][]string{1: form.toBo, 2: {invokeP}} {
				sent := len(w.Sandbox.Invites())
				w.Apply(args...)
				if n := len(w.Sandbox.Invites()) - sent; n != want {
					t.Errorf("%v sends %d invites, want %d", args, n, want)
				}
			}
		})
	}
}

// TestTriggeredInVain: an invite that fails leaves the user, untainted, and is not sent by the next apply.
func TestTriggeredInVain(t *testing.T) {
	w := acctest.New(t)
	w.Needs(acctest.Actions)
	w.Config(ada + inviteAda)
	w.Sandbox.Inject(sandbox.Fault{Path: "/invite/", Drop: true, AfterCommit: true})
	r := w.Run("apply", "-auto-approve", "-no-color", "-input=false")
	said := strings.Join(strings.Fields(r.Output), " ")
	if r.ExitCode != 1 || !strings.Contains(said, "It is not known whether the invite was sent.") || !strings.Contains(said, "terraform apply -invoke=action.pigello_organization_user_invite.<name>") {
		t.Errorf("exit code %d\n%s", r.ExitCode, r.Output)
	}
	invites(t, w, 1)
	if strings.Contains(w.State(), `"tainted"`) {
		t.Error("the user is tainted")
	}
	w.PlanEmpty()
	w.Apply()
	invites(t, w, 1)
	w.Sandbox.Inject(sandbox.Fault{Path: "/invite/", Status: 400, Body: `{"detail": "has no e-mail address"}`})
	if r := w.Run("apply", "-auto-approve", "-no-color", invokeAda); r.ExitCode != 1 || !strings.Contains(r.Output, "has no e-mail address") || !strings.Contains(r.Output, "No invite was sent") {
		t.Errorf("exit code %d\n%s", r.ExitCode, r.Output)
	}
	invites(t, w, 1)
	w.Apply(invokeAda)
	invites(t, w, 2)
}

// TestTaintedByAFailure has the next apply send an invite that failed, without replacing the user.
func TestTaintedByAFailure(t *testing.T) {
	w := acctest.New(t)
	w.Needs(acctest.Caller)
	w.Config(strings.Replace(ada, "events  =", "on_failure = taint\n      events =", 1) + inviteAda)
	w.Sandbox.Inject(sandbox.Fault{Path: "/invite/", Status: 400, Body: `{"detail": "has no e-mail address"}`})
	if r := w.Run("apply", "-auto-approve", "-no-color"); !strings.Contains(r.Output, "has no e-mail address") {
		t.Errorf("exit code %d\n%s", r.ExitCode, r.Output)
	}
	id := w.Attributes("pigello_organization_user.ada")["id"]
	invites(t, w, 0)
	w.Apply()
	invites(t, w, 1)
	if now := w.Attributes("pigello_organization_user.ada")["id"]; now != id {
		t.Errorf("the user %s was replaced by %s", id, now)
	}
	w.PlanEmpty()
}

// TestBodyIsNotTold sends somebody's data, which shows nowhere: in no output, no state and no log.
func TestBodyIsNotTold(t *testing.T) {
	w := acctest.New(t)
	w.Needs(acctest.Actions)
	log := w.TraceTo("provider.log")
	w.Setenv("PIGELLO_MAX_RETRIES", "0")
	const email, ssn = "canary.lindgren@example.com", "19900101-2385"
	w.Setenv("TF_VAR_person", `{"email": "`+email+`", "ssn": "`+ssn+`"}`)
	w.Config(`variable "person" {
  type      = map(string)
  sensitive = true
}
action "pigello_subtenant_invite" "somebody" {
  config {
    body = jsonencode(var.person)
  }
}`)
	said := `{"email": ["` + email + ` is taken"], "ssn": "` + ssn + `", "detail": "` + email + `"}`
	var outputs []string
	for _, fault := range []sandbox.Fault{
		{}, {Status: 400, Body: said}, {Status: 409, Body: said}, {Status: 500, Body: said}, {Status: 200, Body: "<html>" + email}, {Drop: true}, {Truncate: true},
	} {
		w.Sandbox.Inject(fault)
		outputs = append(outputs, w.Run("apply", "-auto-approve", "-no-color", "-invoke=action.pigello_subtenant_invite.somebody").Output)
	}
	for i, output := range outputs {
		if strings.Contains(output, "Apply complete!") != (i == 0) {
			t.Error(output)
		}
	}
	if content, err := os.ReadFile(log); err != nil || !strings.Contains(string(content), "/accounts/users/auth/invite/customer/subtenant/") {
		t.Errorf("the log tells nothing at all: %v", err)
	}
	for _, trace := range w.Traces([]string{email, ssn}, outputs...) {
		t.Error(trace)
	}
	if n := len(w.Sandbox.Requests()); n != len(outputs) {
		t.Errorf("%d requests for %d runs", n, len(outputs))
	}
}

// TestInterrupted presses Ctrl-C while an invite waits or is under way. Terraform learns how it ended.
func TestInterrupted(t *testing.T) {
	for name, c := range map[string]struct {
		fault sandbox.Fault
		sent  int
		says  string
	}{
		"throttled": {sandbox.Fault{Path: "/invite/", Status: 429, Header: http.Header{"Retry-After": {"600"}}}, 0, "No invite was sent"},
		"in doubt": {
			sandbox.Fault{Path: "/invite/", Delay: time.Second, Drop: true, AfterCommit: true}, 1,
			"It is not known whether the invite was sent",
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := acctest.New(t)
			w.Needs(acctest.Actions)
			w.Config(ada + inviteAda)
			w.Sandbox.Inject(c.fault)
			command := w.Start("apply", "-auto-approve", "-no-color", "-input=false")
			isInvite := func(r sandbox.Request) bool { return strings.Contains(r.Path, "/invite/") }
			for deadline := time.Now().Add(time.Minute); !slices.ContainsFunc(w.Sandbox.Requests(), isInvite); time.Sleep(time.Millisecond) {
				if time.Now().After(deadline) {
					t.Fatal("no invite is sent")
				}
			}
			time.Sleep(500 * time.Millisecond) // nobody is told of the end if it may not have been told of the beginning
			command.Signal(syscall.SIGINT)
			r := command.Wait()
			if said := strings.Join(strings.Fields(r.Output), " "); r.ExitCode == 0 || !strings.Contains(said, c.says) {
				t.Errorf("exit code %d\n%s", r.ExitCode, r.Output)
			}
			invites(t, w, c.sent)
			w.PlanEmpty()
			w.Apply()
			invites(t, w, c.sent)
		})
	}
}
