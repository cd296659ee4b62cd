package sandbox

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"syscall"
)

// Transport reaches the sandbox without a network, so that a whole conversation fits into a bubble of testing/synctest,
// where waiting costs no time. Connections break as they do over HTTP: see [Fault].
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
	// The handler is to end with the request, whatever ends that.
	ctx, cancel := context.WithCancel(context.WithoutCancel(req.Context()))
	served := req.Clone(ctx)
	served.Body = io.NopCloser(bytes.NewReader(body))
	served.RequestURI = req.URL.RequestURI()
	w := &response{header: http.Header{}}
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
		return w.answer(req)
	case <-req.Context().Done():
		cancel()
		<-done
		return nil, req.Context().Err()
	}
}

// response collects what a handler answers.
type response struct {
	header  http.Header
	status  int
	body    bytes.Buffer
	aborted bool
}

// Header implements http.ResponseWriter.
func (w *response) Header() http.Header { return w.header }

// WriteHeader implements http.ResponseWriter.
func (w *response) WriteHeader(status int) { w.status = status }

// Write implements http.ResponseWriter.
func (w *response) Write(p []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	return w.body.Write(p)
}

// answer is what the client gets to see of it.
func (w *response) answer(req *http.Request) (*http.Response, error) {
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

// broken is the end of a body that was cut off.
type broken struct{}

// Read implements io.Reader.
func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }
