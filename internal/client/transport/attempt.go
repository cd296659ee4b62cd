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

// Attempt is what may be told about one HTTP attempt: neither a header's value nor a body nor a query's value.
type Attempt struct {
	Method     string
	Path       string   // for an upload, a few words instead
	Parameters []string // names in the query string
	Fields     []string // names of the fields in the body
	Number     int      // from 1
	Status     int      // 0 without a response
	RequestID  string   // the server's name for the request, if it gave one
	Duration   time.Duration
	Failure    string // what kind of failure, without a response
}

// exchange is a request, ready to be sent any number of times.
type exchange struct {
	method  string
	address *url.URL
	header  http.Header
	content []byte // nil for none
	policy  Policy
	earlier int      // attempts that were made before
	fields  []string // for the log
	label   string   // for the log, instead of an address that is a credential itself
}

// result is how the attempts of an exchange ended. Without err there is a response.
type result struct {
	status   int // of the last response, 0 without one
	header   http.Header
	body     []byte
	date     time.Time // of the last response, by the server's clock
	sent     time.Time // when the last attempt was sent, by our clock
	attempts int
	outcome  Outcome // of the last attempt
	err      error   // why there is no response, or no other attempt

	unconnected bool // the last attempt had no connection, so that it cannot have arrived
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
		r.outcome = outcomeOf(r)
		if !x.policy.allows(r) || x.earlier+r.attempts > s.maxRetries {
			return r
		}
		if err := s.wait(ctx, x.earlier+r.attempts, r); err != nil {
			r.err = err
			return r
		}
	}
}

// wait waits before the next attempt. The next attempt waits for the throttle itself. But if that wait is too long, the time
// until then need not be spent.
func (s *sender) wait(ctx context.Context, attempt int, r result) error {
	if ctx.Err() != nil {
		return causeOf(ctx, ctx.Err())
	}
	asked, _ := retryAfter(r.header)
	if err := checkWait(ctx, max(asked, s.throttle.left())); err != nil {
		return err
	}
	return causeOf(ctx, pause(ctx, backoff(attempt, asked)))
}

// attempt sends the request and reads the whole response, so that a cut one is a failed attempt.
func (s *sender) attempt(ctx context.Context, x exchange, r *result) {
	r.attempts++
	r.sent = time.Now()
	r.err = s.roundTrip(ctx, x, r)
	told := Attempt{
		Method: x.method, Path: x.address.Path, Parameters: slices.Sorted(maps.Keys(x.address.Query())),
		Fields: x.fields, Number: x.earlier + r.attempts, Duration: time.Since(r.sent),
	}
	if r.err != nil {
		told.Failure = describe(r.err)
	} else {
		told.Status = r.status
		told.RequestID = requestID(r.header, s.header.Get("X-Pigello-Client-Secret"))
	}
	if x.label != "" {
		told.Path, told.Parameters, told.RequestID = x.label, nil, "" // a storage may name a request by what is in its address
	}
	if s.log != nil {
		s.log(ctx, told)
	}
}

func (s *sender) roundTrip(ctx context.Context, x exchange, r *result) error {
	r.header, r.body, r.unconnected = nil, nil, false
	ctx, cancel := s.bounded(ctx, x.method)
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
	// Not by an http.Client: it would send the X-PIGELLO headers to whatever host a redirect names.
	resp, err := s.network.RoundTrip(req)
	if err != nil {
		return throughProxy(req, causeOf(ctx, err))
	}
	defer resp.Body.Close()
	r.status, r.header = resp.StatusCode, resp.Header
	r.date, _ = http.ParseTime(resp.Header.Get("Date"))
	s.throttle.obey(resp, x.earlier+r.attempts)
	r.body, err = readBody(resp)
	return causeOf(ctx, err)
}

// bounded returns the context of an attempt, which ends with request_timeout or with the operation, whichever is first.
func (s *sender) bounded(ctx context.Context, method string) (context.Context, context.CancelFunc) {
	limit := &LimitError{Name: "request_timeout", Duration: s.timeout}
	if method == http.MethodGet {
		return context.WithTimeoutCause(ctx, s.timeout, limit)
	}
	// A write that has begun is not canceled, since nobody would learn what became of it. It ends with the operation's time.
	timeout := s.timeout
	if deadline, ok := ctx.Deadline(); ok && time.Until(deadline) < timeout {
		timeout = time.Until(deadline)
		if of := limitOf(ctx); of != nil {
			limit = of
		}
	}
	return context.WithTimeoutCause(context.WithoutCancel(ctx), timeout, limit)
}

// causeOf replaces the end of a context by its cause, which names the limit that ran out.
func causeOf(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil && isTimeout(err) {
		return context.Cause(ctx)
	}
	return err
}
