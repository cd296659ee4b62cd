package protectedidentity_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
)

// refused are values that must not pass. Each holds CANARY where a message could repeat it.
var refused = map[string][]string{
	"tenant_id":                     {"", "CANARY", "7e000000-0000-4000-8000-00000000000g", "{7e000000-0000-4000-8000-000000000001}", "7e00000000004000800000000000001a"},
	"sub_tenant_id":                 {"", "CANARY"},
	"organization_id":               {"", "CANARY"},
	"previous_address_id":           {"", "CANARY"},
	"current_registered_address_id": {"", "CANARY"},
	"future_address_id":             {"", "CANARY"},
	"custom_id":                     {"", strings.Repeat("é", 129)},
	"first_name":                    {"", strings.Repeat("CANARY", 43)},
	"last_name":                     {"", strings.Repeat("CANARY", 43)},
	"email":                         {"", "CANARY", "CANARY@", "@CANARY.se", "CAN ARY@CANARY.se", strings.Repeat("a", 244) + "@CANARY.com"},
	"phone_number":                  {"", "CANARY", "123456", "070-1234567", "+46 701234567", "12345678901234567", "0701234567\n"},
	"birth_date":                    {"", "CANARY", "1990-02-30", "1989-02-29", "1990-13-01", "19900101", "1990-1-1", "1990-01-01T00:00:00Z"},
	"ssn":                           {"", "CANARY", "19900101-2386", "199001012386", "19900230-2384", "9001012385", "1990-0101-2385", "19900161-2385", "19900132-2383", "19900101 23855"},
}

func TestInvalidValues(t *testing.T) {
	w := acctest.New(t)
	var config strings.Builder
	want := map[string]int{}
	for attribute, values := range refused {
		for i, value := range values {
			a := attributes{"tenant_id": uuid(tenants, 1)}
			if attribute == "sub_tenant_id" {
				a = attributes{}
			}
			// The values stand elsewhere, so that no snippet of the source repeats them.
			name := fmt.Sprintf("%s_%d", attribute, i)
			fmt.Fprintf(&config, "locals {\n  %s = sensitive(%s)\n}\n", name, acctest.Literal(value))
			a[attribute] = expr("local." + name)
			config.WriteString(resource(name, a))
			want[name+" "+attribute]++
		}
	}
	w.Config(config.String())
	got := map[string]int{}
	for _, d := range w.Validate() {
		if got[d.Name()+" "+d.On()]++; d.Name() == "" || d.On() == "" {
			t.Errorf("%s is not on an attribute: %s", d.Summary, d.Detail)
		}
		if said := d.Summary + d.Detail; strings.Contains(said, "CANARY") || strings.Contains(said, "2386") {
			t.Errorf("%s: the message repeats the value: %s", d.Name(), said)
		}
	}
	acctest.Same(t, "errors", got, want)
	if n := len(w.Sandbox.Requests()); n != 0 {
		t.Errorf("%d requests were made", n)
	}
}

func TestInvalidPair(t *testing.T) {
	w := acctest.New(t)
	w.Config(resource("both", attributes{"tenant_id": uuid(tenants, 1), "sub_tenant_id": uuid(subTenants, 1)}) +
		resource("neither", attributes{"first_name": "Ada"}) +
		resource("both_empty", attributes{"tenant_id": expr("null"), "sub_tenant_id": expr("null")}))
	found := map[string]int{}
	for _, d := range w.Validate() {
		found[d.Block]++
		if !strings.Contains(d.Detail, "tenant_id") || !strings.Contains(d.Detail, "sub_tenant_id") {
			t.Errorf("%s does not name both attributes: %s", d.Summary, d.Detail)
		}
		// An attribute that is not written has no place of its own in the source.
		if d.Name() == "both" && d.On() != "tenant_id" {
			t.Errorf("the error is on %s", d.Code)
		}
	}
	acctest.Same(t, "errors", found, map[string]int{
		`resource "pigello_protected_identity" "both"`:       1,
		`resource "pigello_protected_identity" "neither"`:    1,
		`resource "pigello_protected_identity" "both_empty"`: 1,
	})
	if n := len(w.Sandbox.Requests()); n != 0 {
		t.Errorf("%d requests were made", n)
	}
}

