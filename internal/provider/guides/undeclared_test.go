package guides_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// TestUndeclared runs the example of a check: it names the ids of those who are not declared, and nothing else of them.
func TestUndeclared(t *testing.T) {
	w := acctest.New(t)
	canaries := []string{"Canary-Ottilia", "canary.ottilia@example.com", "+46709876543", "19850312-9804", "canary-emp-9"}
	canary := map[string]any{
		"first_name": canaries[0], "full_name": canaries[0], "email": canaries[1], "phone_number": canaries[2], "ssn": canaries[3], "custom_id": canaries[4],
		"is_active": true,
	}
	stranger := w.Sandbox.Put(sandbox.OrganizationUser, canary)
	canary["is_active"] = false
	inactive := w.Sandbox.Put(sandbox.OrganizationUser, canary)
	w.Config(acctest.ReadFile(t, root, "examples/guides/undeclared-access/main.tf"))
	warning := openGuide(t, "who-has-access-and-is-not-declared").block("text", "Warning:")
	sentence := "Users who may sign in and are not declared here:"
	if !strings.Contains(warning, sentence) {
		t.Fatalf("the guide shows another warning: %s", warning)
	}

	applied := w.Apply()
	planned := w.Run("plan", "-detailed-exitcode", "-no-color", "-out=tfplan")
	if planned.ExitCode != 0 {
		t.Errorf("exit code %d, want 0", planned.ExitCode)
	}
	for _, r := range []acctest.Result{applied, planned} {
		says(t, r, sentence)
		says(t, r, stranger)
		if strings.Contains(r.Output, inactive) {
			t.Error("who may not sign in is named")
		}
	}
	shown := w.OK("show", "-json", "tfplan")
	if found := w.Traces(canaries, applied.Output, planned.Output, shown.Output); len(found) > 0 {
		t.Errorf("more than the id is known: %v", found)
	}
	var plan struct{ Checks []struct{ Status string } }
	if err := json.Unmarshal([]byte(shown.Stdout), &plan); err != nil {
		t.Fatal(err)
	}
	if len(plan.Checks) != 1 || plan.Checks[0].Status != "fail" {
		t.Errorf("the saved plan says %v", plan.Checks)
	}

	// Those that are known, and then nobody.
	known := openGuide(t, "who-has-access-and-is-not-declared").block("terraform", "known_elsewhere")
	w.Write("known.tf", strings.Replace(known, "6a1f2c3d-4e5b-4f60-8a7b-9c8d7e6f5a41", stranger, 1)+
		"\noutput \"unexpected\" {\n  value = local.unexpected\n}\n")
	w.Apply()
	if r := w.OK("output", "-json", "unexpected"); strings.TrimSpace(r.Stdout) != "[]" {
		t.Errorf("unexpected are %s", r.Stdout)
	}
	w.Sandbox.Remove(sandbox.OrganizationUser, stranger)
	if r := w.Apply(); strings.Contains(r.Output, "Check block assertion failed") {
		t.Errorf("everybody is declared, and the check says\n%s", r.Output)
	}
}

// TestUndeclaredFailsAJob runs the guide's commands for a pipeline.
func TestUndeclaredFailsAJob(t *testing.T) {
	needs(t, "jq")
	w := acctest.New(t)
	id := w.Sandbox.Put(sandbox.OrganizationUser, map[string]any{"first_name": "Gun", "is_active": true})
	w.Config(acctest.ReadFile(t, root, "examples/guides/undeclared-access/main.tf"))
	w.Apply()
	job := openGuide(t, "who-has-access-and-is-not-declared").block("shell", "jq")
	if r := w.Script(job); r.ExitCode != 1 || !strings.Contains(r.Output, "Check block assertion failed") {
		t.Errorf("the job ends with %d\n%s", r.ExitCode, r.Output)
	}
	w.Sandbox.Remove(sandbox.OrganizationUser, id)
	if r := w.Script(job); r.ExitCode != 0 {
		t.Errorf("the job ends with %d\n%s", r.ExitCode, r.Output)
	}
}
