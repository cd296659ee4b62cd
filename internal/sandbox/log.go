package sandbox

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"sync"
	"time"
)

// Request is one request as it arrived, and the status of its response.
type Request struct {
	Method string
	Path   string
	Query  url.Values
	Header http.Header
	Body   json.RawMessage // as sent, whether it is JSON or not
	Status int             // 0 before the response, and if the connection was dropped
	At     time.Time       // when it arrived
}

// Object decodes the body, or returns nil if it is not a JSON object. Numbers are float64.
func (r Request) Object() map[string]any {
	var object map[string]any
	if json.Unmarshal(r.Body, &object) != nil {
		return nil
	}
	return object
}

// Requests returns the log, in the order of arrival.
func (s *Sandbox) Requests() []Request { return s.log.all() }

// ResetRequests empties the log.
func (s *Sandbox) ResetRequests() { s.log.reset() }

type requestLog struct {
	mu      sync.Mutex
	entries []*Request
}

func (l *requestLog) begin(r *http.Request, body []byte) *Request {
	entry := &Request{
		Method: r.Method,
		Path:   r.URL.Path,
		Query:  r.URL.Query(),
		Header: r.Header.Clone(),
		Body:   body,
		At:     time.Now(),
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.entries = append(l.entries, entry)
	return entry
}

func (l *requestLog) end(entry *Request, status int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	entry.Status = status
}

func (l *requestLog) all() []Request {
	l.mu.Lock()
	defer l.mu.Unlock()
	all := make([]Request, 0, len(l.entries))
	for _, entry := range l.entries {
		r := *entry
		r.Body = slices.Clone(r.Body)
		all = append(all, r)
	}
	return all
}

func (l *requestLog) reset() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.entries = nil
}