func TestValidEdges(t *testing.T) {
	w := acctest.New(t)
	edges := []attributes{
		{"first_name": strings.Repeat("👩", 255), "custom_id": strings.Repeat("å", 128)},
		{"first_name": "x", "last_name": " ", "custom_id": "1"},
		{"email": strings.Repeat("a", 242) + "@example.com"},
		{"email": "o'neil+x@ex-ample.co.uk"},
		{"phone_number": "1234567"},
		{"phone_number": "+1123456789012345"},
		{"birth_date": "2000-02-29"},
		{"ssn": "199001012385"},
		{"ssn": "19900101+2385"},
		{"ssn": "19900161-2382"},
		{"organization_id": strings.ToUpper(uuid("abcdef00", 1))},
		{"first_name": "a\tb\nc", "last_name": `\"'<>&${a}%{b}`},
	}
	var config strings.Builder
	for i, edge := range edges {
		edge["tenant_id"] = uuid(tenants, i)
		config.WriteString(resource(fmt.Sprintf("p%d", i), edge))
	}
	w.Config(config.String())
	for _, d := range w.Validate() {
		t.Errorf("%s: %s", d.Summary, d.Detail)
	}
	if t.Failed() {
		return
	}
	w.Apply()
	ids := ids(t, w)
	for i, edge := range edges {
		body := bodyOf(edge)
		delete(body, "organization") // the server writes ids in lower case
		acctest.Holds(t, w.Sandbox, kind, ids[fmt.Sprintf("p%d", i)], body)
	}
	w.PlanEmpty()
}

func TestUnknownValues(t *testing.T) {
	w := acctest.New(t)
	var fromOther strings.Builder
	all := attributes{}
	for name, value := range rich(1) {
		fmt.Fprintf(&fromOther, "resource \"terraform_data\" %q {\n  input = %s\n}\n", name, acctest.Literal(value))
		all[name] = expr("terraform_data." + name + ".output")
	}
	untyped := attributes{"sub_tenant_id": expr("each.value.sub_tenant_id")}
	for _, name := range append(clearable(), "tenant_id") {
		untyped[name] = expr("lookup(each.value, " + acctest.Literal(name) + ", null)")
	}
	untyped["sub_tenant_id"] = expr(`lookup(each.value, "sub_tenant_id", null)`)
	block := resource("each", untyped)
	w.Config(fromOther.String() + resource("all", all) +
		resource("pair", attributes{"tenant_id": expr("terraform_data.pair.output"), "sub_tenant_id": expr("terraform_data.none.output")}) +
		resource("half", attributes{"tenant_id": uuid(tenants, 5), "sub_tenant_id": expr("terraform_data.none.output")}) +
		`resource "terraform_data" "pair" { input = "` + uuid(tenants, 4) + `" }
resource "terraform_data" "none" { input = null }
variable "people" {}
` + strings.Replace(block, "{\n", "{\n  for_each = var.people\n", 1))
	w.Write("terraform.tfvars.json", `{"people": {
  "a": {"tenant_id": "`+uuid(tenants, 2)+`", "first_name": "Ada"},
  "b": {"sub_tenant_id": "`+uuid(subTenants, 2)+`", "ssn": "19900101-2385", "email": "b@example.com"}}}`)
	for _, d := range w.Validate() {
		t.Errorf("validate: %s: %s", d.Summary, d.Detail)
	}
	_, r := w.Plan()
	if r.ExitCode != 2 {
		t.Fatalf("plan: %s", r.Output)
	}
	w.OK("apply", "-no-color", "tfplan")
	acctest.Holds(t, w.Sandbox, kind, id(t, w, "all"), bodyOf(rich(1)))
	acctest.Holds(t, w.Sandbox, kind, id(t, w, "pair"), bodyOf(attributes{"tenant_id": uuid(tenants, 4), "sub_tenant_id": nil}))
	acctest.Same(t, "objects", len(w.Sandbox.All(kind)), 5)
	w.PlanEmpty()

	// A value that becomes unknown in an update shows as one and changes nothing if it turns out to be the same.
	w.Sandbox.ResetRequests()
	w.OK("apply", "-auto-approve", "-no-color", "-replace=terraform_data.first_name", "-replace=terraform_data.ssn")
	if n := len(acctest.Writes(w.Sandbox)); n != 0 {
		t.Errorf("%d writes although nothing changed", n)
	}
	w.PlanEmpty()
}
