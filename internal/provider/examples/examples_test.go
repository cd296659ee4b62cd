package examples_test

import (
	"io/fs"
	"net/http"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/pigello/terraform-provider-pigello/internal/provider"
	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// exampleValues are the variables that the examples leave to their reader.
var exampleValues = map[string]string{
	"pigello_client_secret": "not-a-secret",
	"ada_ssn":               "19850312-9804",
	"people":                `{emp-42 = "19850312-9804", emp-43 = "199207049827"}`,
	"protected_person":      `{first_name = "Elsa", last_name = "Nyman", birth_date = "1992-07-04", ssn = "19920704-9827"}`,
	"person":                `{first_name = "Elsa", last_name = "Nyman", ssn = "19920704-9827"}`,
}

// exampleFiles returns the files of an example.
func exampleFiles(t *testing.T, patterns ...string) []string {
	t.Helper()
	var all []string
	for _, pattern := range patterns {
		files, err := filepath.Glob(filepath.Join(acctest.Root(), "examples", pattern))
		if err != nil || len(files) == 0 {
			t.Fatalf("there is no example %s (%v)", pattern, err)
		}
		all = append(all, files...)
	}
	return all
}

// exampleWorkspace returns a workspace with an example, and with what it expects to find.
func exampleWorkspace(t *testing.T, files ...string) *acctest.Workspace {
	t.Helper()
	w := acctest.New(t)
	for name, value := range exampleValues {
		w.Setenv("TF_VAR_"+name, value)
	}
	for _, customID := range []string{"subtenant-17", "subtenant-1"} {
		w.Sandbox.Put(sandbox.Subtenant, map[string]any{"custom_id": customID, "first_name": "Elsa"})
	}
	w.Sandbox.Put(sandbox.OrganizationUser, map[string]any{
		"email": "caretaker@example.com", "first_name": "Nils", "role": map[string]any{"id": "8d0f5c1e-7a3b-4c29-9e64-1b5d7f302a88"},
	})
	for _, file := range files {
		content := acctest.ReadFile(t, file)
		if strings.Contains(content, "required_providers") {
			w.Write("provider.tf", "") // the example brings its own
		}
		w.Write(filepath.Base(file), content)
		pictures, err := filepath.Glob(filepath.Join(filepath.Dir(file), "*.png"))
		if err != nil {
			t.Fatal(err)
		}
		for _, picture := range pictures {
			w.Write(filepath.Base(picture), acctest.ReadFile(t, picture))
		}
	}
	return w
}

// checkPlan validates and plans, and returns the addresses of what is to be created.
func checkPlan(t *testing.T, w *acctest.Workspace) (*tfjson.Plan, []string) {
	t.Helper()
	for _, d := range w.Validate() {
		t.Errorf("%s: %s", d.Summary, d.Detail)
	}
	plan, _ := w.Plan()
	var created []string
	for _, change := range plan.ResourceChanges {
		if change.Change.Actions.Create() {
			created = append(created, change.Address)
		}
	}
	return plan, created
}

func TestProviderExample(t *testing.T) {
	_, created := checkPlan(t, exampleWorkspace(t, exampleFiles(t, "provider/provider.tf")...))
	if len(created) > 0 {
		t.Errorf("the example of the provider creates %v", created)
	}
}

// TestDemoExample applies the demonstration's configuration against a sandbox, and plans it against a second one at the same address, as
// somebody does who starts make sandbox again: everything is gone, which is no error, and is planned anew.
func TestDemoExample(t *testing.T) {
	w := exampleWorkspace(t, exampleFiles(t, "demo/*.tf")...)
	first, second := w.Sandbox, sandbox.New()
	for _, session := range []*sandbox.Sandbox{first, second} {
		session.Seed()
	}
	var session atomic.Pointer[sandbox.Sandbox]
	session.Store(first)
	server := acctest.Listen(t, http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) { session.Load().ServeHTTP(rw, r) }))
	w.Setenv("PIGELLO_BASE_URL", server)
	_, created := checkPlan(t, w)
	for _, resource := range []string{"pigello_organization_user.", "pigello_protected_identity."} {
		if !slices.ContainsFunc(created, func(address string) bool { return strings.HasPrefix(address, resource) }) {
			t.Errorf("the demonstration has no %s: %v", resource, created)
		}
	}
	w.Apply()
	w.PlanEmpty()
	session.Store(second)
	_, again := checkPlan(t, w)
	if !slices.Equal(again, created) {
		t.Errorf("the second session creates %v, the first one %v", again, created)
	}
	w.Apply()
	w.PlanEmpty()
}

