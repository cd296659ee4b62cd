package transport

import (
	"bytes"
	"context"
	"io"
	"maps"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"slices"
	"time"
)

// Attempt is what may be logged about one HTTP attempt: no header value, no body, and no value of the query.
type Attempt struct {
	Method     string
	Path       string   // for an upload, a few words instead
	Parameters []string // names in the query string
	Fields     []string // names of the fields in the body
	Number     int      // from 1
	Status     int      // 0 without a response
	RequestID  string   // from the response, "" if there is none
	Duration   time.Duration
	Failure    string // the kind of failure if there is no response
}

// exchange is a request that can be sent several times.
type exchange struct {
	method  string
	address *url.URL
	header  http.Header
	content []byte // nil for none
	policy  Policy
	earlier int      // attempts before this exchange
	fields  []string // for the log
	label   string   // for the log, instead of an address that is a credential itself
}

// result is how the attempts of an exchange ended. If err is nil, there is a response.
type result struct {
	status   int // of the last response, 0 without one
	header   http.Header
	body     []byte
	date     time.Time // of the last response, by the server's clock
	sent     time.Time // when the last attempt was sent, by our clock
	took     time.Duration
	attempts int
	outcome  Outcome // of the last attempt, or of the last one in doubt
	err      error   // why there is no response, or no other attempt

	unconnected bool // the last attempt had no connection, so the server cannot have received it
}

// sender makes attempts.
type sender struct {
	network    http.RoundTripper
	header     http.Header // of every request
	timeout    time.Duration
	maxRetries int
	throttle   *throttle
	log        func(context.Context, Attempt)
}

// send makes one attempt, and further ones as the policy allows. This is the only loop of attempts.
func (s *sender) send(ctx context.Context, x exchange) result {
	r := result{outcome: NotSent}
	for {
		if err := s.throttle.wait(ctx); err != nil {
			r.err = causeOf(ctx, err)
			return r
		}
		s.attempt(ctx, x, &r)
		if outcome := outcomeOf(r); outcome >= InDoubt || r.outcome < InDoubt {
			r.outcome = outcome
		}
		if !x.policy.allows(r) || x.earlier+r.attempts > s.maxRetries {
			return r
		}
		if err := s.wait(ctx, x.earlier+r.attempts, r); err != nil {
			r.err = err
			return r
		}
	}
}

// wait waits before the next attempt. That attempt will also wait for the throttle. If this takes longer than the operation has, wait fails
// at once.
func (s *sender) wait(ctx context.Context, attempt int, r result) error {
	if ctx.Err() != nil {
		return causeOf(ctx, ctx.Err())
	}
	requested, _ := retryAfter(r.header)
	if err := checkWait(ctx, max(requested, s.throttle.remaining())); err != nil {
		return err
	}
	return causeOf(ctx, pause(ctx, backoff(attempt, requested)))
}

// attempt sends the request and reads the complete response: a response that is cut off is a failed attempt.
func (s *sender) attempt(ctx context.Context, x exchange, r *result) {
	r.attempts++
	r.sent = time.Now()
	r.err = s.roundTrip(ctx, x, r)
	r.took = time.Since(r.sent)
	logged := Attempt{
		Method: x.method, Path: x.address.Path, Parameters: slices.Sorted(maps.Keys(x.address.Query())),
		Fields: x.fields, Number: x.earlier + r.attempts, Duration: r.took,
	}
	if r.err != nil {
		logged.Failure = describe(r.err)
	} else {
		logged.Status = r.status
		logged.RequestID = requestID(r.header, s.header.Get("X-Pigello-Client-Secret"))
	}
	if x.label != "" {
		logged.Path, logged.Parameters, logged.RequestID = x.label, nil, "" // a storage may return a part of its address as the request id
	}
	if s.log != nil {
		s.log(ctx, logged)
	}
}

func (s *sender) roundTrip(ctx context.Context, x exchange, r *result) error {
	r.header, r.body, r.unconnected = nil, nil, false
	ctx, cancel := s.withTimeout(ctx, x.method)
	defer cancel()
	ctx = httptrace.WithClientTrace(ctx, &httptrace.ClientTrace{
		GetConn: func(string) { r.unconnected = true },
		GotConn: func(httptrace.GotConnInfo) { r.unconnected = false },
	})
	var content io.Reader
	if x.content != nil {
		content = bytes.NewReader(x.content)
	}
	req, err := http.NewRequestWithContext(ctx, x.method, x.address.String(), content)
	if err != nil {
		return err
	}
	maps.Copy(req.Header, x.header)
	maps.Copy(req.Header, s.header)
	// An http.Client would follow redirects, and send the X-PIGELLO headers to another host.
	resp, err := s.network.RoundTrip(req)
	if err != nil {
		return nameProxy(req, causeOf(ctx, err))
	}
	defer resp.Body.Close()
	r.status, r.header = resp.StatusCode, resp.Header
	r.date, _ = http.ParseTime(resp.Header.Get("Date"))
	s.throttle.observe(resp, x.earlier+r.attempts)
	r.body, err = readBody(resp)
	return causeOf(ctx, err)
}

// withTimeout returns the context of an attempt. It ends with request_timeout or with the operation, whichever is first.
func (s *sender) withTimeout(ctx context.Context, method string) (context.Context, context.CancelFunc) {
	limit := &LimitError{Name: "request_timeout", Duration: s.timeout}
	if method == http.MethodGet {
		return context.WithTimeoutCause(ctx, s.timeout, limit)
	}
	// A write that was sent is not canceled with the operation, since its outcome would be unknown. It keeps the operation's time limit.
	timeout := s.timeout
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) < timeout {
		timeout = time.Until(deadline)
		if of := limitOf(ctx); of != nil {
			limit = of
		}
	}
	return context.WithTimeoutCause(context.WithoutCancel(ctx), timeout, limit)
}

// causeOf replaces the error of an expired context with its cause, which names the limit that was exceeded.
func causeOf(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil && isTimeout(err) {
		return context.Cause(ctx)
	}
	return err
}
