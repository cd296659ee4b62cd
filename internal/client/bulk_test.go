package client

import (
	"context"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pigello/terraform-provider-pigello/internal/client/model"
	"github.com/pigello/terraform-provider-pigello/internal/client/transport"
	"github.com/pigello/terraform-provider-pigello/internal/race"
)

type readable interface {
	Read(context.Context, string) (model.Object, error)
}

// refresh reads users like Terraform: some in parallel, with some time between two reads of the same worker.
func refresh(t *testing.T, users readable, ids []string, parallel int, think time.Duration) map[string]string {
	t.Helper()
	var mu sync.Mutex
	got := map[string]string{}
	next := make(chan string)
	var workers sync.WaitGroup
	for range parallel {
		workers.Go(func() {
			for id := range next {
				object, err := users.Read(context.WithoutCancel(t.Context()), id)
				custom, _ := model.Text.Decode(object["custom_id"])
				value, _ := custom.(string)
				switch {
				case transport.IsNotFound(err):
					value = "absent"
				case err != nil:
					value = err.Error()
				}
				mu.Lock()
				got[id] = value
				mu.Unlock()
				if think > 0 {
					time.Sleep(think/2 + rand.N(think))
				}
			}
		})
	}
	for _, id := range ids {
		next <- id
	}
	close(next)
	workers.Wait()
	return got
}

func bulk(c *transport.Config) { c.BulkRead = true }

func TestBulkReadCounts(t *testing.T) {
	for _, size := range []struct{ managed, all, most int }{
		{0, 1000, 0}, {1, 1000, 1}, {2, 5000, 3}, {5, 5000, 6}, {10, 5000, 11}, {100, 100, 12}, {300, 300, 12}, {1000, 1000, 12},
		{10_000, 10_000, 530}, {40, 20_000, 44}, {500, 20_000, 480},
	} {
		if race.Enabled && size.all > 5000 {
			continue // they take too long under the race detector
		}
		for _, random := range []bool{true, false} {
			organization := newOrganization(size.all, random)
			latencies := []time.Duration{0, time.Millisecond, 50 * time.Millisecond}
			if size.all > 5000 {
				latencies = latencies[1:2]
			}
			for _, latency := range latencies {
				for _, think := range []time.Duration{0, 5 * time.Millisecond, 100 * time.Millisecond} {
					synctest.Test(t, func(t *testing.T) {
						organization.latency, organization.perUser, organization.requests = latency, 40*time.Microsecond, nil
						ids := slices.Clone(organization.order)
						rand.Shuffle(len(ids), func(i, j int) { ids[i], ids[j] = ids[j], ids[i] })
						ids = ids[:size.managed]
						got := refresh(t, newTestClient(t, organization, bulk).OrganizationUsers(), ids, 10, think)
						time.Sleep(time.Minute) // a page may still be in flight
						synctest.Wait()
						for _, id := range ids {
							if want := organization.custom(id); got[id] != want {
								t.Fatalf("read %q of %s, want %q", got[id], id, want)
							}
						}
						if n := len(organization.requests); n > size.most {
							t.Errorf("%d of %d (random %t), latency %s, think %s: %d requests, at most %d are allowed: %v",
								size.managed, size.all, random, latency, think, n, size.most, organization.requests[:min(60, n)])
						} else if testing.Verbose() {
							t.Logf("%d of %d (random %t), latency %s, think %s: %d", size.managed, size.all, random, latency, think, n)
						}
					})
				}
			}
		}
	}
}

