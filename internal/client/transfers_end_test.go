package client_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pigello/terraform-provider-pigello/internal/client"
	"github.com/pigello/terraform-provider-pigello/internal/client/model"
	"github.com/pigello/terraform-provider-pigello/internal/client/transport"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// conflictOf returns an error as a conflict, or fails the test.
func conflictOf(t *testing.T, err error) *client.ConflictError {
	t.Helper()
	conflict, ok := errors.AsType[*client.ConflictError](err)
	if !ok {
		t.Fatalf("no conflict: %#v", err)
	}
	return conflict
}

// withAddresses adds users with the given e-mail addresses, and returns their ids.
func withAddresses(s *sandbox.Sandbox, addresses ...string) []string {
	ids := make([]string, len(addresses))
	for i, address := range addresses {
		ids[i] = s.Put(kind, map[string]any{"detail_access": 0, "first_name": address, "email": address + "@example.com"})
	}
	return ids
}

func address(name string) model.Body {
	return model.Body{"detail_access": 0, "email": name + "@example.com"}
}

// TestTakenByUnmanaged has a holder that Terraform does not change: the write ends after about a second without requests, with the holder's id,
// and changes nothing.
func TestTakenByUnmanaged(t *testing.T) {
	for name, write := range map[string]func(*client.Collection, context.Context, string) error{
		"update": func(c *client.Collection, ctx context.Context, id string) error {
			_, err := c.Update(ctx, id, address("stranger"))
			return err
		},
		"create": func(c *client.Collection, ctx context.Context, _ string) error {
			_, err := c.Create(ctx, model.Body{"detail_access": 0, "first_name": "new", "email": "stranger@example.com"})
			return err
		},
	} {
		for what, stop := range map[string]func(context.Context) (context.Context, context.CancelFunc){
			"nothing": context.WithCancel,
			"a cancellation": func(ctx context.Context) (context.Context, context.CancelFunc) {
				ctx, cancel := context.WithCancel(ctx)
				time.AfterFunc(300*time.Millisecond, cancel)
				return ctx, cancel
			},
			"a timeout": func(ctx context.Context) (context.Context, context.CancelFunc) {
				return context.WithTimeout(ctx, 300*time.Millisecond)
			},
		} {
			t.Run(name+" ended by "+what, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					s := sandbox.New(func(b *sandbox.Behaviour) { b.Unique = []string{"email"} })
					ids := withAddresses(s, "own", "stranger")
					ctx, cancel := stop(t.Context())
					defer cancel()
					start := time.Now()
					conflict := conflictOf(t, write(newClient(t, s).OrganizationUsers(), ctx, ids[0]))
					want := map[bool]time.Duration{true: time.Second, false: 300 * time.Millisecond}[what == "nothing"]
					if took := time.Since(start); took != want {
						t.Errorf("took %s, want %s", took, want)
					}
					if !slices.Equal(conflict.Holders["email"], ids[1:]) || conflict.Circular || len(s.All(kind)) != 2 || len(s.Requests()) != 3 {
						t.Errorf("%+v after %d requests", conflict, len(s.Requests()))
					}
				})
			})
		}
	}
}

// TestTakenByManyUnmanaged checks that many such writes take little time and no further requests: each write in a row that gives up makes the
// next wait shorter.
func TestTakenByManyUnmanaged(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := sandbox.New(func(b *sandbox.Behaviour) { b.Unique = []string{"email"} })
		users := newClient(t, s).OrganizationUsers()
		slots := make(chan bool, 10)
		var wg sync.WaitGroup
		start := time.Now()
		for i := range 300 {
			withAddresses(s, fmt.Sprint("e", i))
			slots <- true
			wg.Go(func() {
				defer func() { <-slots }()
				_, err := users.Create(t.Context(), model.Body{"detail_access": 0, "first_name": "new", "email": fmt.Sprintf("e%d@example.com", i)})
				if conflict := conflictOf(t, err); len(conflict.Holders["email"]) != 1 {
					t.Errorf("%+v", conflict)
				}
			})
		}
		wg.Wait()
		if took := time.Since(start); took > 45*time.Second || len(s.Requests()) != 900 {
			t.Errorf("%d requests in %s", len(s.Requests()), took)
		}
	})
}

