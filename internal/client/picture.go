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

// How the API takes the content of a file is not documented. This file holds what is inferred from the fields that a file has in the API,
// which are those of a presigned POST of Amazon S3. A write sends the name and the digest of the file, as an ordinary field of its body.
// The response holds a form, with which the client posts the file to a storage that is not part of the API.

// Form is a form to upload one file with. Its address and its fields are credentials: no error, log or state shows them.
type Form struct {
	address *url.URL
	fields  map[string]string
}

// FormOf returns the form for a file that the response to a write holds, or nil if there is none.
func FormOf(o model.Object, f model.Field) (*Form, error) {
	var file struct {
		Post *struct {
			URL    string
			Fields map[string]json.RawMessage
		}
	}
	if len(o[f.Name]) == 0 {
		return nil, nil
	}
	if err := json.Unmarshal(o[f.Name], &file); err != nil {
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

// fieldValue returns a field of a form as text. Numbers keep their spelling.
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

// Upload posts a file with its form. The error names the host and repeats nothing of the response: storages quote keys and signatures.
func (c *Client) Upload(ctx context.Context, form *Form, name string, content []byte) error {
	defer c.transfers.request()()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	// The storage ignores fields after the file. Writing to a buffer does not fail.
	for _, field := range slices.Sorted(maps.Keys(form.fields)) {
		_ = w.WriteField(field, form.fields[field])
	}
	part, _ := w.CreateFormFile("file", name)
	_, _ = part.Write(content)
	_ = w.Close()

	return c.transport.Upload(ctx, form.address, w.FormDataContentType(), body.Bytes())
}

// Adopted reports whether Create has found the object instead of creating it. The response with the upload form is lost in that case.
func (c *Collection) Adopted(id string) bool { return c.client.adopted.has(id) }
