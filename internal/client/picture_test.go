package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pigello/terraform-provider-pigello/internal/client/model"
	"github.com/pigello/terraform-provider-pigello/internal/client/transport"
)

var pictureMember, _ = model.OrganizationUser.Field("profile_picture")

func announced(t *testing.T, picture string) model.Object {
	t.Helper()
	var o model.Object
	if err := json.Unmarshal([]byte(`{"id": "`+theID+`", "profile_picture": `+picture+`}`), &o); err != nil {
		t.Fatal(err)
	}
	return o
}

const signedForm = `{"name": "a.png", "md5_hash": "x", "get": "https://storage.example/canary?canary",
	"post": {"url": "https://storage.example:8443/canary/path?canary=1", "fields": {"policy": "canary-é\"", "key": "canary", "n": 7, "none": null}}}`

// formOf returns the form of a response that must have one.
func formOf(t *testing.T, picture string) *Form {
	t.Helper()
	form, err := FormOf(announced(t, picture), pictureMember)
	if err != nil || form == nil {
		t.Fatal(form, err)
	}
	return form
}

func TestForm(t *testing.T) {
	for picture, want := range map[string]string{
		`null`: "none", `{}`: "none", `{"post": null}`: "none", `{"post": {}}`: "none", `{"post": {"url": null}}`: "none", `{"post": {"url": ""}}`: "none",
		`{"post": {"url": "https://storage.example/canary"}}`:                        "a form",
		`{"post": {"url": "https://storage.example/canary", "fields": null}}`:        "a form",
		`{"post": {"url": "http://127.0.0.1:1/canary", "fields": {}}}`:               "a form",
		`{"post": {"url": "http://[::1]:1/canary"}}`:                                 "a form",
		`{"post": {"url": "http://localhost/canary"}}`:                               "a form",
		`{"post": {"url": "http://storage.example/canary"}}`:                         "in the clear",
		`{"post": {"url": "http://localhost.canary.example/canary"}}`:                "in the clear",
		`{"post": {"url": "ftp://storage.example/canary"}}`:                          "in the clear",
		`{"post": {"url": "//storage.example/canary"}}`:                              "in the clear",
		`{"post": {"url": "/canary"}}`:                                               "understood",
		`{"post": {"url": "https://"}}`:                                              "understood",
		`{"post": {"url": "https://%zzcanary/"}}`:                                    "understood",
		`{"post": {"url": 7}}`:                                                       "understood",
		`{"post": "canary"}`:                                                         "understood",
		`"canary"`:                                                                   "understood",
		`{"post": {"url": "https://storage.example/", "fields": ["canary"]}}`:        "understood",
		`{"post": {"url": "https://storage.example/", "fields": {"canary": {}}}}`:    "understood",
		`{"post": {"url": "https://storage.example/", "fields": {"a": ["canary"]}}}`: "understood",
	} {
		form, err := FormOf(announced(t, picture), pictureMember)
		switch {
		case err != nil:
			if form != nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "canary") {
				t.Errorf("%s: %v, %v; want %q", picture, form, err, want)
			}
		case (form != nil) != (want == "a form") || form == nil && want != "none":
			t.Errorf("%s: %v, want %q", picture, form, want)
		}
	}
	if form, err := FormOf(model.Object{}, pictureMember); form != nil || err != nil {
		t.Errorf("without the field: %v, %v", form, err)
	}
}

