package client_test

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pigello/terraform-provider-pigello/internal/client"
	"github.com/pigello/terraform-provider-pigello/internal/client/transport"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// shuffling are servers that do not keep the order or the pages.
var shuffling = map[string]func(*sandbox.Behaviour){
	"shuffles": func(b *sandbox.Behaviour) { b.IgnoreOrder, b.ShuffleUnordered, b.PageCap = true, true, 100 },
	"shuffles, 404": func(b *sandbox.Behaviour) {
		b.IgnoreOrder, b.ShuffleUnordered, b.PageCap, b.PastEnd = true, true, 70, "404"
	},
	"shuffles, repeats": func(b *sandbox.Behaviour) {
		b.IgnoreOrder, b.ShuffleUnordered, b.PageCap, b.PastEnd = true, true, 50, "repeat"
	},
	"ignores order": func(b *sandbox.Behaviour) { b.IgnoreOrder, b.PageCap = true, 100 },
	"refuses, shuffles": func(b *sandbox.Behaviour) {
		b.IgnoreOrder, b.ShuffleUnordered, b.PageCap, b.PageCapError, b.IgnoreFilters = true, true, 60, true, true
	},
	"keeps order": func(b *sandbox.Behaviour) { b.PageCap = 30 },
}

// TestNothingIsLostOrDoubled reads lists that change their order at every page. The order is random, so each list is read several times.
func TestNothingIsLostOrDoubled(t *testing.T) {
	for name, behaviour := range shuffling {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, n := range []int{0, 1, 50, 99, 101, 210} {
				s := sandbox.New()
				populate(s, n)
				s.Configure(behaviour)
				want := map[string]bool{}
				for _, object := range s.All(kind) {
					want[object["id"].(string)] = true
				}
				for range 2 {
					compare(t, newClient(t, s).OrganizationUsers(), client.Selection{}, want)
				}
			}
		})
	}
}

// TestOrder orders by fields of all kinds, on servers that order and on servers that do not, with and without a limit.
func TestOrder(t *testing.T) {
	rows := make([]map[string]any, 130)
	for i := range rows {
		n := (i * 37) % len(rows) // none of the orders is that of the store
		rows[i] = map[string]any{
			"id": uuid(1 + (i*53)%len(rows)), "custom_id": fmt.Sprintf("emp-%03d", n), "detail_access": n % 3, "is_active": n%2 == 0,
			"created_at": time.Date(2026, 1, 1, 0, n, 0, n%2*1000, time.FixedZone("", n%5*3600)).Format(time.RFC3339Nano),
			"birth_date": fmt.Sprintf("19%02d-01-01", 10+n%80), "first_name": []string{"Ada", "Bo", "Cleo", "Dora"}[n%4],
		}
		if n%6 == 0 {
			rows[i]["birth_date"] = nil
		}
	}
	key := func(row map[string]any, field string) string { // that orders as the field does, null last
		switch v := row[field].(type) {
		case nil:
			return "~"
		case int:
			return fmt.Sprintf("%09d", v)
		case bool:
			return fmt.Sprint(map[bool]int{true: 1}[v])
		case string:
			if at, err := time.Parse(time.RFC3339Nano, v); err == nil {
				return fmt.Sprint(at.UnixMicro())
			}
			return v
		}
		panic(field)
	}
	behaviours := map[string]func(*sandbox.Behaviour){"plain": func(*sandbox.Behaviour) {}}
	maps.Copy(behaviours, shuffling)
	for name, behaviour := range behaviours {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := sandbox.New()
			for _, row := range rows {
				s.Put(kind, row)
			}
			s.Configure(behaviour)
			users := newClient(t, s).OrganizationUsers()
			for i, by := range [][]string{
				{"id"}, {"-id"}, {"custom_id"}, {"-custom_id", "id"}, {"created_at"}, {"-created_at"}, {"birth_date"}, {"-birth_date", "first_name"},
				{"detail_access", "-first_name", "is_active"}, {"-is_active"}, {"first_name", "-created_at", "role_id"},
			} {
				sorted := slices.Clone(rows)
				slices.SortFunc(sorted, func(a, b map[string]any) int {
					for _, field := range append(slices.Clone(by), "id") {
						if field == "role_id" { // no user has one
							continue
						}
						field, descending := strings.CutPrefix(field, "-")
						n := cmp.Compare(key(a, field), key(b, field))
						if descending {
							n = -n
						}
						if n != 0 {
							return n
						}
					}
					return 0
				})
				limits := []int{0, 1, 7, 25, 129, 500}
				if strings.Contains(name, "shuffles") { // which takes many readings
					if i%2 == 0 {
						continue
					}
					limits = limits[i/2%len(limits):][:1]
				}
				for _, limit := range limits {
					var want []string
					for i, row := range sorted {
						if limit == 0 || i < limit {
							want = append(want, row["custom_id"].(string))
						}
					}
					got := selected(t, users, client.Selection{OrderBy: by, Limit: limit})
					if !slices.Equal(got, want) {
						t.Errorf("by %v, at most %d: %d %v, want %d %v", by, limit, len(got), got[:min(4, len(got))], len(want), want[:min(4, len(want))])
					}
				}
			}
		})
	}
}

