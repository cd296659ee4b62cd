package sandbox

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"
)

// maxBody is more than any request of the API needs.
const maxBody = 64 << 20

// ServeHTTP implements http.Handler.
func (s *Sandbox) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	entry := s.log.begin(r, body)
	if err != nil {
		panic(http.ErrAbortHandler) // the client has gone, or the body is too large
	}
	c := &call{s: s, b: s.behaviour.Load(), r: r, body: body}
	a, ok := c.respond(r.Context())
	if !ok {
		panic(http.ErrAbortHandler) // the client has gone
	}
	w.Header().Set("Date", s.now().Add(c.b.DateSkew).UTC().Format(http.TimeFormat))
	w.Header().Set("X-Request-Id", uuid.NewString())
	// The log must be complete before the client gets the response.
	if a.drop {
		s.log.end(entry, 0)
	} else {
		s.log.end(entry, a.status)
	}
	a.send(w)
	if a.drop || a.truncate {
		panic(http.ErrAbortHandler) // this makes net/http close the connection
	}
}

// call is one request while it is handled.
type call struct {
	s    *Sandbox
	b    *Behaviour // as it was when the request arrived
	r    *http.Request
	body []byte
}

// respond returns the response, or false if the client has gone.
func (c *call) respond(ctx context.Context) (response, bool) {
	if !wait(ctx, c.b.Latency) {
		return response{}, false
	}
	f := c.s.faults.take(c.r)
	if f == nil {
		a := c.execute()
		return a, wait(ctx, time.Duration(a.rows)*c.b.RowLatency)
	}
	if f.AfterCommit {
		a := c.execute()
		return f.apply(a), wait(ctx, f.Delay)
	}
	if !wait(ctx, f.Delay) {
		return response{}, false
	}
	if f.executes() {
		return f.apply(c.execute()), true
	}
	return f.apply(response{}), true
}

