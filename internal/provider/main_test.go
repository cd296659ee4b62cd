package provider_test

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

func TestMain(m *testing.M) { acctest.Main(m) }

// diagnostic is an error or warning as terraform -json tells it.
type diagnostic struct {
	Severity, Summary, Detail, Address string
	Range                              struct{ Start struct{ Line int } }
	Snippet                            struct{ Context, Code string }
}

// text is all that the provider wrote.
func (d diagnostic) text() string { return d.Summary + "\n" + d.Detail }

// on is the attribute that the diagnostic is about, as the source shows it.
func (d diagnostic) on() string {
	name, _, _ := strings.Cut(strings.TrimSpace(d.Snippet.Code), " ")
	return name
}

// diagnose runs a terraform command with -json and returns its error diagnostics.
func diagnose(t *testing.T, w *acctest.Workspace, args ...string) []diagnostic {
	t.Helper()
	r := w.Run(append(args, "-json")...)
	var found []diagnostic
	for _, d := range diagnosticsOf(t, r) {
		if d.Severity == "error" {
			found = append(found, d)
		}
	}
	if (r.ExitCode == 1) != (len(found) > 0) {
		t.Fatalf("exit code %d with %d errors\n%s", r.ExitCode, len(found), r.Output)
	}
	return found
}

// diagnosticsOf returns all diagnostics of a command that ran with -json.
func diagnosticsOf(t *testing.T, r acctest.Result) []diagnostic {
	t.Helper()
	var found []diagnostic
	for line := range strings.Lines(r.Stdout) {
		var message struct {
			Type       string
			Diagnostic diagnostic
		}
		if err := json.Unmarshal([]byte(line), &message); err != nil {
			t.Fatalf("%v: %s", err, r.Output)
		}
		if message.Type == "diagnostic" {
			found = append(found, message.Diagnostic)
		}
	}
	return found
}

// validate returns the error diagnostics of terraform validate.
func validate(t *testing.T, w *acctest.Workspace) []diagnostic {
	t.Helper()
	var found []diagnostic
	for _, d := range w.Validate() {
		var got diagnostic
		text, err := json.Marshal(d)
		if err != nil || json.Unmarshal(text, &got) != nil {
			t.Fatalf("%+v", d)
		}
		found = append(found, got)
	}
	return found
}

func apply(t *testing.T, w *acctest.Workspace, args ...string) []diagnostic {
	t.Helper()
	return diagnose(t, w, append([]string{"apply", "-auto-approve"}, args...)...)
}

// byAddress sorts diagnostics by the resource that they are about.
func byAddress(found []diagnostic) map[string][]diagnostic {
	sorted := map[string][]diagnostic{}
	for _, d := range found {
		sorted[d.Address] = append(sorted[d.Address], d)
	}
	return sorted
}

// user is the block of a user with a name, and more attributes.
func user(name string, more ...string) string {
	return fmt.Sprintf("resource \"pigello_organization_user\" %q {\n  detail_access = 0\n  first_name = \"Ada\"\n  custom_id = %q\n  %s\n}\n",
		name, name, strings.Join(more, "\n  "))
}

// other is a server that is not the sandbox and counts what comes to it.
type other struct {
	URL string

	mu       sync.Mutex
	requests []*http.Request
}

func newOther(t *testing.T) *other {
	t.Helper()
	o := &other{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		o.mu.Lock()
		defer o.mu.Unlock()
		o.requests = append(o.requests, r)
		http.Error(w, "not here", http.StatusTeapot)
	}))
	t.Cleanup(server.Close)
	o.URL = server.URL
	return o
}

func (o *other) seen() []*http.Request {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.requests
}

// raw is an answer, to the letter.
type raw struct {
	status   int
	body     string
	header   http.Header
	truncate bool // announce more than is sent
}

func (a raw) send(w http.ResponseWriter) {
	maps.Copy(w.Header(), a.header)
	if a.truncate {
		w.Header().Set("Content-Length", fmt.Sprint(2*len(a.body)+1))
	}
	w.WriteHeader(a.status)
	_, _ = io.WriteString(w, a.body)
}

// front stands before a workspace's sandbox and answers itself where decide says so. The body is nil without a JSON object.
func front(t *testing.T, w *acctest.Workspace, decide func(r *http.Request, body map[string]any) *raw) {
	t.Helper()
	serve(t, w, func(r *http.Request, body map[string]any) answerer {
		if a := decide(r, body); a != nil {
			return a
		}
		return nil
	})
}

// serve is front for answers that are not quite HTTP, too.
func serve(t *testing.T, w *acctest.Workspace, decide func(r *http.Request, body map[string]any) answerer) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		content, _ := io.ReadAll(r.Body)
		var body map[string]any
		_ = json.Unmarshal(content, &body)
		if a := decide(r, body); a != nil {
			a.send(rw)
			return
		}
		r.Body = io.NopCloser(strings.NewReader(string(content)))
		w.Sandbox.ServeHTTP(rw, r)
	}))
	t.Cleanup(server.Close)
	w.Setenv("PIGELLO_BASE_URL", server.URL)
}

// count counts the requests with a method.
func count(requests []sandbox.Request, method string) int {
	n := 0
	for _, r := range requests {
		if r.Method == method {
			n++
		}
	}
	return n
}

// counter is front, and returns how many requests have come.
func counter(t *testing.T, w *acctest.Workspace, decide func(r *http.Request, body map[string]any) *raw) func() int64 {
	t.Helper()
	var n atomic.Int64
	front(t, w, func(r *http.Request, body map[string]any) *raw {
		n.Add(1)
		return decide(r, body)
	})
	return n.Load
}

// listen lets a sandbox listen, and returns its address.
func listen(t *testing.T, s *sandbox.Sandbox) string {
	t.Helper()
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	return server.URL
}