// TestOneGivesUpAtATime has two workers that both wait. The write that cannot succeed gives up first, and the operation that then starts
// releases the value that the other write waits for.
func TestOneGivesUpAtATime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := sandbox.New(func(b *sandbox.Behaviour) { b.Unique = []string{"email"} })
		ids := withAddresses(s, "vain", "first", "second", "stranger")
		users := newClient(t, s).OrganizationUsers()
		slots := make(chan bool, 2)
		errs := make([]error, 3)
		var wg sync.WaitGroup
		for i, wanted := range []string{"stranger", "second", "third"} {
			slots <- true
			wg.Go(func() {
				defer func() { <-slots }()
				_, errs[i] = users.Update(t.Context(), ids[i], address(wanted))
			})
			time.Sleep(10 * time.Millisecond)
		}
		wg.Wait()
		if conflict := conflictOf(t, errs[0]); conflict.Circular || errs[1] != nil || errs[2] != nil {
			t.Errorf("%v", errs)
		}
	})
}

// TestTakenInALongRun checks that a write waits at most two minutes, since it occupies a worker.
func TestTakenInALongRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := sandbox.New(func(b *sandbox.Behaviour) { b.Unique = []string{"email"} })
		ids := withAddresses(s, "own", "stranger")
		users := newClient(t, s).OrganizationUsers()
		s.Inject(sandbox.Fault{Method: http.MethodPost, Delay: 20 * time.Second, Times: -1})
		ctx, cancel := context.WithCancel(t.Context())
		var wg sync.WaitGroup
		wg.Go(func() {
			for n := 0; ctx.Err() == nil; n++ {
				_, _ = users.Create(ctx, model.Body{"detail_access": 0, "first_name": fmt.Sprint("new", n)})
			}
		})
		start := time.Now()
		_, err := users.Update(t.Context(), ids[0], address("stranger"))
		if took := time.Since(start); took < 2*time.Minute || took > 3*time.Minute {
			t.Errorf("took %s", took)
		}
		if conflict := conflictOf(t, err); !slices.Equal(conflict.Holders["email"], ids[1:]) {
			t.Errorf("%+v", conflict)
		}
		cancel()
		wg.Wait()
	})
}

// TestHolderThatKeepsIt writes to the holder without releasing the value. The waiting write then gives up at once.
func TestHolderThatKeepsIt(t *testing.T) {
	for name, c := range map[string]struct {
		body  model.Body
		fault sandbox.Fault
	}{
		"another change":   {body: model.Body{"detail_access": 0, "first_name": "Eve"}},
		"a failed change":  {body: address("new"), fault: sandbox.Fault{Status: 400, Body: `{"detail": "no"}`, Delay: 10 * time.Second}},
		"a failed removal": {fault: sandbox.Fault{Status: 403, Delay: 10 * time.Second}},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := sandbox.New(func(b *sandbox.Behaviour) { b.Unique, b.Latency = []string{"email"}, 20*time.Millisecond })
				ids := withAddresses(s, "a", "holder")
				users := newClient(t, s).OrganizationUsers()
				var wg sync.WaitGroup
				wg.Go(func() {
					_, err := users.Update(t.Context(), ids[0], address("holder"))
					conflict := conflictOf(t, err)
					if !slices.Equal(conflict.Holders["email"], ids[1:]) || conflict.Circular {
						t.Errorf("%+v", conflict)
					}
				})
				time.Sleep(10 * time.Millisecond)
				c.fault.Path = ids[1]
				s.Inject(c.fault)
				start := time.Now()
				if c.body == nil {
					_ = users.Delete(t.Context(), ids[1])
				} else {
					_, _ = users.Update(t.Context(), ids[1], c.body)
				}
				took := time.Since(start)
				wg.Wait()
				if after := time.Since(start) - took; after > 300*time.Millisecond {
					t.Errorf("the other one still waits for %s", after)
				}
			})
		})
	}
}

