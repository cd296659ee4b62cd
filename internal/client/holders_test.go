package client

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pigello/terraform-provider-pigello/internal/client/model"
	"github.com/pigello/terraform-provider-pigello/internal/client/transport"
)

// custom returns the key values of a new user with a custom_id.
func custom(value string) []KeyValue {
	field, _ := model.OrganizationUser.Field("custom_id")
	return []KeyValue{{Field: field, Value: value}}
}

// plan searches for the holders of the custom_id of many creations, some in parallel, like Terraform. It returns the ids that were found, and
// the errors.
func plan(t *testing.T, users *Collection, claimed []string, parallel int) (map[string][]string, []error) {
	t.Helper()
	var mu sync.Mutex
	found, errs := map[string][]string{}, []error{}
	next := make(chan string)
	var all sync.WaitGroup
	for range parallel {
		all.Go(func() {
			for value := range next {
				holders, err := users.Holders(t.Context(), custom(value))
				mu.Lock()
				if len(holders) > 0 && len(holders[0]) > 0 {
					found[value] = holders[0]
				}
				if err != nil {
					errs = append(errs, err)
				}
				mu.Unlock()
			}
		})
	}
	for _, value := range claimed {
		next <- value
	}
	close(next)
	all.Wait()
	return found, errs
}

// newKeys returns n values. Every tenth exists: the user with that number has it.
func newKeys(n int) []string {
	var values []string
	for i := range n {
		value := fmt.Sprintf("new%d", i)
		if i%10 == 0 {
			value = fmt.Sprintf("v%d", i)
		}
		values = append(values, value)
	}
	return values
}

// TestHolders checks that the same users are found on all servers, with few requests.
func TestHolders(t *testing.T) {
	for name, c := range map[string]struct {
		users, creations, parallel int
		odd                        func(*organization)
		most                       int
	}{
		"one":                        {1000, 1, 10, nil, 1},
		"few of many":                {20_000, 4, 10, nil, 1},
		"fifty":                      {300, 50, 10, nil, 2},
		"300":                        {300, 300, 10, nil, 2},
		"300, one by one":            {300, 300, 1, nil, 4},
		"300 at once":                {300, 300, 300, nil, 6},
		"300 of 2,000":               {2000, 300, 10, nil, 8},
		"300 of 20,000":              {20_000, 300, 10, nil, 31},
		"small pages":                {300, 300, 10, func(o *organization) { o.cap = 100 }, 6},
		"very small pages":           {3000, 300, 10, func(o *organization) { o.cap = 20 }, 62},
		"tiny pages":                 {300, 60, 10, func(o *organization) { o.cap = 10 }, 62},
		"tiny pages, few":            {300, 15, 10, func(o *organization) { o.cap = 10 }, 17},
		"large pages are refused":    {300, 300, 10, func(o *organization) { o.cap, o.refuses = 100, true }, 62},
		"404 behind the end":         {300, 300, 10, func(o *organization) { o.past = "404" }, 2},
		"the last page again":        {300, 300, 10, func(o *organization) { o.past = "repeat" }, 2},
		"no order":                   {1200, 300, 10, func(o *organization) { o.shuffles = true }, 40},
		"filters are ignored, few":   {15, 300, 10, func(o *organization) { o.unfilters = true }, 2},
		"filters are ignored, more":  {2000, 4, 10, func(o *organization) { o.unfilters = true }, 6},
		"filters are ignored, fifty": {2000, 50, 10, func(o *organization) { o.unfilters = true }, 7},
		"slow pages":                 {2000, 300, 10, func(o *organization) { o.perUser = 50 * time.Millisecond }, 31},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				o := newOrganization(c.users, true)
				o.latency = 20 * time.Millisecond
				if c.odd != nil {
					c.odd(o)
				}
				start := time.Now()
				found, errs := plan(t, newTestClient(t, o).OrganizationUsers(), newKeys(c.creations), c.parallel)
				if len(errs) > 0 {
					t.Errorf("%d errors, such as %v", len(errs), errs[0])
				}
				for i := 0; i < c.creations; i += 10 {
					value := fmt.Sprintf("v%d", i)
					if i >= c.users {
						if len(found[value]) > 0 {
							t.Errorf("%v have %s, want nobody", found[value], value)
						}
					} else if ids := found[value]; len(ids) != 1 || o.custom(ids[0]) != value {
						t.Errorf("%v have %s, want one who does", ids, value)
					}
				}
				if want := (min(c.creations, c.users) + 9) / 10; len(found) != want {
					t.Errorf("%d were found, want %d", len(found), want)
				}
				if len(o.requests) > c.most {
					t.Errorf("%d requests, want at most %d: %v", len(o.requests), c.most, o.requests)
				}
				if took := time.Since(start); took > 40*time.Second {
					t.Errorf("it took %s", took)
				}
			})
		})
	}
}

// TestHoldersBounded plans creations with an API that ignores filters and has too many users to read all of them.
func TestHoldersBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOrganization(20_000, true)
		o.unfilters = true
		_, errs := plan(t, newTestClient(t, o).OrganizationUsers(), newKeys(300), 10)
		if len(errs) != 300 || len(o.requests) > 15 {
			t.Errorf("%d errors and %d requests", len(errs), len(o.requests))
		}
	})
}

