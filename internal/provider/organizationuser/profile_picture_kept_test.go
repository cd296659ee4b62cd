package organizationuser_test

import (
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// TestProfilePictureIgnored has a picture under ignore_changes: another file, another content, and what somebody does in Pigello are left alone.
func TestProfilePictureIgnored(t *testing.T) {
	w := acctest.New(t)
	w.Write("ada.png", "first")
	w.Write("eve.png", "second")
	ignoring := func(file string, more ...string) string {
		return strings.TrimSuffix(user("u", depicted(file, more...)), "}\n") + "  lifecycle { ignore_changes = [profile_picture] }\n}\n"
	}
	w.Config(ignoring("ada.png"))
	w.Apply()
	w.PlanEmpty()
	acctest.Writes(w.Sandbox)
	for step, change := range map[string]func(){
		"another content": func() { w.Write("ada.png", "first, edited") },
		"another file":    func() { w.Config(ignoring("eve.png")) },
		"another name":    func() { w.Config(ignoring("eve.png", `name = "portrait.png"`)) },
		"in Pigello": func() {
			w.Sandbox.Change(kind, id(t, w, "u"), map[string]any{"profile_picture": file("theirs.png", "third")})
		},
	} {
		change()
		w.OK("plan", "-detailed-exitcode", "-input=false") // it is empty, although the refresh may have changed the state
		w.Apply()
		if sent := acctest.Writes(w.Sandbox); len(sent) != 0 {
			t.Errorf("%s: sent %s", step, sent[0].Body)
		}
	}
}

// TestProfilePictureWithoutItsFile has lost the file of a picture that the state knows: that is a warning, and a destroy needs no file.
func TestProfilePictureWithoutItsFile(t *testing.T) {
	w := acctest.New(t)
	w.Write("ada.png", "first")
	w.Config(users(map[string]attributes{"u": depicted("ada.png")}))
	w.Apply()
	if err := os.Remove(filepath.Join(w.Dir, "ada.png")); err != nil {
		t.Fatal(err)
	}
	_, r := w.Plan()
	if r.ExitCode != 0 {
		t.Errorf("the plan is not empty:\n%s", r.Output)
	}
	acctest.Says(t, r.Output, "The picture cannot be read")
	acctest.Says(t, r.Output, "stays as it is")
	w.Config(users(map[string]attributes{"u": depicted("ada.png").With(attributes{"last_name": "Lovelace"})}))
	w.Apply()
	stores(t, w, id(t, w, "u"), "first")
	w.OK("destroy", "-auto-approve", "-input=false")
	if left := w.Sandbox.All(kind); len(left) != 0 {
		t.Errorf("%d are left", len(left))
	}
}

// TestProfilePictureRenamed has a server that names files as it likes: that is no change, whether a name is declared or not.
func TestProfilePictureRenamed(t *testing.T) {
	w := acctest.New(t, func(b *sandbox.Behaviour) {
		b.Rewrite = func(_ string, fields map[string]any) {
			if picture, ok := fields["profile_picture"].(map[string]any); ok {
				renamed := maps.Clone(picture)
				renamed["name"] = "7f3a" + picture["name"].(string)
				fields["profile_picture"] = renamed
			}
		}
	})
	w.Write("ada.png", "first")
	w.Config(users(map[string]attributes{"u": depicted("ada.png"), "v": depicted("ada.png", `name = "portrait.png"`)}))
	w.Apply()
	w.PlanEmpty()
	w.Write("ada.png", "second")
	w.Apply()
	w.PlanEmpty()
	stores(t, w, id(t, w, "u"), "second")
	stores(t, w, id(t, w, "v"), "second")
}
