package client

import "testing"

// TestShown tells an API that shows nothing, in either of the ways in which servers say so, from one that cannot be asked. What
// was shown once is not asked for again.
func TestShown(t *testing.T) {
	for name, c := range map[string]struct {
		server *server
		want   bool
		fails  bool
		again  int // requests after a second question
	}{
		"somebody":     {inTurn(ok("[" + theObject + "]")), true, false, 1},
		"nobody":       {inTurn(ok("[]")), false, false, 2},
		"no page":      {inTurn(status(404)), false, false, 2},
		"forbidden":    {inTurn(status(403)), false, true, 2},
		"not a list":   {inTurn(ok("{}")), false, true, 2},
		"out of order": {inTurn(status(500)), false, true, 2},
	} {
		t.Run(name, func(t *testing.T) {
			users := newTestClient(t, c.server, retries(0)).OrganizationUsers()
			for range 2 {
				if shown, err := users.Shown(t.Context()); shown != c.want || (err != nil) != c.fails {
					t.Errorf("%v, %v", shown, err)
				}
			}
			if c.server.sent() != c.again {
				t.Errorf("%d requests", c.server.sent())
			}
		})
	}
}
