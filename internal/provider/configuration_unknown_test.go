package provider_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// late is a resource whose output is known after apply only.
func late(name, value string) string {
	return fmt.Sprintf("resource \"terraform_data\" %q {\n  input = %q\n}\n", name, value)
}

// TestUnknownConfiguration: with any value unknown at plan nothing is asked, least of all what the environment names.
func TestUnknownConfiguration(t *testing.T) {
	w := acctest.New(t)
	elsewhere, requests := acctest.Elsewhere(t)
	w.Setenv("PIGELLO_BASE_URL", elsewhere)
	var config strings.Builder
	for _, v := range w.Sandbox.Environment(w.URL) {
		name, value, _ := strings.Cut(v, "=")
		attribute := strings.ToLower(strings.TrimPrefix(name, "PIGELLO_"))
		config.WriteString(late(attribute, value))
		if attribute != "base_url" {
			w.Setenv(name, "from-the-environment")
		}
	}
	config.WriteString(late("request_timeout", "20s") + late("max_retries", "2") + late("max_requests_per_second", "50"))
	attributes := []string{"base_url", "request_timeout", "max_retries", "max_requests_per_second"}
	for name := range credentials {
		attributes = append(attributes, name)
	}
	config.WriteString("provider \"pigello\" {\n")
	for _, name := range attributes {
		fmt.Fprintf(&config, "  %s = terraform_data.%s.output\n", name, name)
	}
	config.WriteString("}\n" + acctest.UserWithID("u") + `
resource "pigello_protected_identity" "p" { tenant_id = "7e000000-0000-4000-8000-000000000001" }
data "pigello_subtenant" "s" {
  custom_id  = "s"
  depends_on = [terraform_data.base_url]
}
`)
	w.Sandbox.Put(sandbox.Subtenant, map[string]any{"custom_id": "s", "first_name": "Ada"})
	w.Config(config.String())
	w.OK("validate")
	if _, r := w.Plan(); r.ExitCode != 2 {
		t.Errorf("the plan: %s", r.Output)
	}
	if n := len(w.Sandbox.Requests()); n != 0 {
		t.Errorf("%d requests were made", n)
	}
	w.OK("apply", "-no-color", "tfplan")
	if len(w.Sandbox.All(sandbox.OrganizationUser)) != 1 || len(w.Sandbox.All(sandbox.ProtectedIdentity)) != 1 {
		t.Error("not all was made")
	}
	w.PlanEmpty()
	if n := requests(); n != 0 {
		t.Errorf("the environment's address was asked %d times", n)
	}
}

// TestConfigurationBecomesUnknown has objects in the state already.
func TestConfigurationBecomesUnknown(t *testing.T) {
	for _, attribute := range []string{"base_url", "environment", "client_secret", "max_retries"} {
		t.Run(attribute, func(t *testing.T) {
			w := acctest.New(t)
			objects := acctest.UserWithID("kept") + "resource \"pigello_protected_identity\" \"p\" { tenant_id = \"7e000000-0000-4000-8000-000000000001\" }\n"
			w.Config(objects + acctest.UserWithID("changed"))
			w.Apply()
			w.Sandbox.ResetRequests()
			elsewhere, requests := acctest.Elsewhere(t)
			w.Setenv("PIGELLO_BASE_URL", elsewhere)

			values := map[string]string{
				"base_url": w.URL, "client_secret": "sandbox-client-secret", "max_retries": "3", "environment": "nowhere",
			}
			config := late("late", values[attribute]) +
				"provider \"pigello\" {\n  " + attribute + " = terraform_data.late.output\n}\n" + objects
			w.Config(config + acctest.UserWithID("changed", `last_name = "New"`))
			plan, r := w.Plan()
			if !strings.Contains(r.Output, "Plan: 1 to add, 1 to change, 0 to destroy.") {
				t.Errorf("the plan: %s", r.Output)
			}
			changed, unknown := acctest.Changed(plan, "pigello_organization_user.changed")
			for _, name := range append(changed, unknown...) {
				if name != "last_name" && name != "full_name" && name != "communication_name" {
					t.Errorf("the plan changes %s", name)
				}
			}
			// A destruction can be planned as well.
			w.Config(config)
			if r := w.OK("plan", "-no-color"); !strings.Contains(r.Output, "Plan: 1 to add, 0 to change, 1 to destroy.") {
				t.Errorf("the plan: %s", r.Output)
			}
			if len(w.Sandbox.Requests()) != 0 || requests() != 0 {
				t.Errorf("%d requests were made, and %d elsewhere", len(w.Sandbox.Requests()), requests())
			}
			if attribute != "base_url" {
				return
			}
			w.OK("apply", "-no-color", "tfplan")
			if requests() != 0 || acctest.Count(w.Sandbox, "PATCH") != 1 {
				t.Errorf("%d PATCH requests, and %d requests elsewhere", acctest.Count(w.Sandbox, "PATCH"), requests())
			}
			w.Config(config + acctest.UserWithID("changed", `last_name = "New"`))
			w.PlanEmpty()
		})
	}
}
