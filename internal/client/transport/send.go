package transport

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/pigello/terraform-provider-pigello/internal/client/model"
)

// Transport sends requests to the API. It is safe for concurrent use. All requests share one pool of connections, one rate limit, and the
// wait that the server asks for.
type Transport struct {
	base      *url.URL
	userAgent string
	secret    string
	api       *sender
	storage   *sender // for uploads of files; the storage is not part of the API
	breaker   *breaker
}

// maxUploadRetries limits the retries of an upload: its object enters the state only after the upload has ended.
const maxUploadRetries = 3

// New returns a transport. It does no I/O.
func New(cfg Config) *Transport {
	network := cfg.Network
	if network == nil {
		network = newNetwork(cfg.RequestTimeout)
	}
	api := &sender{
		network: network, header: cfg.Credentials.header(), timeout: cfg.RequestTimeout, maxRetries: cfg.MaxRetries,
		throttle: newThrottle(cfg.MaxRequestsPerSecond), log: cfg.Log,
	}
	// The storage must not get the credentials. It has a throttle of its own, since its Retry-After does not apply to the API. Both share
	// the rate limit of the user.
	storage := &sender{
		network: network, timeout: cfg.RequestTimeout, maxRetries: min(cfg.MaxRetries, maxUploadRetries),
		throttle: &throttle{limiter: api.throttle.limiter}, log: cfg.Log,
	}
	return &Transport{
		base: cfg.BaseURL, userAgent: cfg.UserAgent, secret: cfg.Credentials.ClientSecret, api: api, storage: storage,
		breaker: &breaker{maxRetries: cfg.MaxRetries},
	}
}

// Request is one request to the API.
type Request struct {
	Entity  model.Entity // for errors
	Method  string
	Path    string // below the base URL, with both slashes
	Query   url.Values
	Body    any // a model.Body; a json.RawMessage, which is sent unchanged; or nil
	Policy  Policy
	Earlier int // earlier attempts, which count against max_retries
}

// Response is a 2xx response.
type Response struct {
	Request Request
	Host    string
	Status  int
	Date    time.Time // by the server's clock
	Sent    time.Time // by ours
	Body    []byte
}

// Send sends a request and returns a 2xx response. Any other result is an *Error.
func (t *Transport) Send(ctx context.Context, r Request) (*Response, error) {
	if err := t.breaker.check(); err != nil {
		return nil, t.fail(r, result{err: err, outcome: NotSent})
	}
	x, err := t.prepare(r)
	if err != nil {
		return nil, t.fail(r, result{err: err, outcome: NotSent})
	}
	result := t.api.send(ctx, x)
	if result.err != nil || result.status < 200 || result.status > 299 {
		return nil, t.breaker.failed(t.fail(r, result))
	}
	t.breaker.succeeded()
	return &Response{Request: r, Host: t.base.Host, Status: result.status, Date: result.date, Sent: result.sent, Body: result.body}, nil
}

func (t *Transport) prepare(r Request) (exchange, error) {
	address := *t.base
	address.Path += r.Path
	address.RawQuery = r.Query.Encode()
	x := exchange{
		method: r.Method, address: &address, policy: r.Policy, earlier: r.Earlier, fields: fieldNames(r.Body),
		header: http.Header{
			"Accept": {"application/json"}, "User-Agent": {t.userAgent},
			"Accept-Language": {"en"}, // readProblem knows the English messages of the API
		},
	}
	if r.Body == nil {
		return x, nil
	}
	x.header.Set("Content-Type", "application/json")
	content, raw := r.Body.(json.RawMessage)
	if !raw {
		var err error
		if content, err = json.Marshal(r.Body); err != nil {
			return x, errBody
		}
	}
	x.content = content
	return x, nil
}

// Wait waits before the caller sends a request again. It fails if the operation would end before.
func (t *Transport) Wait(ctx context.Context, attempts int) error {
	return t.api.wait(ctx, attempts, result{})
}

func fieldNames(body any) []string {
	fields, _ := body.(model.Body)
	return slices.Sorted(maps.Keys(fields))
}

// Unreadable returns the error of a response that is not what the API documents. The text says what it should be.
func (r *Response) Unreadable(promise string) *Error {
	return &Error{
		Entity: r.Request.Entity, Method: r.Request.Method, Path: r.Request.Path, Host: r.Host, Status: r.Status, Attempts: 1,
		Date: r.Date, Sent: r.Sent, Outcome: Late, Page: isPage(r.Body), Cause: fmt.Errorf("%w: %s", ErrUnreadable, promise),
	}
}

// Upload posts a file to its storage, without the credentials. The address is a secret, and the storage may quote it, so the error names
// only the host and repeats nothing of the response.
func (t *Transport) Upload(ctx context.Context, address *url.URL, contentType string, content []byte) error {
	result := t.storage.send(ctx, exchange{
		method: http.MethodPost, address: address, content: content, label: "upload to " + address.Host,
		header: http.Header{"Content-Type": {contentType}, "User-Agent": {t.userAgent}},
	})
	switch {
	case result.err != nil:
		return fmt.Errorf("%s: %s", address.Host, describe(result.err))
	case result.status < 200 || result.status > 299:
		return fmt.Errorf("%s answers %s", address.Host, StatusText(result.status))
	}
	return nil
}
