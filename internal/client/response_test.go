package client

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/pigello/terraform-provider-pigello/internal/client/model"
	"github.com/pigello/terraform-provider-pigello/internal/client/transport"
)

// TestUnusableResponses checks that a response without the documented object is an error, that there is no retry, and that it never counts as
// "not found".
func TestUnusableResponses(t *testing.T) {
	other := `{"id": "` + uuidOf(1) + `"}`
	for name, body := range map[string]string{
		"an empty object": `{}`, "null": `null`, "a page": `<html><body>canary</body></html>`, "nothing": ``,
		"a number": `7`, "a text": `"canary"`, "no id": `{"first_name": "canary"}`, "a null id": `{"id": null}`,
		"a list": `[` + theObject + `]`, "half": `{"id": "` + theID, "two": theObject + theObject,
		"a numeric id": `{"id": 7}`, "another object": other,
	} {
		for _, w := range requestKinds {
			switch {
			case w.name == "delete", w.name == "update" && name == "nothing":
				continue // any 2xx response to a deletion is a success; for the update see below
			case w.name == "create" && name == "another object":
				continue // the response may have any new object
			}
			if w.name == "list" && name == "a list" {
				continue
			}
			synctest.Test(t, func(t *testing.T) {
				s := inSequence(ok(body))
				err := w.do(t.Context(), newTestClient(t, s).OrganizationUsers())
				var e *transport.Error
				if !errors.As(err, &e) || s.sent() != 1 {
					t.Fatalf("%s, %s: %v after %d requests", w.name, name, err, s.sent())
				}
				if e.Status != 200 || transport.IsNotFound(err) || !strings.Contains(err.Error(), "200 OK") {
					t.Errorf("%s, %s: %v", w.name, name, err)
				}
				checkText(t, err)
			})
		}
	}
}

func TestUpdateWithoutBodyInResponse(t *testing.T) {
	s := &server{respond: func(req *http.Request) (*http.Response, error) {
		if req.Method == http.MethodPatch {
			return respond(http.StatusNoContent, ""), nil
		}
		return respond(http.StatusOK, theObject), nil
	}}
	object, err := newTestClient(t, s).OrganizationUsers().Update(t.Context(), theID, model.Body{"first_name": "Ada"})
	if err != nil || object.ID() != theID || s.sent() != 2 {
		t.Errorf("%v, %v after %d requests", object, err, s.sent())
	}
}

func TestIDsAreComparedWithoutCase(t *testing.T) {
	s := inSequence(ok(`{"id": "` + strings.ToUpper(theID) + `"}`))
	if _, err := newTestClient(t, s).OrganizationUsers().Get(t.Context(), theID); err != nil {
		t.Error(err)
	}
}

func TestNotFound(t *testing.T) {
	for code, want := range map[int]bool{404: true, 410: true, 400: false, 401: false, 403: false, 405: false, 301: false} {
		users := newTestClient(t, inSequence(status(code))).OrganizationUsers()
		_, err := users.Get(t.Context(), theID)
		if transport.IsNotFound(err) != want {
			t.Errorf("%d: not found is %v", code, !want)
		}
		if err := users.Delete(t.Context(), theID); err == nil || transport.IsNotFound(err) != want {
			t.Errorf("delete, %d: %v", code, err)
		}
		if _, err := users.Update(t.Context(), theID, model.Body{}); err == nil {
			t.Errorf("update, %d: no error", code)
		}
	}
	if transport.IsNotFound(nil) || transport.IsNotFound(context.Canceled) {
		t.Error("what is not from the server is never its word that an object is absent")
	}
}

// TestCutResponses uses a real connection: a response with a truncated body is a failure, and is retried.
func TestCutResponses(t *testing.T) {
	for _, w := range requestKinds {
		var requests atomic.Int32
		s := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
			body := theObject
			if w.name == "list" {
				body = "[" + theObject + "]"
			}
			if requests.Add(1) == 1 {
				rw.Header().Set("Content-Length", fmt.Sprint(len(body)))
				_, _ = io.WriteString(rw, body[:len(body)/2])
				_ = http.NewResponseController(rw).Flush()
				panic(http.ErrAbortHandler)
			}
			if w.name == "list" && requests.Load() > 2 {
				body = "[]"
			}
			_, _ = io.WriteString(rw, body)
		}))
		base, _ := url.Parse(s.URL)
		err := w.do(t.Context(), New(testConfig(base)).OrganizationUsers())
		s.Close()
		if w.method != http.MethodPost {
			if err != nil || requests.Load() < 2 {
				t.Errorf("%s: %v after %d requests", w.name, err, requests.Load())
			}
			continue
		}
		var e *transport.Error
		if !errors.As(err, &e) || requests.Load() != 1 || !strings.Contains(err.Error(), "cut off") {
			t.Errorf("%s: %v after %d requests", w.name, err, requests.Load())
		}
	}
}

// TestCutErrorsKeepTheirStatus checks that an error response with a truncated body keeps its status.
func TestCutErrorsKeepTheirStatus(t *testing.T) {
	s := inSequence(func() (*http.Response, error) {
		resp := respond(403, "")
		resp.Body = io.NopCloser(io.MultiReader(strings.NewReader(`{"detail": "half a sen`), failing{}))
		return resp, nil
	})
	_, err := newTestClient(t, s).OrganizationUsers().Get(t.Context(), theID)
	var e *transport.Error
	if !errors.As(err, &e) || e.Status != 403 || s.sent() != 1 || e.Attempts != 1 {
		t.Errorf("%#v after %d requests", err, s.sent())
	}
}

type failing struct{}

// Read implements io.Reader.
func (failing) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// endless is a body without an end. It counts the bytes that are read.
type endless struct{ read *int64 }

// Read implements io.Reader.
func (e endless) Read(p []byte) (int, error) {
	*e.read += int64(len(p))
	return len(p), nil
}

func TestHugeResponsesAreRefused(t *testing.T) {
	for _, code := range []int{200, 500} {
		var read int64
		s := inSequence(func() (*http.Response, error) {
			resp := respond(code, "")
			resp.Body = io.NopCloser(endless{&read})
			return resp, nil
		})
		_, err := newTestClient(t, s).OrganizationUsers().Get(t.Context(), theID)
		if s.sent() != 1 || read > 128<<20 {
			t.Errorf("%d: %d requests, %d bytes read", code, s.sent(), read)
		}
		if err == nil || !strings.Contains(err.Error(), "64 MiB") {
			t.Fatalf("%d: %v", code, err)
		}
		checkText(t, err)
	}
}

// TestUnknownFieldsAreKept checks that undocumented fields do no harm.
func TestUnknownFieldsAreKept(t *testing.T) {
	s := inSequence(ok(`{"id": "` + theID + `", "unheard_of": {"a": [1]}, "first_name": ""}`))
	object, err := newTestClient(t, s).OrganizationUsers().Get(t.Context(), theID)
	if err != nil || string(object["unheard_of"]) != `{"a": [1]}` {
		t.Errorf("%v, %v", object, err)
	}
}
