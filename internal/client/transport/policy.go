package transport

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"syscall"
	"time"
)

// Policy says when a request may be sent again.
type Policy int

const (
	// Repeat is for requests that are safe to repeat: a read, an update, a deletion.
	Repeat Policy = iota
	// Once is for requests that must not take effect twice. They are sent again only if they cannot have reached the API, or were refused
	// with 429.
	Once
	// Single is for requests that are never sent again, since the caller has another way to get the result.
	Single
)

// Outcome is what is known about the effect of a failed request.
type Outcome int

const (
	// Rejected is a request that the server refused. It has no effect.
	Rejected Outcome = iota
	// NotSent is a request that cannot have reached the API. It has no effect.
	NotSent
	// InDoubt is a request that may have taken effect.
	InDoubt
	// Late is a request that may have taken effect, or may still take effect: the server may be processing it.
	Late
)

// allows reports whether a request with this result may be sent again.
func (p Policy) allows(r result) bool {
	switch {
	case r.err != nil && isPermanent(r.err):
		return false
	case p == Repeat:
		return r.err != nil || isTemporary(r.status)
	case p == Once:
		return r.err != nil && r.outcome == NotSent || r.err == nil && r.status == http.StatusTooManyRequests
	}
	return false
}

// isTemporary reports whether a retry may have another status.
func isTemporary(status int) bool {
	switch status {
	case http.StatusRequestTimeout, http.StatusLocked, http.StatusTooEarly, http.StatusTooManyRequests,
		http.StatusInternalServerError, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return true
	}
	return false
}

// isPermanent reports whether every retry would fail in the same way.
func isPermanent(err error) bool {
	var wait *WaitError
	if errors.As(err, &wait) || errors.Is(err, errCap) || errors.Is(err, ErrUnreadable) || errors.Is(err, context.Canceled) {
		return true
	}
	return isMisconfigured(err)
}

// isMisconfigured reports whether the address, the certificates or the proxy of this machine are wrong.
func isMisconfigured(err error) bool {
	var (
		dns   *net.DNSError
		proxy *proxyError
	)
	switch {
	case errors.As(err, &dns):
		return dns.IsNotFound
	case errors.As(err, &proxy) && proxy.status != 0:
		return !isTemporary(proxy.status)
	}
	return isTLSError(err)
}

// slowFailure is after how long a failure means that a gateway has given up, whatever it says: some answer 502 or 503, or close the
// connection, while the server goes on. No gateway gives up sooner by default.
const slowFailure = 10 * time.Second

// outcomeOf classifies the failure of an attempt.
func outcomeOf(r result) Outcome {
	var cut *cutError
	switch {
	case r.err != nil && (r.unconnected || isDialError(r.err) || isTLSError(r.err)):
		return NotSent
	case r.err == nil && r.status < 500 && r.status != http.StatusRequestTimeout:
		return Rejected
	case errors.As(r.err, &cut), errors.Is(r.err, ErrUnreadable), r.err != nil && isTimeout(r.err),
		r.err == nil && isGatewayTimeout(r.status), r.took >= slowFailure:
		return Late
	}
	return InDoubt
}

// isGatewayTimeout reports whether a status says that a gateway has not waited for the server: those of RFC 9110, 522 and 524 of Cloudflare,
// and 598 and 599 of some proxies.
func isGatewayTimeout(status int) bool {
	switch status {
	case http.StatusRequestTimeout, http.StatusGatewayTimeout, 522, 524, 598, 599:
		return true
	}
	return false
}

func isDialError(err error) bool {
	var (
		op    *net.OpError
		proxy *proxyError
	)
	return errors.As(err, &op) && (op.Op == "dial" || op.Op == "proxyconnect") || errors.As(err, &proxy)
}

// isTLSError reports whether there is no TLS connection because of the address or the certificates.
func isTLSError(err error) bool {
	return isUntrusted(err) || isNotTLS(err)
}

// isTLSAlert reports whether the server has refused the TLS connection. It may do so after the handshake, too, when the request was sent, and
// only one server of several may do so.
func isTLSAlert(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "remote error"
}

func isUntrusted(err error) bool {
	var (
		certificate *tls.CertificateVerificationError
		authority   x509.UnknownAuthorityError
		host        x509.HostnameError
	)
	return errors.As(err, &certificate) || errors.As(err, &authority) || errors.As(err, &host)
}

func isNotTLS(err error) bool {
	var record tls.RecordHeaderError
	return errors.As(err, &record)
}

func isTimeout(err error) bool {
	var (
		network net.Error
		limit   *LimitError
	)
	return errors.As(err, &limit) || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, os.ErrDeadlineExceeded) ||
		errors.As(err, &network) && network.Timeout()
}

// describe names the kind of failure. It does not repeat the text of Go's errors, which may hold an address with its query.
func describe(err error) string {
	var (
		wait  *WaitError
		cut   *cutError
		dns   *net.DNSError
		proxy *proxyError
		limit *LimitError
		stop  *StoppedError
	)
	if address := (*url.Error)(nil); errors.As(err, &address) {
		err = address.Err
	}
	switch {
	case errors.As(err, &wait):
		return wait.Error()
	case errors.As(err, &stop):
		return stop.Error()
	case errors.Is(err, errCap), errors.Is(err, errBody):
		return err.Error()
	case errors.As(err, &cut):
		return cut.Error()
	case errors.Is(err, ErrUnreadable):
		return err.Error()
	case errors.As(err, &proxy):
		return proxy.Error()
	case errors.As(err, &limit):
		return limit.Error()
	case errors.Is(err, context.Canceled):
		return "the operation was canceled"
	case errors.As(err, &dns) && dns.IsNotFound:
		return "the host does not exist"
	case errors.As(err, &dns):
		return "the name of the host cannot be resolved at the moment"
	case isUntrusted(err):
		return "the certificate of the server is not trusted"
	case isNotTLS(err):
		return "the server does not speak TLS at this port"
	case isTLSAlert(err):
		return "the server refuses the TLS connection"
	case errors.Is(err, errRefused):
		return "the server refuses the connection"
	case isTimeout(err):
		return "no complete response in time"
	case isDialError(err):
		return "the server cannot be reached"
	case errors.Is(err, syscall.ECONNRESET), errors.Is(err, syscall.EPIPE), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return "the connection ended before the response"
	}
	return "the connection failed"
}
