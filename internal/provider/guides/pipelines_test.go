package guides_test

import (
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/oasdiff/yaml"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// step is a step of a job, in the form of GitHub. The lines of a GitLab script are one step.
type step struct {
	Name, Uses, Run string
	With            map[string]any
	Env             map[string]string
}

// job is a job of GitHub's.
type job struct {
	If          string
	RunsOn      string `json:"runs-on"`
	Environment string
	Permissions map[string]string
	Steps       []step
}

// pipeline runs the jobs of the guide in a workspace, as their runners would.
type pipeline struct {
	*acctest.Workspace

	t            *testing.T
	env          []string
	environments map[string]map[string]string // the variables and secrets of each
	artifacts    string
}

// newPipeline returns a pipeline for a configuration with one user and one protected identity, which somebody has initialised once and
// committed, with a mirror of the provider. The environments of production may write, all others only read.
func newPipeline(t *testing.T, production ...string) *pipeline {
	t.Helper()
	p := &pipeline{Workspace: acctest.New(t), t: t, artifacts: t.TempDir(), environments: map[string]map[string]string{}}
	for _, tool := range []string{"bash", "gpg", "jq"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("the guide's jobs need %s", tool)
		}
	}
	makeMirror(t, filepath.Join(p.Dir, "terraform.d", "plugins"))
	p.Write(".terraformrc", "")
	tools := t.TempDir()
	if err := os.WriteFile(filepath.Join(tools, "gh"), []byte(fakeGitHub), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(p.Engine().Path, filepath.Join(tools, "terraform")); err != nil {
		t.Fatal(err)
	}
	for _, variable := range os.Environ() {
		if !strings.HasPrefix(variable, "PIGELLO_") && !strings.HasPrefix(variable, "TF_") && !strings.HasPrefix(variable, "PATH=") {
			p.env = append(p.env, variable)
		}
	}
	p.env = append(p.env, "PATH="+tools+string(filepath.ListSeparator)+os.Getenv("PATH"), "GNUPGHOME="+t.TempDir(), "ARTIFACTS="+p.artifacts,
		"TF_CLI_CONFIG_FILE="+filepath.Join(p.Dir, ".terraformrc"), "CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1",
		"PIGELLO_BASE_URL="+p.readers(), "GITHUB_REPOSITORY=acme/people", "GITHUB_SHA=c0ffee", "GITHUB_STEP_SUMMARY="+filepath.Join(p.artifacts, "summary"))
	for _, name := range append([]string{"plan", "review"}, production...) {
		given := map[string]string{"PLAN_PASSPHRASE": "correct horse battery staple", "PROTECTED_PEOPLE": `{"case-7": "Elsa"}`}
		for _, variable := range p.Sandbox.Environment(p.URL) {
			name, value, _ := strings.Cut(variable, "=")
			given[name] = value
		}
		delete(given, "PIGELLO_BASE_URL")
		if !slices.Contains(production, name) {
			given["PIGELLO_SERVICE_VERSION_ID"] = onlyReads
		}
		p.environments[name] = given
	}
	p.declare("Ada")
	p.script("terraform init -input=false")
	return p
}

// onlyReads is the service version of credentials that cannot write.
const onlyReads = "99999999-9999-4999-8999-999999999999"

// readers returns the address of the sandbox with a second service version, which cannot write.
func (p *pipeline) readers() string {
	const header = "X-PIGELLO-SERVICE-VERSION-ID"
	var version string
	for _, variable := range p.Sandbox.Environment(p.URL) {
		if value, ok := strings.CutPrefix(variable, "PIGELLO_SERVICE_VERSION_ID="); ok {
			version = value
		}
	}
	server := acctest.Listen(p.t, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get(header) == onlyReads {
			if r.Method != http.MethodGet {
				http.Error(w, `{"detail": "You do not have permission to perform this action."}`, http.StatusForbidden)
				return
			}
			r.Header.Set(header, version)
		}
		p.Sandbox.ServeHTTP(w, r)
	}))
	return server
}

