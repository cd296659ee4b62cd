package protectedidentity_test

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// TestEphemeral reads people by each key, and writes their data to the protected identities of others.
func TestEphemeral(t *testing.T) {
	w := acctest.New(t)
	p := &people{Workspace: w, t: t}
	sources := map[string]person{"id": newPerson(1), "tenant_id": newPerson(2), "sub_tenant_id": newPerson(3).only("ssn", "last_name")}
	config := ""
	for key, data := range sources {
		relation := "tenant"
		if key == "sub_tenant_id" {
			relation = "sub_tenant"
		}
		id := w.Sandbox.Put(sandbox.ProtectedIdentity, merge(data.wire(), map[string]any{
			relation: map[string]any{"id": tenantOf(key)}, "custom_id": "case " + key, "future_address": map[string]any{"id": tenantOf("x")},
		}))
		// Whoever it is not is not taken.
		w.Sandbox.Put(sandbox.ProtectedIdentity, merge(newPerson(9).wire(), map[string]any{relation: map[string]any{"id": tenantOf("not " + key)}}))
		value := strings.ToUpper(tenantOf(key))
		if key == "id" {
			value = id
		}
		config += fmt.Sprintf(`
ephemeral "pigello_protected_identity" %[1]q {
  %[1]s = %[2]q
  lifecycle {
    postcondition {
      condition = (self.id == %[3]q && self.custom_id == "case %[1]s" && self.future_address_id == %[4]q && self.created_at != null &&
        self.organization_id == null && self.%[6]s_id == %[7]q)
      error_message = "%[1]s reads something else"
    }
  }
}
locals { %[1]s = ephemeral.pigello_protected_identity.%[1]s }
resource "pigello_protected_identity" %[1]q {
  tenant_id = %[5]q
  custom_id = %[1]q
  personal_data_wo = { for k in [%[8]s] : k => local.%[1]s[k] }
}
`, key, value, id, tenantOf("x"), tenantOf("new "+key), relation,
			map[bool]string{true: value, false: tenantOf(key)}[key != "id"], `"first_name", "last_name", "email", "phone_number", "birth_date", "ssn"`)
	}
	w.Config(config)
	log := filepath.Join(t.TempDir(), "provider.log")
	w.Setenv("TF_LOG_PROVIDER", "TRACE")
	w.Setenv("TF_LOG_PATH", log)
	// Terraform 1.11 cannot show a plan with a condition of an ephemeral resource as JSON.
	plan := []string{"plan", "-no-color", "-detailed-exitcode", "-out=tfplan"}
	planned := p.Run(plan...)
	p.Exits(planned, 2)
	applied := p.OK("apply", "-no-color", "tfplan")
	all := []person{newPerson(9)}
	for key, data := range sources {
		p.serverHas(key, data)
		all = append(all, data)
	}
	p.PlanEmpty()

	// The source changes: the plan finds it, as it finds any other difference.
	w.Sandbox.Change(sandbox.ProtectedIdentity, p.id("case tenant_id"), map[string]any{"email": "ny.kanarie@hemlig.example"})
	all = append(all, person{"email": "ny.kanarie@hemlig.example"})
	r := p.Run(plan...)
	p.Exits(r, 2)
	p.warns(r, "tenant_id", "email")

	// The server refuses, and quotes.
	w.Setenv("PIGELLO_MAX_RETRIES", "0")
	_, quotes := echo("POST", "", newPerson(1).wire())
	response, err := json.Marshal(quotes)
	if err != nil {
		t.Fatal(err)
	}
	w.Sandbox.Inject(
		sandbox.Fault{Method: "GET", Path: "list", Status: 400, Body: string(response)},
		sandbox.Fault{Method: "GET", Path: p.id("case id"), Status: 500, Body: string(response)},
	)
	refused := p.Run(plan...)
	p.Exits(refused, 1)
	p.says(refused, "400 Bad Request")
	p.says(refused, "500 Internal Server Error")
	p.noTrace(all, planned, applied, r, refused, acctest.Result{Output: readLog(t, log)})
	if strings.Contains(w.State(), `"mode": "ephemeral"`) {
		t.Error("the ephemeral resource is in the state")
	}
}

// TestEphemeralKeys gives none, too many, and wrong keys.
func TestEphemeralKeys(t *testing.T) {
	p := &people{Workspace: acctest.New(t), t: t}
	block := func(name, content string) string {
		return fmt.Sprintf("ephemeral \"pigello_protected_identity\" %q {\n%s\n}\n", name, content)
	}
	some := tenantOf("x")
	p.Config(block("none", "") + block("two", fmt.Sprintf("id = %q\ntenant_id = %q", some, some)) +
		block("others", fmt.Sprintf("sub_tenant_id = %q\ntenant_id = %q", some, some)) +
		block("all", fmt.Sprintf("id = %q\nsub_tenant_id = %q\ntenant_id = %q", some, some, some)) +
		block("wrong", `tenant_id = "19870314-9980"`) + block("empty", `id = ""`) + block("right", fmt.Sprintf("id = %q", some)))
	on := map[string]int{}
	for _, d := range p.Validate() {
		on[d.Name()]++
		if strings.Contains(d.Summary+d.Detail, "9980") || !strings.Contains(d.Detail, "id") {
			t.Errorf("the message holds the value, or names no attribute: %s", d.Detail)
		}
	}
	acctest.Same(p.t, "errors", on, map[string]int{"none": 1, "two": 1, "others": 1, "all": 1, "wrong": 1, "empty": 1})

	for range 2 {
		p.Sandbox.Put(sandbox.ProtectedIdentity, merge(newPerson(1).wire(), map[string]any{"tenant": map[string]any{"id": tenantOf("two")}}))
	}
	p.Config(block("gone", fmt.Sprintf("id = %q", some)) + block("nobody", fmt.Sprintf("sub_tenant_id = %q", tenantOf("two"))) +
		block("several", fmt.Sprintf("tenant_id = %q", tenantOf("two"))))
	r := p.Run("plan", "-no-color")
	p.Exits(r, 1)
	p.says(r, "No protected identity has this id, or it is not visible")
	p.says(r, "No protected identity has this sub_tenant_id, or it is not visible")
	p.says(r, "2 protected identities have this tenant_id.")
	for _, object := range p.Sandbox.All(sandbox.ProtectedIdentity) {
		p.says(r, fmt.Sprint(object["id"]))
	}
	p.noTrace([]person{newPerson(1)}, r)
}
