package client_test

import (
	"crypto/rand"
	"errors"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pigello/terraform-provider-pigello/internal/client/model"
	"github.com/pigello/terraform-provider-pigello/internal/client/transport"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// TestIdenticalCreates sends equal and similar bodies in parallel, most of them with faults: no two creations may return the same object.
func TestIdenticalCreates(t *testing.T) {
	same := func(int) model.Body { return bodies["names"] }
	similar := func(i int) model.Body {
		// Each has another key, and some objects also match the bodies of others.
		return []model.Body{bodies["custom_id"], {"detail_access": 0, "first_name": "Ada", "email": "ada@example.com"}, {"detail_access": 0, "first_name": "Ada"}}[i%3]
	}
	for name, body := range map[string]func(int) model.Body{"same": same, "similar": similar} {
		for _, hide := range [][]string{nil, {"email", "first_name"}} {
			for round := range 20 {
				synctest.Test(t, func(t *testing.T) {
					s := sandbox.New(func(b *sandbox.Behaviour) { b.Hide, b.Latency = hide, 100*time.Millisecond })
					users := newClient(t, s).OrganizationUsers()
					for i := range 6 {
						s.Inject(sandbox.Fault{Method: http.MethodPost, Drop: true, AfterCommit: (i+round)%2 == 0})
						if round%3 == 0 {
							s.Inject(sandbox.Fault{Method: http.MethodPost})
						}
					}
					ids := make([]string, 9)
					var wg sync.WaitGroup
					for i := range ids {
						wg.Go(func() {
							object, err := users.Create(t.Context(), body(i))
							var e *transport.Error
							switch {
							case err == nil:
								ids[i] = object.ID()
							case !errors.As(err, &e) || unknownOutcome(err) == nil:
								t.Errorf("%v", err)
							case name == "same":
								t.Errorf("%v: %v, %v", err, unknownOutcome(err).IDs, unknownOutcome(err).Err)
							}
						})
					}
					wg.Wait()
					seen := map[string]bool{}
					for i, id := range ids {
						if id == "" {
							continue
						}
						if seen[id] {
							t.Errorf("%s: %s is in two states", name, id)
						}
						seen[id] = true
						made, _ := s.Get(kind, id)
						if want, sent := body(i)["custom_id"]; sent != (made["custom_id"] != nil) || sent && made["custom_id"] != want {
							t.Errorf("%s: %v ended as %v", name, body(i), made)
						}
					}
					if name == "same" && (len(seen) != len(ids) || len(s.All(kind)) != len(ids)) {
						t.Errorf("%d states, %d users", len(seen), len(s.All(kind)))
					}
				})
			}
		}
	}
}

// TestThrottled lets the server refuse all requests for some time: all wait, are sent again at different times, and each object is created once.
func TestThrottled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := sandbox.New()
		var mu sync.Mutex
		var returned []time.Time
		start := time.Now()
		until := start.Add(20 * time.Second)
		users := newClient(t, s, func(c *transport.Config) {
			c.MaxRequestsPerSecond = 4
			c.Network = through{s.Transport(), func(*http.Request) error {
				mu.Lock()
				defer mu.Unlock()
				returned = append(returned, time.Now())
				return nil
			}}
		}).OrganizationUsers()
		s.Configure(func(b *sandbox.Behaviour) {
			b.Refuse = func(string, string, map[string]any) (int, any) {
				if time.Now().Before(until) {
					return http.StatusTooManyRequests, map[string]any{"detail": "Request was throttled."}
				}
				return 0, nil
			}
		})
		var wg sync.WaitGroup
		for range 25 {
			wg.Go(func() {
				object, err := users.Create(t.Context(), model.Body{"detail_access": 0, "first_name": rand.Text()})
				if err == nil {
					_, err = users.Get(t.Context(), object.ID())
				}
				if err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if len(s.All(kind)) != 25 {
			t.Errorf("%d users", len(s.All(kind)))
		}
		for i, at := range returned {
			if i >= 4 && at.Sub(returned[i-4]) < time.Second-time.Millisecond {
				t.Errorf("request %d is the fifth within %s", i, at.Sub(returned[i-4]))
			}
		}
		// Without a common wait, the cap would let 80 through.
		if refused := len(s.Requests()) - 50; refused > 50 {
			t.Errorf("%d requests were refused", refused)
		}
	})
}