// fakeGitHub is as much of GitHub's command as the guide needs: a commit came with a pull request, whose plan is run 42, and another one with
// a fork's, which has no plan.
const fakeGitHub = `#!/usr/bin/env bash
case "$*" in
"api repos/acme/people/commits/c0ffee/pulls --jq "*) echo head-of-the-branch ;;
"api repos/acme/people/commits/f02c/pulls --jq "*) echo head-of-a-fork ;;
"run list --repo acme/people --workflow terraform.yml --event pull_request --commit head-of-a-fork --status success "*) ;;
"run list --repo acme/people --workflow terraform.yml --event pull_request --commit head-of-the-branch --status success "*) echo 42 ;;
"run download 42 --repo acme/people --name tfplan") cp "$ARTIFACTS"/tfplan/* . ;;
*) echo "gh $*: not what the guide should ask" >&2; exit 1 ;;
esac
`

// declare makes somebody's change to the configuration.
func (p *pipeline) declare(name string) {
	p.t.Helper()
	p.Config(fmt.Sprintf(`provider "pigello" {}

variable "protected_people" {
  type      = map(string)
  ephemeral = true
  default   = {}
}

resource "pigello_organization_user" "ada" {
  detail_access = 0
  first_name    = %q
}

resource "pigello_protected_identity" "case_7" {
  tenant_id        = "00000001-2000-4000-8000-abcdefabcdef"
  personal_data_wo = { first_name = var.protected_people["case-7"] }
}
`, name))
}

// checkout leaves what a runner begins with: the configuration, and the state, which stands for the backend.
func (p *pipeline) checkout() {
	p.t.Helper()
	for _, name := range []string{".terraform", "tfplan", "tfplan.gpg", "plan.txt", "drift.tfplan"} {
		if err := os.RemoveAll(filepath.Join(p.Dir, name)); err != nil {
			p.t.Fatal(err)
		}
	}
}

// run runs a script in the way of runners, which stop at the first command that fails.
func (p *pipeline) run(script string, env ...string) (output string, exitCode int) {
	p.t.Helper()
	cmd := exec.CommandContext(p.t.Context(), "bash", "-e", "-c", script)
	cmd.Dir, cmd.Env = p.Dir, append(slices.Clone(p.env), env...)
	content, _ := cmd.CombinedOutput()
	return string(content), cmd.ProcessState.ExitCode()
}

func (p *pipeline) script(script string) {
	p.t.Helper()
	if output, code := p.run(script); code != 0 {
		p.t.Fatalf("%s: exit code %d\n%s", script, code, output)
	}
}

// given returns what a job gives to a step: the variables that the step names, from the job's environment, and nothing else.
func (p *pipeline) given(environment string, s step) []string {
	p.t.Helper()
	var env []string
	for name, value := range s.Env {
		if from := regexp.MustCompile(`^\$\{\{ (?:secrets|vars)\.(\w+) \}\}$`).FindStringSubmatch(value); from != nil {
			value = p.environments[environment][from[1]]
		} else if value == "${{ github.token }}" {
			value = "a token"
		} else if strings.Contains(value, "${{") {
			p.t.Errorf("nobody knows what %s is", value)
		}
		env = append(env, name+"="+value)
	}
	return env
}

