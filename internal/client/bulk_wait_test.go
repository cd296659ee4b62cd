package client

import (
	"context"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pigello/terraform-provider-pigello/internal/client/model"
	"github.com/pigello/terraform-provider-pigello/internal/client/transport"
)

// readers reads all ids in parallel, and returns the errors in the order of the ids.
func readers(ctx context.Context, users *Collection, ids []string) []error {
	errs := make([]error, len(ids))
	var all sync.WaitGroup
	for i, id := range ids {
		all.Go(func() { _, errs[i] = users.Read(ctx, id) })
	}
	all.Wait()
	return errs
}

// TestBulkReadIsFreshTheSecondTime reads a user again while a page with an older version of the user is in flight.
func TestBulkReadIsFreshTheSecondTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOrganization(100, true)
		o.latency = 100 * time.Millisecond // after the server has read its data
		users := newTestClient(t, o, bulk).OrganizationUsers()
		refresh(t, users, o.order[:5], 1, 0)
		var page sync.WaitGroup
		page.Go(func() { refresh(t, users, o.order[5:6], 1, 0) })
		time.Sleep(50 * time.Millisecond)
		synctest.Wait()
		if requests := strings.Join(o.requests, ", "); requests != "GET one, GET one, GET one, GET one, GET one, GET page 1" {
			t.Fatalf("no page is under way after %s, so that this test shows nothing", requests)
		}
		o.put(o.order[0], 1000)
		if object, err := users.Read(t.Context(), o.order[0]); err != nil || string(object["custom_id"]) != `"v1000"` {
			t.Errorf("the second read returns %s, %v", object["custom_id"], err)
		}
		page.Wait()
	})
}

// TestBulkReadServesAPageOnce reads a user of a page twice. The second read returns a change after the page.
func TestBulkReadServesAPageOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOrganization(60, true)
		o.latency = time.Millisecond
		users := newTestClient(t, o, bulk).OrganizationUsers()
		refresh(t, users, o.order[:30], 10, time.Millisecond)
		id, before := o.order[40], len(o.requests)
		if _, err := users.Read(t.Context(), id); err != nil || len(o.requests) != before {
			t.Fatalf("%v; nothing came from a page, so that this test shows nothing", err)
		}
		o.put(id, 1000)
		if object, err := users.Read(t.Context(), id); err != nil || string(object["custom_id"]) != `"v1000"` {
			t.Errorf("the second read returns %s, %v", object["custom_id"], err)
		}
	})
}

func TestBulkReadOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOrganization(100, true)
		o.latency = time.Millisecond
		refresh(t, newTestClient(t, o).OrganizationUsers(), o.order, 10, 0)
		for _, what := range o.requests {
			if what != "GET one" || len(o.requests) != 100 {
				t.Fatalf("without bulk reading, requests are %v", o.requests)
			}
		}
	})
}

func TestBulkReadCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOrganization(10, true)
		o.latency = 100 * time.Millisecond
		users := newTestClient(t, o, bulk).OrganizationUsers()
		canceled, cancel := context.WithCancel(t.Context())
		contexts := []context.Context{canceled, t.Context()} // of the reads that share a list, some are canceled
		var all sync.WaitGroup
		start := time.Now()
		for i, id := range o.order {
			all.Go(func() {
				if i == 0 { // the first read is sent alone
					_, _ = users.Read(t.Context(), id)
					return
				}
				time.Sleep(time.Duration(i) * time.Millisecond)
				_, err := users.Read(contexts[min(i/4, 1)], id)
				waited := time.Since(start)
				if i <= 3 && (!errors.Is(err, context.Canceled) || waited > 151*time.Millisecond) {
					t.Errorf("a cancelled read ended after %s with %v", waited, err)
				}
				if i > 3 && (err != nil || waited > 201*time.Millisecond) {
					t.Errorf("another one's cancellation let a read end after %s with %v", waited, err)
				}
			})
		}
		time.Sleep(150 * time.Millisecond)
		cancel()
		all.Wait()
		if len(o.requests) != 2 {
			t.Errorf("the requests are %v, want one for the first and one for all others", o.requests)
		}
	})
}

