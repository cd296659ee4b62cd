package acctest

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
)

// Listen lets a handler listen, and returns its URL.
func Listen(t testing.TB, handler http.Handler) string {
	t.Helper()
	server := httptest.NewServer(handler)
	t.Cleanup(server.Close)
	return server.URL
}

// Response is what a server sends, to the letter.
type Response struct {
	Status   int
	Body     string
	Header   http.Header
	Truncate bool // announce more than is sent
}

// Send implements Responder.
func (a *Response) Send(w http.ResponseWriter) {
	maps.Copy(w.Header(), a.Header)
	if a.Truncate {
		w.Header().Set("Content-Length", fmt.Sprint(2*len(a.Body)+1))
	}
	w.WriteHeader(a.Status)
	_, _ = io.WriteString(w, a.Body)
}

// Responder sends a response, which need not be HTTP.
type Responder interface{ Send(http.ResponseWriter) }

// Front puts a server before the workspace's sandbox, which sends what decide returns unless that is nil. The body is nil without a JSON
// object. What Front returns counts the requests.
func (w *Workspace) Front(decide func(r *http.Request, body map[string]any) Responder) (requests func() int64) {
	w.t.Helper()
	var n atomic.Int64
	w.Behind(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		n.Add(1)
		content, _ := io.ReadAll(r.Body)
		var body map[string]any
		_ = json.Unmarshal(content, &body)
		if response := decide(r, body); response != nil {
			response.Send(rw)
			return
		}
		r.Body = io.NopCloser(strings.NewReader(string(content)))
		w.Sandbox.ServeHTTP(rw, r)
	}))
	return n.Load
}

// Behind lets a handler respond to the commands that follow in place of the sandbox.
func (w *Workspace) Behind(handler http.Handler) {
	w.t.Helper()
	w.Setenv("PIGELLO_BASE_URL", Listen(w.t, handler))
}

// Elsewhere is a server that is no API, and counts the requests to it.
func Elsewhere(t testing.TB) (url string, requests func() int64) {
	t.Helper()
	var n atomic.Int64
	return Listen(t, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		n.Add(1)
		http.Error(w, "not here", http.StatusTeapot)
	})), n.Load
}

// Rewrite is an API whose objects a function changes before they are sent, alone or in a list.
func Rewrite(api http.Handler, change func(object map[string]any)) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		recorder := httptest.NewRecorder()
		api.ServeHTTP(recorder, r)
		content := recorder.Body.Bytes()
		var objects []map[string]any
		var object map[string]any
		switch {
		case json.Unmarshal(content, &objects) == nil:
			for _, object := range objects {
				change(object)
			}
			content, _ = json.Marshal(objects)
		case json.Unmarshal(content, &object) == nil:
			change(object)
			content, _ = json.Marshal(object)
		}
		recorder.Header().Del("Content-Length")
		maps.Copy(w.Header(), recorder.Header())
		w.WriteHeader(recorder.Code)
		_, _ = w.Write(content)
	})
}
