package guides_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

func operations(t *testing.T) (*acctest.Workspace, guide) {
	t.Helper()
	w := acctest.New(t)
	return w, openGuide(t, "operations")
}

// valid fails the test unless a configuration is valid.
func valid(t *testing.T, w *acctest.Workspace) {
	t.Helper()
	for _, d := range w.Validate() {
		t.Errorf("%s: %s", d.Summary, d.Detail)
	}
}

func TestOperationsBackend(t *testing.T) {
	w, guide := operations(t)
	guide.formatted(w)
	w.Config(guide.block("terraform", `backend "s3"`))
	valid(t, w)
}

// TestOperationsEncryption applies with the state encrypted, as OpenTofu can.
func TestOperationsEncryption(t *testing.T) {
	w, guide := operations(t)
	w.Config(guide.block("terraform", "encryption {") + `
resource "pigello_organization_user" "ada" {
  first_name    = "Ottilia-Wilhelmina"
  detail_access = 0
}
`)
	w.Setenv("TF_VAR_state_passphrase", "correct horse battery staple")
	r := w.Run("apply", "-auto-approve", "-no-color")
	if strings.Contains(r.Output, "Unsupported block type") {
		t.Skip("the command cannot encrypt the state: OpenTofu can")
	}
	if r.ExitCode != 0 {
		t.Fatal(r.Output)
	}
	if strings.Contains(w.State(), "Ottilia") {
		t.Error("the state is not encrypted")
	}
	w.PlanEmpty()
}

// TestOperationsEnvironments plans the guide's environment, with a module of people.
func TestOperationsEnvironments(t *testing.T) {
	w, guide := operations(t)
	people, environment := filepath.Join(w.Dir, "people"), filepath.Join(w.Dir, "environments", "development")
	for _, dir := range []string{people, environment} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	one := openGuide(t, oneFile)
	w.Write("people/main.tf", `variable "file" {
  type = string
}

terraform {
  required_providers {
    pigello = { source = "pigello/pigello" }
  }
}
`+strings.Replace(one.block("terraform", "csvdecode"), `"${path.module}/people.csv"`, "var.file", 1))
	w.Write("environments/development/main.tf", strings.Replace(guide.block("terraform", "environment = "), `  environment = "dev.api"`, "", 1))
	w.Write("environments/development/people.csv", one.block("text", "emp-1"))
	const in = "-chdir=environments/development"
	w.OK(in, "get")
	says(t, w.OK(in, "plan", "-no-color"), "Plan: 3 to add, 0 to change, 0 to destroy.")
}

// TestOperationsAliases creates the guide's users at two customers.
func TestOperationsAliases(t *testing.T) {
	w, guide := operations(t)
	config := guide.block("terraform", "alias ")
	// The sandbox knows one customer: the other one is refused, which shows that the second block is used for its resource only.
	w.Sandbox.Configure(func(b *sandbox.Behaviour) {
		b.Credentials["X-PIGELLO-CUSTOMER-ID"] = "5b0f0f8c-5f0f-4a53-8c27-3d2a1e9b7c10"
	})
	w.Config(config)
	valid(t, w)
	w.OK("apply", "-auto-approve", "-target=pigello_organization_user.manager")
	if r := w.Run("apply", "-auto-approve", "-no-color"); r.ExitCode != 1 || !strings.Contains(r.Output, "pigello_organization_user.manager_of_second") {
		t.Errorf("exit code %d\n%s", r.ExitCode, r.Output)
	}
	if n := len(w.Sandbox.All(sandbox.OrganizationUser)); n != 1 {
		t.Errorf("%d users exist", n)
	}
}

// TestOperationsLog runs the guide's command, which leaves a log without credentials.
func TestOperationsLog(t *testing.T) {
	w, guide := operations(t)
	id := w.Sandbox.Put(sandbox.OrganizationUser, map[string]any{"first_name": "Ottilia-Wilhelmina", "email": "canary@example.com"})
	w.Config("data \"pigello_organization_user\" \"ada\" {\n  id = \"" + id + "\"\n}\n")
	script(t, w, guide.block("shell", "TF_LOG_PROVIDER"))
	log, err := os.ReadFile(filepath.Join(w.Dir, "terraform.log"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(log), "/accounts/users/organization/organizationuser/"+id) {
		t.Errorf("the log has no line for the request:\n%s", log)
	}
	for _, secret := range []string{"sandbox-client-secret", "Ottilia", "canary@"} {
		if strings.Contains(string(log), secret) {
			t.Errorf("the log contains %s", secret)
		}
	}
}

// TestRotation changes a value that is not secret, as the guide's table says.
func TestRotation(t *testing.T) {
	w := acctest.New(t)
	w.Config("resource \"pigello_organization_user\" \"ada\" {\n  first_name    = \"Ada\"\n  detail_access = 0\n}\n")
	w.Apply()
	const next = "77777777-7777-4777-8777-777777777777"
	w.Sandbox.Configure(func(b *sandbox.Behaviour) { b.Credentials["X-PIGELLO-SERVICE-VERSION-ID"] = next })
	w.Setenv("PIGELLO_SERVICE_VERSION_ID", next)
	w.Apply("-refresh-only")
	w.Sandbox.Remove(sandbox.OrganizationUser, w.Attributes("pigello_organization_user.ada")["id"].(string))
	w.Sandbox.Put(sandbox.OrganizationUser, map[string]any{"first_name": "Bo"})
	says(t, w.OK("plan", "-no-color"), "Plan: 1 to add, 0 to change, 0 to destroy.") // believed: it was seen with the new value
}

// TestForgetMany runs the guide's commands that remove objects from the state: they only tell, and without -dry-run they do it.
func TestForgetMany(t *testing.T) {
	needs(t, "grep")
	w := acctest.New(t)
	w.Config("resource \"pigello_organization_user\" \"person\" {\n  for_each      = toset([\"emp-1\", \"emp-2\"])\n  first_name    = each.key\n  detail_access = 0\n}\n" +
		"resource \"pigello_organization_user\" \"other\" {\n  first_name    = \"Ada\"\n  detail_access = 0\n}\n")
	w.Apply()
	commands := openGuide(t, "failures-and-recovery").block("shell", "gone.txt")
	for _, dry := range []bool{true, false} {
		if !dry {
			commands = strings.Replace(commands, " -dry-run", "", 1)
		}
		script(t, w, commands)
		want := map[bool]int{true: 3, false: 1}[dry]
		if list := w.OK("state", "list").Stdout; strings.Count(list, "\n") != want {
			t.Errorf("the state has %s", list)
		}
	}
	if n := len(w.Sandbox.All(sandbox.OrganizationUser)); n != 3 {
		t.Errorf("%d users are left in Pigello", n)
	}
}