func wait(ctx context.Context, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// execute handles a request without a fault.
func (c *call) execute() response {
	path := c.r.URL.Path
	if strings.HasPrefix(path, filesPath) {
		return c.file()
	}
	if !strings.HasSuffix(path, "/") {
		// Beyond the documentation: Django redirects before it checks the credentials.
		location := *c.r.URL
		location.Path += "/"
		return response{status: http.StatusMovedPermanently, header: http.Header{"Location": {location.String()}}}
	}
	for header, want := range c.b.Credentials {
		if got := c.r.Header.Values(header); len(got) != 1 || got[0] != want {
			return failure(http.StatusUnauthorized, "Invalid or missing credentials.")
		}
	}
	e, what, id := c.s.description.route(path)
	if e == nil {
		return notFound()
	}
	switch what + " " + c.r.Method {
	case "objects POST":
		return c.withObject(e, c.create)
	case "object GET":
		return c.read(e, id)
	case "object PATCH":
		return c.withObject(e, func(e *entity, body map[string]any) response { return c.update(e, id, body) })
	case "object DELETE":
		return c.remove(e, id)
	case "list GET":
		return c.list(e)
	case "list POST":
		return c.bulk(e)
	case "invite POST":
		return c.invite(e)
	}
	return failure(http.StatusMethodNotAllowed, fmt.Sprintf("Method %q not allowed.", c.r.Method))
}

// withObject decodes the body of a request with one object.
func (c *call) withObject(e *entity, then func(*entity, map[string]any) response) response {
	value, refusal := c.decodeBody()
	if refusal != nil {
		return *refusal
	}
	body, ok := value.(map[string]any)
	if !ok {
		return refused(map[string][]string{"non_field_errors": {"Invalid data. Expected a dictionary."}})
	}
	if a := c.refuse(e, body); a != nil {
		return *a
	}
	return then(e, body)
}

func (c *call) decodeBody() (any, *response) {
	if media, _, _ := strings.Cut(c.r.Header.Get("Content-Type"), ";"); strings.TrimSpace(media) != "application/json" {
		a := failure(http.StatusUnsupportedMediaType, "Unsupported media type in request.")
		return nil, &a
	}
	value, err := decode(c.body)
	if err != nil {
		a := failure(http.StatusBadRequest, "JSON parse error.")
		return nil, &a
	}
	return value, nil
}

// refuse returns the response if Behaviour.Refuse refuses the request, else nil.
func (c *call) refuse(e *entity, body map[string]any) *response {
	if c.b.Refuse == nil {
		return nil
	}
	status, value := c.b.Refuse(c.r.Method, e.kind, copyPlainObject(body))
	if status == 0 {
		return nil
	}
	a := encode(status, value)
	return &a
}

func (c *call) create(e *entity, body map[string]any) response {
	st := &c.s.store
	st.mu.Lock()
	defer st.mu.Unlock()
	if errs := c.validate(e, nil, body); len(errs) > 0 {
		return refused(errs)
	}
	return c.object(http.StatusCreated, e, c.insert(e, body), body["profile_picture"] != nil)
}

// insert stores a validated body as a new object.
func (c *call) insert(e *entity, body map[string]any) *record {
	if c.b.FillOrganization != "" && body["organization"] == nil {
		body["organization"] = map[string]any{"id": c.b.FillOrganization}
	}
	c.rewrite(e, body)
	r := c.s.store.put(e, body, c.s.now())
	r.hiddenReads = c.b.LagAfterCreate
	r.listedFrom = time.Now().Add(c.b.LagInLists)
	return r
}

// stored returns the object with that id, or nil. The caller must hold the mutex of the store.
func (c *call) stored(e *entity, id string) *record {
	r := c.s.store.tables[e].get(id)
	if r != nil && c.b.CaseSensitiveIDs && r.id != id {
		return nil
	}
	return r
}

func (c *call) read(e *entity, id string) response {
	if a := c.refuse(e, nil); a != nil {
		return *a
	}
	st := &c.s.store
	st.mu.Lock()
	defer st.mu.Unlock()
	r := c.stored(e, id)
	if r == nil {
		return notFound()
	}
	if r.hiddenReads > 0 {
		r.hiddenReads--
		return notFound()
	}
	return c.object(http.StatusOK, e, r, false)
}

func (c *call) update(e *entity, id string, body map[string]any) response {
	st := &c.s.store
	st.mu.Lock()
	defer st.mu.Unlock()
	r := c.stored(e, id)
	if r == nil {
		return notFound()
	}
	if errs := c.validate(e, r, body); len(errs) > 0 {
		return refused(errs)
	}
	c.updateRecord(e, r, body)
	return c.object(http.StatusOK, e, r, body["profile_picture"] != nil)
}

// updateRecord changes an object by a validated body.
func (c *call) updateRecord(e *entity, r *record, body map[string]any) {
	if organization, sent := body["organization"]; sent && organization == nil && c.b.FillOrganization != "" {
		body["organization"] = map[string]any{"id": c.b.FillOrganization}
	}
	c.rewrite(e, body)
	c.s.store.update(e, r, body)
}

func (c *call) rewrite(e *entity, body map[string]any) {
	if c.b.Rewrite != nil {
		c.b.Rewrite(e.kind, body)
	}
}

func (c *call) remove(e *entity, id string) response {
	if a := c.refuse(e, nil); a != nil {
		return *a
	}
	st := &c.s.store
	st.mu.Lock()
	defer st.mu.Unlock()
	if c.stored(e, id) == nil {
		return notFound()
	}
	st.tables[e].remove(id)
	return response{status: http.StatusNoContent}
}

// object returns a response with one object. If the request has written a profile picture, it includes the upload form.
func (c *call) object(status int, e *entity, r *record, newPicture bool) response {
	text, err := c.show(e, r, newPicture && !c.b.NoUploadForms)
	if err != nil {
		return violation(err)
	}
	return response{status: status, header: jsonHeader(), body: text}
}

func encode(status int, value any) response {
	text, err := json.Marshal(value)
	if err != nil {
		return violation(err)
	}
	return response{status: status, header: jsonHeader(), body: text}
}

func failure(status int, detail string) response {
	return encode(status, map[string]string{"detail": detail})
}

func notFound() response { return failure(http.StatusNotFound, "Not found.") }

func refused(errs map[string][]string) response { return encode(http.StatusBadRequest, errs) }

// violation is an error of the sandbox itself. The status is 501 and not 500, because clients retry a 500 and the test would fail late.
func violation(err error) response {
	return failure(http.StatusNotImplemented, "sandbox: "+err.Error())
}

func jsonHeader() http.Header { return http.Header{"Content-Type": {"application/json"}} }