func TestBulkReadCancelledByAll(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOrganization(10, true)
		var ended atomic.Bool
		s := &server{}
		s.respond = func(req *http.Request) (*http.Response, error) {
			if s.sent() == 2 {
				<-req.Context().Done()
				ended.Store(true)
				return nil, req.Context().Err()
			}
			time.Sleep(time.Millisecond)
			return o.RoundTrip(req)
		}
		users := newTestClient(t, s, bulk).OrganizationUsers()
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(100*time.Millisecond, cancel)
		readers(ctx, users, o.order)
		synctest.Wait()
		if !ended.Load() {
			t.Error("nobody waits for a list any more, and it goes on")
		}
		// A canceled read leaves nothing behind.
		for i, err := range readers(t.Context(), users, o.order) {
			if err != nil {
				t.Errorf("read %d after the cancellation: %v", i, err)
			}
		}
	})
}

// TestBulkReadForgetsFailures lets two of three lists fail, but never three in a row.
func TestBulkReadForgetsFailures(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOrganization(1000, true)
		o.latency, o.cap = time.Millisecond, 100
		lists := 0
		s := &server{respond: func(req *http.Request) (*http.Response, error) {
			if strings.HasSuffix(req.URL.Path, "/list/") {
				if lists++; lists%3 != 0 {
					return respond(http.StatusBadGateway, "<html>"), nil
				}
			}
			return o.RoundTrip(req)
		}}
		got := refresh(t, newTestClient(t, s, bulk).OrganizationUsers(), o.order, 10, time.Millisecond)
		for _, id := range o.order {
			if want := o.custom(id); got[id] != want {
				t.Fatalf("read %q, want %q", got[id], want)
			}
		}
		if s.sent() > 400 {
			t.Errorf("with lists that fail now and then, 1,000 users take %d requests", s.sent())
		}
	})
}

// TestBulkReadWaves compares refreshes with and without bulk reading in an organization with few managed users, where no pages are fetched.
func TestBulkReadWaves(t *testing.T) {
	o := newOrganization(30_000, true)
	o.latency = 50 * time.Millisecond
	ids := slices.Clone(o.order)
	rand.New(rand.NewPCG(1, 2)).Shuffle(len(ids), func(i, j int) { ids[i], ids[j] = ids[j], ids[i] })
	took := map[bool]time.Duration{}
	for _, together := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			start := time.Now()
			o.requests = nil
			refresh(t, newTestClient(t, o, func(c *transport.Config) { c.BulkRead = together }).OrganizationUsers(), ids[:60], 10, 4*time.Millisecond)
			took[together] = time.Since(start)
		})
	}
	if len(o.requests) > 12 {
		t.Errorf("60 users take %d requests: %v", len(o.requests), o.requests)
	}
	// The reads of the first wave take one round trip more, and those of the five others an eighth more.
	if most := took[false] + 50*time.Millisecond*(1+1) + took[false]/4; took[true] > most {
		t.Errorf("a refresh takes %s together, %s one by one, at most %s are allowed", took[true], took[false], most)
	}
}

func TestBulkReadPatience(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOrganization(10, true)
		s := &server{}
		s.respond = func(req *http.Request) (*http.Response, error) {
			if s.sent() == 1 { // hangs
				<-req.Context().Done()
				return nil, req.Context().Err()
			}
			return o.RoundTrip(req)
		}
		users := newTestClient(t, s, bulk).OrganizationUsers()
		var all sync.WaitGroup
		for i, id := range o.order {
			all.Go(func() {
				time.Sleep(time.Duration(i) * time.Millisecond)
				start := time.Now()
				_, err := users.Read(t.Context(), id)
				if waited := time.Since(start); err != nil || i > 0 && waited > maxExtraTime {
					t.Errorf("read %d ended after %s with %v", i, waited, err)
				}
			})
		}
		all.Wait()
	})
}

