package sandbox

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"syscall"
)

// Transport sends requests to the sandbox without a network. It can be used in a bubble of testing/synctest, where waiting takes no time.
// A [Fault] breaks connections as it does over HTTP.
func (s *Sandbox) Transport() http.RoundTripper { return inMemory{s} }

type inMemory struct{ handler http.Handler }

// RoundTrip implements http.RoundTripper.
func (t inMemory) RoundTrip(req *http.Request) (*http.Response, error) {
	var body []byte
	if req.Body != nil {
		defer func() { _ = req.Body.Close() }()
		var err error
		if body, err = io.ReadAll(req.Body); err != nil {
			return nil, err
		}
	}
	// The handler must end when the request ends for any reason.
	ctx, cancel := context.WithCancel(context.WithoutCancel(req.Context()))
	served := req.Clone(ctx)
	served.Body = io.NopCloser(bytes.NewReader(body))
	served.RequestURI = req.URL.RequestURI()
	w := &recorder{header: http.Header{}}
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer func() {
			switch r := recover(); r {
			case nil:
			case http.ErrAbortHandler:
				w.aborted = true
			default:
				panic(r)
			}
		}()
		t.handler.ServeHTTP(w, served)
	}()
	select {
	case <-done:
		cancel()
		return w.response(req)
	case <-req.Context().Done():
		cancel()
		<-done
		return nil, req.Context().Err()
	}
}

// recorder collects the response of a handler.
type recorder struct {
	header  http.Header
	status  int
	body    bytes.Buffer
	aborted bool
}

// Header implements http.ResponseWriter.
func (w *recorder) Header() http.Header { return w.header }

// WriteHeader implements http.ResponseWriter.
func (w *recorder) WriteHeader(status int) { w.status = status }

// Write implements http.ResponseWriter.
func (w *recorder) Write(p []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return w.body.Write(p)
}

// response returns the response for the client.
func (w *recorder) response(req *http.Request) (*http.Response, error) {
	if w.status == 0 {
		return nil, syscall.ECONNRESET
	}
	body := io.Reader(&w.body)
	if w.aborted {
		body = io.MultiReader(body, broken{})
	}
	return &http.Response{
		StatusCode: w.status, Status: http.StatusText(w.status), Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: w.header, Body: io.NopCloser(body), ContentLength: -1, Request: req,
	}, nil
}

// broken is a reader for the end of a truncated body.
type broken struct{}

// Read implements io.Reader.
func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }
