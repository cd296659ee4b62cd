package client_test

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pigello/terraform-provider-pigello/internal/client/model"
	"github.com/pigello/terraform-provider-pigello/internal/client/transport"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// TestListWithAWebPage has a web page as a response in the middle of a list: that is not the end of the list, but a 404 of the API is.
func TestListWithAWebPage(t *testing.T) {
	for name, c := range map[string]struct {
		fault    sandbox.Fault
		fails    bool
		requests int // for the page with the fault
	}{
		"404":             {sandbox.Fault{Status: 404}, false, 1},
		"404 in JSON":     {sandbox.Fault{Status: 404, Body: `{"detail": "Invalid page."}`}, false, 1},
		"404, a web page": {sandbox.Fault{Status: 404, Body: "<html>nginx</html>"}, true, 1},
		"410, a web page": {sandbox.Fault{Status: 410, Body: "<html>nginx</html>"}, true, 1},
		"200, a web page": {sandbox.Fault{Status: 200, Body: "<html>Please sign in.</html>"}, true, 1},
		// A web page does not mean that the server refuses the page size, so no smaller page is requested.
		"400, a web page": {sandbox.Fault{Status: 400, Body: "<html>Bad page request</html>"}, true, 1},
	} {
		for number := range 2 {
			if number == 0 && !c.fails {
				continue
			}
			synctest.Test(t, func(t *testing.T) {
				s := sandbox.New(func(b *sandbox.Behaviour) { b.PageCap = 3 })
				for range 7 {
					s.Put(kind, map[string]any{"detail_access": 0, "first_name": "Ada"})
				}
				for range number {
					s.Inject(sandbox.Fault{Method: http.MethodGet}) // does nothing
				}
				c.fault.Times = -1
				s.Inject(c.fault)
				var err error
				n := 0
				for _, failed := range newClient(t, s).OrganizationUsers().List(t.Context(), model.Query{}) {
					if failed != nil {
						err = failed
					} else {
						n++
					}
				}
				if (err != nil) != c.fails || n != number*3 || len(s.Requests()) != number+c.requests {
					t.Errorf("%s at page %d: %v after %d users and %d requests", name, number+1, err, n, len(s.Requests()))
				}
			})
		}
	}
}

// TestShownByAWebPage checks that a web page does not count as an empty list.
func TestShownByAWebPage(t *testing.T) {
	for _, status := range []int{404, 410} {
		s := sandbox.New()
		s.Inject(sandbox.Fault{Status: status, Body: "<html>nginx</html>"})
		if shown, err := newClient(t, s).OrganizationUsers().Shown(t.Context(), time.Time{}); err == nil || transport.IsNotFound(err) {
			t.Errorf("%d: %v, %v", status, shown, err)
		}
	}
}
