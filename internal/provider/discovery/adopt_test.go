package discovery_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"strings"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// withoutProvider removes what only an import block without configuration may have: Terraform 1.16 needs it there.
func withoutProvider(imports string) string {
	return strings.ReplaceAll(imports, "  provider = pigello\n", "")
}

// imports are import blocks for all objects, under the name of their number.
func imports(api *sandbox.Sandbox) string {
	var b strings.Builder
	for of, noun := range nouns {
		for i, object := range api.All(noun.kind) {
			fmt.Fprintf(&b, "import {\n  provider = pigello\n  to = %s.n%d\n  id = %q\n}\n", of, i, object["id"])
		}
	}
	return b.String()
}

// TestImportBlocks adopts messy organizations without list resources: import blocks, generated configuration.
func TestImportBlocks(t *testing.T) {
	w := acctest.New(t, func(b *sandbox.Behaviour) { b.EmptyForNull = true })
	fill(w.Sandbox, userType, 120)
	fill(w.Sandbox, identityType, 30)
	w.Write("imports.tf", imports(w.Sandbox))
	shown := w.OK("plan", "-no-color", "-generate-config-out=generated.tf", "-out=tfplan").Output
	r := w.OK("apply", "-no-color", "tfplan")
	if !strings.Contains(r.Output, "150 imported, 0 added, 0 changed, 0 destroyed.") {
		t.Fatal(r.Output)
	}
	w.Write("imports.tf", "")
	w.PlanEmpty()
	acctest.NoWrites(t, w.Sandbox)
	noSecrets(t, w, shown+r.Output)
}

// TestImportOfTheRefused adopts users whose values the attributes do not take: each is an error on its attribute, and
// ignore_changes is the way to leave it as it is.
func TestImportOfTheRefused(t *testing.T) {
	w := acctest.New(t)
	id := func(n int) string { return messyUser(n)["id"].(string) }
	for n := range 4 {
		w.Sandbox.Put(sandbox.OrganizationUser, map[string]any{"id": id(n), "detail_access": n / 3, "first_name": "Ada"})
	}
	nameless := map[string]any{"first_name": nil, "last_name": nil, "corporate_name": nil}
	refused := map[string]any{
		"phone_number": "070-123 45 67", "email": "nobody", "fmi": "12345", "org_no": "DE123456789", "first_name": strings.Repeat("x", 300),
	}
	stored := map[string]map[string]any{
		id(1): refused, id(2): nameless, id(3): {"phone_number": "070-123 45 67", "first_name": nil},
	}
	w.Behind(acctest.Rewrite(w.Sandbox, func(object map[string]any) {
		id, _ := object["id"].(string)
		maps.Copy(object, stored[id])
	}))
	blocks := imports(w.Sandbox)
	// The last one is the guide's user, who is declared already.
	cut := strings.LastIndex(blocks, "import {")
	blocks = blocks[:cut] + withoutProvider(strings.Replace(blocks[cut:], userType+".n3", userType+".all_7", 1))
	w.Write("imports.tf", blocks)
	w.Config(guideBlock(t, "terraform", "ignore_changes"))
	r := w.Run("plan", "-no-color", "-generate-config-out=generated.tf")
	// The guide's user is no error.
	if got := strings.Count(r.Output, "Error: "); r.ExitCode != 1 || got != len(refused)+1 {
		t.Errorf("exit code %d, %d errors\n%s", r.ExitCode, got, r.Output)
	}
	for name := range refused {
		if !strings.Contains(r.Output, "The value of "+name+" must ") {
			t.Errorf("no error about %s in\n%s", name, r.Output)
		}
	}

	generated := acctest.ReadFile(t, w.Dir, "generated.tf")
	var mended strings.Builder
	for line := range strings.Lines(generated) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		name = strings.TrimSpace(name)
		quoted, _ := json.Marshal(refused[name])
		switch {
		case refused[name] != nil && strings.TrimSpace(value) == string(quoted) && name != "first_name":
			continue
		case name == "first_name" && !strings.Contains(value, "Ada"):
			line = "first_name = \"-\"\n"
		case name == "on_destroy":
			line += "lifecycle { ignore_changes = [email, first_name, fmi, org_no, phone_number] }\n"
		}
		mended.WriteString(line)
	}
	w.Write("generated.tf", mended.String())
	w.Write("imports.tf", withoutProvider(blocks))
	if r := w.Apply(); !strings.Contains(r.Output, "4 imported, 0 added, 0 changed, 0 destroyed.") {
		t.Fatal(r.Output)
	}
	w.PlanEmpty()
	acctest.NoWrites(t, w.Sandbox)
}
