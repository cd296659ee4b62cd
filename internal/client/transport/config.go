// Package transport sends requests to Pigello's API. It adds the credentials, keeps the rate limits of the server and the user, and retries
// where that is safe. Secrets appear in no log and no error.
package transport

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"
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

func (c Credentials) header() http.Header {
	return http.Header{
		"X-Pigello-Customer-Id":        {c.CustomerID},
		"X-Pigello-Application-Id":     {c.ApplicationID},
		"X-Pigello-Service-Id":         {c.ServiceID},
		"X-Pigello-Service-Version-Id": {c.ServiceVersionID},
		"X-Pigello-Client-Ct":          {c.ClientCT},
		"X-Pigello-Client-Entity":      {c.ClientEntity},
		"X-Pigello-Client-Secret":      {c.ClientSecret},
	}
}

// Defaults of Config.
const (
	DefaultRequestTimeout = 30 * time.Second
	DefaultMaxRetries     = 8
)

// Config configures a Transport.
type Config struct {
	BaseURL              *url.URL // from ParseBaseURL
	Credentials          Credentials
	UserAgent            string
	RequestTimeout       time.Duration // of one HTTP attempt, body included
	MaxRetries           int           // attempts after the first
	MaxRequestsPerSecond float64       // 0 is no limit
	BulkRead             bool          // one request may read several objects
	Log                  func(context.Context, Attempt)
	Network              http.RoundTripper // for tests; nil is the real network
}

// ParseBaseURL reads a base URL such as https://api.pigello.io. Plain http is for loopback only: anywhere else the
// secret would travel unencrypted.
func ParseBaseURL(s string) (*url.URL, error) {
	u, err := url.Parse(s)
	switch {
	case err != nil || u.Hostname() == "" || (u.Scheme != "https" && u.Scheme != "http"):
		return nil, errors.New("must be a whole URL such as https://api.pigello.io")
	case u.User != nil || u.RawQuery != "" || u.Fragment != "":
		return nil, errors.New("must hold neither user information nor a query nor a fragment")
	case !IsProtected(u):
		return nil, fmt.Errorf("must begin with https:// because %s is not this machine: "+
			"plain http would send the client secret in the clear", u.Hostname())
	}
	u.Path = strings.TrimSuffix(u.Path, "/")
	u.RawPath = ""
	return u, nil
}

// IsProtected reports whether others cannot read what is sent to an address: TLS encrypts it, or it stays on this machine.
func IsProtected(u *url.URL) bool {
	ip := net.ParseIP(u.Hostname())
	return u.Scheme == "https" || u.Scheme == "http" && (u.Hostname() == "localhost" || ip != nil && ip.IsLoopback())
}
