package client

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptrace"
	"regexp"
	"slices"
	"strings"
	"time"

	"golang.org/x/time/rate"
)

// maxAnswer is the largest answer that is read: a full page of users is about one MiB.
const maxAnswer = 64 << 20

// Attempt is what may be told about one HTTP attempt: neither a header's value nor a body nor a query's value.
type Attempt struct {
	Method     string
	Path       string   // for an upload, a few words instead
	Parameters []string // names in the query string
	Members    []string // names of the members in the body
	Number     int      // from 1
	Status     int      // 0 without an answer
	RequestID  string   // the server's name for the request, if it gave one
	Duration   time.Duration
	Failure    string // what kind of failure, without an answer
}

// call is what the attempts of one request share.
type call struct {
	members  []string
	told     string // for the log, instead of an address that is a credential itself
	before   int    // attempts before those that are counted here
	attempts int
	status   int       // of the last answer
	date     time.Time // of the last answer, by the server's clock
	sent     time.Time // when the last attempt was sent

	unconnected bool // the last attempt got no connection, so that it cannot have arrived
}

type callKey struct{}

func callOf(ctx context.Context) *call {
	c, _ := ctx.Value(callKey{}).(*call)
	return c
}

// transport makes one attempt: it waits its turn, adds the credentials, bounds the time, reads the whole answer, so
// that a cut one counts as a failed attempt, and logs.
type transport struct {
	next    http.RoundTripper
	header  http.Header
	timeout time.Duration
	limiter *rate.Limiter
	gate    *gate
	log     func(context.Context, Attempt)
}

// RoundTrip implements http.RoundTripper.
func (t *transport) RoundTrip(req *http.Request) (*http.Response, error) {
	ctx := req.Context()
	if err := t.turn(ctx); err != nil {
		return nil, err
	}
	c := callOf(ctx)
	c.attempts++
	start := time.Now()
	c.sent = start
	resp, err := t.attempt(req)
	attempt := Attempt{
		Method: req.Method, Path: req.URL.Path, Parameters: slices.Sorted(maps.Keys(req.URL.Query())),
		Members: c.members, Number: c.before + c.attempts, Duration: time.Since(start),
	}
	if c.told != "" {
		attempt.Path, attempt.Parameters = c.told, nil
	}
	if err != nil {
		attempt.Failure = describe(err)
	} else {
		c.status = resp.StatusCode
		c.date, _ = http.ParseTime(resp.Header.Get("Date"))
		attempt.Status = resp.StatusCode
		if c.told == "" { // a storage may name a request by what is in its address
			attempt.RequestID = requestID(resp.Header, t.header.Get(secretHeader))
		}
		t.gate.obey(resp, c.before+c.attempts)
	}
	if t.log != nil {
		t.log(ctx, attempt)
	}
	return resp, err
}

// turn returns when a request may be sent. The gate may close while the request queues for the limiter.
func (t *transport) turn(ctx context.Context) error {
	for {
		if err := t.gate.wait(ctx); err != nil {
			return err
		}
		if err := t.limiter.Wait(ctx); err != nil {
			return err
		}
		if t.gate.left() <= 0 {
			return nil
		}
	}
}

func (t *transport) attempt(req *http.Request) (*http.Response, error) {
	ctx, timeout := req.Context(), t.timeout
	if req.Method != http.MethodGet {
		// A write that has begun is not cancelled, since nobody would learn what became of it. It ends with the operation's time.
		if deadline, ok := ctx.Deadline(); ok {
			timeout = min(timeout, time.Until(deadline))
		}
		ctx = context.WithoutCancel(ctx)
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	c := callOf(ctx)
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn: func(string) { c.unconnected = true },
		GotConn: func(httptrace.GotConnInfo) { c.unconnected = false },
	})
	req = req.Clone(ctx)
	maps.Copy(req.Header, t.header)
	resp, err := t.next.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxAnswer+1))
	switch {
	case len(body) > maxAnswer:
		return nil, fmt.Errorf("%w: its body (status %d) is larger than %d MiB", errUnreadable, resp.StatusCode, maxAnswer>>20)
	case err != nil && resp.StatusCode < 400:
		// What the server said about a failure is worth having in part; an object is not.
		return nil, &cutError{status: resp.StatusCode, err: err}
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return resp, nil
}

// errUnreadable is an answer that is not what the API documents. Repeating the request would not help.
var errUnreadable = errors.New("the answer cannot be understood")

// cutError is an answer whose body ended before its time.
type cutError struct {
	status int
	err    error
}

func (e *cutError) Error() string { return fmt.Sprintf("the answer (status %d) was cut off", e.status) }
func (e *cutError) Unwrap() error { return e.err }

// requestIDs are a UUID and other random numbers in hexadecimal. A name, a part of an address or a phone number, which a
// server may repeat in any header, has another form or is shorter.
var requestIDs = regexp.MustCompile(`^[0-9A-Fa-f-]{20,64}$`)

// requestID returns the server's name for a request, if it looks like one and is not the secret.
func requestID(header http.Header, secret string) string {
	bare := func(s string) string { return strings.ToLower(strings.ReplaceAll(s, "-", "")) }
	for _, name := range []string{"X-Request-Id", "X-Correlation-Id"} {
		id := header.Get(name)
		if requestIDs.MatchString(id) && withholdPersonalNumbers(id) == id &&
			!strings.Contains(bare(id), bare(secret)) && !strings.Contains(bare(secret), bare(id)) {
			return id
		}
	}
	return ""
}