func TestBulkReadNamesALongWait(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOrganization(100, true)
		s := inSequence(status(http.StatusTooManyRequests, "Retry-After", "3600"))
		users := newTestClient(t, s, bulk).OrganizationUsers()
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Minute)
		defer cancel()
		start := time.Now()
		for _, err := range readers(ctx, users, o.order) {
			if _, ok := errors.AsType[*transport.WaitError](err); !ok {
				t.Errorf("a read ends with %v", err)
			}
		}
		if waited := time.Since(start); waited > 0 {
			t.Errorf("it took %s to say that the wait would be too long", waited)
		}
	})
}

// TestOnlyReadsAreServedFromPages changes users, with this client and without it, after a page has shown them. The methods for data sources
// and look-ups always send a request, and so does a read of a user that this client has written.
func TestOnlyReadsAreServedFromPages(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOrganization(60, true)
		o.latency = time.Millisecond
		users := newTestClient(t, o, bulk).OrganizationUsers()
		refresh(t, users, o.order[:30], 10, time.Millisecond)
		byOthers, byUs := o.order[40], o.order[41]
		o.put(byOthers, 1000)
		if _, err := users.Update(t.Context(), byUs, model.Body{"custom_id": "v2000"}); err != nil {
			t.Fatal(err)
		}
		id, _ := model.OrganizationUser.Field("id")
		for wanted, want := range map[string]string{byOthers: `"v1000"`, byUs: `"v2000"`} {
			found, err := users.Find(t.Context(), id, wanted)
			if err != nil || len(found) != 1 || string(found[0]["custom_id"]) != want {
				t.Errorf("Find returns %s, %v, want %s", found, err, want)
			}
			for object, err := range users.Select(t.Context(), Selection{}) {
				if err != nil || object.ID() == wanted && string(object["custom_id"]) != want {
					t.Errorf("Select returns %s, %v, want %s", object["custom_id"], err, want)
				}
			}
			if object, err := users.Get(t.Context(), wanted); err != nil || string(object["custom_id"]) != want {
				t.Errorf("Get returns %s, %v, want %s", object["custom_id"], err, want)
			}
		}
		if object, err := users.Read(t.Context(), byUs); err != nil || string(object["custom_id"]) != `"v2000"` {
			t.Errorf("Read returns %s, %v, after this client has written", object["custom_id"], err)
		}
		before := len(o.requests)
		if _, err := users.Read(t.Context(), o.order[50]); err != nil || len(o.requests) != before {
			t.Errorf("%v; nothing came from a page, so that this test shows nothing", err)
		}
	})
}

// TestBulkReadOfWrittenUsers writes users on a server whose lists lag behind: a list still shows the old values long after the write.
func TestBulkReadOfWrittenUsers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOrganization(30, true)
		o.latency, o.lags = time.Millisecond, true
		users := newTestClient(t, o, bulk).OrganizationUsers()
		changed, deleted := o.order[20], o.order[21]
		if _, err := users.Update(t.Context(), strings.ToUpper(changed), model.Body{"custom_id": "v2000"}); err != nil {
			t.Fatal(err)
		}
		if err := users.Delete(t.Context(), strings.ToUpper(deleted)); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Hour)
		ids := slices.Clone(o.order)
		got := refresh(t, users, ids, 10, time.Millisecond)
		if got[changed] != "v2000" || got[deleted] != "absent" {
			t.Errorf("a changed user is read as %s, a deleted one as %s", got[changed], got[deleted])
		}
		if len(o.requests) > 12 {
			t.Errorf("the requests are %v", o.requests)
		}
	})
}

