package guides_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

const oneFile = "manage-users-from-one-file"

// company is a workspace with the guide's file and block.
type company struct {
	*acctest.Workspace
	guide

	csv string
}

func newCompany(t *testing.T) *company {
	t.Helper()
	c := &company{acctest.New(t), openGuide(t, oneFile), ""}
	c.csv = c.block("text", "emp-1")
	c.file(c.csv)
	c.Config(c.block("terraform", "csvdecode"))
	return c
}

func (c *company) file(content string) { c.t.Helper(); c.Write("people.csv", content) }

// edit replaces a text in the file.
func (c *company) edit(from, to string) {
	c.t.Helper()
	if strings.Count(c.csv, from) != 1 {
		c.t.Fatalf("%q is not once in the file\n%s", from, c.csv)
	}
	c.csv = strings.Replace(c.csv, from, to, 1)
	c.file(c.csv)
}

// plans fails the test unless a plan ends with that line.
func (c *company) plans(summary string) {
	c.t.Helper()
	says(c.t, c.OK("plan", "-no-color"), summary)
}

// refuses fails the test unless a plan fails with that text.
func (c *company) refuses(text string) {
	c.t.Helper()
	r := c.Run("plan", "-no-color")
	if r.ExitCode != 1 {
		c.t.Errorf("exit code %d", r.ExitCode)
	}
	says(c.t, r, text)
}

// person returns what Pigello holds of somebody.
func (c *company) person(customID string) map[string]any {
	c.t.Helper()
	for _, object := range c.Sandbox.All(sandbox.OrganizationUser) {
		if object["custom_id"] == customID {
			return object
		}
	}
	c.t.Fatalf("nobody is %s", customID)
	return nil
}

// put stores the people of the file in Pigello, as somebody would who does not use Terraform.
func (c *company) put() {
	for n, person := range []map[string]any{
		{
			"first_name": "Ada", "last_name": "Lindgren", "email": "ada@example.com", "phone_number": "+46701234567", "detail_access": 2,
			"role": map[string]any{"id": "0c8a6b1e-5d2f-4e3a-9b7c-8f1d2a3b4c65"},
		},
		{
			"first_name": "Bo", "last_name": "Ek", "email": "bo@example.com", "detail_access": 0,
			"role": map[string]any{"id": "8d0f5c1e-7a3b-4c29-9e64-1b5d7f302a88"},
		},
		{"first_name": "Cleo", "last_name": "Dahl", "detail_access": 1},
	} {
		person["custom_id"] = fmt.Sprintf("emp-%d", n+1)
		person["is_active"] = true
		c.Sandbox.Put(sandbox.OrganizationUser, person)
	}
}

func TestOneFile(t *testing.T) {
	c := newCompany(t)
	c.formatted(c.Workspace)
	says(t, c.Apply(), "3 added")
	c.PlanEmpty()
	if ada, bo := c.person("emp-1"), c.person("emp-2"); ada["phone_number"] != "+46701234567" || bo["phone_number"] != nil {
		t.Errorf("the telephone numbers are %v and %v", ada["phone_number"], bo["phone_number"])
	}
	if role, _ := c.person("emp-2")["role"].(map[string]any); role["id"] != "8d0f5c1e-7a3b-4c29-9e64-1b5d7f302a88" {
		t.Errorf("the role of the caretaker is %v", role)
	}

	// What Excel writes.
	config := c.block("terraform", "csvdecode")
	reading := `csvdecode(file("${path.module}/people.csv"))`
	excel := `csvdecode(replace(trimprefix(file("${path.module}/people.csv"), "\ufeff"), ";", ","))`
	if page := strings.Join(c.parts, ""); !strings.Contains(page, excel) || !strings.Contains(config, reading) {
		t.Error("the guide reads the file in another way")
	}
	c.Config(strings.Replace(config, reading, excel, 1))
	c.file("\ufeff" + strings.ReplaceAll(c.csv, ",", ";"))
	c.PlanEmpty()
	c.Config(config)

	// Mistakes.
	for mistake, text := range map[[2]string]string{
		{"manager", "janitor"}:        "Invalid index",
		{"emp-2", "emp-1"}:            "Duplicate object key",
		{"+46701234567", "070 12 34"}: "phone_number",
	} {
		c.file(strings.Replace(c.csv, mistake[0], mistake[1], 1))
		c.refuses(text)
	}

	// A key that changes, without and with a word about it.
	c.edit("emp-3", "emp-30")
	c.plans("Plan: 1 to add, 0 to change, 1 to destroy.")
	c.Write("moved.tf", c.block("terraform", "moved {"))
	c.plans("Plan: 0 to add, 1 to change, 0 to destroy.")
	c.Apply()
	c.Write("moved.tf", "")
	c.PlanEmpty()

	// An emptied cell, and what no cell can clear.
	c.edit("manager,2", ",2")
	c.edit("+46701234567", "")
	c.plans("Plan: 0 to add, 1 to change, 0 to destroy.")
	c.Apply()
	if ada := c.person("emp-1"); ada["role"] != nil || ada["phone_number"] != nil {
		t.Errorf("an emptied cell leaves %v and %v", ada["role"], ada["phone_number"])
	}
	c.edit("Cleo,Dahl,,,,1,true", "Cleo,Dahl,,,,1,")
	c.PlanEmpty()

	c.Write("role.tf", c.block("terraform", `output "role_id"`))
	c.OK("plan", "-no-color")
}

