package server_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
)

// tape is a network that records what is asked and answered, and then plays the answers to whom asks the same once more.
type tape struct {
	http.RoundTripper
	playing bool
	answers []taped
}

type taped struct {
	request string
	status  int
	header  http.Header
	body    []byte
}

func (t *tape) record() { t.playing, t.answers = false, nil }
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
		t.answers = append(t.answers, taped{request, resp.StatusCode, resp.Header, body})
	}
	if len(t.answers) == 0 || t.playing && t.answers[0].request != request {
		return nil, errors.New("nobody has asked that before: " + request)
	}
	answer := t.answers[len(t.answers)-1]
	if t.playing {
		answer, t.answers = t.answers[0], t.answers[1:]
	}
	return &http.Response{
		StatusCode: answer.status, Header: answer.header, Body: io.NopCloser(bytes.NewReader(answer.body)),
		ContentLength: int64(len(answer.body)), ProtoMajor: 1, ProtoMinor: 1, Request: r,
	}, nil
}
