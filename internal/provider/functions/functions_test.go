package functions_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/pigello/terraform-provider-pigello/internal/provider"
	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
)

func TestMain(m *testing.M) { acctest.Main(m) }

// call calls a function of a provider that nobody has configured. The result is a text, a boolean or nil.
func call(t *testing.T, name, argument string) (any, *tfprotov6.FunctionError) {
	t.Helper()
	result, err := acctest.Serve(t, provider.New("test")()).Call(t.Context(), name, argument)
	if err != nil || result.IsNull() {
		return nil, err
	}
	if result.Type().Is(tftypes.Bool) {
		return result.Equal(tftypes.NewValue(tftypes.Bool, true)), nil
	}
	return acctest.Text(result), nil
}

func TestPersonalNumbers(t *testing.T) {
	for _, c := range []struct {
		digits       string
		birthDate    any
		coordination bool
	}{
		{"199001012385", "1990-01-01", false},
		{"199001612382", "1990-01-01", true},
		{"198503129804", "1985-03-12", false},
		{"190001019801", "1900-01-01", false},
		{"202402299800", "2024-02-29", false},
		{"202402899807", "2024-02-29", true},
		{"191500722390", nil, true}, // no month
		{"191500882392", nil, true},
		{"199001602383", nil, true}, // no day
		{"199000602384", nil, true},
	} {
		head, tail := c.digits[:8], c.digits[8:]
		for _, spelling := range []string{
			c.digits, head + "-" + tail, head + "+" + tail, head + " " + tail, " " + head + " - " + tail + "\t", head + "\u00a0" + tail, head[:4] + " " + head[4:] + "-" + tail,
		} {
			for name, want := range map[string]any{
				"normalize_ssn": c.digits, "ssn_birth_date": c.birthDate, "ssn_is_coordination_number": c.coordination,
			} {
				if got, err := call(t, name, spelling); err != nil || got != want {
					t.Errorf("%s(%q) is %v, want %v (%v)", name, spelling, got, want, err)
				}
			}
		}
	}
}

func TestOrganizationNumbers(t *testing.T) {
	for _, spelling := range []string{"5560360793", "556036-0793", "556036 0793", " 556036 - 0793\n", "165560360793", "16556036-0793", "16 556036 0793"} {
		if got, err := call(t, "normalize_org_no", spelling); err != nil || got != "5560360793" {
			t.Errorf("%q: %v (%v)", spelling, got, err)
		}
	}
}

// TestWrongNumbers: an error on the argument says what is wrong, and never which number.
func TestWrongNumbers(t *testing.T) {
	personal := map[string]string{
		"": "is empty", "19900101-238": "12 digits", "1990010-12385": "12 digits", "19900101--2385": "12 digits", "19900101_2385": "12 digits",
		"19900101–2385": "12 digits", "١٩٩٠٠١٠١٢٣٨٥": "12 digits", "1990010123856": "12 digits", "Ada": "12 digits",
		"900101-2385": "write all twelve", "900101+2385": "write all twelve", "9001012385": "write all twelve", "90 01 01-2385": "write all twelve",
		"19900101-2386": "check digit", "900101-2386": "write all twelve", "199002301238": "real date", "19900192-2385": "real date", "190002290000": "real date",
		"19900001-2386": "real date", "19900100-2386": "real date", "19900092-2386": "real date",
	}
	organization := map[string]string{
		"": "is empty", "556036-079": "10 digits", "556036+0793": "10 digits", "19556036-0793": "10 digits", "165560360793-": "10 digits", "5560-360793": "10 digits",
		"556036-0794": "check digit", "16556036-0794": "check digit", "Trapphuset AB": "10 digits",
	}
	for name, wrong := range map[string]map[string]string{
		"normalize_ssn": personal, "ssn_birth_date": personal, "ssn_is_coordination_number": personal, "normalize_org_no": organization,
	} {
		for given, want := range wrong {
			got, err := call(t, name, given)
			switch {
			case err == nil:
				t.Errorf("%s(%q) is %v", name, given, got)
			case err.FunctionArgument == nil || *err.FunctionArgument != 0 || !strings.Contains(err.Text, want):
				t.Errorf("%s(%q): %+v", name, given, err)
			case given != "" && strings.Contains(err.Text, given) || strings.ContainsAny(strings.NewReplacer("12 digits", "", "10 digits", "", "adds 60", "", "be 00", "").Replace(err.Text), "0123456789"):
				t.Errorf("%s(%q) repeats the number: %s", name, given, err.Text)
			}
		}
	}
}

