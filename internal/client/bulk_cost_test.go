package client

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pigello/terraform-provider-pigello/internal/client/model"
	"github.com/pigello/terraform-provider-pigello/internal/client/transport"
	"github.com/pigello/terraform-provider-pigello/internal/race"
)

// TestBulkReadCosts compares refreshes with and without bulk reading, on servers that take some time for each row of a list.
func TestBulkReadCosts(t *testing.T) {
	if race.Enabled {
		t.Skip("takes long, and TestBulkReadModel has the same concurrency")
	}
	for _, size := range []struct{ managed, all int }{
		{1000, 1000}, {500, 20_000}, {60, 5000}, {60, 20_000}, {5, 200_000}, {10_000, 10_000},
	} {
		o := newOrganization(size.all, true)
		ids := slices.Clone(o.order)
		rand.New(rand.NewPCG(1, 2)).Shuffle(len(ids), func(i, j int) { ids[i], ids[j] = ids[j], ids[i] })
		ids = ids[:size.managed]
		for _, latency := range []time.Duration{0, 50 * time.Millisecond} {
			for _, perUser := range []time.Duration{0, 40 * time.Microsecond, time.Millisecond, 5 * time.Millisecond} {
				thinks := []time.Duration{0, 4 * time.Millisecond, 60 * time.Millisecond}
				if size.all > 5000 {
					thinks = thinks[1:2]
				}
				for _, think := range thinks {
					o.latency, o.perUser = latency, perUser
					took := map[bool]time.Duration{}
					for _, together := range []bool{false, true} {
						synctest.Test(t, func(t *testing.T) {
							o.requests, o.rows = nil, 0
							defer time.Sleep(time.Minute) // a page may still be in flight
							client := newTestClient(t, o, func(c *transport.Config) { c.BulkRead = together })
							start := time.Now()
							got := refresh(t, client.OrganizationUsers(), ids, 10, think)
							took[together] = time.Since(start)
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

// TestBulkReadWithListsThatHang lets lists hang from the beginning, or after they have saved more time than a single read may take.
func TestBulkReadWithListsThatHang(t *testing.T) {
	for _, after := range []int{0, 2} {
		took := map[bool]time.Duration{}
		for _, together := range []bool{false, true} {
			synctest.Test(t, func(t *testing.T) {
				o := newOrganization(1010, true)
				o.latency, o.hangs, o.hangAfter = 50*time.Millisecond, 20*time.Second, after
				ids := slices.Clone(o.order) // the last ten are on the third page
				rand.Shuffle(1000, func(i, j int) { ids[i], ids[j] = ids[j], ids[i] })
				if after == 0 {
					ids = ids[:100]
				}
				users := newTestClient(t, o, func(c *transport.Config) { c.BulkRead = together }).OrganizationUsers()
				defer time.Sleep(time.Minute)
				start := time.Now()
				got := refresh(t, limited{users, 2 * time.Second}, ids, 10, 4*time.Millisecond)
				took[together] = time.Since(start)
				for _, id := range ids {
					if want := o.custom(id); got[id] != want {
						t.Fatalf("with lists that hang after %d, read %q of %s, want %q", after, got[id], id, want)
					}
				}
			})
		}
		if took[true] > took[false]+time.Second {
			t.Errorf("with lists that hang after %d, a refresh takes %s, and %s one by one", after, took[true], took[false])
		}
	}
}

// TestBulkReadOfTwoCollections reads one collection after the other, with lists that hang: both share the time budget.
func TestBulkReadOfTwoCollections(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOrganization(100, true)
		o.latency, o.hangs = time.Millisecond, 20*time.Second
		client := newTestClient(t, o, bulk)
		defer time.Sleep(time.Minute)
		start := time.Now()
		refresh(t, client.OrganizationUsers(), o.order, 10, 0)
		refresh(t, client.ProtectedIdentities(), o.order, 10, 0)
		if took := time.Since(start); took > 500*time.Millisecond+20*o.latency {
			t.Errorf("the refresh takes %s", took)
		}
	})
}

// limited gives each read a time limit.
type limited struct {
	users *Collection
	time  time.Duration
}

func (l limited) Read(ctx context.Context, id string) (model.Object, error) {
	ctx, cancel := context.WithTimeout(ctx, l.time)
	defer cancel()
	return l.users.Read(ctx, id)
}

// TestBulkReadAfterOneSlowRead reads from a server with a slow first response, as with a new connection. Lists then seem to save more time
// than they do.
func TestBulkReadAfterOneSlowRead(t *testing.T) {
	took := map[bool]time.Duration{}
	o := newOrganization(20_000, true)
	for _, together := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			o.latency, o.perUser = time.Millisecond, 500*time.Microsecond
			s := &server{}
			s.respond = func(req *http.Request) (*http.Response, error) {
				if s.sent() == 1 {
					time.Sleep(100 * time.Millisecond)
				}
				return o.RoundTrip(req)
			}
			users := newTestClient(t, s, func(c *transport.Config) { c.BulkRead = together }).OrganizationUsers()
			defer time.Sleep(time.Minute)
			start := time.Now()
			refresh(t, users, o.order[10_000:13_000], 10, 0)
			took[together] = time.Since(start)
		})
	}
	if took[true] > took[false]*115/100+500*time.Millisecond {
		t.Errorf("a refresh takes %s together, %s one by one", took[true], took[false])
	}
}

// TestBulkReadOfUselessLists lets lists leave out a field, so that each object must be read alone.
func TestBulkReadOfUselessLists(t *testing.T) {
	o := newOrganization(5000, true)
	o.latency, o.omits = 50*time.Millisecond, []string{"email"}
	took := map[bool]time.Duration{}
	for _, together := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			o.requests = nil
			users := newTestClient(t, o, func(c *transport.Config) { c.BulkRead = together }).OrganizationUsers()
			defer time.Sleep(time.Minute)
			start := time.Now()
			refresh(t, users, o.order[4000:4300], 10, 4*time.Millisecond)
			took[together] = time.Since(start)
		})
	}
	if took[true] > took[false]*115/100+500*time.Millisecond {
		t.Errorf("a refresh takes %s together, %s one by one", took[true], took[false])
	}
	if len(o.requests) > 300+maxExtraLists {
		t.Errorf("300 users take %d requests", len(o.requests))
	}
}

// TestBulkReadOneAfterTheOther checks that a read never waits if there is no other read.
func TestBulkReadOneAfterTheOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOrganization(20_000, true)
		o.latency = 50 * time.Millisecond
		users := newTestClient(t, o, bulk).OrganizationUsers()
		for _, id := range o.order[:minReadsForPages] {
			start := time.Now()
			if _, err := users.Read(t.Context(), id); err != nil || time.Since(start) != o.latency {
				t.Errorf("a read that comes alone takes %s: %v", time.Since(start), err)
			}
		}
	})
}