// job runs the steps of a job on a fresh runner.
func (p *pipeline) job(j job) (output string, exitCode int) {
	p.t.Helper()
	p.checkout()
	if p.environments[j.Environment] == nil {
		p.t.Errorf("there is no environment %q", j.Environment)
	}
	for _, s := range j.Steps {
		name, commit, _ := strings.Cut(s.Uses, "@")
		if name != "" && !regexp.MustCompile(`^[0-9a-f]{40}$`).MatchString(commit) {
			p.t.Errorf("%s is not pinned to a commit", s.Uses)
		}
		if name != "" && len(s.Env) > 0 {
			p.t.Errorf("%s gets variables that it does not need", s.Uses)
		}
		switch name {
		case "":
			said, code := p.run(s.Run, p.given(j.Environment, s)...)
			if output += said; code != 0 {
				return output, code
			}
		case "actions/checkout":
			if s.With["persist-credentials"] != false {
				p.t.Errorf("%s leaves its token to the steps that follow", s.Uses)
			}
		case "hashicorp/setup-terraform":
			if s.With["terraform_wrapper"] != false {
				p.t.Errorf("%s: the wrapper swallows signals", s.Uses)
			}
		case "aws-actions/configure-aws-credentials":
			if s.With["role-to-assume"] != "${{ vars.STATE_ROLE }}" || j.Permissions["id-token"] != "write" {
				p.t.Errorf("%s needs a role, and a token of the job's identity", s.Uses)
			}
		case "actions/upload-artifact":
			if s.With["retention-days"] == nil {
				p.t.Errorf("%s keeps the plan for as long as the repository likes", s.Uses)
			}
			dir, path := filepath.Join(p.artifacts, fmt.Sprint(s.With["name"])), fmt.Sprint(s.With["path"])
			if err := os.MkdirAll(dir, 0o700); err != nil {
				p.t.Fatal(err)
			}
			content := acctest.ReadFile(p.t, filepath.Join(p.Dir, path))
			if err := os.WriteFile(filepath.Join(dir, path), []byte(content), 0o600); err != nil {
				p.t.Fatal(err)
			}
		default:
			p.t.Errorf("nobody knows what %s does", s.Uses)
		}
	}
	return output, 0
}

// ends fails the test unless a job ends with that code, and says so much.
func (p *pipeline) ends(j job, exitCode int, says string) (output string) {
	p.t.Helper()
	output, code := p.job(j)
	if code != exitCode || !strings.Contains(output, says) {
		p.t.Fatalf("want exit code %d and %q, got %d and\n%s", exitCode, says, code, output)
	}
	return output
}

func (p *pipeline) called(want string) {
	p.t.Helper()
	all := p.Sandbox.All(sandbox.OrganizationUser)
	if len(all) != 1 || all[0]["first_name"] != want {
		p.t.Errorf("want one user called %s, got %v", want, all)
	}
}

// watch goes through all that a job that looks for drift may find.
func (p *pipeline) watch(drift job, names string) {
	p.t.Helper()
	p.ends(drift, 0, "No differences.")
	id := fmt.Sprint(p.Sandbox.All(sandbox.OrganizationUser)[0]["id"])
	p.Sandbox.Change(sandbox.OrganizationUser, id, map[string]any{"last_name": "Canary"})
	if output := p.ends(drift, 2, names); strings.Contains(output, "Canary") {
		p.t.Errorf("the job tells values:\n%s", output)
	}
	right := p.environments[drift.Environment]["PIGELLO_CLIENT_SECRET"]
	p.environments[drift.Environment]["PIGELLO_CLIENT_SECRET"] = "wrong"
	p.ends(drift, 1, "The comparison failed.")
	p.environments[drift.Environment]["PIGELLO_CLIENT_SECRET"] = right
	p.Sandbox.Change(sandbox.OrganizationUser, id, map[string]any{"last_name": nil})
}

// workflow is a file of GitHub's.
type workflow struct {
	On          map[string]any
	Permissions map[string]string
	Env         map[string]string
	Jobs        map[string]job
}

func parse(t *testing.T, block string, into any) {
	t.Helper()
	if _, err := yaml.Unmarshal([]byte(block), into, yaml.DecodeOpts{}); err != nil {
		t.Fatalf("%v in\n%s", err, block)
	}
}

