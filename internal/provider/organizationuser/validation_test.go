package organizationuser_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
)

// bad is a value that an attribute must not have.
type bad struct {
	attribute string
	value     any
	why       string
}

// violations are all constraints that are documented, each violated at least once.
var violations = []bad{
	{"detail_access", 3, "unknown value"},
	{"detail_access", -1, "unknown value"},
	{"detail_access", 1.5, "no whole number"},
	{"detail_access", expr("null"), "missing"},

	{"first_name", "", "empty"},
	{"first_name", strings.Repeat("a", 256), "too long"},
	{"last_name", "", "empty"},
	{"last_name", strings.Repeat("å", 256), "too long"},
	{"corporate_name", "", "empty"},
	{"corporate_name", strings.Repeat("😀", 256), "too long"},
	{"anonymization_name", "", "empty"},
	{"anonymization_name", strings.Repeat("a", 256), "too long"},
	{"custom_id", "", "empty"},
	{"custom_id", strings.Repeat("a", 129), "too long"},
	{"fmi", "", "empty"},
	{"fmi", strings.Repeat("1", 16), "too short"},
	{"fmi", strings.Repeat("1", 21), "too long"},

	{"email", "", "empty"},
	{"email", strings.Repeat("a", 243) + "@example.com", "too long"},
	{"email", "ada", "no @"},
	{"email", "ada@", "no domain"},
	{"email", "@example.com", "no local part"},
	{"email", "ada lovelace@example.com", "a space"},
	{"email", "ada@example..com", "an empty label"},

	{"phone_number", "", "empty"},
	{"phone_number", "123456", "too short"},
	{"phone_number", "+4612345678901234", "too long"},
	{"phone_number", "070-123 45 67", "separators"},
	{"phone_number", "++46701234567", "two plus signs"},
	{"phone_number", "+46701234567\n", "a line break"},
	{"phone_number", "٠٧٠١٢٣٤٥٦٧", "other digits"},

	{"birth_date", "", "empty"},
	{"birth_date", "1990-02-30", "impossible date"},
	{"birth_date", "1900-02-29", "no leap year"},
	{"birth_date", "1990-13-01", "impossible month"},
	{"birth_date", "1990-1-1", "wrong pattern"},
	{"birth_date", "19900101", "wrong pattern"},
	{"birth_date", "1990-01-01T00:00:00Z", "an instant"},

	{"ssn", "", "empty"},
	{"ssn", "9001012385", "too short"},
	{"ssn", "1990010123856", "too long"},
	{"ssn", "199001012386", "wrong check digit"},
	{"ssn", "19900101-2386", "wrong check digit"},
	{"ssn", "199002301233", "impossible date"},
	{"ssn", "199013011235", "impossible month"},
	{"ssn", "199001921239", "impossible coordination number"},
	{"ssn", "199001-012385", "misplaced separator"},
	{"ssn", "19900101-238A", "a letter"},

	{"org_no", "", "empty"},
	{"org_no", "556036079", "too short"},
	{"org_no", "165560360793", "too long"},
	{"org_no", "556036-0794", "wrong check digit"},
	{"org_no", "5560-360793", "misplaced separator"},

	{"active_to", "", "empty"},
	{"active_to", "2030-12-31", "no time"},
	{"active_to", "2030-12-31T23:59:59", "no offset"},
	{"active_to", "2030-02-30T00:00:00Z", "impossible date"},
	{"active_to", "2030-01-01T24:00:00Z", "impossible time"},
	{"active_to", "2030-01-01 00:00:00Z", "no T"},

	{"is_active", "maybe", "no boolean"},
	{"anonymized", "maybe", "no boolean"},
	{"prefer_invoice_view_only", "maybe", "no boolean"},
	{"ssn_is_coordination_number", "maybe", "no boolean"},

	{"organization_id", "", "empty"},
	{"organization_id", "497f6eca62764993bfeb53cbbbba6f08", "no hyphens"},
	{"role_id", "", "empty"},
	{"role_id", "admin", "no UUID"},
	{"external_client_ids", []string{uuid(1), "admin"}, "no UUID"},
	{"external_client_ids", []string{""}, "empty"},
	{"external_client_ids", []string{uuid(1), strings.ToUpper(uuid(1))}, "twice the same"},
	{"external_client_ids", expr(`["` + uuid(1) + `", null]`), "null"},

	{"debt_distribution_instruction", "", "empty"},
	{"debt_distribution_instruction", `{"channel":"mail"}`, "an object"},
	{"reminder_distribution_instruction", `["mail"`, "cut off"},
	{"reminder_distribution_instruction", `null`, "null"},
	{"send_out_distribution_instruction", `"mail"`, "a text"},
	{"send_out_distribution_instruction", `mail`, "no JSON"},
	{"invoice_distribution_instruction", `[] []`, "two arrays"},
	{"invoice_distribution_instruction", `[1,]`, "a comma"},
}

