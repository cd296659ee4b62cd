package reliability_test

import (
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
)

// TestWhatNoRetryMends meets addresses, certificates and proxies that are wrong. Each is tried once, and the error says what to check.
func TestWhatNoRetryMends(t *testing.T) {
	for name, c := range map[string]struct {
		serve func(server *httptest.Server) (base string, proxy string)
		says  []string
		never string
	}{
		"untrusted certificate": {
			func(s *httptest.Server) (string, string) { s.StartTLS(); return s.URL, "" },
			[]string{"certificate", "not trusted", "SSL_CERT_FILE", "base_url"}, "again",
		},
		"TLS to a plain port": {
			func(s *httptest.Server) (string, string) {
				s.Start()
				return strings.Replace(s.URL, "http:", "https:", 1), ""
			},
			[]string{"does not speak TLS", "base_url", "environment"}, "SSL_CERT_FILE",
		},
		"no such host": {
			func(s *httptest.Server) (string, string) { s.Start(); return "https://no-such-host.invalid", "" },
			[]string{"no-such-host.invalid", "does not exist", "base_url", "environment"}, "SSL_CERT_FILE",
		},
		"a redirect that leads nowhere": {
			func(s *httptest.Server) (string, string) { s.Start(); return s.URL, "" },
			[]string{"302", "redirects", "base_url"}, "SSL_CERT_FILE",
		},
		"a proxy that refuses": {
			func(s *httptest.Server) (string, string) { s.Start(); return "https://api.example.test", s.URL },
			[]string{"proxy 127.0.0.1:", "407", "HTTPS_PROXY"}, "SSL_CERT_FILE",
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := acctest.New(t)
			if _, err := net.DefaultResolver.LookupHost(t.Context(), "no-such-host.invalid"); name == "no such host" && !isNoSuchHost(err) {
				t.Skip("the resolver of this machine does not say that a host does not exist")
			}
			var connections atomic.Int64
			server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodConnect {
					w.WriteHeader(http.StatusProxyAuthRequired)
					return
				}
				w.Header().Set("Location", "https://[::1/%zz")
				w.WriteHeader(http.StatusFound)
			}))
			server.Config.ErrorLog = log.New(io.Discard, "", 0)
			server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
				if state == http.StateNew {
					connections.Add(1)
				}
			}
			base, proxy := c.serve(server)
			t.Cleanup(server.Close)
			w.Setenv("PIGELLO_BASE_URL", base)
			w.Setenv("NO_PROXY", "localhost")
			w.Setenv("HTTPS_PROXY", proxy)
			w.Config(`data "pigello_organization_user" "ada" { id = "` + tenant + `" }`)
			errs := w.Try("plan", "-input=false").Errors()
			d := errs.Only(t, c.says...)
			if strings.Contains(d.Detail, c.never) || strings.Contains(d.Detail, "Tried") {
				t.Errorf("%s", d.Detail)
			}
			if n := connections.Load(); n > 1 {
				t.Errorf("%d connections", n)
			}
		})
	}
}

func isNoSuchHost(err error) bool {
	dns, ok := errors.AsType[*net.DNSError](err)
	return ok && dns.IsNotFound
}

// TestProxyOutOfService names the proxy that cannot be reached, as long as that may change.
func TestProxyOutOfService(t *testing.T) {
	w := acctest.New(t)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	proxy := listener.Addr().String()
	_ = listener.Close() // nobody is there now
	w.Setenv("PIGELLO_BASE_URL", "https://api.example.test")
	w.Setenv("PIGELLO_MAX_RETRIES", "1")
	w.Setenv("NO_PROXY", "localhost")
	w.Setenv("HTTPS_PROXY", "http://"+proxy)
	w.Config(`data "pigello_organization_user" "ada" { id = "` + tenant + `" }`)
	errs := w.Try("plan", "-input=false").Errors()
	errs.Only(t, "proxy "+proxy, "HTTPS_PROXY", "Tried 2 times")
}

// TestCapOnRequests says so when max_requests_per_second leaves no time for what is to be done.
func TestCapOnRequests(t *testing.T) {
	w := acctest.New(t)
	w.Setenv("PIGELLO_MAX_REQUESTS_PER_SECOND", "0.01")
	w.Config(user("ada", `timeouts = { create = "20s" }`) + user("eve", `timeouts = { create = "20s" }`))
	errs := w.TryApply().Errors()
	errs.Only(t, "max_requests_per_second", "leaves no time")
	agree(t, w, 1)
}
