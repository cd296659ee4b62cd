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

// TestProfilePictureNotUploadedAndLeftAlone could not upload a picture, and the next plans leave it as it is: its file is gone, or it is ignored.
// Then another change sends nothing of the picture, and the upload is planned again as soon as it can be.
func TestProfilePictureNotUploadedAndLeftAlone(t *testing.T) {
	remove := func(t *testing.T, w *acctest.Workspace) {
		if err := os.Remove(filepath.Join(w.Dir, "ada.png")); err != nil {
			t.Fatal(err)
		}
	}
	for name, c := range map[string]struct {
		lifecycle string
		lose      func(*testing.T, *acctest.Workspace)
		warns     bool
	}{
		"its file is gone": {lose: remove, warns: true},
		"it is ignored":    {lifecycle: "  lifecycle { ignore_changes = [profile_picture] }\n", lose: func(*testing.T, *acctest.Workspace) {}},
		"both":             {lifecycle: "  lifecycle { ignore_changes = [profile_picture] }\n", lose: remove},
	} {
		t.Run(name, func(t *testing.T) {
			w := acctest.New(t)
			config := func(lifecycle string, more attributes) {
				w.Config(strings.TrimSuffix(user("u", depicted("ada.png").With(more)), "}\n") + lifecycle + "}\n")
			}
			w.Write("ada.png", "content")
			w.Sandbox.Inject(sandbox.Fault{Path: "/files/", Status: 403})
			config("", nil)
			w.Apply()
			u := id(t, w, "u")
			acctest.Writes(w.Sandbox)
			c.lose(t, w)

			// on_destroy is not a field of the API.
			for step, more := range []attributes{{"on_destroy": "abandon"}, {"last_name": "Lovelace"}} {
				config(c.lifecycle, more)
				if r := w.Apply(); strings.Contains(r.Output, "The picture cannot be read") != c.warns {
					t.Errorf("step %d: %s", step, r.Output)
				}
				for _, request := range acctest.Writes(w.Sandbox) {
					if _, announced := request.Object()["profile_picture"]; announced || step == 0 || strings.HasPrefix(request.Path, "/files/") {
						t.Errorf("step %d: sent %s %s", step, request.Path, request.Body)
					}
				}
			}
			if content, ok := w.Sandbox.Picture(kind, u); ok {
				t.Errorf("the storage holds %q", content)
			}

			w.Write("ada.png", "content")
			config("", nil)
			w.Apply()
			stores(t, w, u, "content")
			w.PlanEmpty()
		})
	}
}

// TestProfilePictureNotUploadedAndGone could not upload a picture whose file is gone between the next plan and its apply: nothing is sent. When
// Pigello has no picture and the configuration does not declare one any more, another change sends nothing of it, either.
func TestProfilePictureNotUploadedAndGone(t *testing.T) {
	w := acctest.New(t)
	w.Write("ada.png", "content")
	w.Sandbox.Inject(sandbox.Fault{Path: "/files/", Status: 403})
	w.Config(user("u", depicted("ada.png")))
	w.Apply()
	acctest.Writes(w.Sandbox)
	w.OK("plan", "-input=false", "-out=tfplan")
	if err := os.Remove(filepath.Join(w.Dir, "ada.png")); err != nil {
		t.Fatal(err)
	}
	w.OK("apply", "-no-color", "tfplan")
	if writes := acctest.Writes(w.Sandbox); len(writes) > 0 {
		t.Errorf("sent %s %s", writes[0].Path, writes[0].Body)
	}
	w.Sandbox.Change(kind, id(t, w, "u"), map[string]any{"profile_picture": nil})
	none := depicted("").With(attributes{"profile_picture": nil})
	w.Config(user("u", none))
	w.Apply()
	acctest.Writes(w.Sandbox)
	w.Config(user("u", none.With(attributes{"last_name": "Lovelace"})))
	w.Apply()
	sent(t, w, "not sent")
}
