package client_test

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pigello/terraform-provider-pigello/internal/client"
	"github.com/pigello/terraform-provider-pigello/internal/client/model"
	"github.com/pigello/terraform-provider-pigello/internal/race"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// people is who there is, by name, with what each has of the fields that must be unique. A name is the last_name, which never changes.
type people map[string]map[string]string

// email returns people with the given e-mail addresses.
func email(addresses map[string]string) people {
	p := people{}
	for name, address := range addresses {
		p[name] = map[string]string{"email": address + "@example.com"}
	}
	return p
}

// organization is a server with people.
type organization struct {
	*sandbox.Sandbox
	t *testing.T
}

func newOrganization(t *testing.T, has people) organization {
	o := organization{sandbox.New(func(b *sandbox.Behaviour) {
		b.Unique, b.ValidateAlone, b.Latency = []string{"email", "custom_id"}, true, 20*time.Millisecond
	}), t}
	for name, fields := range has {
		user := map[string]any{"detail_access": 1, "last_name": name}
		for field, value := range fields {
			user[field] = value
		}
		o.Put(kind, user)
	}
	return o
}

// people returns the people on the server, and their ids.
func (o organization) people() (people, map[string]string) {
	has, ids := people{}, map[string]string{}
	for _, user := range o.All(kind) {
		name := user["last_name"].(string)
		has[name], ids[name] = map[string]string{}, user["id"].(string)
		for _, field := range []string{"email", "custom_id"} {
			if value, ok := user[field].(string); ok {
				has[name][field] = value
			}
		}
		if user["detail_access"] != 1.0 {
			o.t.Errorf("%s has other rights now", name)
		}
	}
	return has, ids
}

