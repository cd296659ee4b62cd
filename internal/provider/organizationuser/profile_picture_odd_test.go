package organizationuser_test

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// retell puts a server before a workspace's sandbox that tells of profile pictures in its own way.
func retell(w *acctest.Workspace, tell func(user, picture map[string]any)) {
	w.Behind(acctest.Rewrite(w.Sandbox, func(user map[string]any) {
		if picture, ok := user["profile_picture"].(map[string]any); ok {
			tell(user, picture)
		}
	}))
}

// TestProfilePictureOnOddServers wants an empty plan right after the apply, and no warning, from servers that make something else of what
// they were told about a file.
func TestProfilePictureOnOddServers(t *testing.T) {
	w := acctest.New(t, func(b *sandbox.Behaviour) {
		b.BumpVolatile, b.UnknownFields, b.EmptyForNull, b.ValidateAlone = true, true, true, true
	})
	ways := map[string]func(picture map[string]any){
		"plain":    func(map[string]any) {},
		"no_form":  func(p map[string]any) { delete(p, "post") },
		"null":     func(p map[string]any) { p["post"] = nil },
		"empty":    func(p map[string]any) { p["post"] = map[string]any{} },
		"no_url":   func(p map[string]any) { p["post"] = map[string]any{"url": "", "fields": map[string]any{}} },
		"nameless": func(p map[string]any) { p["name"] = nil },
		"unhashed": func(p map[string]any) { p["md5_hash"] = nil },
		"silent":   func(p map[string]any) { clear(p) },
		"renamed":  func(p map[string]any) { p["name"] = "pictures/ada_x7.png" },
		"hex": func(p map[string]any) {
			digest, _ := hex.DecodeString(fmt.Sprintf("%x", md5Of(p["md5_hash"])))
			p["md5_hash"] = strings.ToUpper(hex.EncodeToString(digest))
		},
		"chatty": func(p map[string]any) {
			p["width"], p["thumbnails"] = 7, []any{map[string]any{"url": "https://x.example"}}
		},
	}
	retell(w, func(user, picture map[string]any) { ways[user["custom_id"].(string)](picture) })
	all := map[string]attributes{}
	for name := range ways {
		all[name] = depicted("ada.png").With(attributes{"custom_id": name})
	}
	w.Write("ada.png", "content")
	w.Config(users(all))
	if found := warnings(w.Apply()); len(found) > 0 {
		t.Errorf("unexpected warnings: %v", found)
	}
	quiet(t, w)
	if r := w.Run("plan", "-refresh-only", "-detailed-exitcode", "-no-color"); r.ExitCode != 0 {
		t.Errorf("plan -refresh-only: exit code %d\n%s", r.ExitCode, r.Output)
	}
	for name := range ways {
		acctest.Same(t, "the state of "+name, shown(t, w, name), map[string]any{"source": "./ada.png", "name": "ada.png", "md5_hash": sum("content")})
		_, uploaded := w.Sandbox.Picture(kind, id(t, w, name))
		if want := !strings.HasPrefix(name, "n") && name != "empty" && name != "silent" || name == "nameless"; uploaded != want {
			t.Errorf("%s: uploaded is %v", name, uploaded)
		}
	}
	acctest.Writes(w.Sandbox)
	w.Write("ada.png", "more content")
	w.Apply()
	if n := len(patchesOfPictures(w)); n != len(ways) {
		t.Errorf("%d of %d pictures changed", n, len(ways))
	}
	quiet(t, w)
}

func md5Of(value any) []byte {
	var digest []byte
	_ = json.Unmarshal([]byte(`"`+fmt.Sprint(value)+`"`), &digest)
	return digest
}

func patchesOfPictures(w *acctest.Workspace) (found []sandbox.Request) {
	for _, r := range acctest.Writes(w.Sandbox) {
		if r.Method == "PATCH" && r.Object()["profile_picture"] != nil {
			found = append(found, r)
		}
	}
	return found
}

