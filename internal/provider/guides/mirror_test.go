package guides_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// makeMirror builds a mirror into a directory, and returns what make prints.
func makeMirror(t *testing.T, dir string) string {
	t.Helper()
	if _, err := exec.LookPath("make"); err != nil {
		t.Skip("the mirror needs make")
	}
	cmd := exec.CommandContext(t.Context(), "make", "--silent", "--no-print-directory", "mirror", "MIRROR="+dir)
	cmd.Dir = root
	output, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("make mirror: %v\n%s", err, output)
	}
	return string(output)
}

// TestMirror goes README's way without a registry: terraform init installs from the mirror, writes a lock file that holds from then on, and sets up
// a backend, in which the state is.
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
}