// TestClearedAndNotSet breaks a cycle, and then the new value of the cleared object cannot be set.
func TestClearedAndNotSet(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := sandbox.New(func(b *sandbox.Behaviour) {
			b.Unique, b.Latency = []string{"email"}, 100*time.Millisecond
		})
		ids := withAddresses(s, "a", "b")
		s.Change(kind, ids[1], map[string]any{"detail_access": 2, "first_name": "changed meanwhile"})
		users := newClient(t, s).OrganizationUsers()
		var wg sync.WaitGroup
		wg.Go(func() {
			if _, err := users.Update(t.Context(), ids[0], address("b")); err != nil {
				t.Error(err)
			}
		})
		time.Sleep(10 * time.Millisecond)
		s.Configure(func(b *sandbox.Behaviour) {
			b.Refuse = func(method, _ string, body map[string]any) (int, any) {
				if email := body["email"]; method == http.MethodPatch && email == "a@example.com" && len(s.All(kind)) == 2 {
					if holder, _ := s.Get(kind, ids[0]); holder["email"] != "a@example.com" {
						return http.StatusForbidden, nil
					}
				}
				return 0, nil
			}
		})
		_, err := users.Update(t.Context(), ids[1], address("a"))
		wg.Wait()
		cleared, ok := errors.AsType[*client.ClearedError](err)
		if !ok || !slices.Equal(cleared.Fields, []string{"email"}) || !strings.Contains(err.Error(), "403") {
			t.Fatalf("%#v", err)
		}
		a, _ := s.Get(kind, ids[0])
		b, _ := s.Get(kind, ids[1])
		if a["email"] != "b@example.com" || b["email"] != nil {
			t.Errorf("%v\n%v", a, b)
		}
		// The fields that complete the body have the values of the API.
		clearing := slices.IndexFunc(s.Requests(), func(r sandbox.Request) bool { return r.Object() != nil && r.Object()["email"] == nil })
		want := map[string]any{"detail_access": 2.0, "first_name": "changed meanwhile", "email": nil}
		if body := s.Requests()[clearing].Object(); !maps.Equal(body, want) {
			t.Errorf("%v", body)
		}
	})
}

// TestNullIsRefused has a server that does not allow null for an address: nothing is lost, and the errors say that it is a cycle.
func TestNullIsRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := sandbox.New(func(b *sandbox.Behaviour) {
			b.Unique = []string{"email"}
			b.Refuse = func(_, _ string, body map[string]any) (int, any) {
				if email, sent := body["email"]; sent && email == nil {
					return http.StatusBadRequest, map[string]any{"email": []string{"This field may not be null."}}
				}
				return 0, nil
			}
		})
		ids := withAddresses(s, "a", "b")
		users := newClient(t, s).OrganizationUsers()
		var wg sync.WaitGroup
		for i, wanted := range []string{"b", "a"} {
			wg.Go(func() {
				_, err := users.Update(t.Context(), ids[i], address(wanted))
				if _, cleared := errors.AsType[*client.ClearedError](err); cleared || !conflictOf(t, err).Circular {
					t.Errorf("%#v", err)
				}
			})
		}
		wg.Wait()
		for i, own := range []string{"a", "b"} {
			if user, _ := s.Get(kind, ids[i]); user["email"] != own+"@example.com" {
				t.Errorf("%v", user)
			}
		}
	})
}