// TestBulkReadOfListsWithoutAField lets lists leave out a field. The first read is that of a user with null in the field, or of one who does not
// exist, or there are several first reads in parallel.
func TestBulkReadOfListsWithoutAField(t *testing.T) {
	for _, first := range []string{"null", "gone", "several", "a value, then null"} {
		synctest.Test(t, func(t *testing.T) {
			o := newOrganization(60, true)
			o.latency, o.omits = time.Millisecond, []string{"email"}
			if o.nulls = first == "a value, then null"; o.nulls {
				o.omits = nil
			}
			users := newTestClient(t, o, bulk).OrganizationUsers()
			ids := slices.Clone(o.order)
			var all sync.WaitGroup
			switch first {
			case "null":
				i := slices.IndexFunc(ids, func(id string) bool { return strings.Contains(o.users[id], "null") })
				readers(t.Context(), users, ids[i:i+1])
			case "a value, then null":
				i := slices.IndexFunc(ids, func(id string) bool { return !strings.Contains(o.users[id], "null") })
				readers(t.Context(), users, ids[i:i+1])
				ids = slices.Delete(ids, i, i+1)
			case "gone":
				all.Go(func() { readers(t.Context(), users, []string{randomUUID(rand.New(rand.NewPCG(1, 1)))}) })
				time.Sleep(o.latency / 2)
			}
			for _, id := range ids {
				all.Go(func() {
					object, err := users.Read(t.Context(), id)
					if want := between(o.users[id], `"email": `, "}"); err != nil || string(object["email"]) != want {
						t.Errorf("after a read of %s, the e-mail address is %s, %v, want %s", first, object["email"], err, want)
					}
				})
			}
			all.Wait()
		})
	}
}

// TestProbe: the probe is an object with all fields that lists have not shown, also if a later read has shown one of them.
func TestProbe(t *testing.T) {
	f := fieldCheck{documented: model.OrganizationUser.Fields}
	read := func(id, email string) {
		f.addRead(model.Object{"id": json.RawMessage(id), "email": json.RawMessage(email)})
	}
	read(`"a"`, "null")
	f.addList([]rawObject{{"x", json.RawMessage(`{"id": "x", "email": null}`)}})
	if !f.allInLists() || f.probe != "a" {
		t.Errorf("%+v", f)
	}
	read(`"b"`, `"b@example.com"`)
	read(`"c"`, `"c@example.com"`)
	if f.allInLists() || f.probe != "b" {
		t.Errorf("%+v", f)
	}
	f.addList([]rawObject{{"b", json.RawMessage(`{"id": "b", "email": "b@example.com"}`)}})
	if !f.allInLists() || !f.isComplete(model.Object{"id": json.RawMessage(`"d"`), "email": json.RawMessage("null")}) {
		t.Errorf("%+v", f)
	}
}

// TestBulkReadIgnoresCase reads users by ids in capital letters.
func TestBulkReadIgnoresCase(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOrganization(60, true)
		o.latency = time.Millisecond
		var ids []string
		for _, id := range o.order {
			ids = append(ids, strings.ToUpper(id))
		}
		got := refresh(t, newTestClient(t, o, bulk).OrganizationUsers(), ids, 10, time.Millisecond)
		for _, id := range ids {
			if want := o.custom(strings.ToLower(id)); got[id] != want {
				t.Errorf("read %q of %s, want %q", got[id], id, want)
			}
		}
		if len(o.requests) > 6 {
			t.Errorf("the requests are %v", o.requests)
		}
	})
}

// TestBulkReadOfManyAtOnce reads more users in parallel than one list of a server can have.
func TestBulkReadOfManyAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOrganization(20_000, true)
		o.latency, o.cap = time.Millisecond, maxIDs
		ids := o.order[10_000:10_300]
		refresh(t, newTestClient(t, o, bulk).OrganizationUsers(), ids, 100, time.Millisecond)
		if n := len(o.requests); n > 40 {
			t.Errorf("300 users, 100 at once, take %d requests: %v", n, o.requests)
		}
		time.Sleep(time.Minute)
	})
}
