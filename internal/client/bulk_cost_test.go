package client

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pigello/terraform-provider-pigello/internal/client/transport"
)

// TestBulkReadCosts compares a refresh with bulk reading with one without it, on servers that take their time for each row of a list.
func TestBulkReadCosts(t *testing.T) {
	for _, size := range []struct{ managed, all int }{
		{1000, 1000}, {500, 20_000}, {60, 5000}, {60, 20_000}, {5, 200_000}, {10_000, 10_000},
	} {
		o := newOrganization(size.all, true)
		ids := slices.Clone(o.order)
		rand.New(rand.NewPCG(1, 2)).Shuffle(len(ids), func(i, j int) { ids[i], ids[j] = ids[j], ids[i] })
		ids = ids[:size.managed]
		for _, latency := range []time.Duration{0, 50 * time.Millisecond} {
			for _, perUser := range []time.Duration{0, 40 * time.Microsecond, time.Millisecond, 5 * time.Millisecond} {
				for _, think := range []time.Duration{0, 4 * time.Millisecond, 60 * time.Millisecond} {
					o.latency, o.perUser = latency, perUser
					took := map[bool]time.Duration{}
					for _, together := range []bool{false, true} {
						synctest.Test(t, func(t *testing.T) {
							o.requests, o.rows = nil, 0
							client := newTestClient(t, o, func(c *transport.Config) { c.BulkRead = together })
							start := time.Now()
							got := refresh(t, client.OrganizationUsers(), ids, 10, think)
							took[together] = time.Since(start)
							time.Sleep(time.Minute) // a page that nobody waits for may be under way
							for _, id := range ids {
								if want := o.custom(id); got[id] != want {
									t.Fatalf("read %q of %s, want %q", got[id], id, want)
								}
							}
						})
					}
					what := fmt.Sprintf("%d of %d, latency %s, %s a row, think %s: %s (%s without), %d requests, %d rows", size.managed, size.all,
						latency, perUser, think, took[true], took[false], len(o.requests), o.rows)
					t.Log(what)
					switch {
					case took[true] > took[false]*115/100+500*time.Millisecond:
						t.Errorf("too slow: %s", what)
					case len(o.requests) > size.managed+4:
						t.Errorf("too many requests: %s", what)
					case o.rows > 10*size.managed+1000:
						t.Errorf("too many rows: %s", what)
					}
				}
			}
		}
	}
}
