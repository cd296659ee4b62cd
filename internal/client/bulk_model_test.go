package client

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pigello/terraform-provider-pigello/internal/client/model"
	"github.com/pigello/terraform-provider-pigello/internal/client/transport"
	"github.com/pigello/terraform-provider-pigello/internal/race"
)

// history has all values of each user, with their times.
type history struct {
	mu    sync.Mutex
	clock int
	was   map[string][]version
}

type version struct {
	custom   string // "absent" after its deletion
	from, to int    // to is 0 for the current value
}

// now returns the time. It is different at each call.
func (h *history) now() int {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.clock++
	return h.clock
}

// begin adds a value that a user may have from now on.
func (h *history) begin(id, custom string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.clock++
	h.was[id] = append(h.was[id], version{custom: custom, from: h.clock})
}

// end records whether a user has the new or still the old value.
func (h *history) end(id string, changed bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.clock++
	was := h.was[id]
	if !changed {
		h.was[id] = was[:len(was)-1]
	} else if len(was) > 1 {
		was[len(was)-2].to = h.clock
	}
}

// between reports whether a user had a value at some moment between two times.
func (h *history) between(id, custom string, from, to int) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	for _, v := range h.was[id] {
		if v.custom == custom && v.from <= to && (v.to == 0 || v.to >= from) {
			return true
		}
	}
	return false
}

// unsteady passes requests to an organization, and sometimes fails.
type unsteady struct {
	*organization
	history *history
	failing float64
	slowest time.Duration
	rng     func() float64
}

// RoundTrip implements http.RoundTripper.
func (u unsteady) RoundTrip(req *http.Request) (*http.Response, error) {
	time.Sleep(time.Duration(u.rng() * float64(10*time.Millisecond)))
	if req.Method == http.MethodGet && u.rng() < u.failing {
		return []func() (*http.Response, error){
			status(500), status(429), broken(errors.New("reset")), func() (*http.Response, error) {
				<-req.Context().Done()
				return nil, req.Context().Err()
			},
		}[int(u.rng()*4)]()
	}
	// A response may take long, and arrive after later ones.
	defer time.Sleep(time.Duration(u.rng() * float64(u.slowest)))
	return u.organization.RoundTrip(req)
}

// TestBulkReadModel reads, writes and cancels in random order on random servers. Each read must return what a GET would have returned at some
// moment between call and return.
func TestBulkReadModel(t *testing.T) {
	var names []string
	for name := range oddServers {
		names = append(names, name)
	}
	for run := range race.Fewer(2000) {
		synctest.Test(t, func(t *testing.T) {
			var mu sync.Mutex
			rng := rand.New(rand.NewPCG(uint64(run), 7))
			random := func() float64 { mu.Lock(); defer mu.Unlock(); return rng.Float64() }
			pick := func(n int) int { return int(random() * float64(n)) }
			o := newOrganization(0, true)
			h := &history{was: map[string][]version{}}
			ids := make([]string, 1+pick(60))
			for n := range ids {
				ids[n] = randomUUID(rng)
				o.put(ids[n], n)
				h.begin(ids[n], o.custom(ids[n]))
			}
			odd := "none"
			if pick(3) > 0 {
				odd = names[pick(len(names))]
				if odd != "hides all from lists" { // they are then not in the history
					oddServers[odd].change(o)
				}
			}
			o.latency = time.Duration(pick(3)) * 10 * time.Millisecond
			server := unsteady{o, h, []float64{0, 0.05, 0.3}[pick(3)], time.Duration(pick(3)) * 30 * time.Millisecond, random}
			client := newTestClient(t, server, bulk, retries(20), func(c *transport.Config) { c.RequestTimeout = 2 * time.Second })
			users := client.OrganizationUsers()
			// Like Terraform, wait for the write of a user before the next one.
			writes := map[string]chan bool{}
			for _, id := range ids {
				writes[id] = make(chan bool, 1)
			}
			var workers sync.WaitGroup
			for range 1 + pick(12) {
				workers.Go(func() {
					for range 1 + pick(12) {
						id := ids[pick(len(ids))]
						switch pick(8) {
						case 0:
							write(t, users, h, writes[id], id, fmt.Sprintf("w%d", h.now()))
						case 1:
							write(t, users, h, writes[id], id, "absent")
						case 2:
							ctx, cancel := context.WithTimeout(t.Context(), time.Duration(pick(30))*time.Millisecond)
							readOne(ctx, t, users, h, id, odd)
							cancel()
						default:
							readOne(t.Context(), t, users, h, id, odd)
						}
						time.Sleep(time.Duration(pick(20)) * time.Millisecond)
					}
				})
			}
			workers.Wait()
			time.Sleep(time.Minute) // for requests that are still in flight
		})
		if t.Failed() {
			t.Fatalf("in run %d", run)
		}
	}
}

func write(t *testing.T, users *Collection, h *history, lock chan bool, id, custom string) {
	lock <- true
	defer func() { <-lock }()
	// The server changes at some moment of the call: until the end of the call, both values are correct.
	h.begin(id, custom)
	var err error
	if custom == "absent" {
		err = users.Delete(t.Context(), id)
	} else {
		_, err = users.Update(t.Context(), id, model.Body{"custom_id": custom})
	}
	if err != nil && !transport.IsNotFound(err) {
		t.Errorf("write: %v", err)
	}
	h.end(id, err == nil)
}

func readOne(ctx context.Context, t *testing.T, users *Collection, h *history, id, odd string) {
	from := h.now()
	object, err := users.Read(ctx, id)
	to := h.now()
	value, _ := model.Text.Decode(object["custom_id"])
	custom, _ := value.(string)
	switch {
	case transport.IsNotFound(err):
		custom = "absent"
	case err != nil:
		if _, bounded := ctx.Deadline(); !bounded {
			t.Errorf("read: %v", err)
		}
		return
	}
	if !h.between(id, custom, from, to) {
		h.mu.Lock()
		defer h.mu.Unlock()
		t.Errorf("on the server %q, between %d and %d: read %q, the history is %v", odd, from, to, custom, h.was[id])
	}
}
