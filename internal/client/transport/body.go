package transport

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
)

// maxBody is the largest body to read. A full page of users has about one MiB.
const maxBody = 64 << 20

// ErrUnreadable is a response that is not what the API documents. A retry would not help.
var ErrUnreadable = errors.New("the response cannot be understood")

// cutError is a response whose body ended too early.
type cutError struct{ err error }

func (*cutError) Error() string   { return "the response was cut off" }
func (e *cutError) Unwrap() error { return e.err }

// readBody reads a complete body. Some proxies compress it without the header, and some servers begin it with a byte order mark.
func readBody(resp *http.Response) ([]byte, error) {
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxBody+1))
	if err == nil && bytes.HasPrefix(body, []byte{0x1f, 0x8b}) {
		var unzip *gzip.Reader
		if unzip, err = gzip.NewReader(bytes.NewReader(body)); err == nil {
			body, err = io.ReadAll(io.LimitReader(unzip, maxBody+1))
		}
	}
	switch {
	case len(body) > maxBody:
		return nil, fmt.Errorf("%w: its body is larger than %d MiB", ErrUnreadable, maxBody>>20)
	case err != nil && (resp.StatusCode < 400 || isAbsence(resp.StatusCode)):
		// A part of an error message is useful. A part of an object is not, and only a complete body shows that an object does not exist.
		return nil, &cutError{err}
	}
	return bytes.TrimPrefix(body, []byte("\xEF\xBB\xBF")), nil
}

// IsEmptyOrJSON reports whether a body can come from the API. A web page comes from a proxy, a firewall or a wrong address, and proves
// nothing about an object.
func IsEmptyOrJSON(body []byte) bool {
	body = bytes.TrimSpace(body)
	return len(body) == 0 || json.Valid(body)
}

// isPage reports whether a body is a web page.
func isPage(body []byte) bool { return bytes.HasPrefix(bytes.TrimSpace(body), []byte("<")) }
