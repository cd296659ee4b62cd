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

// Transport sends requests to the API. It is safe for concurrent use; all its requests share one pool of connections, one cap on
// the request rate, and one wait when the server asks for it.
type Transport struct {
	base      *url.URL
	userAgent string
	secret    string
	api       *sender
	storage   *sender // of files, which has nothing to do with the API
	stop      *stop
}

// maxUploadRetries bounds the attempts of an upload: the object that it belongs to enters the state only when it has ended.
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
	// Without the credentials, and with a throttle of its own: when the storage asks for a wait, the API does not. The cap is
	// that of the user, so they share it.
	storage := &sender{
		network: network, timeout: cfg.RequestTimeout, maxRetries: min(cfg.MaxRetries, maxUploadRetries),
		throttle: &throttle{limiter: api.throttle.limiter}, log: cfg.Log,
	}
	return &Transport{
		base: cfg.BaseURL, userAgent: cfg.UserAgent, secret: cfg.Credentials.ClientSecret, api: api, storage: storage,
		stop: &stop{maxRetries: cfg.MaxRetries},
	}
}

// Request is one request to the API.
type Request struct {
	Entity  model.Entity // what it is about, for errors
	Method  string
	Path    string // below the base URL, with both slashes
	Query   url.Values
	Body    any // a model.Body; a json.RawMessage, which is sent as it is; or nil
	Policy  Policy
	Earlier int // attempts that were made before, which count against max_retries
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

// Send sends a request and returns a 2xx response. Any other end is an *Error.
func (t *Transport) Send(ctx context.Context, r Request) (*Response, error) {
	if err := t.stop.before(); err != nil {
		return nil, t.fail(r, result{err: err, outcome: NotSent})
	}
	x, err := t.prepare(r)
	if err != nil {
		return nil, t.fail(r, result{err: err, outcome: NotSent})
	}
	result := t.api.send(ctx, x)
	if result.err != nil || result.status < 200 || result.status > 299 {
		return nil, t.stop.failed(t.fail(r, result))
	}
	t.stop.succeeded()
	return &Response{Request: r, Host: t.base.Host, Status: result.status, Date: result.date, Sent: result.sent, Body: result.body}, nil
}

func (t *Transport) prepare(r Request) (exchange, error) {
	address := *t.base
	address.Path += r.Path
	address.RawQuery = r.Query.Encode()
	x := exchange{
		method: r.Method, address: &address, policy: r.Policy, earlier: r.Earlier, fields: fieldNames(r.Body),
		header: http.Header{"Accept": {"application/json"}, "User-Agent": {t.userAgent}},
	}
	if r.Body == nil {
		return x, nil
	}
	x.header.Set("Content-Type", "application/json")
	content, asItIs := r.Body.(json.RawMessage)
	if !asItIs {
		var err error
		if content, err = json.Marshal(r.Body); err != nil {
			return x, errBody
		}
	}
	x.content = content
	return x, nil
}

// Wait waits before a request whose attempts have ended is sent again. It fails if the operation would end before.
func (t *Transport) Wait(ctx context.Context, attempts int) error {
	return t.api.wait(ctx, attempts, result{})
}

func fieldNames(body any) []string {
	fields, _ := body.(model.Body)
	return slices.Sorted(maps.Keys(fields))
}

// Unreadable returns the error of a response that is not what the API promises.
func (r *Response) Unreadable(promise string) *Error {
	return &Error{
		Entity: r.Request.Entity, Method: r.Request.Method, Path: r.Request.Path, Host: r.Host, Status: r.Status, Attempts: 1,
		Date: r.Date, Sent: r.Sent, Outcome: Late, Page: isPage(r.Body), Cause: fmt.Errorf("%w: %s", ErrUnreadable, promise),
	}
}

// Upload posts a file to its storage, without the credentials. The address is a credential, and the storage may quote it: the error
// names the host and repeats nothing of what the storage says.
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