// TestClearingInDoubt breaks a cycle, and the response to the request that clears a value is lost: the error says so.
func TestClearingInDoubt(t *testing.T) {
	for name, last := range map[string]error{"once": nil, "each time": io.ErrUnexpectedEOF, "then refused": &net.OpError{Op: "dial", Err: syscall.ECONNREFUSED}} {
		synctest.Test(t, func(t *testing.T) {
			s := sandbox.New(func(b *sandbox.Behaviour) { b.Unique, b.Latency = []string{"email"}, 20*time.Millisecond })
			ids := withAddresses(s, "a", "b")
			lose := &loseNull{RoundTripper: s.Transport(), last: last}
			users := newClient(t, s, func(c *transport.Config) { c.Network, c.MaxRetries = lose, 2 }).OrganizationUsers()
			errs := make([]error, 2)
			var wg sync.WaitGroup
			for i, wanted := range []string{"b", "a"} {
				wg.Go(func() { _, errs[i] = users.Update(t.Context(), ids[i], address(wanted)) })
			}
			wg.Wait()
			for i, wanted := range []string{"b", "a"} {
				user, _ := s.Get(kind, ids[i])
				cleared, ok := errors.AsType[*client.ClearedError](errs[i])
				switch {
				case user["email"] == wanted+"@example.com" && errs[i] == nil:
				case user["email"] == nil && ok && last != nil && cleared.InDoubt && strings.Contains(errs[i].Error(), "connection"):
				default:
					t.Errorf("%s: %v has the error %#v", name, user["email"], errs[i])
				}
			}
		})
	}
}

// loseNull loses the response to the first PATCH that sets an e-mail address to null. The later ones end with an error if there is one.
type loseNull struct {
	http.RoundTripper
	last error
	done atomic.Bool
}

// RoundTrip implements http.RoundTripper.
func (l *loseNull) RoundTrip(req *http.Request) (*http.Response, error) {
	var body []byte
	if req.Body != nil {
		body, _ = io.ReadAll(req.Body)
		req.Body = io.NopCloser(bytes.NewReader(body))
	}
	null := bytes.Contains(body, []byte(`"email":null`))
	first := null && !l.done.Swap(true)
	if null && !first && l.last != nil {
		return nil, l.last
	}
	resp, err := l.RoundTripper.RoundTrip(req)
	if err == nil && first {
		resp.Body.Close()
		return nil, io.ErrUnexpectedEOF
	}
	return resp, err
}

// TestNullIsIgnored has a server that accepts null for an address, and keeps the address: the requests end, and if the server shows the
// address, the errors say that it is a cycle.
func TestNullIsIgnored(t *testing.T) {
	for _, hidden := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			s := sandbox.New(func(b *sandbox.Behaviour) {
				b.Unique, b.Latency = []string{"email"}, 20*time.Millisecond
				b.Rewrite = func(_ string, fields map[string]any) {
					if fields["email"] == nil {
						delete(fields, "email")
					}
				}
				if hidden {
					b.Hide = []string{"email"}
				}
			})
			ids := withAddresses(s, "a", "b")
			users := newClient(t, s).OrganizationUsers()
			var wg sync.WaitGroup
			for i, wanted := range []string{"b", "a"} {
				wg.Go(func() {
					_, err := users.Update(t.Context(), ids[i], address(wanted))
					conflict, ok := errors.AsType[*client.ConflictError](err)
					_, cleared := errors.AsType[*client.ClearedError](err)
					if !ok || !hidden && (cleared || !conflict.Circular) {
						t.Errorf("%#v", err)
					}
				})
			}
			wg.Wait()
			if n := len(s.Requests()); n > 30 {
				t.Errorf("%d requests", n)
			}
		})
	}
}

// TestTakenWithoutAField has a server that does not say which value is taken.
func TestTakenWithoutAField(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := sandbox.New()
		ids := withAddresses(s, "a", "b")
		s.Inject(sandbox.Fault{Method: http.MethodPatch, Path: ids[0], Status: http.StatusConflict, Body: `{"detail": "duplicate"}`})
		users := newClient(t, s).OrganizationUsers()
		time.AfterFunc(500*time.Millisecond, func() { _ = users.Delete(t.Context(), ids[1]) })
		if _, err := users.Update(t.Context(), ids[0], address("b")); err != nil {
			t.Error(err)
		}
	})
}

// identities adds protected identities of tenants with the given e-mail addresses, and returns their ids.
func identities(s *sandbox.Sandbox, tenants, addresses []string) []string {
	ids := make([]string, len(tenants))
	for i, tenant := range tenants {
		ids[i] = s.Put(sandbox.ProtectedIdentity, map[string]any{
			"tenant": map[string]any{"id": tenant}, "email": addresses[i], "ssn": "19900101-2385",
		})
	}
	return ids
}

