package client

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"
	"syscall"
	"time"

	"github.com/pigello/terraform-provider-pigello/internal/client/model"
)

// Error is a request that did not end well. Its text names the request and says what the server said; it never
// holds a header's value, a body, a query string or, for a confidential entity, anything the server wrote.
type Error struct {
	Entity    model.Entity
	Method    string
	Path      string
	Host      string // of the API, if no answer came from it
	Status    int    // of the last answer, 0 if there was none
	RequestID string // the server's name for the request, if it gave one
	Attempts  int
	Refused   []MemberError // what the server said about members
	Message   string        // what the server said beside that
	Redirect  string        // the host that a redirect names
	Date      time.Time     // of the last answer by the server's clock; zero if there was none

	// OutcomeUnknown tells a creation, or an invite, of which nobody knows whether it took place. Candidates are the ids of objects that it
	// may have made, Search is why looking for it came to nothing.
	OutcomeUnknown bool
	Candidates     []string
	Search         error

	cause       error     // without a refusal: why there is none
	sent        time.Time // when the last attempt was sent, by our clock
	unconnected bool      // it cannot have arrived
	aboutPages  bool      // the server's words are about the pages of a list
}

// MemberError is what the server said about one member of the body.
type MemberError struct {
	Member  string
	Message string
	Taken   bool     // another object has the value already
	Rivals  []string // the ids of the objects that have it, where somebody has looked for them
}

// Error implements error.
func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s: %s", e.Method, e.Path, e.Outcome())
	for _, refused := range e.Refused {
		fmt.Fprintf(&b, "; %s: %s", refused.Member, refused.Message)
	}
	if e.Message != "" {
		fmt.Fprintf(&b, "; %s", e.Message)
	}
	return b.String()
}

// Outcome says in a few words how the request ended.
func (e *Error) Outcome() string {
	switch {
	case e.cause != nil && e.Status != 0:
		return fmt.Sprintf("%s (status %s)", describe(e.cause), statusText(e.Status))
	case e.cause != nil:
		return describe(e.cause)
	}
	return statusText(e.Status)
}

// Unwrap returns what stopped the request, if it was not the server's refusal.
func (e *Error) Unwrap() error { return e.cause }

// IsNotFound reports whether err is the server's answer that there is no such object.
func IsNotFound(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.cause == nil && (e.Status == http.StatusNotFound || e.Status == http.StatusGone)
}

// AnsweredAt returns when the answer behind an error was given, by the server's clock; zero if that is not known.
func AnsweredAt(err error) time.Time {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Date
	}
	return time.Time{}
}

func statusText(status int) string {
	return strings.TrimSpace(fmt.Sprintf("%d %s", status, http.StatusText(status)))
}

// refusal makes an *Error of an answer that is not 2xx.
func (c *Client) refusal(entity model.Entity, r request, resp *http.Response, body []byte, call *call) error {
	e := &Error{
		Entity: entity, Method: r.method, Path: r.path, Status: resp.StatusCode,
		RequestID: requestID(resp.Header, c.secret), Attempts: call.attempts, Date: call.date, sent: call.sent,
	}
	redact := redactor(c.secret, r.body)
	_, foreign := r.body.(json.RawMessage) // nobody knows what the server may quote of it
	confidential := entity.Confidential || foreign
	if resp.StatusCode < 400 {
		if location, err := url.Parse(resp.Header.Get("Location")); err == nil && !confidential {
			e.Redirect = redact(location.Host)
		}
		return e
	}
	problem := readProblem(entity, body, redact)
	e.Refused, e.Message = problem.members, problem.message
	e.aboutPages = strings.Contains(strings.ToLower(problem.message), "page")
	if confidential {
		e.withhold()
		return e
	}
	// Again, for what came together only when texts were joined.
	e.Message = redact(e.Message)
	for i := range e.Refused {
		e.Refused[i].Message = redact(e.Refused[i].Message)
	}
	return e
}

// withhold replaces the server's words, which may quote what must not be seen, by what kind of words they are.
func (e *Error) withhold() {
	if e.Message != "" {
		e.Message = withheld(e.Message)
	}
	for i := range e.Refused {
		e.Refused[i].Message = withheld(e.Refused[i].Message)
	}
}

func withheld(message string) string {
	const note = "its words are withheld because they may quote personal data"
	switch {
	case saysTaken(message):
		return "must be unique: another object has it already (" + note + ")"
	case strings.Contains(strings.ToLower(message), "required"):
		return "is required (" + note + ")"
	}
	return note
}

func isDialError(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && (op.Op == "dial" || op.Op == "proxyconnect")
}

func isHandshakeError(err error) bool {
	var (
		certificate *tls.CertificateVerificationError
		authority   x509.UnknownAuthorityError
		record      tls.RecordHeaderError
		alert       tls.AlertError
	)
	return errors.As(err, &certificate) || errors.As(err, &authority) || errors.As(err, &record) || errors.As(err, &alert)
}

func isTimeout(err error) bool {
	var network net.Error
	return errors.Is(err, context.DeadlineExceeded) || errors.Is(err, os.ErrDeadlineExceeded) ||
		errors.As(err, &network) && network.Timeout()
}

// isMistaken reports whether a request cannot succeed, however often it is repeated, because the address is mistaken: nobody has
// that name, or whoever has it is not trusted.
func isMistaken(err error) bool {
	var dns *net.DNSError
	return errors.As(err, &dns) && dns.IsNotFound || isHandshakeError(err)
}

// describe says what went wrong on the way. The texts of net/http may quote what a server sent, so that they are not
// passed on.
func describe(err error) string {
	var (
		wait        *waitError
		cut         *cutError
		dns         *net.DNSError
		certificate *tls.CertificateVerificationError
		authority   x509.UnknownAuthorityError
		record      tls.RecordHeaderError
	)
	if address := (*url.Error)(nil); errors.As(err, &address) {
		err = address.Err // without the address, which holds the query
	}
	switch {
	case errors.As(err, &wait):
		return wait.Error()
	case errors.As(err, &cut):
		return cut.Error()
	case errors.Is(err, errUnreadable):
		return err.Error()
	case errors.Is(err, context.Canceled):
		return "the operation was cancelled"
	case errors.As(err, &dns):
		return "the host's name cannot be resolved"
	case errors.As(err, &certificate), errors.As(err, &authority):
		return "the server's certificate is not trusted"
	case errors.As(err, &record):
		return "the server does not speak TLS"
	case errors.Is(err, syscall.ECONNREFUSED):
		return "the server refuses the connection"
	case isTimeout(err):
		return "no whole answer came in time"
	case isDialError(err):
		return "the server cannot be reached"
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "the connection ended before the answer"
	case strings.Contains(err.Error(), "rate: Wait"):
		return "the cap on requests per second leaves no time for this one"
	}
	return "the connection failed"
}
