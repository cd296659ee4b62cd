package organizationuser_test

import (
	"bytes"
	"crypto/md5"
	"encoding/base64"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// depicted is a user with a picture in a file of the workspace.
func depicted(file string, more ...string) attributes {
	return attributes{
		"detail_access": 1, "first_name": "Ada",
		"profile_picture": expr(fmt.Sprintf("{ source = \"${path.module}/%s\" %s }", file, strings.Join(append([]string{""}, more...), ", "))),
	}
}

func sum(content string) string {
	digest := md5.Sum([]byte(content))
	return base64.StdEncoding.EncodeToString(digest[:])
}

// sent fails the test unless just this was announced since the last look, and uploads ended so.
func sent(t *testing.T, w *acctest.Workspace, announced any, uploads ...int) {
	t.Helper()
	got, ended := announcements(t, w)
	acctest.Same(t, "what was announced", got, map[string]any{"u": announced})
	if !slices.Equal(ended, uploads) {
		t.Errorf("the uploads ended with %v, want %v", ended, uploads)
	}
}

func file(name, content string) map[string]any {
	return map[string]any{"name": name, "md5_hash": sum(content)}
}

// stores fails the test unless the storage holds that content of a user's picture.
func stores(t *testing.T, w *acctest.Workspace, id, content string) {
	t.Helper()
	got, ok := w.Sandbox.Picture(kind, id)
	if !ok || string(got) != content {
		t.Errorf("the storage holds %.40q (%v), want %.40q", got, ok, content)
	}
}

// shown is the state of a user's picture.
func shown(t *testing.T, w *acctest.Workspace, name string) any {
	t.Helper()
	return states(t, w)[name]["profile_picture"]
}

// TestProfilePicture takes pictures from their first announcement to their end.
func TestProfilePicture(t *testing.T) {
	w := acctest.New(t)
	log := w.TraceTo("provider.log")
	state := func(source, name, content string) map[string]any {
		return map[string]any{"source": "./" + source, "name": name, "md5_hash": sum(content)}
	}
	w.Write("ada.png", "first")
	w.Write("same.png", "first")
	w.Write("again.png", "first")
	declared := forEach([]string{"edited", "moved", "named", "replaced", "removed", "cleared", "bystander"}, func(string) attributes {
		return depicted("ada.png")
	})
	declared["edited"] = depicted("again.png")
	declared["none"] = depicted("").With(attributes{"profile_picture": nil})
	w.Config(users(declared))
	plan, r := w.Plan()
	output := r.Output
	acctest.Says(t, r.Output, fmt.Sprintf("+ md5_hash = %q", sum("first")))
	for _, change := range plan.ResourceChanges {
		if late, ok := change.Change.AfterUnknown.(map[string]any)["profile_picture"].(map[string]any); len(late) > 0 || !ok && change.Name != "none" {
			t.Errorf("%s: of the picture is unknown: %v", change.Address, late)
		}
	}
	w.OK("apply", "-no-color", "tfplan")
	uploads := 0
	for _, request := range acctest.Writes(w.Sandbox) {
		if !strings.HasPrefix(request.Path, "/files/") {
			continue
		}
		uploads++
		for header := range request.Header {
			if !slices.Contains([]string{"Accept-Encoding", "Content-Length", "Content-Type", "User-Agent"}, header) {
				t.Errorf("an upload carries the header %s", header)
			}
		}
		if !bytes.Contains(request.Body, []byte(`name="file"; filename="a`)) || request.Status != http.StatusNoContent {
			t.Errorf("an upload ended with %d: %s", request.Status, request.Body)
		}
	}
	if uploads != len(declared)-1 {
		t.Errorf("%d uploads, want %d", uploads, len(declared)-1)
	}
	stores(t, w, id(t, w, "moved"), "first")
	acctest.Same(t, "the state", shown(t, w, "moved"), state("ada.png", "ada.png", "first"))
	acctest.Same(t, "the state without a picture", shown(t, w, "none"), nil)
	w.PlanEmpty()

	// The same file with another content; the same content in another file, and under another name; what others do; and the line's end.
	w.Write("again.png", "second")
	declared["moved"] = depicted("same.png", `name = "ada.png"`)
	declared["named"] = depicted("ada.png", `name = "portrait.png"`)
	declared["cleared"] = declared["none"]
	declared["bystander"] = depicted("ada.png").With(attributes{"first_name": "Augusta"})
	declared["none"] = declared["none"].With(attributes{"first_name": "Augusta"})
	w.Sandbox.Change(kind, id(t, w, "replaced"), map[string]any{"profile_picture": file("theirs.png", "theirs")})
	w.Sandbox.Change(kind, id(t, w, "removed"), map[string]any{"profile_picture": nil})
	w.Sandbox.Change(kind, id(t, w, "none"), map[string]any{"profile_picture": file("theirs.png", "theirs")})
	w.Config(users(declared))
	plan, r = w.Plan()
	output += r.Output
	for _, name := range []string{"edited", "moved", "named", "replaced", "removed", "cleared"} {
		plans(t, plan, name, []string{"profile_picture"}, nil)
	}
	acctest.Says(t, r.Output, fmt.Sprintf("~ md5_hash = %q -> %q", sum("first"), sum("second")))
	acctest.Says(t, r.Output, fmt.Sprintf("~ md5_hash = %q -> %q", sum("theirs"), sum("first")))
	w.OK("apply", "-no-color", "tfplan")
	want := map[string]any{
		"edited": file("again.png", "second"), "named": file("portrait.png", "first"), "replaced": file("ada.png", "first"),
		"removed": file("ada.png", "first"), "cleared": nil, "bystander": "not sent", "none": "not sent",
	}
	announced, uploaded := announcements(t, w)
	acctest.Same(t, "what was announced", announced, want)
	if !slices.Equal(uploaded, []int{204, 204, 204, 204}) {
		t.Errorf("the uploads ended with %v", uploaded)
	}
	stores(t, w, id(t, w, "edited"), "second")
	stores(t, w, id(t, w, "replaced"), "first")
	stores(t, w, id(t, w, "removed"), "first")
	acctest.Same(t, "the state of a moved file", shown(t, w, "moved"), state("same.png", "ada.png", "first"))
	acctest.Same(t, "the state of a picture that was never declared", shown(t, w, "none"), nil)
	acctest.Holds(t, w.Sandbox, kind, id(t, w, "cleared"), map[string]any{"profile_picture": nil})
	acctest.Holds(t, w.Sandbox, kind, id(t, w, "none"), map[string]any{"profile_picture": file("theirs.png", "theirs")})
	w.PlanEmpty()

	// A server may call a file as it likes: the content tells whether it was replaced. What was cleared is not followed any more, and
	// an import follows nothing.
	declared["moved"] = depicted("same.png")
	w.Sandbox.Change(kind, id(t, w, "named"), map[string]any{"profile_picture": file("theirs.png", "first")})
	w.Sandbox.Change(kind, id(t, w, "replaced"), map[string]any{"profile_picture": file("theirs.png", "first")})
	w.Sandbox.Change(kind, id(t, w, "cleared"), map[string]any{"profile_picture": file("theirs.png", "theirs")})
	none := id(t, w, "none")
	w.OK("state", "rm", address("none"))
	w.OK("import", "-no-color", address("none"), none)
	w.Config(users(declared))
	plan, _ = w.Plan()
	plans(t, plan, "moved", []string{"profile_picture"}, nil)
	w.OK("apply", "-no-color", "tfplan")
	announced, _ = announcements(t, w)
	acctest.Same(t, "what was announced", announced, map[string]any{"moved": file("same.png", "first")})
	w.PlanEmpty()
	acctest.Holds(t, w.Sandbox, kind, none, map[string]any{"profile_picture": file("theirs.png", "theirs")})

	// A destroy needs no file.
	if err := os.Remove(filepath.Join(w.Dir, "ada.png")); err != nil {
		t.Fatal(err)
	}
	w.OK("destroy", "-auto-approve", "-no-color")
	leaksNoForm(t, w, log, output)
}

// announcements are what was announced since the last look, by the names of users in the state, and how the uploads have ended.
func announcements(t *testing.T, w *acctest.Workspace) (announced map[string]any, uploads []int) {
	t.Helper()
	names := map[string]string{}
	for name := range states(t, w) {
		names[path+id(t, w, name)+"/"] = name
	}
	announced = map[string]any{}
	for _, r := range acctest.Writes(w.Sandbox) {
		if strings.HasPrefix(r.Path, "/files/") {
			uploads = append(uploads, r.Status)
			continue
		}
		announced[names[r.Path]] = "not sent"
		if picture, ok := r.Object()["profile_picture"]; ok {
			announced[names[r.Path]] = picture
		}
	}
	return announced, uploads
}

// leaksNoForm fails the test if anything of an upload form shows in an output, or in what terraform has written.
func leaksNoForm(t *testing.T, w *acctest.Workspace, log string, outputs ...string) {
	t.Helper()
	content, err := os.ReadFile(log)
	if err != nil || !bytes.Contains(content, []byte("upload to 127.0.0.1")) || !bytes.Contains(content, []byte("[TRACE]")) {
		t.Fatalf("the log does not hold what it should (%v)", err)
	}
	for _, trace := range w.Traces([]string{"x-amz-signature", "signature-", "/files/", "pictures/", "?signature="}, outputs...) {
		t.Error(trace)
	}
}

// TestProfilePictureThatCannotBeUploaded breaks the upload in all the ways it can break.
func TestProfilePictureThatCannotBeUploaded(t *testing.T) {
	w := acctest.New(t)
	log := w.TraceTo("provider.log")
	w.Setenv("PIGELLO_MAX_RETRIES", "1")
	w.Write("ada.png", "content")
	w.Config(user("u", depicted("ada.png")))
	// Twice, since the first one is repeated.
	w.Sandbox.Inject(sandbox.Fault{Path: "/files/", Times: 2, Status: 503, Body: "<Error><Key>signature-of-the-key</Key></Error>"})
	outputs := failing(t, w, w.Apply(), "503 Service Unavailable")
	acctest.Writes(w.Sandbox)
	u := id(t, w, "u")

	for _, c := range []struct {
		fault sandbox.Fault
		says  string
		ends  []int
	}{
		{sandbox.Fault{Status: 403, Body: "<Error><Key>signature-of-the-key</Key></Error>"}, "403 Forbidden", []int{403}},
		{sandbox.Fault{Status: 307, Header: http.Header{"Location": {w.URL + "/files/elsewhere?signature=1"}}}, "307 Temporary Redirect", []int{307}},
		{sandbox.Fault{Times: 2, Drop: true}, "the connection ended before the response", []int{0, 0}},
	} {
		// The state alone tells: neither an empty plan nor a refresh is needed.
		plan, r := w.Plan("-refresh=false")
		plans(t, plan, "u", []string{"profile_picture"}, nil)
		acctest.Says(t, r.Output, fmt.Sprintf("~ md5_hash = %q -> (known after apply)", sum("content")))
		acctest.Says(t, r.Output, "Warning: The profile_picture of the organization user "+u+" will be uploaded again")
		c.fault.Path = "/files/"
		w.Sandbox.Inject(c.fault)
		outputs += r.Output + failing(t, w, w.OK("apply", "-no-color", "tfplan"), c.says)
		sent(t, w, file("ada.png", "content"), c.ends...)
	}
	if _, ok := w.Sandbox.Picture(kind, u); ok {
		t.Error("a picture was stored that should not have been")
	}

	// Repeated once, as by a storage that is out of breath; and then all is well.
	w.Sandbox.Inject(sandbox.Fault{Path: "/files/", Status: 503})
	r := w.Apply()
	if found := warnings(r); len(found) != 1 { // that of the plan
		t.Errorf("want one warning, got\n%s", r.Output)
	}
	sent(t, w, file("ada.png", "content"), 503, 204)
	stores(t, w, u, "content")
	acctest.Same(t, "the state", shown(t, w, "u"), map[string]any{"source": "./ada.png", "name": "ada.png", "md5_hash": sum("content")})
	w.PlanEmpty()

	// What was not uploaded can be cleared, and replaced.
	w.Write("ada.png", "more content")
	w.Sandbox.Inject(sandbox.Fault{Path: "/files/", Status: 403})
	w.Apply()
	w.Write("ada.png", "most content")
	plan, r := w.Plan()
	acctest.Says(t, r.Output, fmt.Sprintf("~ md5_hash = %q -> %q", sum("more content"), sum("most content")))
	plans(t, plan, "u", []string{"profile_picture"}, nil)
	w.Sandbox.Inject(sandbox.Fault{Path: "/files/", Status: 403})
	w.Apply()
	acctest.Writes(w.Sandbox)
	w.Config(user("u", depicted("").With(attributes{"profile_picture": nil})))
	w.Apply()
	sent(t, w, nil)
	w.PlanEmpty()
	leaksNoForm(t, w, log, outputs)
}

// failing fails the test unless an apply has succeeded with a warning that says why a picture was not uploaded.
func failing(t *testing.T, w *acctest.Workspace, r acctest.Result, why string) string {
	t.Helper()
	acctest.Says(t, r.Output, "Warning: The profile_picture of the organization user "+id(t, w, "u")+" was not uploaded")
	acctest.Says(t, r.Output, why)
	acctest.Says(t, r.Output, strings.TrimPrefix(w.URL, "http://"))
	return r.Output
}

// TestUnusablePictures shows that a plan says what is wrong with a file, and takes what is not known yet.
func TestUnusablePictures(t *testing.T) {
	w := acctest.New(t)
	if err := os.Mkdir(filepath.Join(w.Dir, "directory.png"), 0o700); err != nil {
		t.Fatal(err)
	}
	w.Write("empty.png", "")
	w.Write("large.png", strings.Repeat("x", 10<<20+1))
	w.Write("largest.png", strings.Repeat("x", 10<<20))
	want := map[string]string{
		"missing.png": "it does not exist; a relative path", "directory.png": "it is a directory", "empty.png": "it is empty",
		"large.png": "it is larger than 10 MiB",
	}
	all := map[string]attributes{"home": depicted("").With(attributes{"profile_picture": expr(`{ source = "~/ada.png" }`)})}
	for name := range want {
		all[strings.TrimSuffix(name, ".png")] = depicted(name)
	}
	w.Config(users(all))
	r := w.Run("plan", "-no-color")
	if n := strings.Count(r.Output, "Error: Unusable picture"); r.ExitCode != 1 || n != len(all) {
		t.Errorf("exit code %d and %d errors, want %d", r.ExitCode, n, len(all))
	}
	for _, text := range append(slices.Collect(maps.Values(want)), "does not expand ~ by itself", "in resource \"pigello_organization_user\" \"home\"") {
		acctest.Says(t, r.Output, text)
	}
	w.Config(user("u", depicted("ada.png", `name = ""`)))
	if errors := w.Validate(); len(errors) != 1 {
		t.Errorf("want one error about the name, got %v", errors)
	}

	// A path and a name that are known only after apply.
	w.Write("ada.png", "content")
	late := func(source, name string) attributes {
		return depicted("").With(attributes{"profile_picture": expr("{ source = " + source + ", name = " + name + " }")})
	}
	w.Config(`resource "terraform_data" "late" { input = "ada.png" }` + "\n" + users(map[string]attributes{
		"source": late("terraform_data.late.output", "null"), "name": late(`"ada.png"`, "terraform_data.late.output"),
		"largest": depicted("largest.png"),
		"both":    depicted("").With(attributes{"profile_picture": expr(`terraform_data.late.output == "" ? null : { source = "ada.png" }`)}),
	}))
	w.Apply()
	for name := range states(t, w) {
		if name != "largest" {
			stores(t, w, id(t, w, name), "content")
			acctest.Same(t, name, shown(t, w, name), map[string]any{"source": "ada.png", "name": "ada.png", "md5_hash": sum("content")})
		}
	}
	w.PlanEmpty()
	if r := w.Run("plan", "-refresh-only", "-detailed-exitcode", "-no-color"); r.ExitCode != 0 {
		t.Errorf("plan -refresh-only: exit code %d\n%s", r.ExitCode, r.Output)
	}
}
