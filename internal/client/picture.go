package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"mime/multipart"
	"net/url"
	"slices"

	"github.com/pigello/terraform-provider-pigello/internal/client/model"
	"github.com/pigello/terraform-provider-pigello/internal/client/transport"
)

// All about files but their announcement, which is an ordinary field of a body, is here. How the API takes the bytes is not documented.
// It is inferred from the fields of a file, which are those of a presigned POST of Amazon S3: who writes a name and a digest is
// answered with a form, and posts the file with it to a storage that has nothing to do with the API.

// Form is a form to upload one file with. Its address and its fields are credentials: they show in no error, log or state.
type Form struct {
	address *url.URL
	fields  map[string]string
}

// FormOf returns the form that the answer to a write carries for a file, or nil if it carries none.
func FormOf(o model.Object, m model.Field) (*Form, error) {
	var file struct {
		Post *struct {
			URL    string
			Fields map[string]json.RawMessage
		}
	}
	if len(o[m.Name]) == 0 {
		return nil, nil
	}
	if err := json.Unmarshal(o[m.Name], &file); err != nil {
		return nil, errOddForm
	}
	if file.Post == nil || file.Post.URL == "" {
		return nil, nil
	}
	address, err := url.Parse(file.Post.URL)
	switch {
	case err != nil || address.Hostname() == "":
		return nil, errOddForm
	case !transport.IsProtected(address):
		return nil, errors.New("the address to upload it to does not begin with https://, so that it would travel in the clear")
	}
	form := &Form{address: address, fields: map[string]string{}}
	for name, raw := range file.Post.Fields {
		if form.fields[name], err = fieldValue(raw); err != nil {
			return nil, err
		}
	}
	return form, nil
}

var errOddForm = errors.New("the form to upload it with cannot be understood")

// fieldValue is a text as it is, and a number as it is written.
func fieldValue(raw json.RawMessage) (string, error) {
	var s string
	if err := json.Unmarshal(raw, &s); err == nil {
		return s, nil
	}
	if bytes.ContainsAny(raw[:1], "{[") {
		return "", errOddForm
	}
	return string(raw), nil
}

// Upload posts a file with the form that was answered for it. The error names the host, and repeats nothing that the storage says:
// storages quote keys and signatures.
func (c *Client) Upload(ctx context.Context, form *Form, name string, content []byte) error {
	defer c.handovers.request()()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	// What comes after the file is ignored. Writing to a buffer does not fail.
	for _, field := range slices.Sorted(maps.Keys(form.fields)) {
		_ = w.WriteField(field, form.fields[field])
	}
	part, _ := w.CreateFormFile("file", name)
	_, _ = part.Write(content)
	_ = w.Close()

	return c.transport.Upload(ctx, form.address, w.FormDataContentType(), body.Bytes())
}

// Adopted reports whether the object is one that Create has found. The answer that a form was in, if there was any, is lost then.
func (c *Collection) Adopted(id string) bool { return c.client.adopted.has(id) }