// TestServersAlphabet checks that the order of the server wins if it sorts texts in another way than the client.
func TestServersAlphabet(t *testing.T) {
	for _, names := range []string{
		"ada Ada Bo bo cleo Zoe", "Ada Bo Zoe ada bo cleo", "Zorro Ådal Ärlig Öman", "Ärlig Zorro", "Äzta Zabo", "de-la dela de-lb", "dela de-la delb",
		"null ada null", "a.b@x.example ab@x.example", "ab@x.example a.c@x.example",
	} {
		var rows []string
		for i, name := range strings.Fields(names) {
			rows = append(rows, strings.ReplaceAll(fmt.Sprintf(`{"id": %q, "custom_id": %q}`, uuid(9-i), name), `"null"`, "null"))
		}
		users := newClient(t, sandbox.New(), responding("["+strings.Join(rows, ",")+"]")).OrganizationUsers()
		if got := selected(t, users, client.Selection{OrderBy: []string{"custom_id"}}); strings.Join(got, " ") != names {
			t.Errorf("%v comes as %v", names, got)
		}
	}
	// A server may order a relation by the name of the other object.
	byRole := fmt.Sprintf(`[{"id": %q, "custom_id": "x", "role": {"id": %q}}, {"id": %q, "custom_id": "y", "role": {"id": %q}}]`, uuid(1), uuid(8), uuid(2), uuid(7))
	users := newClient(t, sandbox.New(), responding(byRole)).OrganizationUsers()
	if got := selected(t, users, client.Selection{OrderBy: []string{"role_id"}}); strings.Join(got, " ") != "x y" {
		t.Errorf("by role: %v", got)
	}
	for _, names := range []string{"b a", "a c b", "null b a"} {
		var rows []string
		for i, name := range strings.Fields(names) {
			rows = append(rows, strings.ReplaceAll(fmt.Sprintf(`{"id": %q, "custom_id": %q}`, uuid(9-i), name), `"null"`, "null"))
		}
		users := newClient(t, sandbox.New(), responding("["+strings.Join(rows, ",")+"]")).OrganizationUsers()
		want := strings.Fields(names)
		slices.SortFunc(want, func(a, b string) int {
			return cmp.Or(cmp.Compare(strings.Count(a, "null"), strings.Count(b, "null")), cmp.Compare(strings.ToLower(a), strings.ToLower(b)))
		})
		if got := selected(t, users, client.Selection{OrderBy: []string{"custom_id"}}); !slices.Equal(got, want) {
			t.Errorf("%v comes as %v, want %v", names, got, want)
		}
	}
}

// responding returns an option for an API that sends the same response to all requests.
func responding(body string) func(*transport.Config) {
	return func(c *transport.Config) {
		c.Network = roundTripper(func(req *http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: http.StatusOK, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), Request: req}, nil
		})
	}
}

type roundTripper func(*http.Request) (*http.Response, error)

func (f roundTripper) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }
