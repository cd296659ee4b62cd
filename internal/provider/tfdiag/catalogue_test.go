package tfdiag_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/pigello/terraform-provider-pigello/internal/client"
	"github.com/pigello/terraform-provider-pigello/internal/client/model"
	"github.com/pigello/terraform-provider-pigello/internal/client/transport"
	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
	"github.com/pigello/terraform-provider-pigello/internal/provider/tfdiag"
)

const other = "0a0a0a0a-6276-4993-bfeb-53cbbbba6f08"

// loopback is where the tests' servers listen.
var loopback = regexp.MustCompile(`127\.0\.0\.1:\d+`)

// entry is a failed request, or several that differ in nothing that is said.
type entry struct {
	what string
	o    tfdiag.Operation
	err  error
}

func userOperation(verb, object string) tfdiag.Operation {
	return tfdiag.Operation{Verb: verb, Entity: model.OrganizationUser, Type: "pigello_organization_user", ID: object, Attribute: at}
}

var manyOperation = tfdiag.Operation{Verb: "list", Entity: model.OrganizationUser, Many: true}

// TestCatalogue renders every message about a failed request once, so that a change of wording is read as a person reads it.
func TestCatalogue(t *testing.T) {
	user, many := userOperation, manyOperation
	invite := tfdiag.Operation{Verb: "invite", Entity: model.OrganizationUser, Type: "pigello_organization_user_invite", ID: id, Invite: true}
	failed := func(method string, change func(*transport.Error)) *transport.Error {
		e := &transport.Error{
			Entity: model.OrganizationUser, Method: method, Path: model.OrganizationUser.Path, Host: "api.pigello.io", Attempts: 1,
		}
		change(e)
		return e
	}
	status := func(method string, code int) *transport.Error {
		return failed(method, func(e *transport.Error) { e.Status = code })
	}
	page := func(method string, code int) *transport.Error {
		return failed(method, func(e *transport.Error) { e.Status, e.Page, e.Message = code, true, "the response is a web page" })
	}
	cause := func(method string, cause error) *transport.Error {
		return failed(method, func(e *transport.Error) { e.Cause = cause })
	}
	taken := failed(http.MethodPost, func(e *transport.Error) {
		e.Status, e.Fields = 400, []transport.FieldError{{Field: "email", Message: "must be unique.", Taken: true}}
	})
	unknown := func(search client.Search) error {
		return &client.UnknownOutcomeError{Failure: cause(http.MethodPost, &transport.LimitError{Name: "request_timeout", Duration: 30 * time.Second}), Search: search}
	}
	var b strings.Builder
	entries := append([]entry{
		{"wrong credentials", user("read", id), status(http.MethodGet, 401)},
		{"wrong credentials, again", user("read", id), cause(http.MethodGet, &transport.StoppedError{First: status(http.MethodGet, 401)})},
		{"an API that is down, again", user("read", id), cause(http.MethodGet, &transport.StoppedError{First: status(http.MethodGet, 503)})},
		{"no permission", user("update", id), status(http.MethodPatch, 403)},
		{"a redirect", user("read", id), failed(http.MethodGet, func(e *transport.Error) { e.Status, e.Redirect = 302, "login.example" })},
		{"a web page with 404", user("read", id), page(http.MethodGet, 404)},
		{"a web page with 404 for a deletion", user("delete", id), page(http.MethodDelete, 404)},
		{"a web page with 403", user("create", ""), page(http.MethodPost, 403)},
		{"a web page with 502", user("update", id), page(http.MethodPatch, 502)},
		{"a web page with 200", user("read", id), failed(http.MethodGet, func(e *transport.Error) {
			e.Status, e.Page, e.Cause = 200, true, fmt.Errorf("%w: the API promises an object with an id", transport.ErrUnreadable)
		})},
		{"an unreadable response", user("read", id), failed(http.MethodGet, func(e *transport.Error) {
			e.Status, e.Cause = 200, fmt.Errorf("%w: the API promises an object with an id", transport.ErrUnreadable)
		})},
		{"not found", user("update", id), failure(t, http.MethodPatch, 404, `{"detail": "Not found."}`)},
		{"no such address", user("create", ""), failure(t, http.MethodPost, 404, ``)},
		{"another method", user("create", ""), status(http.MethodPost, 405)},
		{"a conflict without a word", user("update", id), status(http.MethodPatch, 409)},
		{"too large", user("create", ""), status(http.MethodPost, 413)},
		{"a refused value", user("update", id), failed(http.MethodPatch, func(e *transport.Error) {
			e.Status, e.Fields, e.RequestID = 400, []transport.FieldError{{Field: "email", Message: "Enter a valid address."}}, "0af76519-16cd-43dd-8448-eb211c80319c"
		})},
		{"a value that somebody has, at a creation", user("create", ""), &client.ConflictError{Failure: taken, Holders: map[string][]string{"email": {id}}}},
		{"a value that somebody has, at a change", user("update", id), &client.ConflictError{Failure: taken, Holders: map[string][]string{"email": {other}}}},
		{"a value that somebody unknown has, at a creation", user("create", ""), &client.ConflictError{Failure: taken}},
		{"a value that somebody unknown has, at a change", user("update", id), &client.ConflictError{Failure: taken}},
		{"values that are exchanged and cannot be null", user("update", id), &client.ConflictError{
			Failure: taken, Holders: map[string][]string{"email": {other}}, Circular: true,
		}},
		{"a value that may be cleared", user("update", id), &client.ClearedError{Err: status(http.MethodPatch, 503), Fields: []string{"email"}, InDoubt: true}},
		{"a value that was cleared", user("update", id), &client.ClearedError{Err: status(http.MethodPatch, 503), Fields: []string{"email"}}},
		{"a rate limit", user("update", id), status(http.MethodPatch, 429)},
		{"a server that is down", user("update", id), failed(http.MethodPatch, func(e *transport.Error) { e.Status, e.Attempts, e.Message = 503, 9, "upstream is down" })},
		{"a list that fails", many, status(http.MethodGet, 503)},
		{"a time limit of a request", user("read", id), cause(http.MethodGet, &transport.LimitError{Name: "request_timeout", Duration: 30 * time.Second})},
		{"a time limit of an operation", user("update", id), cause(http.MethodPatch, &transport.LimitError{Name: "timeouts.update", Duration: 3 * time.Second})},
		{"a time limit of a wait for another creation", user("create", ""), &transport.LimitError{Name: "timeouts.create", Duration: 3 * time.Second}},
		{"a canceled operation", user("read", id), cause(http.MethodGet, context.Canceled)},
		{"canceled without a request", user("read", id), context.Canceled},
		{"no such host, a connection, a proxy", user("read", id), cause(http.MethodGet, errors.New("anything else"))},
		{"a creation in doubt: none", user("create", ""), unknown(client.Search{Result: client.None})},
		{"a creation in doubt: near match", user("create", ""), unknown(client.Search{Result: client.NearMatch, IDs: []string{id}})},
		{"a creation in doubt: several", user("create", ""), unknown(client.Search{Result: client.Several, IDs: []string{id, other}})},
		{"a creation in doubt: could not look", user("create", ""), unknown(client.Search{Result: client.CouldNotLook, Err: status(http.MethodGet, 403)})},
		{"an invite that is refused", invite, status(http.MethodPost, 403)},
		{"an invite in doubt", invite, failed(http.MethodPost, func(e *transport.Error) { e.Status, e.Outcome = 500, transport.InDoubt })},
		{"an invite that is limited", invite, status(http.MethodPost, 429)},
	}, causes(t)...)
	for _, c := range entries {
		var diags diag.Diagnostics
		tfdiag.Add(&diags, c.o, c.err)
		fmt.Fprintf(&b, "=== %s\n", c.what)
		for _, d := range diags {
			fmt.Fprintf(&b, "%s: %s\n", d.Severity(), d.Summary())
			if on, ok := d.(diag.DiagnosticWithPath); ok {
				fmt.Fprintf(&b, "  on %s\n", on.Path())
			}
			fmt.Fprintf(&b, "\n%s\n\n", strings.TrimSpace(d.Detail()))
		}
	}
	got := strings.ReplaceAll(b.String(), strings.TrimPrefix(proxy.URL, "http://"), "proxy.example:3128")
	got = loopback.ReplaceAllString(got, "api.pigello.io")
	acctest.Golden(t, "testdata/messages.txt", got)
}
