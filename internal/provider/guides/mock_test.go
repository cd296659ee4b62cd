package guides_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
)

// mocked is a workspace without a Pigello and without credentials, with the example of a configuration that is tested by a mock.
func mocked(t *testing.T) (w *acctest.Workspace, edit func(name, from, to string)) {
	t.Helper()
	w = acctest.New(t)
	for _, variable := range w.Sandbox.Environment("") {
		name, _, _ := strings.Cut(variable, "=")
		w.Setenv(name, "")
	}
	w.Write("provider.tf", "") // the example brings its own
	if err := os.Mkdir(filepath.Join(w.Dir, "tests"), 0o700); err != nil {
		t.Fatal(err)
	}
	const example = "examples/guides/test-your-people"
	for _, name := range []string{"main.tf", "people.csv", "tests/people.tftest.hcl"} {
		w.Write(name, acctest.ReadFile(t, root, example, name))
	}
	return w, func(name, from, to string) {
		t.Helper()
		content := acctest.ReadFile(t, root, example, name)
		if !strings.Contains(content, from) {
			t.Fatalf("%s has no %q", name, from)
		}
		w.Write(name, strings.Replace(content, from, to, 1))
	}
}

// TestMock runs the example's tests, and lets them fail for what they are to find.
func TestMock(t *testing.T) {
	w, _ := mocked(t)
	says(t, w.OK("test", "-no-color"), "4 passed, 0 failed")
	if requests := w.Sandbox.Requests(); len(requests) > 0 {
		t.Errorf("%d requests were sent", len(requests))
	}
}

func TestMockFindsMistakes(t *testing.T) {
	for name, mistake := range map[string]struct{ file, from, to, says string }{
		"a value":                   {"people.csv", "+46701234567", "070 123", "phone_number"},
		"a rule":                    {"people.csv", "cleo@example.com", "", "Somebody has no e-mail address"},
		"two people, one address":   {"people.csv", "cleo@example.com", "bo@example.com", "Two people have one e-mail address."},
		"a line deletes":            {"main.tf", `"deactivate"`, `"delete"`, "A line that is removed would delete somebody."},
		"a default that is missing": {"tests/people.tftest.hcl", `role_id = "8d0f5c1e-7a3b-4c29-9e64-1b5d7f302a88"`, "", "role_id"},
	} {
		t.Run(name, func(t *testing.T) {
			w, edit := mocked(t)
			edit(mistake.file, mistake.from, mistake.to)
			r := w.Run("test", "-no-color")
			if r.ExitCode == 0 {
				t.Error("the mistake is not found")
			}
			says(t, r, mistake.says)
		})
	}
}

// TestMockDefaults gives each default of the guide's table to the attributes that it is for.
func TestMockDefaults(t *testing.T) {
	page := acctest.ReadFile(t, root, "docs/guides/test-your-people-without-an-account.md")
	defaults := map[string]string{}
	for line := range strings.Lines(page) {
		cells := strings.Split(line, "|")
		if len(cells) != 4 || !strings.Contains(cells[2], `"`) {
			continue
		}
		for name := range strings.SplitSeq(cells[1], "`") {
			defaults[strings.TrimPrefix(name, "…")] = strings.Trim(cells[2], " `")
		}
	}
	var b strings.Builder
	b.WriteString("resource \"pigello_organization_user\" \"ada\" {\n  first_name = \"Ada\"\n  detail_access = 0\n")
	for attribute, form := range map[string]string{
		"role_id": "_id", "active_to": "active_to", "birth_date": "birth_date", "email": "email", "phone_number": "phone_number",
		"ssn": "ssn", "org_no": "org_no", "invoice_distribution_instruction": "_distribution_instruction",
	} {
		if defaults[form] == "" {
			t.Fatalf("the table has no %s: %v", form, defaults)
		}
		b.WriteString("  " + attribute + " = " + defaults[form] + "\n")
	}
	w := acctest.New(t)
	w.Config(b.String() + "}\n")
	for _, d := range w.Validate() {
		t.Errorf("%s: %s", d.Summary, d.Detail)
	}
}

// TestMockWithPersonalData gives the example of a protected identity the guide's made-up person, and one with a wrong check digit.
func TestMockWithPersonalData(t *testing.T) {
	for ssn, exitCode := range map[string]int{"19920704-9827": 0, "19920704-9828": 1} {
		t.Run(ssn, func(t *testing.T) {
			w := acctest.New(t)
			if err := os.Mkdir(filepath.Join(w.Dir, "tests"), 0o700); err != nil {
				t.Fatal(err)
			}
			w.Config(acctest.ReadFile(t, root, "examples/resources/pigello_protected_identity/resource.tf"))
			variables := openGuide(t, "test-your-people-without-an-account").block("terraform", "variables {")
			w.Write("tests/person.tftest.hcl", "mock_provider \"pigello\" {}\n\n"+
				strings.Replace(variables, "19920704-9827", ssn, 1)+"\nrun \"protected\" {}\n")
			if r := w.Run("test", "-no-color"); r.ExitCode != exitCode || (exitCode == 1) != strings.Contains(r.Output, "personal_data_wo.ssn") {
				t.Errorf("exit code %d, want %d\n%s", r.ExitCode, exitCode, r.Output)
			}
		})
	}
}