// TestWithTerraform calls the functions from a configuration: with what is known, unknown and sensitive.
func TestWithTerraform(t *testing.T) {
	w := acctest.New(t)
	config := func(ssn string) {
		w.Config(`
variable "ssn" {
  default   = "19900101-2385"
  sensitive = true
}
resource "terraform_data" "late" { input = "556036-0793" }
locals {
  ssn = provider::pigello::normalize_ssn("19900101+2385")
  late = provider::pigello::normalize_org_no(terraform_data.late.output)
}
output "ssn" { value = local.ssn }
output "birth_date" { value = provider::pigello::ssn_birth_date("19900161-2382") }
output "coordination" { value = [provider::pigello::ssn_is_coordination_number("19900161-2382"), provider::pigello::ssn_is_coordination_number(local.ssn)] }
output "late" { value = local.late }
output "same" { value = provider::pigello::normalize_ssn(local.ssn) == local.ssn }
output "sensitive" {
  value     = provider::pigello::ssn_birth_date(var.ssn)
  sensitive = true
}
resource "pigello_organization_user" "ada" {
  first_name    = "Ada"
  detail_access = 0
  org_no        = local.late
  ssn           = ` + ssn + `
  birth_date    = provider::pigello::ssn_birth_date(var.ssn)
}
`)
	}
	config("var.ssn")
	if found := w.Validate(); len(found) > 0 {
		t.Fatalf("validate: %+v", found)
	}
	w.Apply()
	for name, want := range map[string]string{
		"ssn": `"199001012385"`, "birth_date": `"1990-01-01"`, "coordination": `[true,false]`, "late": `"5560360793"`, "same": "true", "sensitive": `"1990-01-01"`,
	} {
		if got := strings.TrimSpace(w.OK("output", "-json", name).Stdout); got != want {
			t.Errorf("%s is %s, want %s", name, got, want)
		}
	}
	if state := w.Attributes("pigello_organization_user.ada"); state["birth_date"] != "1990-01-01" || state["org_no"] != "5560360793" {
		t.Errorf("%v", state)
	}
	// Whoever begins to normalize changes nothing.
	config("provider::pigello::normalize_ssn(var.ssn)")
	w.PlanEmpty()
}

// TestUnknownBirthDate: what a configuration makes of a number that does not tell the date of birth.
func TestUnknownBirthDate(t *testing.T) {
	w := acctest.New(t)
	config := func(ssn string) {
		w.Config(`
locals { ssn = "` + ssn + `" }
output "instead" { value = coalesce(provider::pigello::ssn_birth_date(local.ssn), "1990-07-01") }
output "known" { value = provider::pigello::ssn_birth_date(local.ssn) != null }
resource "pigello_organization_user" "ada" {
  first_name    = "Ada"
  detail_access = 0
  ssn           = local.ssn
  birth_date    = provider::pigello::ssn_birth_date(local.ssn)
}
`)
	}
	for _, c := range []struct {
		ssn, instead, known string
		birthDate           any
	}{
		{"191500722390", `"1990-07-01"`, "false", nil},
		{"19900101-2385", `"1990-01-01"`, "true", "1990-01-01"},
		{"19150088-2392", `"1990-07-01"`, "false", nil},
	} {
		config(c.ssn)
		w.Apply()
		if got := strings.TrimSpace(w.OK("output", "-json", "instead").Stdout); got != c.instead {
			t.Errorf("%s: coalesce is %s, want %s", c.ssn, got, c.instead)
		}
		if got := strings.TrimSpace(w.OK("output", "-json", "known").Stdout); got != c.known {
			t.Errorf("%s: known is %s, want %s", c.ssn, got, c.known)
		}
		if state := w.Attributes("pigello_organization_user.ada"); state["birth_date"] != c.birthDate || state["ssn"] != c.ssn {
			t.Errorf("%s: %v", c.ssn, state)
		}
		w.PlanEmpty()
	}
}

// TestSensitiveNumbers: nothing tells one, neither a result nor an error.
func TestSensitiveNumbers(t *testing.T) {
	w := acctest.New(t)
	for _, c := range []struct{ given, output, want string }{
		{"19900101-2385", "", "Output refers to sensitive values"},
		{"19900101-2386", "sensitive = true", "Invalid function argument"},
		{"900101-2385", "sensitive = true", "write all twelve"},
	} {
		w.Config("variable \"ssn\" {\n  sensitive = true\n}\noutput \"o\" {\n  value = provider::pigello::normalize_ssn(var.ssn)\n  " + c.output + "\n}")
		r := w.Run("plan", "-no-color", "-var=ssn="+c.given)
		if r.ExitCode != 1 || !strings.Contains(r.Output, c.want) || strings.Contains(r.Output, "900101") || strings.Contains(r.Output, "238") {
			t.Errorf("%s: exit code %d\n%s", c.given, r.ExitCode, r.Output)
		}
	}
}
