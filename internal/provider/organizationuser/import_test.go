package organizationuser_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
)

const ssnDigits = "199001012385"

// existing stores a user who was not made by Terraform, with everything that a user can have.
func existing(w *acctest.Workspace, declared attributes) string {
	// The server has the personal number in its own spelling, so that it is found wherever it is written.
	return w.Sandbox.Put(kind, body(declared.With(attributes{"ssn": ssnDigits})))
}

// noSSN fails the test if the personal number is anywhere on disk.
func noSSN(t *testing.T, w *acctest.Workspace) {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(w.Dir, "*tfstate*"))
	if err != nil || len(files) == 0 {
		t.Fatal("no state", err)
	}
	for _, file := range files {
		content := acctest.ReadFile(t, file)
		if strings.Contains(content, ssnDigits) {
			t.Errorf("%s holds the personal number", filepath.Base(file))
		}
	}
}

// TestImportCommand imports with the command, and then declares and removes what an import leaves out.
func TestImportCommand(t *testing.T) {
	w := acctest.New(t)
	userID := existing(w, rich)
	imported := rich.With(attributes{"ssn": nil})
	w.Config(user("u", imported))
	w.OK("import", "-no-color", "-input=false", address("u"), userID)
	spelled(t, w, "u", imported)
	spelled(t, w, "u", attributes{"id": userID, "ssn": nil})
	noSSN(t, w)
	w.PlanEmpty()
	w.Apply()
	noSSN(t, w)

	// Another spelling, and what the server may decide left out, is no change either.
	w.Config(user("u", imported.With(attributes{
		"email":               "ada@EXAMPLE.com",
		"org_no":              "5560360793",
		"active_to":           "2031-01-01T00:59:59.0+01:00",
		"organization_id":     strings.ToUpper(uuid(1)),
		"external_client_ids": []string{strings.ToUpper(uuid(4)), uuid(3)},
		"role_id":             nil,
		"is_active":           nil,

		"debt_distribution_instruction": `[ {"copies": 1.0, "channel": "mail"} ]`,
	})))
	w.PlanEmpty()
	w.Apply()
	acctest.NoWrites(t, w.Sandbox)
	acctest.Holds(t, w.Sandbox, kind, userID, body(rich.With(attributes{"ssn": ssnDigits})))

	// The personal number is followed from the day it is declared.
	w.Config(user("u", rich))
	plan, r := w.Plan()
	acctest.Says(t, r.Output, "Plan: 0 to add, 1 to change, 0 to destroy.")
	plans(t, plan, "u", []string{"ssn"}, nil)
	w.OK("apply", "-no-color", "tfplan")
	acctest.Same(t, "the change", acctest.Patches(t, w.Sandbox, path)[userID], body(rich.Only(append(required, "ssn")...)))
	w.PlanEmpty()
	w.Sandbox.Change(kind, userID, body(other.Only("ssn")))
	plan, _ = w.Plan()
	plans(t, plan, "u", []string{"ssn"}, nil)

	w.Config(user("u", imported))
	w.Apply()
	acctest.Same(t, "the removal", acctest.Patches(t, w.Sandbox, path)[userID], bodyWithNull(rich.Only(required...), "ssn"))
	acctest.Holds(t, w.Sandbox, kind, userID, map[string]any{"ssn": nil})
	w.PlanEmpty()
}

// bodyWithNull is the body with a field cleared.
func bodyWithNull(a attributes, field string) map[string]any {
	body := body(a)
	body[field] = nil
	return body
}

// TestImportBlock imports with import blocks, from a server that spells in its own way.
func TestImportBlock(t *testing.T) {
	w := acctest.New(t, servers["all"])
	spelledAlike, spelledOtherwise, least := existing(w, rich), existing(w, spelling), existing(w, rich)
	imported := rich.With(attributes{"ssn": nil})
	declared := map[string]attributes{
		"alike": imported,
		// Here the server has [], which an import takes for the null that it means: Terraform would let no plan keep a null
		// for a declared "[]", nor the other way round.
		"otherwise": respelling.With(attributes{"ssn": nil, "debt_distribution_instruction": nil}),
		"least":     imported.With(attributes{"external_client_ids": nil, "organization_id": nil, "role_id": nil, "anonymized": nil}),
	}
	w.Config(users(declared))
	w.Write("imports.tf", `
import {
  to = pigello_organization_user.alike
  id = "`+strings.ToUpper(spelledAlike)+`"
}
import {
  to = pigello_organization_user.otherwise
  id = "`+spelledOtherwise+`"
}
import {
  to = pigello_organization_user.least
  id = "`+least+`"
}`)
	r := w.Apply()
	acctest.Says(t, r.Output, "Apply complete! Resources: 3 imported, 0 added, 0 changed, 0 destroyed.")
	w.PlanEmpty()
	acctest.NoWrites(t, w.Sandbox)
	noSSN(t, w)
	if id(t, w, "alike") != spelledAlike {
		t.Error("the id is not the server's")
	}

	// What was never declared cannot be removed: an import declares nothing.
	declared["alike"] = declared["least"]
	w.Config(users(declared))
	w.PlanEmpty()
	w.Apply()
	acctest.NoWrites(t, w.Sandbox)
}

