// Package client talks to Pigello's Accounts API: one request at a time, politely, and without ever logging or
// repeating in an error what must stay secret.
package client

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"github.com/hashicorp/go-retryablehttp"
	"golang.org/x/time/rate"
)

// Credentials are the values of the seven headers that every request carries.
type Credentials struct {
	CustomerID       string // X-PIGELLO-CUSTOMER-ID
	ApplicationID    string // X-PIGELLO-APPLICATION-ID
	ServiceID        string // X-PIGELLO-SERVICE-ID
	ServiceVersionID string // X-PIGELLO-SERVICE-VERSION-ID
	ClientCT         string // X-PIGELLO-CLIENT-CT
	ClientEntity     string // X-PIGELLO-CLIENT-ENTITY; the API description calls it client_object_id
	ClientSecret     string // X-PIGELLO-CLIENT-SECRET, the one that is secret
}

const secretHeader = "X-Pigello-Client-Secret"

func (c Credentials) header() http.Header {
	return http.Header{
		"X-Pigello-Customer-Id":        {c.CustomerID},
		"X-Pigello-Application-Id":     {c.ApplicationID},
		"X-Pigello-Service-Id":         {c.ServiceID},
		"X-Pigello-Service-Version-Id": {c.ServiceVersionID},
		"X-Pigello-Client-Ct":          {c.ClientCT},
		"X-Pigello-Client-Entity":      {c.ClientEntity},
		secretHeader:                   {c.ClientSecret},
	}
}

// Defaults of Config.
const (
	DefaultRequestTimeout = 30 * time.Second
	DefaultMaxRetries     = 8
)

// Config says where the API is and how to treat it.
type Config struct {
	BaseURL              *url.URL // as ParseBaseURL returns it
	Credentials          Credentials
	UserAgent            string
	RequestTimeout       time.Duration // of one HTTP attempt, body included
	MaxRetries           int           // attempts after the first
	MaxRequestsPerSecond float64       // 0 is no cap
	BulkRead             bool          // whether Collection.Read may read several objects with one request
	Log                  func(context.Context, Attempt)
	Transport            http.RoundTripper // instead of the network, for tests; nil is the network
}

// Client is a client of the API. It is safe for concurrent use; all its requests share one pool of connections, one
// cap on the request rate, and one wait when the server asks for it.
type Client struct {
	base      *url.URL
	userAgent string
	secret    string
	direct    *http.Client          // sends once
	retrying  *retryablehttp.Client // repeats what is safe to repeat
	uploads   *retryablehttp.Client // sends files to their storage, without the credentials

	owned    ids // of objects that a state knows, or is about to
	adopted  ids // of objects that a creation has found
	shown    ids // names of the entities of which the API has shown an object
	creates  keyedLock
	underway underway
	scope    Scope

	bulkRead bool
	bulkMu   sync.Mutex
	bulk     map[string]*bulkReader // by the entity's name
}

// New returns a client. It does no I/O.
func New(cfg Config) *Client {
	limit := rate.Inf
	if cfg.MaxRequestsPerSecond > 0 {
		// A little slower than asked for: requests do not all take the same time to arrive, and it is the server that counts.
		limit = rate.Limit(0.95 * cfg.MaxRequestsPerSecond)
	}
	next := cfg.Transport
	if next == nil {
		pool := http.DefaultTransport.(*http.Transport).Clone()
		// Terraform reads ten objects at a time. Go keeps two idle connections per host unless told otherwise, and would
		// open a new one for most requests.
		pool.MaxIdleConnsPerHost = pool.MaxIdleConns
		next = pool
	}
	limiter := rate.NewLimiter(limit, 1)
	direct := newSender(&transport{
		next: next, header: cfg.Credentials.header(), timeout: cfg.RequestTimeout, limiter: limiter, gate: &gate{}, log: cfg.Log,
	})
	// The storage of files has a gate of its own: when it asks for a wait, the API does not.
	upload := newSender(&transport{next: next, timeout: cfg.RequestTimeout, limiter: limiter, gate: &gate{}, log: cfg.Log})
	return &Client{
		base:      cfg.BaseURL,
		userAgent: cfg.UserAgent,
		secret:    cfg.Credentials.ClientSecret,
		direct:    direct,
		retrying:  newRepeater(direct, cfg.MaxRetries),
		uploads:   newRepeater(upload, min(cfg.MaxRetries, maxUploadRetries)),
		scope:     scopeOf(cfg),
		bulkRead:  cfg.BulkRead,
	}
}

// newSender returns what sends each request once.
func newSender(t *transport) *http.Client {
	return &http.Client{
		Transport: t,
		// Go would send the X-PIGELLO headers to whatever host a redirect names.
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// newRepeater returns what repeats requests up to so many times.
func newRepeater(client *http.Client, most int) *retryablehttp.Client {
	return &retryablehttp.Client{
		HTTPClient:   client,
		RetryMax:     most,
		RetryWaitMin: 500 * time.Millisecond,
		RetryWaitMax: 30 * time.Second,
		CheckRetry:   checkRetry,
		Backoff:      backoff,
		ErrorHandler: retryablehttp.PassthroughErrorHandler,
	}
}

// ParseBaseURL reads a base URL such as https://api.pigello.io. Plain http is for loopback only: anywhere else the
// secret would travel in the clear.
func ParseBaseURL(s string) (*url.URL, error) {
	u, err := url.Parse(s)
	switch {
	case err != nil || u.Hostname() == "" || (u.Scheme != "https" && u.Scheme != "http"):
		return nil, errors.New("must be a whole URL such as https://api.pigello.io")
	case u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return nil, errors.New("must hold neither user information nor a query nor a fragment")
	case !isProtected(u):
		return nil, fmt.Errorf("must begin with https:// because %s is not this machine: "+
			"plain http would send the client secret in the clear", u.Hostname())
	}
	u.Path = strings.TrimSuffix(u.Path, "/")
	u.RawPath = ""
	return u, nil
}

// isProtected reports whether nobody can listen to what travels to an address: by TLS, or because it stays on this machine.
func isProtected(u *url.URL) bool {
	ip := net.ParseIP(u.Hostname())
	return u.Scheme == "https" || u.Scheme == "http" && (u.Hostname() == "localhost" || ip != nil && ip.IsLoopback())
}