// TestHoldersFail plans creations while the API is down. After the first error nothing more is sent.
func TestHoldersFail(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := inSequence(status(http.StatusServiceUnavailable))
		_, errs := plan(t, newTestClient(t, s, retries(2)).OrganizationUsers(), newKeys(300), 10)
		if len(errs) != 300 || s.sent() > 1+3 {
			t.Errorf("%d errors and %d requests", len(errs), s.sent())
		}
	})
}

func TestHoldersCancelled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var ended bool
		s := &server{respond: func(req *http.Request) (*http.Response, error) {
			select {
			case <-time.After(10 * time.Second):
				return respond(http.StatusOK, "[]"), nil
			case <-req.Context().Done():
				ended = true
				return nil, req.Context().Err()
			}
		}}
		users := newTestClient(t, s).OrganizationUsers()
		canceled, cancel := context.WithCancel(t.Context())
		var all sync.WaitGroup
		ask := func(ctx context.Context, value string, canceled bool) {
			all.Go(func() {
				if _, err := users.Holders(ctx, custom(value)); errors.Is(err, context.Canceled) != canceled {
					t.Errorf("%s: %v", value, err)
				}
			})
		}
		ask(canceled, "a", true)
		ask(t.Context(), "b", false)
		time.Sleep(time.Second)
		cancel() // cancels one call; the search continues for the other
		all.Wait()
		if ended {
			t.Error("one creation's cancellation ended the search of another")
		}
		canceled, cancel = context.WithCancel(t.Context())
		ask(canceled, "c", true)
		time.Sleep(time.Second)
		ask(canceled, "d", true) // waits for the next search
		synctest.Wait()
		cancel()
		all.Wait()
		synctest.Wait()
		if !ended {
			t.Error("a search goes on for which nobody waits")
		}
	})
}

// TestHoldersOfUnsentValues compares a value that must not be sent with the known values.
func TestHoldersOfUnsentValues(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := newOrganization(10, true)
		users := newTestClient(t, o).OrganizationUsers()
		secret := custom("v3")
		secret[0].LocalOnly = true
		if found, err := users.Holders(t.Context(), secret); err != nil || len(found[0]) > 0 || len(o.requests) > 0 {
			t.Errorf("%v, %v, %v", found, err, o.requests)
		}
		plan(t, users, newKeys(20), 10)
		found, err := users.Holders(t.Context(), append(custom("v4"), secret...))
		if err != nil || len(found[0]) != 1 || len(found[1]) != 1 || o.custom(found[1][0]) != "v3" {
			t.Errorf("%v, %v", found, err)
		}
	})
}

// TestHoldersOfManyLongValues checks that no address is longer than servers accept.
func TestHoldersOfManyLongValues(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := inSequence(ok("[]"))
		users := newTestClient(t, s).OrganizationUsers()
		email, _ := model.OrganizationUser.Field("email")
		var values []KeyValue
		for i := range 50 {
			values = append(values, KeyValue{Field: email, Value: fmt.Sprintf("%d%s@EXAMPLE.com", i, strings.Repeat("x", 200))})
		}
		if _, err := users.Holders(t.Context(), values); err != nil {
			t.Fatal(err)
		}
		requested := map[string]bool{}
		for _, r := range s.requests {
			if n := len(r.URL.RawQuery); n > 4000 {
				t.Errorf("an address of %d bytes", n)
			}
			for address := range strings.SplitSeq(r.URL.Query().Get("email__in"), ",") {
				requested[address] = true
			}
		}
		for _, value := range values {
			if !requested[value.Value] || !requested[strings.ReplaceAll(value.Value, "EXAMPLE", "example")] {
				t.Errorf("%s was not asked for", value.Value)
			}
		}
	})
}

// TestHiddenValues searches for users by an e-mail address that the API hides, and finds the correct one.
func TestHiddenValues(t *testing.T) {
	for name, ignored := range map[string]bool{"filters": false, "no filters": true} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				emails := map[string]string{"a@example.com": theID}
				s := &server{respond: func(req *http.Request) (*http.Response, error) {
					query := req.URL.Query()
					requested := strings.Split(query.Get("email__in")+query.Get("email__iexact"), ",")
					if query.Has("email__iexact!") {
						requested = nil
					}
					for email, id := range emails {
						if slices.Contains(requested, email) || ignored {
							return respond(http.StatusOK, `[{"id": "`+id+`", "email": null}]`), nil
						}
					}
					return respond(http.StatusOK, "[]"), nil
				}}
				users := newTestClient(t, s).OrganizationUsers()
				email, _ := model.OrganizationUser.Field("email")
				found, err := users.Holders(t.Context(), []KeyValue{{Field: email, Value: "b@example.com"}, {Field: email, Value: "a@example.com"}})
				switch {
				case ignored && !errors.Is(err, errHidden):
					t.Errorf("%v, %v", found, err)
				case !ignored && (err != nil || len(found[0]) > 0 || !slices.Equal(found[1], []string{theID})):
					t.Errorf("%v, %v", found, err)
				}
			})
		})
	}
}

func TestHoldersRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := inSequence(status(http.StatusUnauthorized))
		_, errs := plan(t, newTestClient(t, s).OrganizationUsers(), newKeys(30), 10)
		for _, err := range errs {
			if e, ok := errors.AsType[*transport.Error](err); !ok || e.Status != http.StatusUnauthorized || transport.IsStopped(err) {
				t.Errorf("%v", err)
			}
		}
		if len(errs) != 30 || s.sent() != 1 {
			t.Errorf("%d errors and %d requests", len(errs), s.sent())
		}
	})
}
