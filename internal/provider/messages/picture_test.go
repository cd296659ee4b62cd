package messages

import (
	"net/http"
	"os"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// TestPicture renders what is said of the file of a picture, and of its upload.
func TestPicture(t *testing.T) {
	ctx := t.Context()
	c := open(t, "picture")
	t.Chdir(t.TempDir())
	file := func(name string, size int) string {
		if err := os.WriteFile(name, make([]byte, size), 0o600); err != nil {
			t.Fatal(err)
		}
		return name
	}
	remove := func(name string) {
		if err := os.Remove(name); err != nil {
			t.Fatal(err)
		}
	}
	picture := func(source string) object { return ada.With(object{"profile_picture": object{"source": source}}) }
	p := start(t, nil)
	for _, f := range []struct{ what, source string }{
		{"no such file", "ada.png"},
		{"a home directory", "~/ada.png"},
		{"an empty path", ""},
		{"an empty file", file("empty.png", 0)},
		{"a large file", file("large.png", 10<<20+1)},
		{"a directory", "."},
		{"a path through a file", "empty.png/ada.png"},
	} {
		c.add(f.what, diagnostics(p.Plan(ctx, noUser, picture(f.source))))
	}

	planned, diags := p.Plan(ctx, noUser, picture(file("ada.png", 1)))
	diags.NoErrors(t)
	file("ada.png", 2)
	c.add("a file that changes before the apply", diagnostics(p.Apply(ctx, planned)))
	remove("ada.png")
	c.add("a file that is missing at the apply", diagnostics(p.Apply(ctx, planned)))

	file("ada.png", 1)
	made := p.made(userType, picture("ada.png"))
	remove("ada.png")
	c.add("a file that is missing after the apply", diagnostics(p.Plan(ctx, made, picture("ada.png"))))

	file("ada.png", 1)
	p.api.Inject(sandbox.Fault{Path: "/files/", Status: http.StatusForbidden})
	made, diags = p.settle(noUser, picture("ada.png"))
	c.add("an upload that is refused", diags)
	c.add("an upload that has failed", diagnostics(p.Plan(ctx, made, picture("ada.png"))))
	p.api.Inject(sandbox.Fault{Path: "/files/", Drop: true})
	c.add("an upload that is interrupted", diagnostics(p.settle(noUser, picture("ada.png"))))

	for _, f := range []struct{ what, form string }{
		{"a form that cannot be understood", `{"url": "/", "fields": {}}`},
		{"a form for a server without TLS", `{"url": "http://storage.example/", "fields": {}}`},
	} {
		p = p.again(nil)
		p.api.Inject(sandbox.Fault{Method: http.MethodPost, Status: http.StatusCreated, Body: `{"id": "` + other + `", "detail_access": 0, "first_name": "Ada", ` +
			`"profile_picture": {"name": "ada.png", "md5_hash": "k7iFrf4NoIn97bOQmd4CQw==", "post": ` + f.form + `}}`})
		c.add(f.what, diagnostics(p.settle(noUser, picture("ada.png"))))
	}
	p.api.Inject(sandbox.Fault{Method: http.MethodPost, Drop: true, AfterCommit: true})
	c.add("a response that is lost, with the form", diagnostics(p.settle(noUser, picture("ada.png").With(object{"custom_id": "emp-43"}))))
}
