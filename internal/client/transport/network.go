package transport

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"time"
)

// newNetwork returns the pool of connections. timeout is that of one attempt.
func newNetwork(timeout time.Duration) http.RoundTripper {
	pool := http.DefaultTransport.(*http.Transport).Clone()
	// Terraform reads ten objects at a time. Go keeps two idle connections per host unless told otherwise, and would
	// open a new one for most requests.
	pool.MaxIdleConnsPerHost = pool.MaxIdleConns
	// All requests share one HTTP/2 connection. If it is dead, each retry would use it, and fail. A ping without a response closes the
	// connection within the time of one attempt, so that the next attempt opens a new one.
	ping := min(timeout/3, 10*time.Second)
	pool.HTTP2 = &http.HTTP2Config{SendPingTimeout: ping, PingTimeout: ping}
	pool.OnProxyConnectResponse = func(_ context.Context, proxy *url.URL, _ *http.Request, resp *http.Response) error {
		if resp.StatusCode == http.StatusOK {
			return nil
		}
		return &proxyError{host: proxy.Host, status: resp.StatusCode}
	}
	return pool
}

// proxyError is a proxy that does not connect to the API.
type proxyError struct {
	host   string
	status int   // of its response, 0 without one
	err    error // why there is no response
}

func (e *proxyError) Error() string {
	if e.status != 0 {
		return fmt.Sprintf("the proxy %s (HTTPS_PROXY) answers %s instead of connecting to the API", e.host, StatusText(e.status))
	}
	return fmt.Sprintf("the proxy %s (HTTPS_PROXY): %s", e.host, describe(e.err))
}

func (e *proxyError) Unwrap() error { return e.err }

// nameProxy adds the name of the proxy to the error of a failed connection to it.
func nameProxy(req *http.Request, err error) error {
	var op *net.OpError
	if !errors.As(err, &op) || op.Op != "proxyconnect" {
		return err
	}
	proxy, _ := http.ProxyFromEnvironment(req)
	if proxy == nil {
		return err
	}
	return &proxyError{host: proxy.Host, err: op.Err}
}