// apply changes the people on the server to the wanted ones, like one run of Terraform, in any order. It returns the errors by name.
func (o organization) apply(want people, parallelism int) map[string]error {
	users := newClient(o.t, o.Sandbox).OrganizationUsers()
	has, ids := o.people()
	operations := map[string]func() error{}
	for name, fields := range has {
		changes := model.Body{}
		for field, value := range want[name] {
			if fields[field] != value {
				changes[field] = value
			}
		}
		if want[name] == nil {
			operations[name] = func() error { return users.Delete(o.t.Context(), ids[name]) }
		} else if len(changes) > 0 {
			operations[name] = func() error { _, err := users.Change(o.t.Context(), ids[name], changes, nil); return err }
		}
	}
	for name, fields := range want {
		if has[name] == nil {
			body := model.Body{"detail_access": 1, "last_name": name}
			for field, value := range fields {
				body[field] = value
			}
			operations[name] = func() error { _, err := users.Create(o.t.Context(), body); return err }
		}
	}
	slots, names := make(chan bool, parallelism), slices.Collect(maps.Keys(operations))
	rand.Shuffle(len(names), func(i, j int) { names[i], names[j] = names[j], names[i] })
	errs := map[string]error{}
	var mu sync.Mutex
	var wg sync.WaitGroup
	for _, name := range names {
		slots <- true
		wg.Go(func() {
			defer func() { <-slots }()
			time.Sleep(rand.N(100 * time.Millisecond)) // Terraform plans each object again
			if err := operations[name](); err != nil {
				mu.Lock()
				errs[name] = err
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	return errs
}

// cleared returns how many requests have set a field to null.
func (o organization) cleared() int {
	n := 0
	for _, r := range o.Requests() {
		if body := r.Object(); r.Method == http.MethodPatch && slices.Contains(slices.Collect(maps.Values(body)), nil) {
			n++
		}
	}
	return n
}

// shuffled exchanges the values of n people at random, and returns the number of cycles.
func shuffled(n int) (has, want people, circles int) {
	has, want = people{}, people{}
	next := rand.Perm(n)
	for i := range n {
		has[fmt.Sprint("p", i)] = map[string]string{"email": fmt.Sprintf("e%d@example.com", i)}
		want[fmt.Sprint("p", i)] = map[string]string{"email": fmt.Sprintf("e%d@example.com", next[i])}
	}
	seen := map[int]bool{}
	for i := range n {
		if next[i] != i && !seen[i] {
			circles++
		}
		for ; !seen[i]; i = next[i] {
			seen[i] = true
		}
	}
	return has, want, circles
}

// TestTransfers moves values between people in one run, in any order of the operations.
func TestTransfers(t *testing.T) {
	both := func(email, customID string) map[string]string {
		return map[string]string{"email": email + "@example.com", "custom_id": customID}
	}
	for name, c := range map[string]struct {
		has, want people
		circles   int
	}{
		"a swap":                       {email(map[string]string{"a": "a", "b": "b"}), email(map[string]string{"a": "b", "b": "a"}), 1},
		"a circle of three":            {email(map[string]string{"a": "a", "b": "b", "c": "c"}), email(map[string]string{"a": "b", "b": "c", "c": "a"}), 1},
		"a chain":                      {email(map[string]string{"a": "a", "b": "b", "c": "c"}), email(map[string]string{"a": "b", "b": "c", "c": "d"}), 0},
		"a chain that a deletion ends": {email(map[string]string{"a": "a", "b": "b", "c": "c"}), email(map[string]string{"a": "b", "b": "c"}), 0},
		"somebody new, by an update":   {email(map[string]string{"a": "a"}), email(map[string]string{"a": "b", "new": "a"}), 0},
		"somebody new, by a deletion":  {email(map[string]string{"a": "a"}), email(map[string]string{"new": "a"}), 0},
		"somebody new, by a chain":     {email(map[string]string{"a": "a", "b": "b"}), email(map[string]string{"a": "b", "new": "a"}), 0},
		"a swap of two fields":         {people{"a": both("a", "1"), "b": both("b", "2")}, people{"a": both("b", "2"), "b": both("a", "1")}, 1},
		"two fields, two directions": {
			people{"a": both("a", "1"), "b": both("b", "2"), "c": both("c", "3")},
			people{"a": both("b", "3"), "b": both("c", "1"), "c": both("a", "2")}, 3,
		},
		"a circle over two fields": {people{"a": both("a", "1"), "b": both("b", "2")}, people{"a": both("b", "3"), "b": both("c", "1")}, 1},
	} {
		t.Run(name, func(t *testing.T) {
			for range 20 {
				synctest.Test(t, func(t *testing.T) {
					o := newOrganization(t, c.has)
					if errs := o.apply(c.want, 10); len(errs) > 0 {
						t.Errorf("%v", errs)
					}
					if now, _ := o.people(); !maps.EqualFunc(now, c.want, maps.Equal) {
						t.Errorf("want %v, have %v", c.want, now)
					}
					if n := o.cleared(); n > c.circles || (n == 0) != (c.circles == 0) {
						t.Errorf("%d of at most %d requests clear a field", n, c.circles)
					}
				})
			}
		})
	}
}

// TestTransfersAtRandom exchanges the values of two to eight people. If too few operations run in parallel, the run ends with errors, and one of
// the next runs completes the exchange.
func TestTransfersAtRandom(t *testing.T) {
	for parallelism, most := range map[int]int{10: 1, 2: 8, 1: 16} {
		for n := 2; n <= 8; n++ {
			for range race.Fewer(20) {
				synctest.Test(t, func(t *testing.T) {
					has, want, circles := shuffled(n)
					o := newOrganization(t, has)
					runs := 0
					for now, _ := o.people(); !maps.EqualFunc(now, want, maps.Equal); now, _ = o.people() {
						if runs++; runs > most {
							t.Fatalf("parallelism %d: %v after %d runs, want %v", parallelism, now, most, want)
						}
						errs := o.apply(want, parallelism)
						for name, err := range errs {
							after, _ := o.people()
							_, isCleared := errors.AsType[*client.ClearedError](err)
							if _, ok := errors.AsType[*client.ConflictError](err); !ok || isCleared != (after[name]["email"] == "" && now[name]["email"] != "") {
								t.Errorf("%s: %#v", name, err)
							}
						}
						if parallelism == 10 && o.cleared() != circles {
							t.Errorf("%d requests clear a field to break %d circles", o.cleared(), circles)
						}
					}
				})
			}
		}
	}
}
