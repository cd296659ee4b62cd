package transport

import (
	"errors"
	"net/http"
	"sync"
)

// maxExhausted is how many requests in a row may fail with all their retries before no more is sent: as many as Terraform sends in
// parallel by default. One cause explains them all.
const maxExhausted = 10

// StoppedError is a request that was not sent, because the first of the errors before it has shown that it would fail, too.
type StoppedError struct {
	First *Error
}

// Error implements error. It does not repeat the first error, which somebody has been told already.
func (e *StoppedError) Error() string {
	if e.First.Status == http.StatusUnauthorized {
		return "not sent, because the API has refused the credentials before (see the first error)"
	}
	return "not sent, because requests before it have failed for a reason that is not about this object (see the first error)"
}

// stop ends the sending of requests when one cause would make all of them fail: refused credentials, a wrong address, or an API that
// is down.
type stop struct {
	maxRetries int

	mu        sync.Mutex
	first     *Error // nil while requests may be sent
	exhausted int    // requests in a row that failed with all their retries
}

// before returns an error if nothing more is to be sent.
func (s *stop) before() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.first == nil {
		return nil
	}
	return &StoppedError{First: s.first}
}

// failed takes note of an error, and returns the one to report: the first of one cause tells all.
func (s *stop) failed(e *Error) *Error {
	s.mu.Lock()
	defer s.mu.Unlock()
	stops := e.Cause == nil && e.Status == http.StatusUnauthorized || e.Cause != nil && isMisconfigured(e.Cause)
	switch {
	case errors.As(e.Cause, new(*StoppedError)):
		return e
	case stops && s.first != nil:
		return e.because(&StoppedError{First: s.first})
	case stops:
		s.first = e
	case e.Cause == nil && !isTemporary(e.Status): // the API works
		s.exhausted = 0
	case e.Attempts > s.maxRetries:
		if s.exhausted++; s.exhausted >= maxExhausted && s.first == nil {
			s.first = e
		}
	}
	return e
}

func (s *stop) succeeded() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.exhausted = 0
}