// TestIdentitiesSwap lets two identities swap their e-mail addresses, which works, or their tenants, which does not. No address of a request
// has personal data.
func TestIdentitiesSwap(t *testing.T) {
	tenants := []string{"7e000000-0000-4000-8000-000000000001", "7e000000-0000-4000-8000-000000000002"}
	addresses := []string{"canary-one@example.com", "canary-two@example.com"}
	for _, field := range []string{"email", "tenant"} {
		t.Run(field, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := sandbox.New(func(b *sandbox.Behaviour) {
					b.Unique, b.ValidateAlone, b.Latency = []string{"email"}, true, 50*time.Millisecond
				})
				ids := identities(s, tenants, addresses)
				all := newClient(t, s).ProtectedIdentities()
				var wg sync.WaitGroup
				for i := range ids {
					changes := model.Body{"email": addresses[1-i]}
					if field == "tenant" {
						changes = model.Body{"tenant": model.Relation.Encode(tenants[1-i])}
					}
					wg.Go(func() {
						_, err := all.Change(t.Context(), ids[i], changes, nil)
						switch {
						case field == "email" && err != nil:
							t.Error(err)
						case field == "tenant":
							conflict := conflictOf(t, err)
							if !conflict.Circular || !slices.Equal(conflict.Holders["tenant"], []string{ids[1-i]}) {
								t.Errorf("%+v", conflict)
							}
						}
					})
				}
				wg.Wait()
				for i, id := range ids {
					now, _ := s.Get(sandbox.ProtectedIdentity, id)
					if want := addresses[map[bool]int{true: 1 - i, false: i}[field == "email"]]; now["email"] != want {
						t.Errorf("%v", now)
					}
				}
				tellNothing(t, s, "canary", "19900101-2385", "199001012385")
			})
		})
	}
}

// TestIdentityMustBeUnique creates an identity with the number or the e-mail address of another one, for which the client must not search.
func TestIdentityMustBeUnique(t *testing.T) {
	for field, value := range map[string]string{"email": "canary@example.com", "ssn": "19900101-2385", "phone_number": "+46701234567"} {
		synctest.Test(t, func(t *testing.T) {
			s := sandbox.New(func(b *sandbox.Behaviour) { b.Unique = []string{field} })
			tenant := map[string]any{"id": "7e000000-0000-4000-8000-000000000001"}
			id := s.Put(sandbox.ProtectedIdentity, map[string]any{"tenant": tenant})
			s.Put(sandbox.ProtectedIdentity, map[string]any{"sub_tenant": tenant, field: value})
			all := newClient(t, s).ProtectedIdentities()
			_, err := all.Create(t.Context(), model.Body{"tenant": model.Relation.Encode("7e000000-0000-4000-8000-000000000002"), field: value})
			if conflict := conflictOf(t, err); len(conflict.Holders) != 0 || !conflict.Failure.Fields[0].Taken {
				t.Errorf("%+v", conflict)
			}
			_, err = all.Update(t.Context(), id, model.Body{"tenant": model.Relation.Encode(tenant["id"]), field: value})
			if conflict := conflictOf(t, err); len(conflict.Holders) != 0 || strings.Contains(err.Error(), value) {
				t.Errorf("%+v", conflict)
			}
			tellNothing(t, s, value, strings.ReplaceAll(value, "-", ""), "canary", "701234567")
			for _, r := range s.Requests() {
				if strings.Contains(r.Path, "list") {
					t.Errorf("looks for it: %s", r.Path)
				}
			}
		})
	}
}

// tellNothing fails the test if the address of a request holds one of the values.
func tellNothing(t *testing.T, s *sandbox.Sandbox, values ...string) {
	t.Helper()
	for _, r := range s.Requests() {
		for _, value := range values {
			if strings.Contains(r.Path+fmt.Sprint(r.Query), value) {
				t.Errorf("%s %s %v", r.Method, r.Path, r.Query)
			}
		}
	}
}
