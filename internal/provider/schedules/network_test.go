package schedules_test

import (
	"context"
	"fmt"
	"hash/fnv"
	"io"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// network is a way to the sandbox on which requests fail. What happens to a request follows from the seed, from what the
// request is about and from how many of its kind there were before, and not from the order in which requests arrive.
type network struct {
	*sandbox.Sandbox
	seed  uint64
	rough atomic.Bool

	mu     sync.Mutex
	seen   map[string]int
	struck int
}

// settle waits until the server has done what it was still at work on when the client gave up: the slowest takes less than a minute.
func (n *network) settle() { time.Sleep(time.Minute) }

// RoundTrip implements http.RoundTripper.
func (n *network) RoundTrip(req *http.Request) (*http.Response, error) {
	next := n.Transport()
	r := n.chance(req)
	if r == nil {
		return next.RoundTrip(req)
	}
	after := r.IntN(2) == 0 // the request is executed, and then its response is lost
	status := []int{423, 425, 408, 500, 502, 503, 504}[r.IntN(7)]
	if after {
		status = max(status, 500) // nobody does the work and says that it was refused
	}
	kind := r.IntN(8)
	if !after && kind < 4 {
		return lost(req.Method, kind, status, r)
	}
	ctx := req.Context()
	delay := time.Duration(r.IntN(45)) * time.Second
	switch {
	case kind < 4:
		resp, err := next.RoundTrip(req)
		if err != nil {
			return nil, err
		}
		if kind == 2 && req.Method != http.MethodDelete {
			resp.Body = io.NopCloser(io.MultiReader(io.LimitReader(resp.Body, 20), cutOff{}))
			return resp, nil
		}
		return lost(req.Method, kind, status, r)
	case kind < 6: // throttled, by the book
		return respond(429, `{"detail": "Request was throttled."}`, "Retry-After", fmt.Sprint(r.IntN(6))), nil
	}
	// Slow: the client may give up meanwhile. The server may do it all the same, later.
	done := make(chan struct{})
	var resp *http.Response
	var err error
	go func() {
		defer close(done)
		select {
		case <-time.After(delay):
		case <-ctx.Done():
			if !after {
				err = ctx.Err()
				return
			}
			time.Sleep(time.Duration(r.IntN(8)) * time.Second)
		}
		resp, err = next.RoundTrip(req.Clone(context.WithoutCancel(ctx)))
	}()
	select {
	case <-done:
		return resp, err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// lost is what becomes of a response.
func lost(method string, kind, status int, r *rand.Rand) (*http.Response, error) {
	switch {
	case kind == 0:
		return nil, syscall.ECONNRESET
	case kind == 1 && r.IntN(3) == 0 && (method != http.MethodGet || r.IntN(4) == 0):
		return respond(200, "<html><body>Please wait</body></html>"), nil
	case kind == 1:
		return nil, io.EOF
	case kind == 3 && method != http.MethodPost && r.IntN(3) == 0: // to a creation it would mean that nothing was made
		return respond([]int{404, 410}[r.IntN(2)], "<html><center>nginx</center></html>"), nil
	case status == 503:
		return respond(status, "<html>", "Retry-After", fmt.Sprint(r.IntN(4))), nil
	}
	return respond(status, `{"detail": "An error occurred."}`), nil
}

func respond(status int, body string, header ...string) *http.Response {
	resp := &http.Response{
		StatusCode: status, ProtoMajor: 1, ProtoMinor: 1, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)),
	}
	if len(header) == 2 {
		resp.Header.Set(header[0], header[1])
	}
	return resp
}

// cutOff is the end of a body that was cut off.
type cutOff struct{}

// Read implements io.Reader.
func (cutOff) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

// chance returns what decides about a request's fate, nil if nothing happens to it.
func (n *network) chance(req *http.Request) *rand.Rand {
	if !n.rough.Load() {
		return nil
	}
	about := req.Method + " "
	if object, ok := n.Get(sandbox.OrganizationUser, acctest.LastPart(req.URL.Path)); ok {
		about += fmt.Sprint(object["last_name"])
	} else if req.GetBody != nil {
		body, _ := req.GetBody()
		content, _ := io.ReadAll(body)
		about += string(content)
	} else {
		about += req.URL.RawQuery
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.seen[about]++
	h := fnv.New64a()
	_, _ = fmt.Fprint(h, about, n.seen[about])
	r := rand.New(rand.NewPCG(n.seed, h.Sum64()))
	if r.IntN(100) >= 15 {
		return nil
	}
	n.struck++
	return r
}
