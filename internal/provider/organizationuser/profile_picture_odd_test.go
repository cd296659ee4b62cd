package organizationuser_test

import (
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// retell puts a server before a workspace's sandbox that tells of profile pictures in its own way.
func retell(t *testing.T, w *acctest.Workspace, tell func(user, picture map[string]any) any) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		recorder := httptest.NewRecorder()
		w.Sandbox.ServeHTTP(recorder, r)
		body := recorder.Body.Bytes()
		var user map[string]any
		if json.Unmarshal(body, &user) == nil {
			if picture, ok := user["profile_picture"].(map[string]any); ok {
				user["profile_picture"] = tell(user, picture)
				body, _ = json.Marshal(user)
			}
		}
		recorder.Header().Del("Content-Length")
		maps.Copy(rw.Header(), recorder.Header())
		rw.WriteHeader(recorder.Code)
		_, _ = rw.Write(body)
	}))
	t.Cleanup(server.Close)
	w.Setenv("PIGELLO_BASE_URL", server.URL)
}

// TestProfilePictureOnOddServers wants an empty plan right after the apply, and no warning, from servers that make something else of what
// they were told about a file.
func TestProfilePictureOnOddServers(t *testing.T) {
	w := acctest.New(t, func(b *sandbox.Behaviour) {
		b.BumpVolatile, b.UnknownMembers, b.EmptyForNull, b.JudgeAlone = true, true, true, true
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
	retell(t, w, func(user, picture map[string]any) any {
		ways[user["custom_id"].(string)](picture)
		return picture
	})
	all := map[string]attributes{}
	for name := range ways {
		all[name] = depicted("ada.png").with(attributes{"custom_id": name})
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
		same(t, "the state of "+name, shown(t, w, name), map[string]any{"source": "./ada.png", "name": "ada.png", "md5_hash": sum("content")})
		_, uploaded := w.Sandbox.Picture(kind, id(t, w, name))
		if want := !strings.HasPrefix(name, "n") && name != "empty" && name != "silent" || name == "nameless"; uploaded != want {
			t.Errorf("%s: uploaded is %v", name, uploaded)
		}
	}
	writes(w)
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
	for _, r := range writes(w) {
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
	stranger := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		reached.Add(1)
		rw.WriteHeader(http.StatusNoContent)
	}))
	t.Cleanup(stranger.Close)
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
		"fields":   {map[string]any{"url": stranger.URL + "/" + secret, "fields": map[string]any{"key": []any{secret}}}, "cannot be understood"},
		"nowhere":  {map[string]any{"url": "https://127.0.0.1:1/" + secret + "?" + secret}, "127.0.0.1:1: the server refuses the connection"},
		"untrusty": {map[string]any{"url": "https://" + strings.TrimPrefix(stranger.URL, "http://") + "/" + secret}, ": the server does not speak TLS at this port"},
	}
	retell(t, w, func(user, picture map[string]any) any {
		if _, ok := picture["post"]; ok {
			picture["post"] = forms[user["custom_id"].(string)].post
		}
		return picture
	})
	all := map[string]attributes{}
	for name := range forms {
		all[name] = depicted("ada.png").with(attributes{"custom_id": name})
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

// TestProfilePictureOfAFoundUser creates a user whose answer is lost, and with it the form.
func TestProfilePictureOfAFoundUser(t *testing.T) {
	w := acctest.New(t)
	w.Write("ada.png", "content")
	w.Config(user("u", depicted("ada.png").with(attributes{"custom_id": "u"})))
	w.Sandbox.Inject(sandbox.Fault{Method: "POST", Path: path, AfterCommit: true, Drop: true})
	r := w.Apply()
	says(t, r.Output, "the response to the creation was lost")
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
	says(t, r.Output, ".profile_picture.md5_hash: was")
	w.Plan()
	if err := os.Remove(filepath.Join(w.Dir, "ada.png")); err != nil {
		t.Fatal(err)
	}
	r = w.Run("apply", "-no-color", "tfplan")
	if r.ExitCode != 1 {
		t.Errorf("want exit code 1, got %d", r.ExitCode)
	}
	says(t, r.Output, "it does not exist")
	noWrites(t, w)
}

// TestProfilePictureThatChangesAtTheLastMoment calls the provider as Terraform does, with a change between its last two calls.
func TestProfilePictureThatChangesAtTheLastMoment(t *testing.T) {
	api, configuration := serve(t)
	p := newInProcess(t, configuration)
	source := filepath.Join(t.TempDir(), "ada.png")
	write := func(content string) {
		t.Helper()
		if err := os.WriteFile(source, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	object := p.schema.(tftypes.Object)
	declared := map[string]tftypes.Value{}
	for name, of := range object.AttributeTypes {
		declared[name] = tftypes.NewValue(of, nil)
	}
	declared["detail_access"] = tftypes.NewValue(tftypes.Number, 1)
	declared["first_name"] = tftypes.NewValue(tftypes.String, "Ada")
	declared["profile_picture"] = tftypes.NewValue(object.AttributeTypes["profile_picture"], map[string]tftypes.Value{
		"source": tftypes.NewValue(tftypes.String, source), "name": tftypes.NewValue(tftypes.String, nil), "md5_hash": tftypes.NewValue(tftypes.String, nil),
	})
	config := encode(t, object, tftypes.NewValue(object, declared))
	none := encode(t, object, tftypes.NewValue(object, nil))

	write("content")
	planned, err := p.PlanResourceChange(t.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: resourceType, Config: config, ProposedNewState: config, PriorState: none,
	})
	succeeds(t, err, planned.Diagnostics)
	for content, want := range map[string]string{"changed": "The file has changed since the plan", "": "Unusable picture"} {
		write(content)
		applied, err := p.ApplyResourceChange(t.Context(), &tfprotov6.ApplyResourceChangeRequest{
			TypeName: resourceType, Config: config, PriorState: none, PlannedState: planned.PlannedState, PlannedPrivate: planned.PlannedPrivate,
		})
		if err != nil {
			t.Fatal(err)
		}
		at := tftypes.NewAttributePath().WithAttributeName("profile_picture").WithAttributeName("source")
		if d := applied.Diagnostics; len(d) != 1 || d[0].Summary != want || !d[0].Attribute.Equal(at) || !strings.Contains(d[0].Detail, "Nothing was sent") {
			t.Errorf("%q: want the one error %q, got %v", content, want, d)
		}
	}
	if n := len(api.Requests()); n > 0 {
		t.Errorf("%d requests were sent", n)
	}
}

func encode(t *testing.T, of tftypes.Type, value tftypes.Value) *tfprotov6.DynamicValue {
	t.Helper()
	encoded, err := tfprotov6.NewDynamicValue(of, value)
	if err != nil {
		t.Fatal(err)
	}
	return &encoded
}
