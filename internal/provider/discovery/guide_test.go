package discovery_test

import (
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// summary fails the test unless an output has a plan's, or an apply's, last line.
func summary(t *testing.T, r acctest.Result, want string) {
	t.Helper()
	if !strings.Contains(r.Output, want) {
		t.Fatalf("want %q, got\n%s", want, r.Output)
	}
}

// TestGuideWithoutQuery goes the guide's way for a Terraform without queries: a data source finds everybody and writes import
// blocks, and a plan writes the configuration. Then it keeps them from being deleted.
func TestGuideWithoutQuery(t *testing.T) {
	const users = 40
	w := acctest.New(t, func(b *sandbox.Behaviour) { b.EmptyForNull, b.BumpVolatile, b.UnknownFields = true, true, true })
	fill(w.Sandbox, userType, users)
	find := guideBlock(t, "terraform", `output "imports"`)
	w.Write("find.tf", find)
	w.OK("fmt", "-check", "find.tf")
	plan, _ := w.Plan()
	imports, ok := plan.PlannedValues.Outputs["imports"].Value.(string)
	if !ok || strings.Count(imports, "import {") != users {
		t.Fatalf("the data source writes %s", imports)
	}
	if shell := guideBlock(t, "shell", "planned_values"); !strings.Contains(shell, ".planned_values.outputs.imports.value > ../people/imports.tf") {
		t.Errorf("the guide reads the blocks in another way: %s", shell)
	}
	for _, name := range []string{"find.tf", "tfplan"} {
		if err := os.Remove(filepath.Join(w.Dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := os.Stat(filepath.Join(w.Dir, "terraform.tfstate")); !os.IsNotExist(err) {
		t.Errorf("there is a state: %v", err)
	}

	w.Write("imports.tf", imports)
	shown := w.OK("plan", "-no-color", "-generate-config-out=generated.tf", "-out=tfplan")
	summary(t, shown, fmt.Sprintf("Plan: %d to import, 0 to add, 0 to change, 0 to destroy.", users))
	r := w.OK("apply", "-no-color", "tfplan")
	summary(t, r, fmt.Sprintf("%d imported, 0 added, 0 changed, 0 destroyed.", users))
	w.Write("imports.tf", "")
	w.PlanEmpty()
	acctest.NoWrites(t, w.Sandbox)
	noSecrets(t, w, shown.Output+r.Output)

	keep, _, _ := strings.Cut(guideBlock(t, "shell", "on_destroy"), "\n")
	cmd := exec.CommandContext(t.Context(), "bash", "-c", keep)
	cmd.Dir = w.Dir
	if output, err := cmd.CombinedOutput(); err != nil {
		t.Skipf("%s: %v %s", keep, err, output)
	}
	w.OK("fmt", "generated.tf")
	summary(t, w.Apply(), fmt.Sprintf("0 added, %d changed, 0 destroyed.", users))
	w.PlanEmpty()
	acctest.NoWrites(t, w.Sandbox)
}

// TestGuideWithAList declares the guide's list of people, who are imported by their own numbers.
func TestGuideWithAList(t *testing.T) {
	w := acctest.New(t)
	put := func(n int, first, last, email string) string {
		return w.Sandbox.Put(sandbox.OrganizationUser, map[string]any{
			"custom_id": fmt.Sprintf("emp-%d", n), "first_name": first, "last_name": last, "email": email, "detail_access": 0,
		})
	}
	fill(w.Sandbox, userType, 10)
	ada := put(1, "Ada", "Lindgren", "ada@example.com")
	w.Sandbox.Change(sandbox.OrganizationUser, ada, map[string]any{"phone_number": "+46701234567", "detail_access": 2})
	bo := put(2, "Bo", "Ek", "bo@example.com")
	w.Write("people.csv", guideBlock(t, "text", "emp-1"))
	people, there := guideBlock(t, "terraform", "csvdecode"), guideBlock(t, "terraform", "custom_id__in")
	for _, block := range []string{people, there} {
		w.Config(block)
		w.OK("fmt", "-check", "main.tf")
	}
	w.Config(people)
	r := w.Run("plan", "-no-color")
	if r.ExitCode != 1 || !strings.Contains(r.Output, "No organization user has the custom_id emp-3") {
		t.Errorf("Cleo is not there, and the exit code is %d\n%s", r.ExitCode, r.Output)
	}
	head, _, _ := strings.Cut(people, "import {")
	w.Config(head + there)
	summary(t, w.OK("plan", "-no-color"), "Plan: 2 to import, 1 to add, 0 to change, 0 to destroy.")

	cleo := put(3, "Cleo", "Dahl", "cleo@example.com")
	twin := put(3, "Cleo", "Dahl", "cleo@example.com")
	if r = w.Run("plan", "-no-color"); r.ExitCode != 1 || !strings.Contains(r.Output, "Duplicate object key") {
		t.Errorf("there are two Cleos, and the exit code is %d\n%s", r.ExitCode, r.Output)
	}
	w.Config(people)
	if r = w.Run("plan", "-no-color"); r.ExitCode != 1 || !strings.Contains(r.Output, cleo) || !strings.Contains(r.Output, twin) {
		t.Errorf("there are two Cleos, and the exit code is %d\n%s", r.ExitCode, r.Output)
	}
	w.Sandbox.Remove(sandbox.OrganizationUser, twin)

	// One has what the list has no column for.
	w.Sandbox.Change(sandbox.OrganizationUser, bo, map[string]any{"birth_date": "1990-01-01"})
	acctest.NoWrites(t, w.Sandbox)
	summary(t, w.OK("plan", "-no-color"), "Plan: 3 to import, 0 to add, 1 to change, 0 to destroy.")
	summary(t, w.Apply(), "3 imported, 0 added, 1 changed, 0 destroyed.")
	w.PlanEmpty()
	object, _ := w.Sandbox.Get(sandbox.OrganizationUser, bo)
	if object["birth_date"] != nil {
		t.Errorf("the date of birth is %v", object["birth_date"])
	}
	ids := map[string]string{}
	for _, name := range []string{"emp-1", "emp-2", "emp-3"} {
		ids[name] = fmt.Sprint(w.Attributes(fmt.Sprintf("%s.person[%q]", userType, name))["id"])
	}
	if want := map[string]string{"emp-1": ada, "emp-2": bo, "emp-3": cleo}; !maps.Equal(ids, want) {
		t.Errorf("imported are %v, want %v", ids, want)
	}
}

// TestGuideImportsAnIdentity imports a protected identity by its tenant, as the guide does.
func TestGuideImportsAnIdentity(t *testing.T) {
	w := acctest.New(t)
	block := guideBlock(t, "terraform", "to       = pigello_protected_identity")
	_, tenant, _ := strings.Cut(block, "tenant:")
	tenant, _, _ = strings.Cut(tenant, `"`)
	w.Sandbox.Put(sandbox.ProtectedIdentity, map[string]any{"tenant": map[string]any{"id": tenant}, "ssn": secrets[0], "first_name": secrets[2]})
	w.Config(block)
	r := w.OK("plan", "-no-color", "-generate-config-out=generated.tf", "-out=tfplan")
	summary(t, r, "Plan: 1 to import, 0 to add, 0 to change, 0 to destroy.")
	summary(t, w.OK("apply", "-no-color", "tfplan"), "1 imported, 0 added, 0 changed, 0 destroyed.")
	w.Config("")
	w.PlanEmpty()
	acctest.NoWrites(t, w.Sandbox)
	noSecrets(t, w, r.Output)
}
