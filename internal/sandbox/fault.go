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

// Fault is trouble for the requests that match Method and Path.
//
// By default the request is not executed if the fault has a Status, a Body or a Drop of its own to answer with, and is
// executed otherwise. BeforeCommit and AfterCommit say it outright.
type Fault struct {
	Method string // "" for any
	Path   string // a part of the path, "" for any
	Times  int    // how many requests it strikes: 0 means one, a negative number all

	Status int         // answered instead of the real status; 200 if there is a Body only
	Header http.Header // added to the answer
	Body   string      // answered instead of the real body
	// Drop resets the connection instead of answering. Note that Go's transport repeats a GET by itself if that happens
	// to a connection that it had used before.
	Drop bool
	// Truncate ends the answer in the middle of its body, below the whole Content-Length.
	Truncate bool
	// Delay passes before the request is executed, or with AfterCommit before it is answered. If the client gives up
	// meanwhile, the request is not executed any more.
	Delay time.Duration

	// BeforeCommit never executes the request: without anything to answer, the connection is reset (after Delay).
	BeforeCommit bool
	// AfterCommit executes the request, and only then lets the fault strike.
	AfterCommit bool
}

// Inject adds faults to the queue. A request is struck by the first one in it that matches.
func (s *Sandbox) Inject(faults ...Fault) { s.faults.add(faults) }

// ClearFaults empties the queue.
func (s *Sandbox) ClearFaults() { s.faults.clear() }

// executes tells whether the request that is struck still does its work, if it has not done it before (AfterCommit).
func (f *Fault) executes() bool {
	return !f.BeforeCommit && !f.replaces() && !f.Drop
}

// replaces tells whether the fault brings an answer of its own.
func (f *Fault) replaces() bool { return f.Status != 0 || f.Body != "" }

// strike turns an answer into what the fault makes of it.
func (f *Fault) strike(a answer) answer {
	if f.replaces() {
		contentType := "application/json"
		if strings.HasPrefix(f.Body, "<") {
			contentType = "text/html; charset=utf-8"
		}
		a = answer{status: cmp.Or(f.Status, http.StatusOK), header: http.Header{"Content-Type": {contentType}}, body: []byte(f.Body)}
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
	queued []*Fault
}

func (q *faultQueue) add(faults []Fault) {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, f := range faults {
		f.Times = cmp.Or(f.Times, 1)
		q.queued = append(q.queued, &f)
	}
}

func (q *faultQueue) clear() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.queued = nil
}

// take finds the fault for a request, or nil.
func (q *faultQueue) take(r *http.Request) *Fault {
	q.mu.Lock()
	defer q.mu.Unlock()
	for _, f := range q.queued {
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

// answer is a response before it is sent.
type answer struct {
	status   int
	header   http.Header
	body     []byte
	rows     int  // objects in a list
	drop     bool // reset the connection instead
	truncate bool // stop in the middle of the body
}

// send writes an answer.
func (a answer) send(w http.ResponseWriter) {
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
	// A client that is gone is no concern of the server's.
	_, _ = w.Write(body)
	if a.truncate {
		_ = http.NewResponseController(w).Flush()
	}
}

// reset closes the connection under the request so that the client sees a reset and not an orderly end.
func reset(w http.ResponseWriter) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return // not a connection of its own (HTTP/2, or a recorder); the caller aborts
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0)
	}
	_ = conn.Close()
}