// TestFunctionExamples plans and applies the example of each function, and plans once more.
func TestFunctionExamples(t *testing.T) {
	for _, file := range exampleFiles(t, "functions/*/function.tf") {
		name := filepath.Base(filepath.Dir(file))
		t.Run(name, func(t *testing.T) {
			w := exampleWorkspace(t, file)
			if !strings.Contains(acctest.ReadFile(t, file), "provider::pigello::"+name+"(") {
				t.Errorf("%s does not call %s", file, name)
			}
			checkPlan(t, w)
			w.Apply()
			w.PlanEmpty()
		})
	}
}

var (
	invocations = regexp.MustCompile(`(?m)^# terraform (apply -invoke=\S+)`)
	triggers    = regexp.MustCompile(`(?m)^ +actions += `)
)

// TestActionExamples applies the example of each action, and runs the commands that its comments show.
func TestActionExamples(t *testing.T) {
	for _, file := range exampleFiles(t, "actions/*/action.tf") {
		name := filepath.Base(filepath.Dir(file))
		t.Run(name, func(t *testing.T) {
			w := exampleWorkspace(t, file)
			w.Needs(acctest.Actions)
			example := acctest.ReadFile(t, file)
			if !strings.Contains(example, "\naction \""+name+"\" ") {
				t.Errorf("%s shows no %s", file, name)
			}
			checkPlan(t, w)
			w.Apply()
			sent := len(w.Sandbox.Invites())
			if (sent > 0) != triggers.MatchString(example) {
				t.Errorf("%d invites were sent", sent)
			}
			w.PlanEmpty()
			commands := invocations.FindAllStringSubmatch(example, -1)
			for _, command := range commands {
				w.Apply(strings.Fields(strings.ReplaceAll(command[1], "'", ""))[1:]...)
			}
			if n := len(w.Sandbox.Invites()) - sent; n != len(commands) || n == 0 {
				t.Errorf("%d commands sent %d invites", len(commands), n)
			}
		})
	}
}

// TestExamples plans and applies the example of each resource and data source, and plans once more.
func TestExamples(t *testing.T) {
	for _, file := range exampleFiles(t, "resources/*/resource.tf", "data-sources/*/data-source.tf") {
		name := filepath.Base(filepath.Dir(file))
		t.Run(name, func(t *testing.T) {
			w := exampleWorkspace(t, file)
			_, created := checkPlan(t, w)
			of := regexp.MustCompile(`(?m)^(resource|data) "` + name + `" "`)
			if !of.MatchString(acctest.ReadFile(t, file)) || strings.Contains(file, "resources/") != (len(created) > 0) {
				t.Errorf("%s shows no %s; it creates %v", file, name, created)
			}
			w.Apply()
			w.PlanEmpty()
		})
	}
}

var (
	address  = regexp.MustCompile(`to\s+= ([^\s[]+)`)
	identity = regexp.MustCompile(`(?s)identity = \{\s*(id = "[^"]*")\s*\}`)
)

// importable stores the objects that the import examples speak of.
func importable(w *acctest.Workspace) {
	for _, user := range []map[string]any{
		{"id": "497f6eca-6276-4993-bfeb-53cbbbba6f08", "email": "ada@example.com", "custom_id": "emp-42"},
		{"custom_id": "caretaker-bo"},
		{"custom_id": "caretaker-cleo"},
	} {
		user["first_name"] = "Ada"
		w.Sandbox.Put(sandbox.OrganizationUser, user)
	}
	w.Sandbox.Put(sandbox.ProtectedIdentity, map[string]any{
		"id": "6b2d4f80-9c1e-4a7b-8d35-2e4f6a8c0b76", "custom_id": "case-7",
		"sub_tenant": map[string]any{"id": "0d3f5a71-8b2c-4e6d-9f10-4a6c8e0b2d87"},
	})
}

