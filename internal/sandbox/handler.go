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

// ServeHTTP answers a request.
func (s *Sandbox) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	entry := s.log.begin(r, body)
	if err != nil {
		panic(http.ErrAbortHandler) // the client is gone, or sends more than it ever should
	}
	c := &call{s: s, b: s.behaviour.Load(), r: r, body: body}
	a, ok := c.answer(r.Context())
	if !ok {
		panic(http.ErrAbortHandler) // the client is gone
	}
	w.Header().Set("Date", s.now().Add(c.b.DateSkew).UTC().Format(http.TimeFormat))
	w.Header().Set("X-Request-Id", uuid.NewString())
	// The log is complete before the client can act on the answer.
	if a.drop {
		s.log.end(entry, 0)
	} else {
		s.log.end(entry, a.status)
	}
	a.send(w)
	if a.drop || a.truncate {
		panic(http.ErrAbortHandler) // net/http's way to close the connection without completing the response
	}
}

// call is one request on its way through.
type call struct {
	s    *Sandbox
	b    *Behaviour // as it was when the request arrived
	r    *http.Request
	body []byte
}

// answer is what the request is answered with, unless the client gave up waiting.
func (c *call) answer(ctx context.Context) (answer, bool) {
	if !wait(ctx, c.b.Latency) {
		return answer{}, false
	}
	f := c.s.faults.take(c.r)
	if f == nil {
		a := c.execute()
		return a, wait(ctx, time.Duration(a.rows)*c.b.RowLatency)
	}
	if f.AfterCommit {
		a := c.execute()
		return f.strike(a), wait(ctx, f.Delay)
	}
	if !wait(ctx, f.Delay) {
		return answer{}, false
	}
	if f.executes() {
		return f.strike(c.execute()), true
	}
	return f.strike(answer{}), true
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

// execute does what the request asks for.
func (c *call) execute() answer {
	path := c.r.URL.Path
	if strings.HasPrefix(path, filesPath) {
		return c.file()
	}
	if !strings.HasSuffix(path, "/") {
		// Beyond the documentation: Django's answer, given before anybody asks who is there.
		location := *c.r.URL
		location.Path += "/"
		return answer{status: http.StatusMovedPermanently, header: http.Header{"Location": {location.String()}}}
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
		return c.withObject(e, func(e *entity, body map[string]any) answer { return c.update(e, id, body) })
	case "object DELETE":
		return c.remove(e, id)
	case "list GET":
		return c.list(e)
	case "list POST":
		return c.bulk(e)
	case "invite POST":
		return c.inviteOne(e)
	}
	return failure(http.StatusMethodNotAllowed, fmt.Sprintf("Method %q not allowed.", c.r.Method))
}

// withObject decodes the body for a request that carries one object.
func (c *call) withObject(e *entity, then func(*entity, map[string]any) answer) answer {
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

func (c *call) decodeBody() (any, *answer) {
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

// refuse asks the test whether it wants the request refused.
func (c *call) refuse(e *entity, body map[string]any) *answer {
	if c.b.Refuse == nil {
		return nil
	}
	status, value := c.b.Refuse(c.r.Method, e.kind, plainObject(body))
	if status == 0 {
		return nil
	}
	a := encode(status, value)
	return &a
}

func (c *call) create(e *entity, body map[string]any) answer {
	st := &c.s.store
	st.mu.Lock()
	defer st.mu.Unlock()
	if errs := c.judge(e, nil, body); len(errs) > 0 {
		return refused(errs)
	}
	return c.object(http.StatusCreated, e, c.insert(e, body), body["profile_picture"] != nil)
}

// insert stores a body that was judged.
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

// stored returns the object with that id, or nil. The caller holds the store's mu.
func (c *call) stored(e *entity, id string) *record {
	r := c.s.store.tables[e].get(id)
	if r != nil && c.b.CaseSensitiveIDs && r.id != id {
		return nil
	}
	return r
}

func (c *call) read(e *entity, id string) answer {
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

func (c *call) update(e *entity, id string, body map[string]any) answer {
	st := &c.s.store
	st.mu.Lock()
	defer st.mu.Unlock()
	r := c.stored(e, id)
	if r == nil {
		return notFound()
	}
	if errs := c.judge(e, r, body); len(errs) > 0 {
		return refused(errs)
	}
	c.amend(e, r, body)
	return c.object(http.StatusOK, e, r, body["profile_picture"] != nil)
}

// amend changes an object by a body that was judged.
func (c *call) amend(e *entity, r *record, body map[string]any) {
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

func (c *call) remove(e *entity, id string) answer {
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
	return answer{status: http.StatusNoContent}
}

// object answers one object, with a form to upload the profile picture that this request has just announced.
func (c *call) object(status int, e *entity, r *record, announced bool) answer {
	text, err := c.show(e, r, announced && !c.b.NoUploadForms)
	if err != nil {
		return violation(err)
	}
	return answer{status: status, header: jsonHeader(), body: text}
}

func encode(status int, value any) answer {
	text, err := json.Marshal(value)
	if err != nil {
		return violation(err)
	}
	return answer{status: status, header: jsonHeader(), body: text}
}

func failure(status int, detail string) answer {
	return encode(status, map[string]string{"detail": detail})
}

func notFound() answer { return failure(http.StatusNotFound, "Not found.") }

func refused(errs map[string][]string) answer { return encode(http.StatusBadRequest, errs) }

// violation is the sandbox's own mistake. 501 and not 500: clients repeat a 500, and the test would take its time to fail.
func violation(err error) answer {
	return failure(http.StatusNotImplemented, "sandbox: "+err.Error())
}

func jsonHeader() http.Header { return http.Header{"Content-Type": {"application/json"}} }
