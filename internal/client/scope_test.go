package client

import (
	"slices"
	"testing"
	"time"

	"github.com/pigello/terraform-provider-pigello/internal/client/transport"
)

// TestScope compares the scopes of two clients. Only the version at the end of client_ct makes no difference.
func TestScope(t *testing.T) {
	for was, is := range map[string]string{
		"prod,mypages,1.0.0":    "prod,mypages,1.0.1",
		"prod,mypages,9.9":      "prod,mypages,10.0",
		"prod,mypages, v1.2.3":  "prod,mypages,2.0.0-rc.1+build.7",
		"prod,mypages":          "prod,mypages,1.0.0",
		"a.integration,1.0.0":   "a.integration,1.0.1",
		"accounts.integration.": "accounts.integration.",
	} {
		if names := differing(t, was, is); len(names) != 0 {
			t.Errorf("%q and %q differ in %v", was, is, names)
		}
	}
	for was, is := range map[string]string{
		"prod,mypages,1.0.0":   "test,mypages,1.0.0",
		"prod,mypages,1.0.2":   "prod,portal,1.0.2",
		"prod,1.0.0,mypages":   "prod,1.0.1,mypages", // not the last part
		"prod,mypages,1":       "prod,mypages,2",     // a number of something
		"prod,mypages,tenant1": "prod,mypages,tenant2",
		"1.0.0":                "1.0.1", // no part of its own
		"accounts.user1.0":     "accounts.user1.1",
	} {
		if names := differing(t, was, is); !slices.Equal(names, []string{"client_ct"}) {
			t.Errorf("%q and %q differ in %v, want client_ct", was, is, names)
		}
	}
}

// differing returns the names of the values that differ between the scopes of two clients with the given client_ct.
func differing(t *testing.T, was, is string) []string {
	t.Helper()
	scope := func(clientCT string) Scope {
		return newTestClient(t, inSequence(ok("")), func(c *transport.Config) { c.Credentials.ClientCT = clientCT }).Scope()
	}
	return scope(is).Differing(scope(was))
}

// TestShown distinguishes an API that shows no object, in both ways in which servers may say so, from one that returns an error. After an object
// was shown, there is no further request.
func TestShown(t *testing.T) {
	for name, c := range map[string]struct {
		server *server
		want   bool
		fails  bool
		again  int // requests after the second call
	}{
		"somebody":     {inSequence(ok("[" + theObject + "]")), true, false, 1},
		"nobody":       {inSequence(ok("[]")), false, false, 2},
		"no page":      {inSequence(status(404)), false, false, 2},
		"forbidden":    {inSequence(status(403)), false, true, 2},
		"not a list":   {inSequence(ok("{}")), false, true, 2},
		"out of order": {inSequence(status(500)), false, true, 2},
	} {
		t.Run(name, func(t *testing.T) {
			users := newTestClient(t, c.server, retries(0)).OrganizationUsers()
			for range 2 {
				if shown, err := users.Shown(t.Context(), time.Time{}); shown != c.want || (err != nil) != c.fails {
					t.Errorf("%v, %v", shown, err)
				}
			}
			if c.server.sent() != c.again {
				t.Errorf("%d requests", c.server.sent())
			}
		})
	}
}