// oddServers are servers with unusual behaviour, and how many requests a refresh of 200 users, of whom 3 do not exist, takes on average:
// one or two less than this, except where lists do not work. How the users of one refresh are spread over the pages is chance, and some
// refreshes take half as many requests again.
var oddServers = map[string]struct {
	change  func(*organization)
	average int
}{
	"caps pages":            {func(o *organization) { o.cap = 50 }, 10},
	"refuses large pages":   {func(o *organization) { o.cap, o.refuses = 50, true }, 11},
	"refuses all but small": {func(o *organization) { o.cap, o.refuses = 7, true }, oneEach},
	"repeats the last page": {func(o *organization) { o.cap, o.past = 50, "repeat" }, 10},
	"404 past the end":      {func(o *organization) { o.cap, o.past = 50, "404" }, 10},
	"keeps another order":   {func(o *organization) { o.cap, o.unsorted = 50, true }, 10},
	"shuffles":              {func(o *organization) { o.cap, o.shuffles = 50, true }, 80},
	"ignores filters":       {func(o *organization) { o.unfilters = true }, 8},
	"ignores all":           {func(o *organization) { o.cap, o.shuffles, o.unfilters, o.past = 50, true, true, "repeat" }, 80},
	"hides some from lists": {func(o *organization) {
		for _, id := range o.order[:min(40, len(o.order))] {
			o.hidden[id] = true
		}
	}, 48},
	"hides all from lists":    {func(o *organization) { o.order = nil }, oneEach},
	"forbids lists":           {func(o *organization) { o.forbidden = true }, oneEach},
	"cuts lists":              {func(o *organization) { o.broken = true }, oneEach},
	"fails in lists":          {func(o *organization) { o.fails = true }, oneEach},
	"leaves out in lists":     {func(o *organization) { o.omits = []string{"email"} }, oneEach},
	"hides an address":        {func(o *organization) { o.nulls = true }, oneEach},
	"lags behind writes":      {func(o *organization) { o.lags = true }, 8},
	"adds fields":             {func(o *organization) { o.adds = true }, 8},
	"leaves out what is null": {func(o *organization) { o.sparse = true }, 8},
}

// oneEach is one request for each of 200 users, and a few lists. No refresh takes more, whatever the server does.
const oneEach = 205

func TestBulkReadOddServers(t *testing.T) {
	for name, odd := range oddServers {
		t.Run(name, func(t *testing.T) {
			refreshes, requests := race.Fewer(20), 0
			for range refreshes {
				synctest.Test(t, func(t *testing.T) {
					o := newOrganization(0, true)
					odd.change(o) // sparse applies to users that are added later
					rng := rand.New(rand.NewPCG(rand.Uint64(), 0))
					var ids []string
					for n := range 200 {
						ids = append(ids, randomUUID(rng))
						o.put(ids[n], n)
					}
					odd.change(o)
					o.latency = rand.N(20 * time.Millisecond)
					for _, id := range ids[:3] {
						o.remove(id)
					}
					rand.Shuffle(len(ids), func(i, j int) { ids[i], ids[j] = ids[j], ids[i] })
					users := newTestClient(t, o, bulk).OrganizationUsers()
					got := refresh(t, users, ids, 10, time.Millisecond)
					for _, id := range ids {
						want := "absent"
						if _, ok := o.users[id]; ok {
							want = o.custom(id)
						}
						if got[id] != want {
							t.Fatalf("read %q of %s, want %q", got[id], id, want)
						}
					}
					if n := len(o.requests); n > oneEach {
						t.Errorf("%d requests, at most %d are allowed: %v", n, oneEach, o.requests)
					}
					requests += len(o.requests)
				})
			}
			if average := float64(requests) / float64(refreshes); average > float64(odd.average) && !race.Enabled {
				t.Errorf("%g requests on average, at most %d are allowed", average, odd.average)
			}
		})
	}
}

// TestBulkReadPastTheEnd reads many users who do not exist, after the pages of all others, of which the last one is full. Any response of a
// server to the next page ends the pages and the lists.
func TestBulkReadPastTheEnd(t *testing.T) {
	for _, past := range []string{"", "404", "repeat"} {
		synctest.Test(t, func(t *testing.T) {
			o := newOrganization(100, true)
			o.latency, o.cap, o.past = time.Millisecond, 50, past
			ids := slices.Clone(o.order)
			rng := rand.New(rand.NewPCG(1, 2))
			for range 100 {
				ids = append(ids, randomUUID(rng))
			}
			got := refresh(t, newTestClient(t, o, bulk).OrganizationUsers(), ids, 10, time.Millisecond)
			for i, id := range ids {
				if want := o.custom(id); i < 100 && got[id] != want || i >= 100 && got[id] != "absent" {
					t.Errorf("read %q of %s", got[id], id)
				}
			}
			if n := len(o.requests); n > 100+8 {
				t.Errorf("with %q past the end, 100 users and 100 who are gone take %d requests: %v", past, n, o.requests)
			}
		})
	}
}
