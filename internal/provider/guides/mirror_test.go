package guides_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// makeMirror builds a mirror into a directory, with some of make's variables, and returns what make prints.
func makeMirror(t *testing.T, dir string, variables ...string) string {
	t.Helper()
	if _, err := exec.LookPath("make"); err != nil {
		t.Skip("the mirror needs make")
	}
	args := append([]string{"--silent", "--no-print-directory", "mirror", "MIRROR=" + dir}, variables...)
	cmd := exec.CommandContext(t.Context(), "make", args...)
	cmd.Dir = root
	output, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("make mirror: %v\n%s", err, output)
	}
	return string(output)
}

// TestMirror goes README's way without a registry: terraform init installs from the mirror, writes a lock file that holds from then on, and sets up
// a backend, in which the state is. A mirror that was built from other sources needs a new block in the lock file.
func TestMirror(t *testing.T) {
	w := acctest.New(t)
	mirror := t.TempDir()
	printed := makeMirror(t, mirror)
	_, snippet, _ := strings.Cut(acctest.ReadFile(t, root, "README.md"), "```hcl\nprovider_installation {\n  filesystem_mirror")
	snippet, _, _ = strings.Cut("provider_installation {\n  filesystem_mirror"+snippet, "```")
	snippet = strings.Replace(snippet, "/home/you/terraform-provider-pigello/bin/mirror", mirror, 1)
	if snippet != printed {
		t.Errorf("README shows\n%s\nmake mirror prints\n%s", snippet, printed)
	}
	w.Write(".terraformrc", snippet)
	w.Write("provider.tf", `terraform {
  required_providers {
    pigello = {
      source  = "pigello/pigello"
      version = "~> 0.1.0"
    }
  }
  backend "local" {
    path = "elsewhere.tfstate"
  }
}`)
	w.Config(`resource "pigello_organization_user" "ada" {
  first_name    = "Ada"
  detail_access = 0
}`)
	w.OK("init", "-input=false", "-no-color")
	if lock := acctest.ReadFile(t, w.Dir, ".terraform.lock.hcl"); !strings.Contains(lock, `version     = "0.1.0"`) || !strings.Contains(lock, "h1:") {
		t.Errorf("the lock file is\n%s", lock)
	}
	if err := os.RemoveAll(filepath.Join(w.Dir, ".terraform")); err != nil {
		t.Fatal(err)
	}
	w.OK("init", "-input=false", "-no-color", "-lockfile=readonly")
	w.Apply()
	w.PlanEmpty()
	if state := acctest.ReadFile(t, w.Dir, "elsewhere.tfstate"); !strings.Contains(state, `"Ada"`) || len(w.Sandbox.All(sandbox.OrganizationUser)) != 1 {
		t.Errorf("the state is\n%s", state)
	}

	makeMirror(t, mirror, "GOFLAGS=-tags=rebuilt") // the binary names its tags, so it is another one
	if r := w.Run("init", "-input=false", "-no-color"); r.ExitCode == 0 || !strings.Contains(r.Output, "checksums") {
		t.Errorf("with another mirror, init says\n%s", r.Output)
	}
	lock := acctest.ReadFile(t, w.Dir, ".terraform.lock.hcl")
	w.Write(".terraform.lock.hcl", regexp.MustCompile(`(?ms)^provider "[^"]*/pigello/pigello" \{.*?^\}\n`).ReplaceAllString(lock, ""))
	w.OK("init", "-input=false", "-no-color")
	if acctest.ReadFile(t, w.Dir, ".terraform.lock.hcl") == lock {
		t.Error("the lock file has the hash of the old mirror")
	}
	w.PlanEmpty()
}

// TestLockForOtherPlatforms writes the lock file of a configuration that has a second provider, with the guide's command, for a mirror with two
// platforms. After another build of the mirror, the same command adds what is new.
func TestLockForOtherPlatforms(t *testing.T) {
	w := acctest.New(t)
	plugins := filepath.Join(w.Dir, "terraform.d", "plugins")
	build := func(content string) {
		for _, host := range []string{"registry.terraform.io", "registry.opentofu.org"} {
			for _, platform := range []string{"linux_amd64", "darwin_arm64"} {
				dir := filepath.Join(plugins, host, "pigello", "pigello", "0.1.0", platform)
				if err := os.MkdirAll(dir, 0o700); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(filepath.Join(dir, "terraform-provider-pigello_v0.1.0"), []byte(content+platform), 0o600); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	w.Write(".terraformrc", "")
	w.Write("provider.tf", `terraform {
  required_providers {
    pigello = {
      source  = "pigello/pigello"
      version = "~> 0.1.0"
    }
    elsewhere = {
      source = "elsewhere/elsewhere"
    }
  }
}`)
	command := openGuide(t, "pipelines").block("shell", "providers lock")
	for n, content := range []string{"first", "second"} {
		build(content)
		script(t, w, command)
		lock := acctest.ReadFile(t, w.Dir, ".terraform.lock.hcl")
		if hashes := strings.Count(lock, `"h1:`); hashes != 2*(n+1) || strings.Contains(lock, "elsewhere") {
			t.Errorf("%d hashes, want two of each build\n%s", hashes, lock)
		}
	}
}