// TestGitHubPipeline runs the guide's workflows.
func TestGitHubPipeline(t *testing.T) {
	p := newPipeline(t, "production", "drift")
	blocks := acctest.GuideBlocks(t, "pipelines.md", "yaml")
	if len(blocks) != 3 {
		t.Fatalf("%d pipelines, want 3", len(blocks))
	}
	var change, nightly workflow
	parse(t, blocks[0], &change)
	parse(t, blocks[1], &nightly)
	plan, apply, drift := change.Jobs["plan"], change.Jobs["apply"], nightly.Jobs["drift"]
	const hasSecrets = "github.event.pull_request.head.repo.full_name == github.repository && github.actor != 'dependabot[bot]'"
	if plan.If != "github.event_name == 'pull_request' && "+hasSecrets || apply.If != "github.event_name == 'push'" || nightly.On["schedule"] == nil {
		t.Errorf("the jobs run at %q, %q and %v", plan.If, apply.If, nightly.On)
	}
	if plan.Environment != "plan" || apply.Environment != "production" || drift.Environment != "drift" {
		t.Errorf("the jobs run in %q, %q and %q", plan.Environment, apply.Environment, drift.Environment)
	}
	for name, w := range map[string]workflow{"change": change, "nightly": nightly} {
		if len(w.Permissions) > 0 || len(w.Env) != 1 || w.Env["TF_IN_AUTOMATION"] == "" {
			t.Errorf("%s: every step gets %v and %v", name, w.Permissions, w.Env)
		}
		for name, j := range w.Jobs {
			if j.RunsOn == "" || len(j.Permissions) == 0 || j.Permissions["contents"] != "read" {
				t.Errorf("%s runs on %q with %v", name, j.RunsOn, j.Permissions)
			}
		}
	}
	for _, on := range []string{"pull_request", "push"} {
		if _, ok := change.On[on]; !ok {
			t.Errorf("nothing runs on %s", on)
		}
	}

	p.ends(plan, 0, "2 to add")
	if kept := acctest.ReadFile(t, p.artifacts, "tfplan/tfplan.gpg"); strings.Contains(kept, "PK\x03\x04") || strings.Contains(kept, "tfconfig") {
		t.Error("the plan that is kept is not encrypted")
	}
	p.ends(apply, 0, "Resources: 2 added")
	p.called("Ada")

	// What was reviewed is applied, and not what stands in the configuration by then.
	p.declare("Augusta")
	p.ends(plan, 0, "1 to change")
	p.declare("Annabella")
	p.ends(apply, 0, "1 changed")
	p.called("Augusta")

	// Credentials that can only read are enough for a plan, and for no apply.
	p.ends(plan, 0, "1 to change")
	reading := apply
	reading.Environment = "plan"
	p.ends(reading, 1, "403")
	p.called("Augusta")

	// A plan that something else has overtaken.
	p.ends(plan, 0, "1 to change")
	p.declare("Allegra")
	p.ends(job{Environment: "production", Steps: []step{{Run: "terraform init && terraform apply -auto-approve", Env: apply.Steps[len(apply.Steps)-1].Env}}}, 0, "1 changed")
	p.ends(apply, 1, "Saved plan is stale")
	p.called("Allegra")
	p.watch(drift, "* pigello_organization_user.ada: update communication_name, full_name, last_name")
	for _, line := range []string{"No differences.", "Pigello differs", "The comparison failed."} {
		if !strings.Contains(acctest.ReadFile(t, p.artifacts, "summary"), line) {
			t.Errorf("the summary lacks %q", line)
		}
	}

	// What the guide says of two sets of credentials: this apply does not write the user, who was last seen with those of the plan.
	for _, environment := range []string{"plan", "production", "drift"} {
		p.environments[environment]["PROTECTED_PEOPLE"] = `{"case-7": "Elsa-Maria"}`
	}
	p.ends(plan, 0, "1 to change")
	p.ends(apply, 0, "1 changed")
	id := fmt.Sprint(p.Sandbox.All(sandbox.OrganizationUser)[0]["id"])
	p.Sandbox.Put(sandbox.OrganizationUser, map[string]any{"first_name": "Bo"}) // else nobody would be there, which proves nothing
	p.Sandbox.Remove(sandbox.OrganizationUser, id)
	p.ends(drift, 1, "service_version_id was")
	p.ends(plan, 0, "1 to add")

	// What the guide says of a saved plan: the person is in it; the credentials, and what is write-only, are not.
	p.declare("Ottilia-Wilhelmina")
	p.environments["plan"]["PROTECTED_PEOPLE"] = `{"case-7": "Elsa-Josefina"}`
	plan.Steps = plan.Steps[:len(plan.Steps)-2] // the plan is left as it is
	p.ends(plan, 0, "1 to add, 1 to change")
	if err := os.RemoveAll(filepath.Join(p.Dir, ".terraform")); err != nil {
		t.Fatal(err)
	}
	if found := p.Traces([]string{"Ottilia-Wilhelmina"}); len(found) == 0 {
		t.Error("a saved plan holds nobody's name")
	}
	if found := p.Traces([]string{"sandbox-client-secret", "Elsa-Josefina"}); len(found) > 0 {
		t.Errorf("a saved plan holds credentials, or what is write-only: %v", found)
	}
	p.env = append(p.env, "GITHUB_SHA=f02c")
	p.ends(apply, 1, "The pull request has no plan, so nothing is applied.")
	p.env = append(p.env, "GITHUB_SHA=pushed-without-a-pull-request")
	p.ends(apply, 1, "not what the guide should ask")
}

