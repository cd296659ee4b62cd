package ident

import (
	"encoding/base64"
	"encoding/hex"
	"errors"
	"strings"
)

// MD5 is the digest of a file's content, such as 1B2M2Y8AsgTpgAmY7PhCfg==. The API uses base64. Storages also use hexadecimal, base64
// without padding, and the quotation marks of an ETag: Equal accepts all of these, Check accepts only base64.
type MD5 struct{}

const md5Size = 16

// Check accepts base64 with padding.
func (MD5) Check(s string) error {
	if sum, err := base64.StdEncoding.Strict().DecodeString(s); err != nil || len(sum) != md5Size || strings.ContainsAny(s, "\r\n") {
		return errors.New("must be an MD5 in base64 (24 characters)")
	}
	return nil
}

// Equal compares the digests, in any spelling.
func (m MD5) Equal(a, b string) bool { return sameKey(m, a, b) }

// Key is the digest in hexadecimal.
func (MD5) Key(s string) string {
	bare := strings.Trim(s, `"`)
	sum, err := hex.DecodeString(bare)
	if err != nil || len(sum) != md5Size {
		bare = strings.NewReplacer("-", "+", "_", "/").Replace(strings.TrimRight(bare, "="))
		if sum, err = base64.RawStdEncoding.DecodeString(bare); err != nil || len(sum) != md5Size {
			return s
		}
	}
	return hex.EncodeToString(sum)
}