// TestUpload checks the request: the fields are before the file, and there are no headers of the API.
func TestUpload(t *testing.T) {
	s := inSequence(func() (*http.Response, error) { return respond(http.StatusNoContent, ""), nil })
	var told []transport.Attempt
	c := newTestClient(t, s, func(c *transport.Config) {
		c.Log = func(_ context.Context, a transport.Attempt) { told = append(told, a) }
	})
	content := bytes.Repeat([]byte("\x00\xff\r\n--boundary"), 5000)
	const name = "Ada \"å\"\r\nX-Evil: 1.png"
	if err := c.Upload(t.Context(), formOf(t, signedForm), name, content); err != nil {
		t.Fatal(err)
	}
	req := s.requests[0]
	if req.Method != http.MethodPost || req.URL.String() != "https://storage.example:8443/canary/path?canary=1" {
		t.Errorf("%s %s", req.Method, req.URL)
	}
	for header := range req.Header {
		if !slices.Contains([]string{"Content-Type", "User-Agent"}, header) {
			t.Errorf("the upload has the header %s", header)
		}
	}
	body, err := io.ReadAll(req.Body)
	if err != nil || req.ContentLength != int64(len(body)) {
		t.Errorf("Content-Length %d, body of %d (%v)", req.ContentLength, len(body), err)
	}
	_, parameters, err := mime.ParseMediaType(req.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	var parts []string
	reader := multipart.NewReader(bytes.NewReader(body), parameters["boundary"])
	for {
		part, err := reader.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		value, err := io.ReadAll(part)
		if err != nil {
			t.Fatal(err)
		}
		if part.FormName() == "file" {
			if !bytes.Equal(value, content) || part.FileName() == "" || part.Header.Get("X-Evil") != "" {
				t.Errorf("the file is %d bytes, called %q, with %v", len(value), part.FileName(), part.Header)
			}
			value = nil
		}
		parts = append(parts, part.FormName()+"="+string(value))
	}
	if want := []string{"key=canary", "n=7", "none=", "policy=canary-é\"", "file="}; !slices.Equal(parts, want) {
		t.Errorf("the parts are %q, want %q", parts, want)
	}
	if len(told) != 1 || told[0].Path != "upload to storage.example:8443" || told[0].Status != 204 || told[0].Parameters != nil {
		t.Errorf("the log is told %+v", told)
	}
}

// TestUploadsThatFail checks the errors and the number of attempts of failed uploads.
func TestUploadsThatFail(t *testing.T) {
	said := func(code int, header ...string) func() (*http.Response, error) {
		return func() (*http.Response, error) {
			return respond(code, "<Error><Key>canary</Key></Error>", append(header, "X-Request-Id", requestName)...), nil
		}
	}
	for want, c := range map[string]struct {
		respond func() (*http.Response, error)
		sent    int
	}{
		"400 Bad Request":        {said(400), 1},
		"403 Forbidden":          {said(403), 1},
		"307 Temporary Redirect": {said(307, "Location", "https://canary.example/canary"), 1},
		"303 See Other":          {said(303, "Location", "https://canary.example/canary"), 1},
		// An upload is sent at most 4 times, since its object enters the state only after the upload has ended.
		"500 Internal Server Error":                {said(500), 4},
		"503 Service Unavailable":                  {said(503, "Retry-After", "1"), 4},
		"the connection ended before the response": {broken(io.ErrUnexpectedEOF), 4},
		"no complete response":                     {broken(fmt.Errorf("Post \"https://storage.example/canary\": %w", context.DeadlineExceeded)), 4},
		"the server asks to wait":                  {said(503, "Retry-After", "99999"), 1},
	} {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
			defer cancel()
			s := inSequence(c.respond)
			var told []transport.Attempt
			client := newTestClient(t, s, func(c *transport.Config) {
				c.Log = func(_ context.Context, a transport.Attempt) { told = append(told, a) }
			})
			err := client.Upload(ctx, formOf(t, signedForm), "a.png", []byte("content"))
			if err == nil || !strings.HasPrefix(err.Error(), "storage.example:8443") || !strings.Contains(err.Error(), want) {
				t.Errorf("%v, want %q", err, want)
			}
			if text := fmt.Sprintf("%v %+v", err, told); strings.Contains(text, "canary") || strings.Contains(text, requestName) {
				t.Errorf("%s: too much is told: %s", want, text)
			}
			if s.sent() != c.sent || len(told) != c.sent {
				t.Errorf("%s: %d attempts and %d in the log, want %d", want, s.sent(), len(told), c.sent)
			}
			bodies := map[string]bool{}
			for _, req := range s.requests {
				body, _ := io.ReadAll(req.Body)
				bodies[string(body)] = true
			}
			if len(bodies) != 1 {
				t.Errorf("%s: the attempts differ", want)
			}
		})
	}
}

// TestUploadsRespectTheSettings checks max_retries and cancellation, and that the wait of a storage does not apply to the API.
func TestUploadsRespectTheSettings(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := inSequence(status(503, "Retry-After", "60"))
		both := &server{respond: func(req *http.Request) (*http.Response, error) {
			if req.URL.Host == "host.example" {
				return ok(theObject)()
			}
			return s.RoundTrip(req)
		}}
		c := newTestClient(t, both, retries(1))
		if err := c.Upload(t.Context(), formOf(t, signedForm), "a.png", []byte("content")); err == nil || s.sent() != 2 {
			t.Errorf("%v after %d attempts, want 2", err, s.sent())
		}
		before := time.Now()
		if _, err := c.OrganizationUsers().Get(t.Context(), theID); err != nil || time.Since(before) > 0 {
			t.Errorf("%v: the API was kept waiting for %s", err, time.Since(before))
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := c.Upload(ctx, formOf(t, signedForm), "a.png", []byte("content")); err == nil || !strings.Contains(err.Error(), "canceled") || s.sent() != 2 {
			t.Errorf("%v after %d attempts", err, s.sent())
		}
	})
}
