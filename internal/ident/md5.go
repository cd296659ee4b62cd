package ident

import (
	"encoding/base64"
	"encoding/hex"
	"errors"
	"strings"
)

// MD5 is the digest of a file's content, such as 1B2M2Y8AsgTpgAmY7PhCfg==. The API writes it in base64. Storage writes digests in
// hexadecimal, too, without padding, or in the quotation marks of an ETag: Equal reads all of these, and Check none but base64.
type MD5 struct{}

const md5Size = 16

// Check accepts base64 with padding.
func (MD5) Check(s string) error {
	if sum, err := base64.StdEncoding.Strict().DecodeString(s); err != nil || len(sum) != md5Size || strings.ContainsAny(s, "\r\n") {
		return errors.New("must be an MD5 in base64 (24 characters)")
	}
	return nil
}

// Equal compares the digests, however they are written.
func (MD5) Equal(a, b string) bool {
	x, y := md5Sum(a), md5Sum(b)
	return a == b || x != "" && x == y
}

// md5Sum returns the bytes of a digest, or "" if s is none.
func md5Sum(s string) string {
	s = strings.Trim(s, `"`)
	sum, err := hex.DecodeString(s)
	if err != nil || len(sum) != md5Size {
		s = strings.NewReplacer("-", "+", "_", "/").Replace(strings.TrimRight(s, "="))
		if sum, err = base64.RawStdEncoding.DecodeString(s); err != nil || len(sum) != md5Size {
			return ""
		}
	}
	return string(sum)
}
