package protectedidentity_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

const root = "../../.."

const guide = "protected-identities-without-personal-data-in-state.md"

// TestGuide applies the guide's configurations one after another, and asks the state what the guide asks it.
func TestGuide(t *testing.T) {
	p := &people{Workspace: acctest.New(t), t: t}
	blocks := acctest.GuideBlocks(t, guide, "terraform")
	if len(blocks) != 3 {
		t.Fatalf("%d configurations, want 3", len(blocks))
	}
	for _, block := range blocks {
		p.Write("formatted.tf", block)
		p.OK("fmt", "-check", "formatted.tf")
	}
	p.Write("formatted.tf", "")
	p.Write("provider.tf", "") // the guide's own is complete
	one := newPerson(1)
	p.Setenv("TF_VAR_sub_tenant_id", tenantOf("x"))
	p.Variable("person", one)
	p.Config(blocks[0])
	p.Plan()
	p.OK("apply", "-no-color", "tfplan")
	id, _ := p.Sandbox.All(sandbox.ProtectedIdentity)[0]["id"].(string)
	holds := func(want person) {
		t.Helper()
		object, _ := p.Sandbox.Get(sandbox.ProtectedIdentity, id)
		for _, field := range fields {
			if value, _ := object[field].(string); value != want[field] {
				t.Errorf("the server's %s is %q, want %q", field, value, want[field])
			}
		}
	}
	holds(one)
	p.PlanEmpty()

	// The text that the guide shows of a difference.
	p.Sandbox.Change(sandbox.ProtectedIdentity, id, map[string]any{"email": "x@example.com"})
	_, r := p.Plan()
	for line := range strings.SplitSeq(acctest.GuideBlocks(t, guide, "text")[0], "\n") {
		if line = strings.TrimSpace(line); strings.HasPrefix(line, "Warning") || strings.HasPrefix(line, "Differs") {
			p.says(r, strings.ReplaceAll(line, "497f6eca-6276-4993-bfeb-53cbbbba6f08", id))
		}
	}
	p.OK("apply", "-no-color", "tfplan")

	// The version.
	head, _, _ := strings.Cut(blocks[0], `resource "pigello_protected_identity"`)
	p.Config(head + blocks[2])
	p.Apply()
	p.PlanEmpty()

	// The secret store, with a variable in its place: there is no Vault here.
	_, resource, ok := strings.Cut(blocks[1], "\n}\n")
	if !ok || !strings.HasPrefix(blocks[1], `ephemeral "vault_kv_secret_v2" "person" {`) {
		t.Fatal("the guide's second configuration is another")
	}
	p.Config(head + "variable \"secret\" {\n  type = map(string)\n  ephemeral = true\n}\n" +
		strings.ReplaceAll(resource, "ephemeral.vault_kv_secret_v2.person.data", "var.secret"))
	p.Variable("secret", one)
	p.Plan()
	p.OK("apply", "-no-color", "tfplan")
	holds(one.only("first_name", "last_name", "ssn"))
	p.PlanEmpty()
	p.noTrace([]person{one}, r)

	checks := acctest.GuideBlocks(t, guide, "shell")[1:]
	for _, tool := range []string{"bash", "jq", "unzip"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("the guide's commands need %s", tool)
		}
	}
	acctest.Same(p.t, "what the guide's search finds", p.shell(checks[0], one["ssn"]+"\n"), "0\n0\n0\n")
	if got := p.shell(checks[1], ""); !strings.HasPrefix(got, "0\n") || !strings.Contains(got, `{\"written\":[\"first_name\",\"last_name\",\"ssn\"],`) {
		t.Errorf("the guide's look at the state finds %s", got)
	}
}

// shell runs a script of the guide as a person would.
func (p *people) shell(script, input string) string {
	p.t.Helper()
	cmd := exec.CommandContext(p.t.Context(), "bash", "-c", script)
	cmd.Dir = p.Dir
	cmd.Env = append(os.Environ(), "TF_CLI_CONFIG_FILE="+filepath.Join(p.Dir, ".terraformrc"))
	cmd.Stdin = strings.NewReader(input)
	output, _ := cmd.Output() // grep finds nothing, which is no success to it
	return string(output)
}

// TestEphemeralExample applies the example of the ephemeral resource.
func TestEphemeralExample(t *testing.T) {
	p := &people{Workspace: acctest.New(t), t: t}
	content := acctest.ReadFile(t, root, "examples/ephemeral-resources/pigello_protected_identity/ephemeral-resource.tf")
	one := newPerson(1)
	p.Sandbox.Put(sandbox.ProtectedIdentity, merge(one.wire(), map[string]any{"tenant": map[string]any{"id": tenantOf("old")}}))
	p.Variable("tenant_ids", map[string]string{"old": tenantOf("old"), "new": tenantOf("new")})
	p.Config(content)
	p.Apply()
	p.PlanEmpty()
	object := p.Sandbox.All(sandbox.ProtectedIdentity)[1]
	for _, field := range fields {
		acctest.Same(p.t, "the server's "+field, object[field], one[field])
	}
}
