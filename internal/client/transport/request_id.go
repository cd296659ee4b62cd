package transport

import (
	"net/http"
	"regexp"
	"strings"
)

// requestIDs matches a UUID and other random numbers in hexadecimal. A server may repeat personal data in any header, but a name, a part
// of an address or a phone number does not match.
var requestIDs = regexp.MustCompile(`^[0-9A-Fa-f-]{20,64}$`)

// requestID returns the request id of a response, if it looks like one and is not the secret.
func requestID(header http.Header, secret string) string {
	bare := func(s string) string { return strings.ToLower(strings.ReplaceAll(s, "-", "")) }
	for _, name := range []string{"X-Request-Id", "X-Correlation-Id"} {
		id := header.Get(name)
		if requestIDs.MatchString(id) && withholdPersonalNumbers(id) == id && (secret == "" ||
			!strings.Contains(bare(id), bare(secret)) && !strings.Contains(bare(secret), bare(id))) {
			return id
		}
	}
	return ""
}