// TestOneFileAsYAML declares the same people as the CSV file does.
func TestOneFileAsYAML(t *testing.T) {
	c := newCompany(t)
	c.Apply()
	c.Config(c.block("terraform", "yamldecode"))
	c.Write("people.yaml", c.block("yaml", "emp-1"))
	c.PlanEmpty()
}

// TestOneFileLeavers goes through the table of leavers, and back.
func TestOneFileLeavers(t *testing.T) {
	c := newCompany(t)
	c.Apply()

	c.edit("caretaker,0,true", "caretaker,0,false")
	c.plans("Plan: 0 to add, 1 to change, 0 to destroy.")
	c.Apply()
	if c.person("emp-2")["is_active"] != false {
		t.Error("the leaver may sign in")
	}
	c.edit("caretaker,0,false", "caretaker,0,true")
	c.Apply()

	line := "emp-2,Bo,Ek,bo@example.com,,caretaker,0,true\n"
	c.edit(line, "")
	c.plans("Plan: 0 to add, 0 to change, 1 to destroy.")
	c.Apply()
	bo := c.person("emp-2")
	if bo["is_active"] != false {
		t.Error("who was removed may sign in")
	}
	c.csv += line
	c.file(c.csv)
	rehire := c.block("terraform", `person["emp-2"]`)
	c.Write("rehire.tf", rehire)
	c.plans("Plan: 1 to import, 0 to add, 1 to change, 0 to destroy.")
	c.Apply()
	if again := c.person("emp-2"); again["is_active"] != true || again["id"] != bo["id"] {
		t.Errorf("rehired is %v, who was %v", again, bo)
	}
	c.PlanEmpty()

	c.Config(strings.Replace(c.block("terraform", "csvdecode"), `"deactivate"`, `"abandon"`, 1))
	c.Apply()
	c.Write("rehire.tf", "")
	c.edit(line, "")
	c.Apply()
	if c.person("emp-2")["is_active"] != true {
		t.Error("who was abandoned was deactivated")
	}
}

// TestOneFileAfterAnImport imports people, and empties the cell of a role: with the guide's block that clears it, and without its
// line on_destroy it does not, before a change was applied.
func TestOneFileAfterAnImport(t *testing.T) {
	for name, keep := range map[string]bool{"as in the guide": true, "without on_destroy": false} {
		t.Run(name, func(t *testing.T) {
			c := newCompany(t)
			c.put()
			config := c.block("terraform", "csvdecode")
			if !keep {
				c.Config(strings.Replace(config, `  on_destroy    = "deactivate"`+"\n", "", 1))
			}
			c.Write("import.tf", c.block("terraform", "import {\n  for_each"))
			changed := 0
			if keep {
				changed = 3
			}
			c.plans(fmt.Sprintf("Plan: 3 to import, 0 to add, %d to change, 0 to destroy.", changed))
			c.Apply()
			c.Write("import.tf", "")
			c.PlanEmpty()
			empty := func() { c.edit("manager,2", ",2") }
			if !keep {
				empty()
				c.PlanEmpty() // the trap
				c.edit("+46701234567,,2", "+46701234567,manager,2")
				c.Config(config)
				c.plans("Plan: 0 to add, 3 to change, 0 to destroy.")
				c.Apply()
			}
			empty()
			c.plans("Plan: 0 to add, 1 to change, 0 to destroy.")
			c.Apply()
			if role := c.person("emp-1")["role"]; role != nil {
				t.Errorf("the role is still %v", role)
			}
		})
	}
}

// TestOneFileWithCount shows what the guide warns of: with count, a line that is removed changes everybody after it.
func TestOneFileWithCount(t *testing.T) {
	c := newCompany(t)
	c.Config(`locals {
  people = csvdecode(file("${path.module}/people.csv"))
}

resource "pigello_organization_user" "person" {
  count         = length(local.people)
  custom_id     = local.people[count.index].custom_id
  first_name    = local.people[count.index].first_name
  detail_access = local.people[count.index].detail_access
}
`)
	c.Apply()
	c.edit("emp-1,Ada,Lindgren,ada@example.com,+46701234567,manager,2,true\n", "")
	c.plans("Plan: 0 to add, 2 to change, 1 to destroy.")
}

// TestOneFileGuards lets the guide's settings stop a plan that removes too many people, and one that creates somebody who exists.
func TestOneFileGuards(t *testing.T) {
	c := newCompany(t)
	c.Write("guards.tf", c.block("terraform", "max_destroys ="))
	c.Apply()
	whole := c.csv
	first, _, _ := strings.Cut(whole, "emp-2")
	c.file(first)
	c.plans("Plan: 0 to add, 0 to change, 2 to destroy.") // as many as three pass

	r := c.Run("plan", "-no-color", "-var", "max_destroys=1")
	if r.ExitCode != 1 {
		t.Errorf("exit code %d of a plan that removes two people, with a cap of one", r.ExitCode)
	}
	says(t, r, "max_destroys")
	c.file(whole)
	c.PlanEmpty()

	existing := c.Sandbox.Put(sandbox.OrganizationUser, map[string]any{"custom_id": "emp-4", "first_name": "Dag"})
	c.file(whole + "emp-4,Dag,Ek,,,,0,true\n")
	c.refuses(existing)
}
