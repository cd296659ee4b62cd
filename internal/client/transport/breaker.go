package transport

import (
	"errors"
	"net/http"
	"sync"
)

// maxExhausted is how many requests in a row may fail after all retries before no more is sent. Terraform sends this many in parallel by
// default, so they probably have one cause.
const maxExhausted = 10

// StoppedError is a request that was not sent, because an earlier error shows that it would fail, too.
type StoppedError struct {
	First *Error
}

// Error implements error. It does not repeat the first error, which was reported before.
func (e *StoppedError) Error() string {
	if e.First.Status == http.StatusUnauthorized {
		return "not sent, because the API has refused the credentials before (see the first error)"
	}
	return "not sent, because requests before it have failed for a reason that is not about this object (see the first error)"
}

// breaker is a circuit breaker. It stops all requests when one cause would make all of them fail: refused credentials, a wrong address, or
// an API that is down.
type breaker struct {
	maxRetries int

	mu        sync.Mutex
	first     *Error // nil while requests may be sent
	exhausted int    // requests in a row that failed after all retries
}

// check returns an error if no more requests may be sent.
func (s *breaker) check() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.first == nil {
		return nil
	}
	return &StoppedError{First: s.first}
}

// failed records an error and returns the one to report. Only the first error of one cause is reported in full.
func (s *breaker) failed(e *Error) *Error {
	s.mu.Lock()
	defer s.mu.Unlock()
	stops := e.Cause == nil && e.Status == http.StatusUnauthorized || e.Cause != nil && isMisconfigured(e.Cause)
	switch {
	case errors.As(e.Cause, new(*StoppedError)):
		return e
	case stops && s.first != nil:
		return e.withCause(&StoppedError{First: s.first})
	case stops:
		s.first = e
	case e.Cause == nil && !isTemporary(e.Status): // the API is up
		s.exhausted = 0
	case e.Attempts > s.maxRetries:
		if s.exhausted++; s.exhausted >= maxExhausted && s.first == nil {
			s.first = e
		}
	}
	return e
}

func (s *breaker) succeeded() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.exhausted = 0
}
