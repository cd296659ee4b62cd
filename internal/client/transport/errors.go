package transport

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/pigello/terraform-provider-pigello/internal/client/model"
)

// Error is a failed request. It does not change after it was built. Its text names the request and repeats the message of the server. It
// never holds a header value, a body or a query string, nor, for a confidential entity, any text of the server.
type Error struct {
	Entity    model.Entity
	Method    string
	Path      string
	Host      string // of the API
	Status    int    // of the last response, 0 without one
	RequestID string // from the response, "" if there is none
	Attempts  int
	Fields    []FieldError // messages about fields
	Message   string       // other messages
	Page      bool         // the response is a web page
	Redirect  string       // the host of a redirect
	Date      time.Time    // of the last response, by the server's clock; zero without one
	Sent      time.Time    // when the last attempt was sent, by our clock; zero without one
	Outcome   Outcome
	Cause     error // why there is no usable response; nil if the status is the failure

	notFound bool
}

// FieldError is the server's message about one field of the body.
type FieldError struct {
	Field   string
	Message string
	Taken   bool // another object has the value
}

// Error implements error.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s: %s", e.Method, e.Path, e.Reason())
	for _, refused := range e.Fields {
		fmt.Fprintf(&b, "; %s: %s", refused.Field, refused.Message)
	}
	if e.Message != "" {
		fmt.Fprintf(&b, "; %s", e.Message)
	}
	return b.String()
}

// Reason says briefly why the request failed.
func (e *Error) Reason() string {
	switch {
	case e.Cause != nil && e.Status != 0:
		return fmt.Sprintf("%s (status %s)", describe(e.Cause), StatusText(e.Status))
	case e.Cause != nil:
		return describe(e.Cause)
	}
	return StatusText(e.Status)
}

// Unwrap returns why there is no usable response.
func (e *Error) Unwrap() error { return e.Cause }

// withCause returns a copy of the error with another cause.
func (e *Error) withCause(cause error) *Error {
	failed := *e
	failed.Cause = cause
	return &failed
}

// IsMisconfigured reports whether the address, the certificates or the proxy of this machine are wrong.
func (e *Error) IsMisconfigured() bool { return e.Cause != nil && isMisconfigured(e.Cause) }

// IsUntrusted reports whether this machine does not trust the server's certificate.
func (e *Error) IsUntrusted() bool { return e.Cause != nil && isUntrusted(e.Cause) }

// IsCapped reports whether the cap on requests per second leaves no time for the request.
func (e *Error) IsCapped() bool { return errors.Is(e.Cause, errCap) }

// IsNoJSON reports whether the request was not sent, because a value of its body is not the JSON that it must be.
func (e *Error) IsNoJSON() bool { return errors.Is(e.Cause, errBody) }

var errBody = errors.New("not sent, because a value in it must be JSON and is not")

// IsThrottled reports whether the server asks to wait longer than there is time.
func (e *Error) IsThrottled() bool { return errors.As(e.Cause, new(*WaitError)) }

// SaysTaken reports whether the server refuses a value because another object has it.
func (e *Error) SaysTaken() bool {
	if e.Status == http.StatusConflict || saysTaken(e.Message) {
		return true
	}
	for _, refused := range e.Fields {
		if refused.Taken {
			return true
		}
	}
	return false
}

// AboutPages reports whether the message is about the page or the page size of a list.
func (e *Error) AboutPages() bool {
	return e.Status == http.StatusBadRequest && !e.Page && strings.Contains(strings.ToLower(e.Message), "page")
}

// IsNotFound reports whether err says that the object does not exist: the status is 404 or 410, and the body is complete and can come from
// the API. A web page with this status comes from a proxy, a firewall or a wrong address, and proves nothing.
func IsNotFound(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.notFound
}

func isAbsence(status int) bool { return status == http.StatusNotFound || status == http.StatusGone }

// IsStopped reports whether a request was not sent because of an earlier error, which was reported.
func IsStopped(err error) bool { return errors.As(err, new(*StoppedError)) }

// StatusText returns a status with its name.
func StatusText(status int) string {
	return strings.TrimSpace(fmt.Sprintf("%d %s", status, http.StatusText(status)))
}

// fail makes an *Error of a result that is not a 2xx response.
func (t *Transport) fail(r Request, result result) *Error {
	e := &Error{
		Entity: r.Entity, Method: r.Method, Path: r.Path, Host: t.base.Host, Status: result.status,
		Attempts: r.Earlier + result.attempts, Date: result.date, Sent: result.sent, Outcome: result.outcome, Cause: result.err,
	}
	if result.err != nil {
		return e
	}
	e.RequestID = requestID(result.header, t.secret)
	e.Page = isPage(result.body)
	e.notFound = isAbsence(result.status) && IsEmptyOrJSON(result.body)
	redact := redactor(t.secret, r.Body)
	_, raw := r.Body.(json.RawMessage) // it may hold anything, and the server may quote it
	confidential := r.Entity.Confidential || raw
	if result.status < 400 {
		if location, err := url.Parse(result.header.Get("Location")); err == nil && !confidential {
			e.Redirect = redact(location.Host)
		}
		return e
	}
	problem := readProblem(r.Entity, result.body, redact)
	e.Fields, e.Message = problem.fields, problem.message
	if confidential {
		e.withhold()
		return e
	}
	// The parts were redacted already. Joined together, they may form a secret again.
	e.Message = redact(e.Message)
	for i := range e.Fields {
		e.Fields[i].Message = redact(e.Fields[i].Message)
	}
	return e
}

// withhold replaces each message of the server, which may quote personal data, with its general meaning.
func (e *Error) withhold() {
	if e.Message != "" && !e.Page {
		e.Message = withheld(e.Message)
	}
	for i := range e.Fields {
		e.Fields[i].Message = withheld(e.Fields[i].Message)
	}
}

func withheld(message string) string {
	const note = "(its message is not shown, since it may contain personal data)"
	switch {
	case saysTaken(message):
		return "must be unique: another object has it already " + note
	case strings.Contains(strings.ToLower(message), "required"):
		return "is required " + note
	case strings.Contains(strings.ToLower(message), "page"):
		return "the page of the list is refused " + note
	}
	return note
}
