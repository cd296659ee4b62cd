package client

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/hashicorp/go-retryablehttp"

	"github.com/pigello/terraform-provider-pigello/internal/client/model"
	"github.com/pigello/terraform-provider-pigello/internal/ident"
)

// request is one request to the API, before it is sent.
type request struct {
	method string
	path   string // below the base URL, with both slashes
	query  url.Values
	body   any  // marshalled to JSON, unless it is nil or a json.RawMessage
	once   bool // never repeated by send, whatever happens
	before int  // attempts that the caller has made already
}

// answer is a 2xx answer.
type answer struct {
	request request
	entity  model.Entity
	status  int
	date    time.Time // by the server's clock
	sent    time.Time // by ours
	body    []byte
}

// send sends a request and returns a 2xx answer. Any other end is an *Error.
func (c *Client) send(ctx context.Context, entity model.Entity, r request) (*answer, error) {
	call := &call{members: memberNames(r.body), before: r.before}
	ctx = context.WithValue(ctx, callKey{}, call)
	fail := func(err error) error {
		return &Error{
			Entity: entity, Method: r.method, Path: r.path,
			Status: call.status, Attempts: call.attempts, Date: call.date, Host: c.base.Host, cause: err,
			sent: call.sent, unconnected: call.unconnected,
		}
	}
	u := *c.base
	u.Path += r.path
	u.RawQuery = r.query.Encode()
	var body io.Reader
	if r.body != nil {
		encoded, asItIs := r.body.(json.RawMessage)
		if !asItIs {
			var err error
			if encoded, err = json.Marshal(r.body); err != nil {
				return nil, fail(errors.New("the request's body cannot be written as JSON"))
			}
		}
		body = bytes.NewReader(encoded)
	}
	req, err := http.NewRequestWithContext(ctx, r.method, u.String(), body)
	if err != nil {
		return nil, fail(err)
	}
	req.Header.Set("Accept", "application/json")
	req.Header.Set("User-Agent", c.userAgent)
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := c.do(req, r.once) //nolint:bodyclose // the transport has read the whole body and closed it
	if err != nil {
		return nil, fail(err)
	}
	content, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, fail(err)
	}
	if resp.StatusCode < 200 || resp.StatusCode > 299 {
		return nil, c.refusal(entity, r, resp, content, call)
	}
	return &answer{request: r, entity: entity, status: resp.StatusCode, date: call.date, sent: call.sent, body: content}, nil
}

func (c *Client) do(req *http.Request, once bool) (*http.Response, error) {
	if once {
		return c.direct.Do(req)
	}
	retryable, err := retryablehttp.FromRequest(req)
	if err != nil {
		return nil, err
	}
	return c.retrying.Do(retryable)
}

// object decodes an answer that must hold one object, with its id.
func (a *answer) object() (model.Object, error) {
	object, err := model.ParseObject(a.body)
	if err != nil {
		return nil, a.unreadable(err.Error())
	}
	return object, nil
}

// objectWith decodes an answer that must hold the object with that id.
func (a *answer) objectWith(id string) (model.Object, error) {
	object, err := a.object()
	if err == nil && !(ident.UUID{}).Equal(object.ID(), id) {
		return nil, a.unreadable("the API promises the object that was asked for, and this is another one")
	}
	return object, err
}

// objects decodes an answer that must hold a list of objects, each with its id.
func (a *answer) objects() ([]model.Object, error) {
	objects, err := model.ParseObjects(a.body)
	if err != nil {
		return nil, a.unreadable(err.Error())
	}
	return objects, nil
}

func (a *answer) unreadable(promise string) error {
	return &Error{
		Entity: a.entity, Method: a.request.method, Path: a.request.path, Status: a.status, Attempts: 1, Date: a.date,
		cause: fmt.Errorf("%w: %s", errUnreadable, promise), sent: a.sent,
	}
}

func memberNames(body any) []string {
	members, _ := body.(model.Body)
	return slices.Sorted(maps.Keys(members))
}
