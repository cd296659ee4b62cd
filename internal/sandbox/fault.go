package sandbox

import (
	"cmp"
	"maps"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Fault makes requests fail that match Method and Path.
//
// If the fault has a Status, a Body or Drop, the request is not executed; otherwise it is. BeforeCommit and AfterCommit override this.
type Fault struct {
	Method string // "" for any
	Path   string // a part of the path, "" for any
	Times  int    // number of requests: 0 means one, a negative number all

	Status int         // replaces the status; 200 if there is only a Body
	Header http.Header // added to the response
	Body   string      // replaces the body
	// Drop resets the connection instead of sending a response. Go's transport repeats a GET by itself if the connection was used before.
	Drop bool
	// Truncate sends only half of the body, with the Content-Length of the complete one.
	Truncate bool
	// Delay is the time before the request is executed, or with AfterCommit, before the response. If the client cancels the request
	// before that, it is not executed.
	Delay time.Duration

	// BeforeCommit never executes the request. If there is neither Status nor Body, the connection is reset (after Delay).
	BeforeCommit bool
	// AfterCommit executes the request before the fault applies.
	AfterCommit bool
}

// Inject adds faults to the queue. The first one that matches a request applies to it.
func (s *Sandbox) Inject(faults ...Fault) { s.faults.add(faults) }

// ClearFaults empties the queue.
func (s *Sandbox) ClearFaults() { s.faults.clear() }

// executes reports whether the request is executed in spite of the fault. It is not called for AfterCommit.
func (f *Fault) executes() bool {
	return !f.BeforeCommit && !f.replaces() && !f.Drop
}

// replaces reports whether the fault has a response of its own.
func (f *Fault) replaces() bool { return f.Status != 0 || f.Body != "" }

// apply changes a response as the fault says.
func (f *Fault) apply(a response) response {
	if f.replaces() {
		contentType := "application/json"
		if strings.HasPrefix(f.Body, "<") {
			contentType = "text/html; charset=utf-8"
		}
		a = response{status: cmp.Or(f.Status, http.StatusOK), header: http.Header{"Content-Type": {contentType}}, body: []byte(f.Body)}
	}
	a.drop = f.Drop || f.BeforeCommit && !f.replaces()
	a.truncate = f.Truncate
	if len(f.Header) > 0 {
		a.header = a.header.Clone()
		if a.header == nil {
			a.header = http.Header{}
		}
		maps.Copy(a.header, f.Header)
	}
	return a
}

type faultQueue struct {
	mu     sync.Mutex
	faults []*Fault
}

func (q *faultQueue) add(faults []Fault) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, f := range faults {
		f.Times = cmp.Or(f.Times, 1)
		q.faults = append(q.faults, &f)
	}
}

func (q *faultQueue) clear() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.faults = nil
}

// take returns the fault for a request, or nil.
func (q *faultQueue) take(r *http.Request) *Fault {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, f := range q.faults {
		matches := (f.Method == "" || f.Method == r.Method) && strings.Contains(r.URL.Path, f.Path)
		if f.Times == 0 || !matches {
			continue
		}
		if f.Times > 0 {
			f.Times--
		}
		return f
	}
	return nil
}

// response is a response before it is sent.
type response struct {
	status   int
	header   http.Header
	body     []byte
	rows     int  // objects in a list
	drop     bool // reset the connection instead
	truncate bool // stop in the middle of the body
}

// send writes a response.
func (a response) send(w http.ResponseWriter) {
	if a.drop {
		reset(w)
		return
	}
	maps.Copy(w.Header(), a.header)
	if a.status != http.StatusNoContent {
		w.Header().Set("Content-Length", strconv.Itoa(len(a.body)))
	}
	w.WriteHeader(a.status)
	body := a.body
	if a.truncate {
		body = body[:len(body)/2]
	}
	_, _ = w.Write(body) // it fails only if the client has gone
	if a.truncate {
		_ = http.NewResponseController(w).Flush()
	}
}

// reset closes the connection of a request so that the client sees a reset, not a normal end.
func reset(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return // HTTP/2 or a recorder: the request has no connection of its own, and the caller aborts it
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}
