package transport

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

const bom = "\xEF\xBB\xBF"

func zipped(t *testing.T, text string) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = io.WriteString(w, text)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// TestBodiesAsProxiesMakeThem reads bodies that a proxy has compressed without a header, and bodies with a byte order mark.
func TestBodiesAsProxiesMakeThem(t *testing.T) {
	const object, refusal = `{"id": "x"}`, `{"email": ["Not an address."]}`
	for name, wrap := range map[string]func(string) string{
		"as it is":        func(s string) string { return s },
		"byte order mark": func(s string) string { return bom + s },
		"gzip":            func(s string) string { return zipped(t, s) },
		"both":            func(s string) string { return zipped(t, bom+s) },
	} {
		synctest.Test(t, func(t *testing.T) {
			s := &server{respond: func(*http.Request) (*http.Response, error) { return response(200, wrap(object)) }}
			api := to(t, "https://host.example", s)
			if r, err := api.Send(t.Context(), get); err != nil || string(r.Body) != object {
				t.Errorf("%s: %v, %+v", name, err, r)
			}
			s.respond = func(*http.Request) (*http.Response, error) { return response(400, wrap(refusal)) }
			_, err := api.Send(t.Context(), get)
			if failure := failureOf(t, err); len(failure.Fields) != 1 || failure.Fields[0].Message != "Not an address." {
				t.Errorf("%s: %v", name, err)
			}
			for body, want := range map[string]bool{"": true, `{"detail": "Not found."}`: true, "<html>nginx</html>": false} {
				s.respond = func(*http.Request) (*http.Response, error) { return response(404, wrap(body)) }
				if _, err := api.Send(t.Context(), get); IsNotFound(err) != want {
					t.Errorf("%s: a 404 with %q counts as not found: %v", name, body, !want)
				}
			}
		})
	}
}

// TestNotFound checks that 404 and 410 count only with a body that can come from the API.
func TestNotFound(t *testing.T) {
	for _, status := range []int{http.StatusNotFound, http.StatusGone} {
		for body, want := range map[string]bool{
			"": true, " \n": true, `{"detail": "Not found."}`: true, `{}`: true, `[]`: true, `null`: true, `"gone"`: true,
			"<html><body>nginx</body></html>": false, "\n\n<!DOCTYPE html>": false, "<?xml version='1.0'?><Error/>": false,
			"404 page not found\n": false, "default backend - 404": false, `{"detail": "Not`: false, "no healthy upstream": false,
		} {
			synctest.Test(t, func(t *testing.T) {
				s := &server{respond: func(*http.Request) (*http.Response, error) { return response(status, body) }}
				_, err := to(t, "https://host.example", s).Send(t.Context(), get)
				if IsNotFound(err) != want || failureOf(t, err).Status != status || s.requests() != 1 {
					t.Errorf("%d with %q counts as not found: %v", status, body, !want)
				}
				if page := strings.HasPrefix(strings.TrimSpace(body), "<"); failureOf(t, err).Page != page {
					t.Errorf("%d with %q is a web page: %v", status, body, !page)
				}
			})
		}
	}
}

// TestIncompleteNotFound: a body that could not be read does not show that an object does not exist.
func TestIncompleteNotFound(t *testing.T) {
	for name, handler := range map[string]http.HandlerFunc{
		"cut before its first byte": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "30")
			w.WriteHeader(http.StatusNotFound)
		},
		"cut after what is JSON": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "30")
			w.WriteHeader(http.StatusNotFound)
			_, _ = io.WriteString(w, "404 ")
		},
		"not compressed as it says": func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Encoding", "gzip")
			w.WriteHeader(http.StatusGone)
			_, _ = io.WriteString(w, "<html>nginx</html>")
		},
		"never ends": func(w http.ResponseWriter, r *http.Request) {
			w.WriteHeader(http.StatusNotFound)
			_ = http.NewResponseController(w).Flush()
			<-r.Context().Done()
		},
	} {
		server := httptest.NewServer(handler)
		for _, method := range []string{http.MethodGet, http.MethodDelete} {
			r := get
			r.Method = method
			_, err := to(t, server.URL, nil, func(c *Config) { c.MaxRetries, c.RequestTimeout = 0, 100*time.Millisecond }).Send(t.Context(), r)
			if failure := failureOf(t, err); IsNotFound(err) || failure.Cause == nil {
				t.Errorf("%s, %s: %#v", method, name, failure)
			}
		}
		server.Close()
	}
}

// TestDamagedGzip checks that a damaged body counts as a response that was cut off.
func TestDamagedGzip(t *testing.T) {
	whole := zipped(t, `{"id": "x"}`)
	for name, body := range map[string]string{"cut": whole[:len(whole)-6], "only the magic number": whole[:2], "damaged": whole[:10] + "zzzzzzzzzzzzz"} {
		synctest.Test(t, func(t *testing.T) {
			s := &server{respond: func(*http.Request) (*http.Response, error) { return response(200, body) }}
			_, err := to(t, "https://host.example", s, func(c *Config) { c.MaxRetries = 1 }).Send(t.Context(), get)
			if !errors.As(err, new(*cutError)) || s.requests() != 2 {
				t.Errorf("%s: %v", name, err)
			}
			_, err = to(t, "https://host.example", s).Send(t.Context(), post)
			if failureOf(t, err).Outcome != Late || s.requests() != 1 {
				t.Errorf("%s, POST: %v", name, err)
			}
		})
	}
}

// TestHugeGzip refuses a body that is small but very large after decompression.
func TestHugeGzip(t *testing.T) {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = io.CopyN(w, zeros{}, maxBody+1)
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	s := &server{respond: func(*http.Request) (*http.Response, error) { return response(200, b.String()) }}
	if _, err := to(t, "https://host.example", s).Send(t.Context(), get); !errors.Is(err, ErrUnreadable) || s.requests() != 1 {
		t.Errorf("%v", err)
	}
}

type zeros struct{}

// Read implements io.Reader.
func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }
