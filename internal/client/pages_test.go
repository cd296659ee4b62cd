package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/pigello/terraform-provider-pigello/internal/client/model"
	"github.com/pigello/terraform-provider-pigello/internal/client/transport"
)

// collection is a server with some objects. The fields change its behaviour.
type collection struct {
	objects  int
	most     int  // most objects in a page
	cycles   bool // past the end, the last page again
	gone     bool // past the end, a 404
	shuffles bool // the objects of a page in any order
	overlaps bool // each page begins with the last object of the previous page
	endless  bool // each page has new objects
	spoil    int  // the page with the response wrong
	wrong    func() (*http.Response, error)
}

func (c collection) server(t *testing.T) *server {
	return &server{respond: func(req *http.Request) (*http.Response, error) {
		query := req.URL.Query()
		page, err := strconv.Atoi(query.Get("_page"))
		size, err2 := strconv.Atoi(query.Get("_page_size"))
		if err != nil || err2 != nil || page < 1 || size < 1 {
			t.Errorf("the page is asked for with %v", query)
		}
		if page == c.spoil {
			return c.wrong()
		}
		if c.endless {
			return respond(200, fmt.Sprintf(`[{"id": %q}]`, uuidOf(page))), nil
		}
		if c.most > 0 {
			size = min(size, c.most)
		}
		last := max(1, (c.objects+size-1)/size)
		if page > last && c.gone {
			return respond(404, `{"detail": "Invalid page."}`), nil
		}
		if page > last && c.cycles {
			page = last
		}
		list := []string{}
		from := (page - 1) * size
		if c.overlaps && from > 0 {
			from--
		}
		for i := from; i < min(page*size, c.objects); i++ {
			list = append(list, fmt.Sprintf(`{"id": %q, "custom_id": "c-%d"}`, uuidOf(i), i))
		}
		if c.shuffles {
			rand.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		}
		return respond(200, "["+strings.Join(list, ",")+"]"), nil
	}}
}

func TestList(t *testing.T) {
	for _, n := range []int{0, 1, 499, 500, 501, 1000, 1203} {
		for name, c := range map[string]collection{
			"plain":                  {},
			"caps the page":          {most: 100},
			"caps the page oddly":    {most: 7},
			"one at a time":          {most: 1},
			"repeats the last page":  {cycles: true},
			"caps and repeats":       {most: 100, cycles: true},
			"404 past the end":       {gone: true},
			"caps, 404 past the end": {most: 100, gone: true},
			"shuffles":               {shuffles: true},
			"moves while it is read": {most: 100, overlaps: true, shuffles: true},
			"everything on one page": {cycles: true, most: 500},
		} {
			t.Run(fmt.Sprintf("%s, %d", name, n), func(t *testing.T) {
				c.objects = n
				s := c.server(t)
				seen := map[string]int{}
				for object, err := range newTestClient(t, s).OrganizationUsers().List(t.Context(), nil) {
					if err != nil {
						t.Fatal(err)
					}
					seen[object.ID()]++
				}
				if len(seen) != n {
					t.Errorf("%d objects, want %d", len(seen), n)
				}
				for id, times := range seen {
					if times != 1 {
						t.Errorf("%s comes %d times", id, times)
					}
				}
				if name == "plain" && s.sent() > n/pageSize+2 {
					t.Errorf("%d requests for %d objects", s.sent(), n)
				}
			})
		}
	}
}

// TestListFails checks that a list that cannot be read completely ends with an error.
func TestListFails(t *testing.T) {
	for name, wrong := range map[string]func() (*http.Response, error){
		"401": status(401), "403": status(403), "500": status(500), "503": status(503), "301": status(301), "400": status(400),
		"a broken connection": broken(connectionErrors["reset"]), "an empty object": ok("{}"), "null": ok("null"),
		"a page": ok("<html>"), "nothing": ok(""), "half": ok(`[{"id": "`), "an object": ok(theObject), "texts": ok(`["a"]`),
		"no ids": ok(`[{}]`), "an envelope": ok(`{"results": [` + theObject + `]}`), "a null": ok(`[null]`),
	} {
		for page := 1; page <= 3; page++ {
			synctest.Test(t, func(t *testing.T) {
				c := collection{objects: 300, most: 100, spoil: page, wrong: wrong}
				users := newTestClient(t, c.server(t), retries(1)).OrganizationUsers()
				n := 0
				var failure error
				for object, err := range users.List(t.Context(), nil) {
					if failure != nil {
						t.Fatalf("%s: the list goes on after %v", name, failure)
					}
					if failure = err; err == nil && object.ID() != "" {
						n++
					}
				}
				var e *transport.Error
				if !errors.As(failure, &e) || n != (page-1)*100 || transport.IsNotFound(failure) {
					t.Errorf("%s on page %d: %d objects, then %v", name, page, n, failure)
				}
				m, _ := users.Entity.Field("custom_id")
				found, err := users.Find(t.Context(), m, "c-1")
				if err == nil || found != nil {
					t.Errorf("%s on page %d: found %d, %v", name, page, len(found), err)
				}
			})
		}
	}
	for _, code := range []int{404, 410} {
		for _, err := range newTestClient(t, inSequence(status(code))).OrganizationUsers().List(t.Context(), nil) {
			if err == nil {
				t.Errorf("a first page with %d is no empty list", code)
			}
		}
	}
}

// TestListOfManyPages reads lists with many small pages.
func TestListOfManyPages(t *testing.T) {
	for _, c := range []collection{{objects: 2500, most: 1}, {objects: 2500, most: 1, cycles: true}, {objects: 5001, most: 2, gone: true}} {
		s := c.server(t)
		n := 0
		for _, err := range newTestClient(t, s).OrganizationUsers().List(t.Context(), nil) {
			if err != nil {
				t.Fatal(err)
			}
			n++
		}
		if pages := (c.objects + c.most - 1) / c.most; n != c.objects || s.sent() != pages+1 {
			t.Errorf("%+v: %d objects, %d requests", c, n, s.sent())
		}
	}
}

// TestListWithoutAnEnd reads a list with new objects on every page, until the deadline: that is an error, and not the end of the list.
func TestListWithoutAnEnd(t *testing.T) {
	s := collection{endless: true}.server(t)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var last error
	n := 0
	for _, err := range newTestClient(t, s).OrganizationUsers().List(ctx, nil) {
		if last = err; err == nil {
			n++
		}
		if n == 3000 {
			cancel()
		}
	}
	if !errors.Is(last, context.Canceled) || n != 3000 {
		t.Errorf("%d objects, %d requests, %v", n, s.sent(), last)
	}
}

func TestListEndsEarly(t *testing.T) {
	for _, after := range []int{1, 100, 101} {
		s := collection{objects: 1000, most: 100}.server(t)
		n := 0
		for _, err := range newTestClient(t, s).OrganizationUsers().List(t.Context(), model.Query{"custom_id": "x"}) {
			if err != nil {
				t.Fatal(err)
			}
			if n++; n == after {
				break
			}
		}
		if want := (after + 99) / 100; s.sent() != want {
			t.Errorf("%d requests for %d objects, want %d", s.sent(), after, want)
		}
	}
}

// TestFind lets the server ignore the filter: the comparison of the client decides.
func TestFind(t *testing.T) {
	row := func(n int, field, value string) string {
		encoded, _ := json.Marshal(value)
		return fmt.Sprintf(`{"id": %q, %q: %s}`, uuidOf(n), field, encoded)
	}
	for _, c := range []struct {
		field, value string
		rows         []string // those that match first
		matches      int
		query        []string
	}{
		{"custom_id", "c-1", []string{"c-1", "C-1", "c-1 ", "c-10", ""}, 1, []string{"custom_id=c-1"}},
		{"email", "Ada@Example.com", []string{"Ada@Example.com", "Ada@EXAMPLE.COM", "ada@example.com", "ada@example.org"}, 2, []string{"email__iexact=Ada@Example.com"}},
		{"ssn", "19900101-2385", []string{"199001012385", "19900101-2385", "19900101+2385", "198001012385"}, 3, []string{"ssn__in=199001012385,19900101-2385,19900101+2385"}},
		{"ssn", "199001012385", []string{"199001012385", "19900101-2385", "9001012385"}, 2, []string{"ssn__in=199001012385,19900101-2385,19900101+2385"}},
		{"org_no", "5560360793", []string{"556036-0793", "5560360793", "165560360793", "556036-0794"}, 3, []string{"org_no__in=5560360793,556036-0793"}},
		{"username", "ada", []string{"ada", "Ada"}, 1, []string{"username=ada"}},
	} {
		t.Run(c.field+" "+c.value, func(t *testing.T) {
			var rows, queries []string
			for i, value := range c.rows {
				rows = append(rows, row(i, c.field, value))
			}
			rows = append(rows, fmt.Sprintf(`{"id": %q, %q: null}`, uuidOf(100), c.field), fmt.Sprintf(`{"id": %q}`, uuidOf(101)))
			s := &server{respond: func(req *http.Request) (*http.Response, error) {
				for name, values := range req.URL.Query() {
					if !strings.HasPrefix(name, "_") {
						queries = append(queries, name+"="+strings.Join(values, "|"))
					}
				}
				return respond(200, "["+strings.Join(rows, ",")+"]"), nil
			}}
			users := newTestClient(t, s).OrganizationUsers()
			m, known := users.Entity.Field(c.field)
			found, err := users.Find(t.Context(), m, c.value)
			if !known || err != nil || len(found) != c.matches {
				t.Fatalf("found %d, %v", len(found), err)
			}
			for i, object := range found {
				if object.ID() != uuidOf(i) {
					t.Errorf("found %s", object.ID())
				}
			}
			if got := slices.Compact(queries); !slices.Equal(got, c.query) {
				t.Errorf("asked for %v, want %v", got, c.query)
			}
		})
	}
	s := inSequence(ok(fmt.Sprintf(`[{"id": %q, "email": {"canary": 1}}]`, theID)))
	users := newTestClient(t, s).OrganizationUsers()
	m, _ := users.Entity.Field("email")
	if found, err := users.Find(t.Context(), m, "a@b.example"); err == nil || found != nil || strings.Contains(err.Error(), "canary") {
		t.Errorf("a field that cannot be read: %v, %v", found, err)
	}
}

// TestFindIDInEitherCase searches for a relation on a server that compares ids as text.
func TestFindIDInEitherCase(t *testing.T) {
	lower := "abcdefab-0000-4000-8000-abcdefabcdef"
	upper := strings.ToUpper(lower)
	for _, stored := range []string{lower, upper, ""} {
		for _, given := range []string{lower, upper} {
			s := &server{respond: func(req *http.Request) (*http.Response, error) {
				query := req.URL.Query()
				requested := strings.Split(query.Get("tenant")+query.Get("tenant__in"), ",")
				if stored == "" || query.Get("_page") != "1" || !slices.Contains(requested, stored) {
					return respond(200, "[]"), nil
				}
				return respond(200, fmt.Sprintf(`[{"id": %q, "tenant": {"id": %q}}]`, theID, stored)), nil
			}}
			identities := newTestClient(t, s).ProtectedIdentities()
			tenant, _ := identities.Entity.Field("tenant")
			found, err := identities.Find(t.Context(), tenant, given)
			if want := min(len(stored), 1); err != nil || len(found) != want {
				t.Errorf("stored %q, given %q: %d found, %v", stored, given, len(found), err)
			}
			if s.sent() > 3 {
				t.Errorf("stored %q, given %q: %d requests", stored, given, s.sent())
			}
		}
	}
}
