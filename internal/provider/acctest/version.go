package acctest

import (
	"cmp"
	"encoding/json"
	"fmt"
	"os"
)

const (
	onPath = "terraform"
	// nextVariable names a terraform command of 1.14 or newer.
	nextVariable = "PIGELLO_TEST_TERRAFORM_NEXT"
)

// UseNext makes the commands that follow run a terraform that knows list resources and actions: the one that the variable
// PIGELLO_TEST_TERRAFORM_NEXT names, or else the one on PATH. It skips the test if that is older than 1.14.
func (w *Workspace) UseNext() {
	w.t.Helper()
	w.terraform = cmp.Or(os.Getenv(nextVariable), onPath)
	if minor := w.Minor(); minor < 14 {
		w.t.Skipf("terraform 1.%d is too old for this: let %s name a command of 1.14 or newer", minor, nextVariable)
	}
}

// UsePath makes the commands that follow run the terraform on PATH, as they do in a new workspace.
func (w *Workspace) UsePath() { w.terraform = onPath }

// Minor returns the minor version of the terraform that runs, such as 14 of 1.14.2.
func (w *Workspace) Minor() int {
	w.t.Helper()
	var version struct {
		Terraform string `json:"terraform_version"`
	}
	if err := json.Unmarshal([]byte(w.OK("version", "-json").Stdout), &version); err != nil {
		w.t.Fatal(err)
	}
	var minor int
	if _, err := fmt.Sscanf(version.Terraform, "1.%d.", &minor); err != nil {
		w.t.Fatalf("terraform %s: %v", version.Terraform, err)
	}
	return minor
}
