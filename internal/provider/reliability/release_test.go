package reliability_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// TestStatesOfReleases plans with the states that releases have written, and with what they have remembered in them: nothing differs, what was
// declared is cleared when its line is removed, and somebody who is not found by other credentials stays in the state.
func TestStatesOfReleases(t *testing.T) {
	const all = "testdata/states"
	releases, err := os.ReadDir(all)
	if err != nil {
		t.Fatal(err)
	}
	for _, release := range releases {
		t.Run(release.Name(), func(t *testing.T) {
			w := acctest.New(t)
			dir := filepath.Join(all, release.Name())
			var objects map[string][]map[string]any
			if err := json.Unmarshal([]byte(acctest.ReadFile(t, dir, "objects.json")), &objects); err != nil {
				t.Fatal(err)
			}
			for kind, those := range objects {
				for _, object := range those {
					w.Sandbox.Put(kind, object)
				}
			}
			state := acctest.ReadFile(t, dir, "state.json")
			if w.Engine().OpenTofu {
				state = strings.ReplaceAll(state, "registry.terraform.io", "registry.opentofu.org")
			}
			config := acctest.ReadFile(t, dir, "main.tf")
			w.Write("terraform.tfstate", state)
			w.Write("ada.png", "picture")
			w.Config(config)
			w.PlanEmpty()

			var less strings.Builder
			for line := range strings.Lines(config) {
				if !strings.HasPrefix(line, "  role_id ") && !strings.HasPrefix(line, "  ssn_wo ") && !strings.HasPrefix(line, "  personal_data_wo ") {
					less.WriteString(line)
				}
			}
			w.Config(less.String())
			plan, _ := w.Plan()
			for _, change := range plan.ResourceChanges {
				after, unknown := change.Change.After.(map[string]any), change.Change.AfterUnknown.(map[string]any)
				written := map[string]string{"pigello_organization_user": "ssn_written_at", "pigello_protected_identity": "personal_data_written_at"}[change.Type]
				if !change.Change.Actions.Update() || after["role_id"] != nil || unknown[written] != true {
					t.Errorf("%s: %v of %v, unknown %v", change.Address, change.Change.Actions, after, unknown)
				}
			}

			// The state is of a sandbox at another port.
			w.Sandbox.Remove(sandbox.OrganizationUser, objects[sandbox.OrganizationUser][0]["id"].(string))
			w.Config(config)
			w.Try("plan").Errors().Only(t, "host was")
		})
	}
}