// TestGitLabPipeline runs the jobs of the guide's pipeline.
func TestGitLabPipeline(t *testing.T) {
	p := newPipeline(t, "production/plan", "production/apply")
	var pipeline map[string]any
	parse(t, acctest.GuideBlocks(t, "pipelines.md", "yaml")[2], &pipeline)
	lines := func(of any, key string) (script string) {
		for _, line := range of.(map[string]any)[key].([]any) {
			script += line.(string) + "\n"
		}
		return script
	}
	image := pipeline["default"].(map[string]any)["image"].(map[string]any)["name"].(string)
	if !regexp.MustCompile(`^hashicorp/terraform:1\.\d+\.\d+@sha256:[0-9a-f]{64}$`).MatchString(image) {
		t.Errorf("%s is not pinned", image)
	}
	named := func(name string) job {
		// A job gets the variables of its environment.
		env := map[string]string{"TF_VAR_protected_people": "${{ secrets.PROTECTED_PEOPLE }}"}
		for variable := range p.environments["plan"] {
			if strings.HasPrefix(variable, "PIGELLO_") {
				env[variable] = "${{ secrets." + variable + " }}"
			}
		}
		environment := pipeline[name].(map[string]any)["environment"].(map[string]any)["name"].(string)
		return job{Environment: environment, Steps: []step{{Run: lines(pipeline["default"], "before_script")}, {Run: lines(pipeline[name], "script"), Env: env}}}
	}
	review, plan, apply := named("review"), named("plan"), named("apply")
	kept := pipeline["plan"].(map[string]any)["artifacts"].(map[string]any)["paths"].([]any)[0].(string)
	at := filepath.Join(p.artifacts, kept)
	plan.Steps = append(plan.Steps, step{Run: "cp " + kept + " " + at})
	apply.Steps = append([]step{{Run: "cp " + at + " " + kept}}, apply.Steps...)

	p.ends(review, 0, "2 to add")
	p.ends(plan, 0, "2 to add")
	p.declare("Annabella")
	p.ends(apply, 0, "Resources: 2 added")
	p.called("Ada")
	p.declare("Ada")
	p.watch(named("drift"), "# pigello_organization_user.ada will be updated in-place\n    communication_name\n    full_name\n    last_name")
}
