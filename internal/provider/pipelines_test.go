package provider_test

import (
	"fmt"
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

// guideBlocks returns the blocks of code in a language from a guide.
func guideBlocks(t *testing.T, guide, language string) []string {
	t.Helper()
	var blocks []string
	for _, part := range strings.Split(read(t, filepath.Join(root, "templates/guides", guide)), "```"+language+"\n")[1:] {
		block, _, ok := strings.Cut(part, "```")
		if !ok {
			t.Fatal("a block of code does not end")
		}
		blocks = append(blocks, block)
	}
	return blocks
}

// step is a step of a job, in the form of GitHub. The lines of a GitLab script are one step.
type step struct {
	Name, Uses, Run string
	With            map[string]any
	Env             map[string]string
}

// pipeline runs the jobs of the guide in a workspace, as their runners would.
type pipeline struct {
	*acctest.Workspace

	t         *testing.T
	env       []string
	artifacts string
}

// newPipeline returns a pipeline for a configuration with one user, which somebody has initialised once and committed.
func newPipeline(t *testing.T) *pipeline {
	t.Helper()
	p := &pipeline{Workspace: acctest.New(t), t: t, artifacts: t.TempDir()}
	for _, tool := range []string{"bash", "gpg"} {
		if _, err := exec.LookPath(tool); err != nil {
			t.Skipf("the guide's jobs need %s", tool)
		}
	}
	// A mirror, since with an override there would be nothing to initialise.
	mirror, tools := t.TempDir(), t.TempDir()
	built := regexp.MustCompile(`= "(.*)"`).FindStringSubmatch(read(t, filepath.Join(p.Dir, ".terraformrc")))[1]
	platform := p.OK("version", "-json").Stdout
	platform = regexp.MustCompile(`"platform": "(.*)"`).FindStringSubmatch(platform)[1]
	version := filepath.Join(mirror, "registry.terraform.io/pigello/pigello/1.0.0", platform)
	if err := os.MkdirAll(version, 0o700); err != nil {
		t.Fatal(err)
	}
	copyFile(t, filepath.Join(built, "terraform-provider-pigello"), filepath.Join(version, "terraform-provider-pigello_v1.0.0"), 0o700)
	p.Write(".terraformrc", fmt.Sprintf("provider_installation {\n  filesystem_mirror { path = %q }\n}\n", mirror))
	gh := filepath.Join(tools, "gh")
	if err := os.WriteFile(gh, []byte(fakeGitHub), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, variable := range os.Environ() {
		if !strings.HasPrefix(variable, "PIGELLO_") && !strings.HasPrefix(variable, "TF_") && !strings.HasPrefix(variable, "PATH=") {
			p.env = append(p.env, variable)
		}
	}
	p.env = append(append(p.env, p.Sandbox.Environment(p.URL)...),
		"PATH="+tools+string(filepath.ListSeparator)+os.Getenv("PATH"), "GNUPGHOME="+t.TempDir(), "ARTIFACTS="+p.artifacts,
		"TF_CLI_CONFIG_FILE="+filepath.Join(p.Dir, ".terraformrc"), "CHECKPOINT_DISABLE=1", "TF_IN_AUTOMATION=1",
		"PLAN_PASSPHRASE=correct horse battery staple", "GITHUB_REPOSITORY=acme/people", "GITHUB_SHA=c0ffee",
		"GITHUB_STEP_SUMMARY="+filepath.Join(p.artifacts, "summary"))
	p.declare("Ada")
	p.script("terraform init -input=false")
	return p
}

// fakeGitHub is as much of GitHub's command as the guide needs: the commit came with a pull request, whose plan is run 42.
const fakeGitHub = `#!/usr/bin/env bash
case "$*" in
"api repos/acme/people/commits/c0ffee/pulls --jq "*) echo head-of-the-branch ;;
"run list --repo acme/people --workflow terraform.yml --event pull_request --commit head-of-the-branch --status success "*) echo 42 ;;
"run download 42 --repo acme/people --name tfplan") cp "$ARTIFACTS"/tfplan/* . ;;
*) echo "gh $*: not what the guide should ask" >&2; exit 1 ;;
esac
`

func copyFile(t *testing.T, from, to string, mode os.FileMode) {
	t.Helper()
	if err := os.WriteFile(to, []byte(read(t, from)), mode); err != nil {
		t.Fatal(err)
	}
}

// declare makes somebody's change to the configuration.
func (p *pipeline) declare(name string) {
	p.t.Helper()
	p.Config(fmt.Sprintf("provider \"pigello\" {}\n\nresource \"pigello_organization_user\" \"ada\" {\n  detail_access = 0\n  first_name    = %q\n}\n", name))
}

// checkout leaves what a runner begins with: the configuration, and the state, which stands for the backend.
func (p *pipeline) checkout() {
	p.t.Helper()
	for _, name := range []string{".terraform", "tfplan", "tfplan.gpg"} {
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

// job runs the steps of a job on a fresh runner.
func (p *pipeline) job(steps []step) (output string, exitCode int) {
	p.t.Helper()
	p.checkout()
	for _, s := range steps {
		name, _, _ := strings.Cut(s.Uses, "@")
		switch name {
		case "":
			var env []string
			for name, value := range s.Env {
				env = append(env, name+"="+value)
			}
			said, code := p.run(s.Run, env...)
			if output += said; code != 0 {
				return output, code
			}
		case "actions/checkout":
		case "hashicorp/setup-terraform":
			if s.With["terraform_wrapper"] != false {
				p.t.Errorf("%s: the wrapper swallows signals", s.Uses)
			}
		case "actions/upload-artifact":
			dir, path := filepath.Join(p.artifacts, fmt.Sprint(s.With["name"])), fmt.Sprint(s.With["path"])
			if err := os.MkdirAll(dir, 0o700); err != nil {
				p.t.Fatal(err)
			}
			copyFile(p.t, filepath.Join(p.Dir, path), filepath.Join(dir, path), 0o600)
		default:
			p.t.Errorf("nobody knows what %s does", s.Uses)
		}
	}
	return output, 0
}

// ends fails the test unless a job ends with that code, and says so much.
func (p *pipeline) ends(steps []step, exitCode int, says string) {
	p.t.Helper()
	output, code := p.job(steps)
	if code != exitCode || !strings.Contains(output, says) {
		p.t.Fatalf("want exit code %d and %q, got %d and\n%s", exitCode, says, code, output)
	}
}

func (p *pipeline) called(want string) {
	p.t.Helper()
	all := p.Sandbox.All(sandbox.OrganizationUser)
	if len(all) != 1 || all[0]["first_name"] != want {
		p.t.Errorf("want one user called %s, got %v", want, all)
	}
}

// watch goes through all that a job that looks for drift may find.
func (p *pipeline) watch(drift []step) {
	p.t.Helper()
	p.ends(drift, 0, "No changes.")
	id := fmt.Sprint(p.Sandbox.All(sandbox.OrganizationUser)[0]["id"])
	p.Sandbox.Change(sandbox.OrganizationUser, id, map[string]any{"detail_access": 2})
	p.ends(drift, 2, "detail_access")
	p.env = append(p.env, "PIGELLO_CLIENT_SECRET=wrong")
	p.ends(drift, 1, "does not accept the credentials")
	p.env = p.env[:len(p.env)-1]
	p.Sandbox.Change(sandbox.OrganizationUser, id, map[string]any{"detail_access": 0})
}

// workflow is a file of GitHub's.
type workflow struct {
	On   map[string]any
	Env  map[string]string
	Jobs map[string]struct {
		If     string
		RunsOn string `json:"runs-on"`
		Steps  []step
	}
}

func parse(t *testing.T, block string, into any) {
	t.Helper()
	if _, err := yaml.Unmarshal([]byte(block), into, yaml.DecodeOpts{}); err != nil {
		t.Fatalf("%v in\n%s", err, block)
	}
}

// fromSecrets fails the test unless an environment holds each of the seven, from the secret of that name.
func fromSecrets(t *testing.T, p *pipeline, env map[string]string) {
	t.Helper()
	for _, variable := range p.Sandbox.Environment(p.URL) {
		name, _, _ := strings.Cut(variable, "=")
		if want := "${{ secrets." + name + " }}"; name != "PIGELLO_BASE_URL" && env[name] != want {
			t.Errorf("%s is %q, want %q", name, env[name], want)
		}
	}
}

// TestGitHubPipeline runs the guide's workflows.
func TestGitHubPipeline(t *testing.T) {
	p := newPipeline(t)
	blocks := guideBlocks(t, "pipelines.md", "yaml")
	if len(blocks) != 3 {
		t.Fatalf("%d pipelines, want 3", len(blocks))
	}
	var change, nightly workflow
	parse(t, blocks[0], &change)
	parse(t, blocks[1], &nightly)
	fromSecrets(t, p, change.Env)
	fromSecrets(t, p, nightly.Env)
	plan, apply, drift := change.Jobs["plan"], change.Jobs["apply"], nightly.Jobs["drift"]
	if plan.If != "github.event_name == 'pull_request'" || apply.If != "github.event_name == 'push'" || nightly.On["schedule"] == nil {
		t.Errorf("the jobs run at %q, %q and %v", plan.If, apply.If, nightly.On)
	}
	for name, job := range map[string]string{"plan": plan.RunsOn, "apply": apply.RunsOn, "drift": drift.RunsOn} {
		if job == "" {
			t.Errorf("%s runs nowhere", name)
		}
	}
	for _, on := range []string{"pull_request", "push"} {
		if _, ok := change.On[on]; !ok {
			t.Errorf("nothing runs on %s", on)
		}
	}

	p.ends(plan.Steps, 0, "1 to add")
	if kept := read(t, filepath.Join(p.artifacts, "tfplan/tfplan.gpg")); strings.Contains(kept, "PK\x03\x04") || strings.Contains(kept, "tfconfig") {
		t.Error("the plan that is kept is not encrypted")
	}
	p.ends(apply.Steps, 0, "Resources: 1 added")
	p.called("Ada")

	// What was reviewed is applied, and not what stands in the configuration by then.
	p.declare("Augusta")
	p.ends(plan.Steps, 0, "1 to change")
	p.declare("Annabella")
	p.ends(apply.Steps, 0, "1 changed")
	p.called("Augusta")

	// A plan that something else has overtaken.
	p.ends(plan.Steps, 0, "1 to change")
	p.declare("Allegra")
	p.script("terraform apply -auto-approve")
	p.ends(apply.Steps, 1, "Saved plan is stale")
	p.called("Allegra")
	p.watch(drift.Steps)
	for _, line := range []string{"Everything is as declared.", "Pigello differs", "Could not compare."} {
		if !strings.Contains(read(t, filepath.Join(p.artifacts, "summary")), line) {
			t.Errorf("the summary lacks %q", line)
		}
	}

	// What the guide says of a saved plan: the person is in it, and the credentials are not.
	p.declare("Ottilia-Wilhelmina")
	p.checkout()
	p.script("terraform init -input=false && terraform plan -out=tfplan && rm -r .terraform")
	if found := p.Traces([]string{"Ottilia-Wilhelmina"}); len(found) == 0 {
		t.Error("a saved plan holds nobody's name")
	}
	if found := p.Traces([]string{"sandbox-client-secret"}); len(found) > 0 {
		t.Errorf("a saved plan holds credentials: %v", found)
	}
	p.env = append(p.env, "GITHUB_SHA=pushed-without-a-pull-request")
	p.ends(apply.Steps, 1, "not what the guide should ask")
}

// TestGitLabPipeline runs the jobs of the guide's pipeline.
func TestGitLabPipeline(t *testing.T) {
	p := newPipeline(t)
	var pipeline map[string]any
	parse(t, guideBlocks(t, "pipelines.md", "yaml")[2], &pipeline)
	lines := func(of any, key string) (script string) {
		for _, line := range of.(map[string]any)[key].([]any) {
			script += line.(string) + "\n"
		}
		return script
	}
	job := func(name string) []step {
		return []step{{Run: lines(pipeline["default"], "before_script")}, {Run: lines(pipeline[name], "script")}}
	}
	plan, apply := job("plan"), job("apply")
	kept := pipeline["plan"].(map[string]any)["artifacts"].(map[string]any)["paths"].([]any)[0].(string)
	at := filepath.Join(p.artifacts, kept)
	plan = append(plan, step{Run: "cp " + kept + " " + at})
	apply = append([]step{{Run: "cp " + at + " " + kept}}, apply...)

	p.ends(plan, 0, "1 to add")
	p.declare("Annabella")
	p.ends(apply, 0, "Resources: 1 added")
	p.called("Ada")
	p.declare("Ada")
	p.watch(job("drift"))
}