// TestProfilePictureOfWrongForms has forms that a file must not be trusted to, or that nobody understands.
func TestProfilePictureOfWrongForms(t *testing.T) {
	w := acctest.New(t)
	w.Setenv("PIGELLO_MAX_RETRIES", "0")
	var reached atomic.Int32
	stranger := acctest.Listen(t, http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		reached.Add(1)
		rw.WriteHeader(http.StatusNoContent)
	}))
	const secret = "s1gned-and-s3cret"
	forms := map[string]struct {
		post any
		says string
	}{
		"clear":    {map[string]any{"url": "http://storage.example/" + secret}, "does not begin with https://"},
		"ftp":      {map[string]any{"url": "ftp://storage.example/" + secret}, "does not begin with https://"},
		"relative": {map[string]any{"url": "/" + secret}, "cannot be understood"},
		"no_url":   {map[string]any{"url": "://" + secret}, "cannot be understood"},
		"a_text":   {secret, "cannot be understood"},
		"a_list":   {[]any{secret}, "cannot be understood"},
		"a_number": {map[string]any{"url": 7, "fields": secret}, "cannot be understood"},
		"fields":   {map[string]any{"url": stranger + "/" + secret, "fields": map[string]any{"key": []any{secret}}}, "cannot be understood"},
		"nowhere":  {map[string]any{"url": "https://127.0.0.1:1/" + secret + "?" + secret}, "127.0.0.1:1: the server refuses the connection"},
		"untrusty": {map[string]any{"url": "https://" + strings.TrimPrefix(stranger, "http://") + "/" + secret}, ": the server does not speak TLS at this port"},
	}
	retell(w, func(user, picture map[string]any) {
		if _, ok := picture["post"]; ok {
			picture["post"] = forms[user["custom_id"].(string)].post
		}
	})
	all := map[string]attributes{}
	for name := range forms {
		all[name] = depicted("ada.png").With(attributes{"custom_id": name})
	}
	log := w.TraceTo("provider.log")
	w.Write("ada.png", "content")
	w.Config(users(all))
	r := w.Apply()
	for name, form := range forms {
		_, after, _ := strings.Cut(strings.Join(strings.Fields(r.Output), " "), "organization user "+id(t, w, name)+" was not uploaded")
		if after, _, _ = strings.Cut(after, "apply again"); !strings.Contains(after, form.says) {
			t.Errorf("%s: want a warning with %q, got %q", name, form.says, after)
		}
	}
	if reached.Load() > 0 {
		t.Error("a file was sent that should not have been")
	}
	plan, planned := w.Plan()
	for name := range forms {
		plans(t, plan, name, []string{"profile_picture"}, nil)
	}
	content, err := os.ReadFile(log)
	if err != nil || !strings.Contains(string(content), "upload to 127.0.0.1:1") {
		t.Errorf("the log does not hold what it should: %v", err)
	}
	for _, trace := range w.Traces([]string{secret}, r.Output, planned.Output) {
		t.Error(trace)
	}
}

// TestProfilePictureOfAFoundUser creates a user whose response is lost, and with it the form.
func TestProfilePictureOfAFoundUser(t *testing.T) {
	w := acctest.New(t)
	w.Write("ada.png", "content")
	w.Config(user("u", depicted("ada.png").With(attributes{"custom_id": "u"})))
	w.Sandbox.Inject(sandbox.Fault{Method: "POST", Path: path, AfterCommit: true, Drop: true})
	r := w.Apply()
	acctest.Says(t, r.Output, "the response to the creation was lost")
	w.Apply()
	if n := len(w.Sandbox.All(kind)); n != 1 {
		t.Errorf("%d users, want 1", n)
	}
	stores(t, w, id(t, w, "u"), "content")
	w.PlanEmpty()
}

// TestProfilePictureThatChangesAfterThePlan shows that a file which is not what the plan shows is not sent. Terraform plans once more
// at apply, and finds by itself that the result differs; what changes after that the provider finds.
func TestProfilePictureThatChangesAfterThePlan(t *testing.T) {
	w := acctest.New(t)
	w.Write("ada.png", "content")
	w.Config(user("u", depicted("ada.png")))
	w.Plan()
	w.Write("ada.png", "changed")
	r := w.Run("apply", "-no-color", "tfplan")
	if r.ExitCode != 1 {
		t.Errorf("want exit code 1, got %d", r.ExitCode)
	}
	acctest.Says(t, r.Output, ".profile_picture.md5_hash: was")
	w.Plan()
	if err := os.Remove(filepath.Join(w.Dir, "ada.png")); err != nil {
		t.Fatal(err)
	}
	r = w.Run("apply", "-no-color", "tfplan")
	if r.ExitCode != 1 {
		t.Errorf("want exit code 1, got %d", r.ExitCode)
	}
	acctest.Says(t, r.Output, "it does not exist")
	acctest.NoWrites(t, w.Sandbox)
}

// TestProfilePictureThatChangesAtTheLastMoment calls the provider as Terraform does, with a change between its last two calls.
func TestProfilePictureThatChangesAtTheLastMoment(t *testing.T) {
	api, configuration := serve(t)
	p := start(t, configuration)
	source := filepath.Join(t.TempDir(), "ada.png")
	write := func(content string) {
		t.Helper()
		if err := os.WriteFile(source, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("content")
	plan, diags := p.Plan(t.Context(), acctest.Object{Of: resourceType}, attributes{
		"detail_access": 1, "first_name": "Ada", "profile_picture": map[string]any{"source": source},
	})
	diags.NoErrors(t)
	for content, want := range map[string]string{"changed": "The file has changed since the plan", "": "Unusable picture"} {
		write(content)
		_, diags := p.Apply(t.Context(), plan)
		d := diags.Errors().Only(t, "Nothing was sent")
		if len(diags) != 1 || d.Summary != want || d.Path != "profile_picture.source" {
			t.Errorf("%q: want the one error %q, got %v", content, want, diags)
		}
	}
	if n := len(api.Requests()); n > 0 {
		t.Errorf("%d requests were sent", n)
	}
}
