package transport

import (
	"net/http"
	"regexp"
	"strings"
)

// requestIDs are a UUID and other random numbers in hexadecimal. A name, a part of an address or a phone number, which a
// server may repeat in any header, has another form or is shorter.
var requestIDs = regexp.MustCompile(`^[0-9A-Fa-f-]{20,64}$`)

// requestID returns the server's name for a request, if it looks like one and is not the secret.
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