// TestViolations puts one violation into each of many users, and expects one error about each, before any request.
func TestViolations(t *testing.T) {
	w := acctest.New(t)
	all := map[string]attributes{"nameless": {"detail_access": 0, "email": "ada@example.com"}}
	valid := attributes{"detail_access": 0, "first_name": "Ada", "corporate_name": "Analytical Engines AB"}
	for i, violation := range violations {
		all[fmt.Sprint("case", i)] = valid.With(attributes{violation.attribute: violation.value})
	}
	w.Config(users(all))
	found := w.Validate().By(acctest.Diagnostic.Name)

	if errors := found["nameless"]; len(errors) != 1 || !strings.Contains(errors[0].Detail, "first_name") {
		t.Errorf("without a name: want one error about first_name, got %v", errors)
	}
	for i, violation := range violations {
		errors := found[fmt.Sprint("case", i)]
		if len(errors) != 1 {
			t.Errorf("%s: %s: want one error, got %v", violation.attribute, violation.why, errors)
			continue
		}
		e := errors[0]
		// Terraform itself finds what is missing, and points to the whole block.
		named := violation.why == "missing" && strings.Contains(e.Detail, violation.attribute)
		if !named && !strings.Contains(e.Code, violation.attribute+" = ") {
			t.Errorf("%s: %s: the error is not about the attribute: %s: %s", violation.attribute, violation.why, e.Summary, e.Detail)
		}
		if violation.attribute == "ssn" && violation.value != "" && strings.Contains(e.Summary+e.Detail, violation.value.(string)) {
			t.Errorf("the error repeats the personal number: %s", e.Detail)
		}
	}
	if r := w.Run("plan", "-no-color", "-input=false"); r.ExitCode != 1 {
		t.Errorf("plan: want exit code 1, got %d\n%s", r.ExitCode, r.Output)
	}
	if requests := w.Sandbox.Requests(); len(requests) != 0 {
		t.Errorf("%d requests for a configuration that is wrong", len(requests))
	}
}

// edges are values at the edge of what is valid.
var edges = []attributes{
	{
		"first_name": strings.Repeat("å", 255), "last_name": strings.Repeat("😀", 255), "corporate_name": strings.Repeat("語", 255),
		"custom_id": strings.Repeat("é", 128), "anonymization_name": strings.Repeat("ß", 255), "fmi": strings.Repeat("ö", 17),
		"email": strings.Repeat("a", 242) + "@example.com", "phone_number": "+1123456789012345", "birth_date": "2000-02-29",
		"ssn": "199001611236", "ssn_is_coordination_number": true, "org_no": "5560360793", "active_to": "2030-12-31T23:59:59.123456+05:30",
		"external_client_ids": []string{},
	},
	{
		"first_name": `quotes " ' and \ backslashes \n`, "last_name": "${not} %{a} $${template}", "corporate_name": "\tlines\nand\ttabs <&> \u2028",
		"custom_id": "👩‍👩‍👧‍👦 #{x}", "anonymization_name": " ", "fmi": strings.Repeat("1", 20),
		"email": `"a@b"@exämple.com`, "phone_number": "1234567", "birth_date": "0001-01-01",
		"ssn": "19900161-1236", "org_no": "212000-0142", "active_to": "0001-01-01T00:00:00Z",
	},
	{
		"first_name": "x", "custom_id": "x", "anonymization_name": "x", "fmi": strings.Repeat("😀", 20),
		"email": "å+tag@b", "phone_number": "+123456789012345", "birth_date": "9999-12-31",
		"ssn": "18991231+0019", "org_no": "900101-2385", "active_to": "9999-12-31T21:59:59.999999Z",
		"debt_distribution_instruction": `[]`, "reminder_distribution_instruction": ` [ null , {"a\\\"":"\u00e5"} ] `,
		"send_out_distribution_instruction": `[{"":[[[]],{}]}]`, "invoice_distribution_instruction": `[{"${x}":[1e3,-0.5]},{"😀":"%{y}"}]`,
	},
	{"last_name": "only", "ssn": "20000229-1235", "phone_number": "0701234567", "active_to": "2030-01-01T00:00:00.5-12:00"},
	{"corporate_name": "only", "detail_access": 2},
}

// TestEdges applies them for real.
func TestEdges(t *testing.T) {
	for _, name := range []string{"plain", "all"} {
		t.Run(name, func(t *testing.T) {
			w := acctest.New(t, servers[name])
			declared := map[string]attributes{}
			for i, edge := range edges {
				declared[fmt.Sprint("edge", i)] = attributes{"detail_access": 0}.With(edge)
			}
			w.Config(users(declared))
			w.Apply()
			for name, want := range declared {
				spelled(t, w, name, want)
				acctest.Holds(t, w.Sandbox, kind, id(t, w, name), body(want))
			}
			w.PlanEmpty()
		})
	}
}

// TestNumbersKeepTheirDigits sends instructions with numbers that no float64 holds.
func TestNumbersKeepTheirDigits(t *testing.T) {
	w := acctest.New(t)
	const digits = `[{"n":12345678901234567890.12345678901234567890}]`
	w.Config(user("u", attributes{"detail_access": 0, "first_name": "Ada", "invoice_distribution_instruction": digits}))
	w.Apply()
	if requests := acctest.Writes(w.Sandbox); len(requests) != 1 || !strings.Contains(string(requests[0].Body), digits) {
		t.Errorf("want %s in the request", digits)
	}
	w.PlanEmpty()
}
