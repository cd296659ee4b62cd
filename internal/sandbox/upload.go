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

// filesPath is the path for uploads and downloads of pictures. The real one is on another host, which is not part of the API and must not
// get the credentials.
const filesPath = "/files/"

// picture is a profile picture.
//
// Beyond the documentation, which only names the fields: see the schema File.
type picture struct {
	name, md5 any
	token     string
	content   []byte // nil until it was uploaded
}

// addPicture returns a new picture for the value of the field profile_picture, or nil if that is null.
func (st *store) addPicture(value any) *picture {
	file, ok := value.(map[string]any)
	if !ok {
		return nil
	}
	p := &picture{name: file["name"], md5: file["md5_hash"], token: uuid.NewString()}
	st.pictures[p.token] = p
	return p
}

// fields returns the form fields that must be sent with the file.
func (p *picture) fields() map[string]any {
	return map[string]any{"key": "pictures/" + p.token, "policy": "sandbox", "x-amz-signature": "signature-" + p.token}
}

// showPicture returns the field profile_picture for a response. The download address has a new signature each time.
func (c *call) showPicture(p *picture, uploadForm bool) any {
	scheme := "http://"
	if c.r.TLS != nil {
		scheme = "https://"
	}
	address := scheme + c.r.Host + filesPath + p.token
	shown := map[string]any{"get": fmt.Sprint(address, "?signature=", c.s.store.responses)}
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

// file handles requests for a picture: POST uploads it with the form, GET returns it.
func (c *call) file() response {
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
		return response{status: http.StatusOK, header: http.Header{"Content-Type": {"application/octet-stream"}}, body: p.content}
	case http.MethodPost:
		content, err := c.readForm(p.fields())
		if err != nil {
			return storageError(http.StatusBadRequest, err.Error())
		}
		if sum := md5.Sum(content); p.md5 != nil && p.md5 != base64.StdEncoding.EncodeToString(sum[:]) {
			return storageError(http.StatusBadRequest, "BadDigest")
		}
		p.content = content
		return response{status: http.StatusNoContent}
	}
	return storageError(http.StatusMethodNotAllowed, "MethodNotAllowed")
}

// readForm returns the file of a form. S3 ignores fields after the file, so all of them must be before it.
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

// storageError is an error as S3 returns it, in XML.
func storageError(status int, code string) response {
	return response{
		status: status,
		header: http.Header{"Content-Type": {"application/xml"}},
		body:   fmt.Appendf(nil, "<Error><Code>%s</Code></Error>", code),
	}
}
