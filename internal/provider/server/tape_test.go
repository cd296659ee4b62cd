package server_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
)

// tape is a network that records requests and responses, and then plays the responses to the same requests.
type tape struct {
	http.RoundTripper
	playing   bool
	responses []taped
}

type taped struct {
	request string
	status  int
	header  http.Header
	body    []byte
}

func (t *tape) record() { t.playing, t.responses = false, nil }
func (t *tape) play()   { t.playing = true }

func (t *tape) RoundTrip(r *http.Request) (*http.Response, error) {
	request := r.Method + " " + r.URL.String()
	if r.Body != nil {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return nil, err
		}
		request += " " + string(body)
		r.Body = io.NopCloser(bytes.NewReader(body))
	}
	if !t.playing {
		resp, err := t.RoundTripper.RoundTrip(r)
		if err != nil {
			return nil, err
		}
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			return nil, err
		}
		t.responses = append(t.responses, taped{request, resp.StatusCode, resp.Header, body})
	}
	if len(t.responses) == 0 || t.playing && t.responses[0].request != request {
		return nil, errors.New("this was not requested before: " + request)
	}
	response := t.responses[len(t.responses)-1]
	if t.playing {
		response, t.responses = t.responses[0], t.responses[1:]
	}
	return &http.Response{
		StatusCode: response.status, Header: response.header, Body: io.NopCloser(bytes.NewReader(response.body)),
		ContentLength: int64(len(response.body)), ProtoMajor: 1, ProtoMinor: 1, Request: r,
	}, nil
}