func TestImportExamples(t *testing.T) {
	for _, file := range exampleFiles(t, "resources/*/import-by-*.tf") {
		resource := filepath.Base(filepath.Dir(file))
		t.Run(resource+" "+filepath.Base(file), func(t *testing.T) {
			w := exampleWorkspace(t, filepath.Join(filepath.Dir(file), "resource.tf"))
			importable(w)
			example := acctest.ReadFile(t, file)
			if identity.MatchString(example) && !w.Has(acctest.Identities) {
				t.Log("this terraform command does not know identities: the example is planned with the id in its place")
				example = identity.ReplaceAllString(example, "$1")
			}
			w.Write(filepath.Base(file), example)
			plan, _ := checkPlan(t, w)
			imports := address.FindAllStringSubmatch(example, -1)
			if len(imports) == 0 {
				t.Errorf("%s imports nothing", file)
			}
			for _, to := range imports {
				found := 0
				for _, change := range plan.ResourceChanges {
					if strings.HasPrefix(change.Address+"[", to[1]+"[") {
						if found++; change.Change.Importing == nil || !strings.HasPrefix(to[1], resource+".") {
							t.Errorf("the plan does not import %s", change.Address)
						}
					}
				}
				if found == 0 {
					t.Errorf("the plan has no %s", to[1])
				}
			}
		})
	}
	for _, file := range exampleFiles(t, "resources/*/import.sh") {
		resource := filepath.Base(filepath.Dir(file))
		t.Run(resource+" import.sh", func(t *testing.T) {
			w := exampleWorkspace(t, filepath.Join(filepath.Dir(file), "resource.tf"))
			importable(w)
			ids := map[any]bool{}
			for line := range strings.Lines(acctest.ReadFile(t, file)) {
				words := strings.Fields(line)
				if len(words) == 0 || words[0] == "#" {
					continue
				}
				w.OK(words[1:]...)
				ids[w.Attributes(words[2])["id"]] = true
				w.OK("state", "rm", words[2])
			}
			if len(ids) != 1 {
				t.Errorf("the commands should all import one and the same: %v", ids)
			}
		})
	}
}

// TestEverythingHasAnExampleAndAPage holds examples/ and docs/ to what the provider offers, both ways. A file that no
// test looks at is an error.
func TestEverythingHasAnExampleAndAPage(t *testing.T) {
	p := acctest.Serve(t, provider.New("test")())
	expected := map[string]bool{
		"docs/index.md": true, "examples/provider/provider.tf": true,
		"examples/resources/pigello_organization_user/portrait.png": true,
	}
	page := func(file string, attributes []*tfprotov6.SchemaAttribute) {
		expected[file] = true
		content := acctest.ReadFile(t, acctest.Root(), file)
		for _, a := range attributes {
			if !strings.Contains(content, "`"+a.Name+"`") {
				t.Errorf("%s does not name %s", file, a.Name)
			}
		}
	}
	page("docs/index.md", p.Provider.Block.Attributes)
	for name, schema := range p.ResourceSchemas {
		page("docs/resources/"+strings.TrimPrefix(name, "pigello_")+".md", schema.Block.Attributes)
		for _, file := range []string{"resource.tf", "import.sh", "import-by-string-id.tf", "import-by-identity.tf"} {
			expected["examples/resources/"+name+"/"+file] = true
		}
	}
	for name, schema := range p.DataSourceSchemas {
		page("docs/data-sources/"+strings.TrimPrefix(name, "pigello_")+".md", schema.Block.Attributes)
		expected["examples/data-sources/"+name+"/data-source.tf"] = true
	}
	for name, schema := range p.ListResourceSchemas {
		page("docs/list-resources/"+strings.TrimPrefix(name, "pigello_")+".md", schema.Block.Attributes)
		expected["examples/list-resources/"+name+"/list-resource.tfquery.hcl"] = true
	}
	for name, schema := range p.EphemeralResourceSchemas {
		page("docs/ephemeral-resources/"+strings.TrimPrefix(name, "pigello_")+".md", schema.Block.Attributes)
		expected["examples/ephemeral-resources/"+name+"/ephemeral-resource.tf"] = true
	}
	for name, action := range p.ActionSchemas {
		page("docs/actions/"+strings.TrimPrefix(name, "pigello_")+".md", action.Schema.Block.Attributes)
		expected["examples/actions/"+name+"/action.tf"] = true
	}
	for name, function := range p.Functions {
		page("docs/functions/"+name+".md", []*tfprotov6.SchemaAttribute{{Name: function.Parameters[0].Name}})
		expected["examples/functions/"+name+"/function.tf"] = true
	}
	guides, err := filepath.Glob(filepath.Join(acctest.Root(), "templates/guides/*.md*"))
	if err != nil || len(guides) == 0 {
		t.Fatalf("there are no guides (%v)", err)
	}
	for _, guide := range guides {
		expected["docs/guides/"+strings.TrimSuffix(filepath.Base(guide), ".tmpl")] = true
	}
	for _, dir := range []string{"docs", "examples"} {
		err := filepath.WalkDir(filepath.Join(acctest.Root(), dir), func(file string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			file, _ = filepath.Rel(acctest.Root(), file)
			file = filepath.ToSlash(file)
			isDemo, _ := filepath.Match("examples/demo/*.tf", file)
			ofGuide := strings.HasPrefix(file, "examples/guides/") // which the tests of the guides run
			isPicture := strings.HasPrefix(file, "docs/images/")   // which a test of the documents looks at
			if !expected[file] && !isDemo && !ofGuide && !isPicture {
				t.Errorf("%s belongs to nothing that the provider offers, and no test looks at it", file)
			}
			delete(expected, file)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for file := range expected {
		t.Errorf("there is no %s", file)
	}
}