// TestImportOfNobody imports who does not exist, and what is no id.
func TestImportOfNobody(t *testing.T) {
	w := acctest.New(t)
	somebody := existing(w, rich)
	w.Config(users(map[string]attributes{"u": rich, "somebody": rich.With(attributes{"ssn": nil})}))
	w.OK("import", "-no-color", "-input=false", address("somebody"), somebody)
	before := w.State()

	missing := "deadbeef-0000-4000-8000-abcdefabcdef"
	for id, want := range map[string]string{
		missing:               "does not exist",
		"emp-42":              "a UUID",
		"abcdef01-0000-4000-": "a UUID",
	} {
		w.Sandbox.ResetRequests()
		r := w.Run("import", "-no-color", "-input=false", address("u"), id)
		if r.ExitCode != 1 || strings.Count(r.Output, "Error:") != 1 || strings.Contains(r.Output, "provider developer") {
			t.Errorf("import of %s: exit code %d\n%s", id, r.ExitCode, r.Output)
		}
		acctest.Says(t, r.Output, want)
		if id != missing && len(w.Sandbox.Requests()) != 0 {
			t.Errorf("import of %s: a request for what is no id", id)
		}
		acctest.NoWrites(t, w.Sandbox)
		if w.State() != before {
			t.Errorf("import of %s: the state has changed", id)
		}
	}

	for id, want := range map[string]string{missing: "does not exist", "emp-42": "a UUID"} {
		w.Write("imports.tf", "import {\n  to = pigello_organization_user.u\n  id = \""+id+"\"\n}\n")
		r := w.Run("apply", "-auto-approve", "-no-color", "-input=false")
		if r.ExitCode != 1 || strings.Contains(r.Output, "provider developer") {
			t.Errorf("import block for %s: exit code %d\n%s", id, r.ExitCode, r.Output)
		}
		acctest.Says(t, r.Output, want)
		acctest.NoWrites(t, w.Sandbox)
		if w.State() != before {
			t.Errorf("import block for %s: the state has changed", id)
		}
	}
}

// TestGeneratedConfiguration lets Terraform write the configuration of what it imports.
func TestGeneratedConfiguration(t *testing.T) {
	w := acctest.New(t, servers["all"])
	w.Write("imports.tf", fmt.Sprintf(`
import {
  provider = pigello # for Terraform 1.16 and newer
  to       = pigello_organization_user.rich
  id       = %q
}
import {
  provider = pigello
  to       = pigello_organization_user.least
  id       = %q
}`, existing(w, rich), w.Sandbox.Put(kind, map[string]any{"detail_access": 0, "corporate_name": "x", "ssn": ssnDigits})))
	r := w.OK("plan", "-no-color", "-input=false", "-generate-config-out=main.tf", "-out=tfplan")
	acctest.Says(t, r.Output, "Plan: 2 to import, 0 to add, 0 to change, 0 to destroy.")
	r = w.OK("apply", "-no-color", "tfplan")
	acctest.Says(t, r.Output, "Resources: 2 imported, 0 added, 0 changed, 0 destroyed.")
	w.Write("imports.tf", "")
	w.PlanEmpty()
	acctest.NoWrites(t, w.Sandbox)
	noSSN(t, w)
	if generated, err := os.ReadFile(filepath.Join(w.Dir, "main.tf")); err != nil || strings.Contains(string(generated), ssnDigits) {
		t.Errorf("the configuration holds the personal number: %v", err)
	}
}

// TestImportOddities imports what Terraform did not write: names of any type, and letters that are composed otherwise than
// Terraform composes them.
func TestImportOddities(t *testing.T) {
	w := acctest.New(t)
	declared, imports := map[string]attributes{}, ""
	want := map[string]any{"text": "Ada <&>", "object": `{"a":[1.50,null]}`, "number": "5", "list": `["Ada"]`, "truth": "true", "null": nil, "empty": nil}
	for name, value := range map[string]any{
		"text": "Ada <&>", "object": json.RawMessage(`{"a": [1.50, null]}`), "number": 5, "list": []string{"Ada"}, "truth": true, "null": nil, "empty": "",
	} {
		userID := w.Sandbox.Put(kind, map[string]any{
			"detail_access": 0, "first_name": "A\u030asa", "full_name": value, "communication_name": value,
			"debt_distribution_instruction": []any{},
		})
		declared[name] = attributes{"detail_access": 0, "first_name": "\u00c5sa"}
		imports += fmt.Sprintf("import {\n  to = pigello_organization_user.%s\n  id = %q\n}\n", name, userID)
	}
	w.Config(users(declared))
	w.Write("imports.tf", imports)
	r := w.Apply()
	acctest.Says(t, r.Output, fmt.Sprintf("%d imported, 0 added, 0 changed, 0 destroyed.", len(declared)))
	acctest.NoWrites(t, w.Sandbox)
	for name := range declared {
		spelled(t, w, name, attributes{"full_name": want[name], "communication_name": want[name], "debt_distribution_instruction": nil})
	}
	w.PlanEmpty()
}
