package sandbox

import (
	"bytes"
	"crypto/md5" // the API's choice
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"

	"github.com/google/uuid"
)

// filesPath is where pictures are uploaded to and fetched from. The real ones live with another host, which has nothing to
// do with the API: it must not see the credentials.
const filesPath = "/files/"

// picture is a profile picture. All of it is beyond the documentation, which names the members only: see the schema File.
type picture struct {
	name, md5 any
	token     string
	content   []byte // nil until it was uploaded
}

// announce makes room for the picture that the member profile_picture speaks of, or returns nil if that is null.
func (st *store) announce(value any) *picture {
	file, ok := value.(map[string]any)
	if !ok {
		return nil
	}
	p := &picture{name: file["name"], md5: file["md5_hash"], token: uuid.NewString()}
	st.pictures[p.token] = p
	return p
}

// fields are the form fields that must come back with the file.
func (p *picture) fields() map[string]any {
	return map[string]any{"key": "pictures/" + p.token, "policy": "sandbox", "x-amz-signature": "signature-" + p.token}
}

// showPicture is the member profile_picture in an answer. The address to fetch it from is signed anew each time.
func (c *call) showPicture(p *picture, uploadForm bool) any {
	scheme := "http://"
	if c.r.TLS != nil {
		scheme = "https://"
	}
	address := scheme + c.r.Host + filesPath + p.token
	shown := map[string]any{"get": fmt.Sprint(address, "?signature=", c.s.store.answers)}
	if p.name != nil {
		shown["name"] = p.name
	}
	if p.md5 != nil {
		shown["md5_hash"] = p.md5
	}
	if uploadForm {
		shown["post"] = map[string]any{"url": address, "fields": p.fields()}
	}
	return shown
}

// Picture returns the profile picture that was uploaded for an object, if there is one.
func (s *Sandbox) Picture(kind, id string) ([]byte, bool) {
	e := s.description.entity(kind)
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	r := s.store.tables[e].get(id)
	if r == nil || r.picture == nil {
		return nil, false
	}
	return slices.Clone(r.picture.content), r.picture.content != nil
}

// file answers requests for a picture: POST takes the form, GET answers what was uploaded.
func (c *call) file() answer {
	c.s.store.mu.Lock()
	defer c.s.store.mu.Unlock()
	p := c.s.store.pictures[strings.TrimPrefix(c.r.URL.Path, filesPath)]
	if p == nil {
		return storageError(http.StatusNotFound, "NoSuchKey")
	}
	for header := range c.r.Header {
		if strings.HasPrefix(header, "X-Pigello-") {
			return storageError(http.StatusBadRequest, "CredentialsOfTheAPI")
		}
	}
	switch c.r.Method {
	case http.MethodGet:
		if p.content == nil {
			return storageError(http.StatusNotFound, "NoSuchKey")
		}
		return answer{status: http.StatusOK, header: http.Header{"Content-Type": {"application/octet-stream"}}, body: p.content}
	case http.MethodPost:
		content, err := c.readForm(p.fields())
		if err != nil {
			return storageError(http.StatusBadRequest, err.Error())
		}
		if sum := md5.Sum(content); p.md5 != nil && p.md5 != base64.StdEncoding.EncodeToString(sum[:]) {
			return storageError(http.StatusBadRequest, "BadDigest")
		}
		p.content = content
		return answer{status: http.StatusNoContent}
	}
	return storageError(http.StatusMethodNotAllowed, "MethodNotAllowed")
}

// readForm returns the file of a form. S3 ignores fields that come after the file, so they must all come before it.
func (c *call) readForm(want map[string]any) ([]byte, error) {
	c.r.Body = io.NopCloser(bytes.NewReader(c.body))
	form, err := c.r.MultipartReader()
	if err != nil {
		return nil, errors.New("MalformedPOSTRequest")
	}
	seen := 0
	for {
		part, err := form.NextPart()
		if err != nil {
			return nil, errors.New("MalformedPOSTRequest")
		}
		value, err := io.ReadAll(part)
		if err != nil {
			return nil, errors.New("MalformedPOSTRequest")
		}
		switch {
		case part.FormName() == "file" && seen == len(want):
			return value, nil
		case part.FormName() == "file":
			return nil, errors.New("AccessDenied")
		case want[part.FormName()] != string(value):
			return nil, errors.New("AccessDenied")
		}
		seen++
	}
}

// storageError is an error in the manner of S3, which speaks XML.
func storageError(status int, code string) answer {
	return answer{
		status: status,
		header: http.Header{"Content-Type": {"application/xml"}},
		body:   fmt.Appendf(nil, "<Error><Code>%s</Code></Error>", code),
	}
}
