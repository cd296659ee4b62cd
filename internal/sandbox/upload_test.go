package sandbox_test

import (
	"bytes"
	"crypto/md5"
	"encoding/base64"
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// form encodes the fields in the given order; the name "file" stands for the file.
func form(t *testing.T, order []string, fields map[string]any, file []byte) (contentType string, body []byte) {
	t.Helper()
	var buffer bytes.Buffer
	w := multipart.NewWriter(&buffer)
	for _, name := range order {
		var err error
		if name == "file" {
			var part io.Writer
			if part, err = w.CreateFormFile("file", "picture.png"); err == nil {
				_, err = part.Write(file)
			}
		} else {
			err = w.WriteField(name, fields[name].(string))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return w.FormDataContentType(), buffer.Bytes()
}

func TestProfilePicture(t *testing.T) {
	f := start(t)
	content := []byte("not really a picture")
	sum := md5.Sum(content)
	id := f.Put(sandbox.OrganizationUser, map[string]any{"first_name": "Ada"})
	path := users + id + "/"
	announce := `{"profile_picture": {"name": "ada.png", "md5_hash": "` + base64.StdEncoding.EncodeToString(sum[:]) + `"}}`
	credentials := f.headers
	picture := func(object map[string]any) map[string]any {
		p, _ := object["profile_picture"].(map[string]any)
		return p
	}

	announced := picture(f.object("PATCH", path, announce, 200))
	post, _ := announced["post"].(map[string]any)
	fields, _ := post["fields"].(map[string]any)
	if announced["name"] != "ada.png" || announced["get"] == nil || len(fields) == 0 {
		t.Fatalf("announced: %v", announced)
	}
	names := slices.Sorted(maps.Keys(fields))
	upload := func(order []string, file []byte, headers http.Header) int {
		t.Helper()
		contentType, body := form(t, order, fields, file)
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, post["url"].(string), bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		r.Header = headers.Clone()
		r.Header.Set("Content-Type", contentType)
		response, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		_ = response.Body.Close()
		return response.StatusCode
	}
	for name, status := range map[string]int{
		"the API's credentials": upload(append(names, "file"), content, f.headers),
		"the file first":        upload(append([]string{"file"}, names...), content, http.Header{}),
		"another file":          upload(append(names, "file"), []byte("another"), http.Header{}),
		"no file":               upload(names, nil, http.Header{}),
	} {
		if status != 400 {
			t.Errorf("%s: status %d", name, status)
		}
	}
	if _, ok := f.Picture(sandbox.OrganizationUser, id); ok {
		t.Error("a picture was stored that should have been refused")
	}
	if status := upload(append(names, "file"), content, http.Header{}); status != 204 {
		t.Errorf("status %d", status)
	}
	if got, ok := f.Picture(sandbox.OrganizationUser, id); !ok || !bytes.Equal(got, content) {
		t.Errorf("stored: %q, %v", got, ok)
	}

	first, second := picture(f.object("GET", path, "", 200)), picture(f.object("GET", path, "", 200))
	if first["post"] != nil || first["get"] == second["get"] || first["md5_hash"] != announced["md5_hash"] {
		t.Errorf("read: %v, %v", first, second)
	}
	f.headers = http.Header{}
	if got := f.do("GET", strings.TrimPrefix(first["get"].(string), f.url), "", 200); !bytes.Equal(got.body, content) {
		t.Errorf("fetched %q", got.body)
	}
	f.headers = credentials

	// There is no form after another change, nor with NoUploadForms.
	if p := picture(f.object("PATCH", path, `{"last_name": "Byron"}`, 200)); p["post"] != nil || p["name"] != "ada.png" {
		t.Errorf("after another change: %v", p)
	}
	f.Configure(func(b *sandbox.Behaviour) { b.NoUploadForms = true })
	if p := picture(f.object("PATCH", path, announce, 200)); p == nil || p["post"] != nil {
		t.Errorf("without forms: %v", p)
	}
	if got := f.object("PATCH", path, `{"profile_picture": null}`, 200); got["profile_picture"] != nil {
		t.Errorf("cleared: %v", got["profile_picture"])
	}
}
