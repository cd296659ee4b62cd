package client_test

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/client"
	"github.com/pigello/terraform-provider-pigello/internal/client/transport"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// many are the filters of one selection.
func many(pairs ...string) map[string]string {
	filters := map[string]string{}
	for pair := range slices.Chunk(pairs, 2) {
		filters[pair[0]] = pair[1]
	}
	return filters
}

// selected returns the custom ids of a selection.
func selected(t *testing.T, users *client.Collection, s client.Selection) []string {
	t.Helper()
	var found []string
	for object, err := range users.Select(t.Context(), s) {
		if err != nil {
			t.Fatalf("%v: %v", s, err)
		}
		found = append(found, strings.Trim(string(object["custom_id"]), `"`))
	}
	return found
}

// TestWhatIsAskedFor checks the query parameters: the API must return all objects that satisfy the filters.
func TestWhatIsAskedFor(t *testing.T) {
	const lower, upper = "497f6eca-6276-4993-bfeb-53cbbbba6f08", "497F6ECA-6276-4993-BFEB-53CBBBBA6F08"
	for _, c := range []struct {
		filters map[string]string
		want    string // the query; "" for none
	}{
		{many("first_name", "Å da"), "first_name=Å da"},
		{many("first_name__icontains!", "a&b=c"), "first_name__icontains!=a&b=c"},
		{many("custom_id__in", "a, b"), "custom_id__in=a, b"},
		{many("role_id", lower), "role=" + lower},
		{many("role", upper), "role__in=" + lower + "," + upper},
		{many("role_id__in!", upper), "role__in!=" + lower + "," + upper},
		{many("role_id__isnull!", "true"), "role__isnull!=true"},
		{many("external_client_ids", lower), "external_clients=" + lower},
		{many("external_clients__isnull", "true"), "external_clients__isnull=true"},
		{many("is_active", "true"), "is_active=true"},
		{many("detail_access__gte", "1", "detail_access__lt!", "2"), "detail_access__gte=1&detail_access__lt!=2"},
		{many("created_at__gt", "2026-01-01T00:00:00+02:00"), "created_at__gt=2026-01-01T00:00:00+02:00"},
		{many("email", "Ada@Example.com"), "email__iexact=Ada@Example.com"},
		{many("email!", "Ada@Example.com"), "email!=Ada@Example.com"},
		{many("email__iexact!", "Ada@Example.com"), "email__iexact!=Ada@Example.com"},
		{many("email__in", "Ada@Example.com"), "email__iexact=Ada@Example.com"},
		{many("email__in", "a@example.com,b@example.com"), ""},
		{many("email__in!", "a@example.com,b@example.com"), "email__in!=a@example.com,b@example.com"},
		{many("email__endswith", "@Example.com"), "email__iendswith=@Example.com"},
		{many("email__endswith!", "@Example.com"), "email__endswith!=@Example.com"},
		{many("email__icontains", "Ada"), "email__icontains=Ada"},
		{many("ssn", "19900101-2385"), "ssn__in=199001012385,19900101-2385,19900101+2385"},
		{many("ssn__iexact!", "199001012385"), "ssn__in!=199001012385,19900101-2385,19900101+2385"},
		{many("ssn__startswith", "19900101-2"), "ssn__startswith=19900101"},
		{many("ssn__istartswith", "1990"), "ssn__istartswith=1990"},
		{many("ssn__startswith!", "19900101-2"), "ssn__startswith!=199001012"},
		{many("ssn__endswith", "01-2385"), "ssn__endswith=2385"},
		{many("ssn__contains", "0101"), ""},
		{many("ssn__contains!", "01-01"), "ssn__contains!=0101"},
		{many("org_no__in", "556036-0793,2120000142"), "org_no__in=5560360793,556036-0793,2120000142,212000-0142"},
		{many("org_no__startswith", "55603607"), "org_no__startswith=556036"},
		{many("custom_id__isnull", "true"), ""},
		{many("custom_id__isnull!", "false"), ""},
		{many("custom_id__isnull", "false"), "custom_id__isnull=false"},
		{many("first_name__isnull", "true"), "first_name__isnull=true"},
		{many("birth_date__isnull", "true"), "birth_date__isnull=true"},
		{many("role", lower, "role_id", lower), "role=" + lower},
		{many("id__in", strings.Repeat(lower+",", 99)+lower), ""},
		{many("id__in", strings.Repeat(lower+",", 49)+lower), "id__in=" + strings.Repeat(lower+",", 49) + lower},
	} {
		s := sandbox.New()
		selected(t, newClient(t, s).OrganizationUsers(), client.Selection{Filters: c.filters})
		want := url.Values{"_page": {"1"}, "_page_size": {"500"}, "_order_by": {"id"}}
		for pair := range strings.SplitSeq(c.want, "&") {
			if strings.HasPrefix(pair, "b=") { // of an operand that looks like a query
				want.Set("first_name__icontains!", "a&"+pair)
				continue
			}
			name, value, ok := strings.Cut(pair, "=")
			if strings.HasSuffix(name, "!") || ok {
				want.Set(name, value)
			}
		}
		requests := s.Requests()
		if len(requests) != 1 || requests[0].Query.Encode() != want.Encode() {
			t.Errorf("%v asks for %v, want %v", c.filters, requests[0].Query, want)
		}
	}
}

func TestSearchAndSeveralFilters(t *testing.T) {
	s := sandbox.New()
	populate(s, 210)
	users := newClient(t, s).OrganizationUsers()
	all := selected(t, users, client.Selection{Filters: many("custom_id__isnull", "false")})
	found := selected(t, users, client.Selection{Search: "emp-1", Filters: many("custom_id__startswith", "emp", "custom_id__endswith!", "0")})
	var want []string
	for _, id := range all {
		if strings.HasPrefix(id, "emp-1") && !strings.HasSuffix(id, "0") {
			want = append(want, id)
		}
	}
	slices.Sort(want)
	if slices.Sort(found); len(want) < 10 || !slices.Equal(found, want) {
		t.Errorf("found %v, want %v", found, want)
	}
	if got := selected(t, users, client.Selection{Filters: many("role", uuid(0xabc), "role_id", uuid(0xdef))}); got != nil {
		t.Errorf("two filters of one field are not one: %v", got)
	}
}

// TestHidden lets the API hide e-mail addresses by returning null. Only the server can then decide who satisfies a filter, if it filters at all.
func TestHidden(t *testing.T) {
	for _, c := range []struct {
		filters  map[string]string
		honoured string
		ignored  string
	}{
		{many("email__iendswith", "@x.example"), "a b", ""},
		{many("email", "A@x.example"), "a", ""},
		{many("email__isnull", "false"), "a b c", ""},
		{many("email__isnull!", "true"), "a b c", ""},
		{many("email__isnull!", "false"), "n", "a b c n"},
		{many("email__iendswith!", "@x.example"), "c n", "a b c n"},
		{many("email__iendswith", "@x.example", "custom_id!", "a"), "b", ""},
		{many("email__in", "a@x.example,b@x.example"), "", ""}, // which the API cannot be asked for
	} {
		for _, ignores := range []bool{false, true} {
			s := sandbox.New()
			for _, name := range []string{"a", "b"} {
				s.Put(kind, map[string]any{"custom_id": name, "email": name + "@X.example"})
			}
			s.Put(kind, map[string]any{"custom_id": "c", "email": "c@y.example"})
			s.Put(kind, map[string]any{"custom_id": "n"})
			s.Configure(func(b *sandbox.Behaviour) { b.Hide, b.IgnoreFilters = []string{"email"}, ignores })
			found := selected(t, newClient(t, s).OrganizationUsers(), client.Selection{Filters: c.filters})
			want := c.honoured
			if ignores {
				want = c.ignored
			}
			if slices.Sort(found); strings.Join(found, " ") != want {
				t.Errorf("%v, filters ignored %t: %v, want %s", c.filters, ignores, found, want)
			}
			if n := len(s.Requests()); n > 3 {
				t.Errorf("%v: %d requests", c.filters, n)
			}
		}
	}
}

// TestLimit counts requests: reading ends when enough objects are found, and small selections request small pages.
func TestLimit(t *testing.T) {
	for _, c := range []struct {
		limit, found, requests int
		size                   string // of the first page
		filters                map[string]string
		behaviour              func(*sandbox.Behaviour)
	}{
		{limit: 1, found: 1, requests: 1, size: "20"},
		{limit: 30, found: 30, requests: 1, size: "30"},
		{limit: 700, found: 700, requests: 2, size: "500"},
		{limit: 5000, found: 1100, requests: 4, size: "500"},
		{limit: 0, found: 1100, requests: 4, size: "500"},
		{limit: 5, found: 0, requests: 1, size: "20", filters: many("custom_id", "nobody")},
		{limit: 5, found: 1, requests: 2, size: "20", filters: many("custom_id", "emp-7")},
		{limit: 0, found: 1, requests: 2, size: "500", filters: many("custom_id", "emp-7")},
		{limit: 5, found: 5, requests: 1, size: "20", filters: many("detail_access", "1")},
		// The server ignores the filter, so large pages follow after the small one.
		{limit: 5, found: 1, requests: 5, size: "20", filters: many("custom_id", "emp-1003"), behaviour: servers["ignores filters"].behaviour},
		{limit: 1, found: 1, requests: 2, size: "20", filters: many("custom_id", "emp-30"), behaviour: servers["ignores filters"].behaviour},
		{limit: 250, found: 250, requests: 3, size: "250", behaviour: func(b *sandbox.Behaviour) { b.PageCap = 100 }},
		{limit: 250, found: 250, requests: 4, size: "250", behaviour: func(b *sandbox.Behaviour) { b.PageCap, b.PageCapError = 100, true }},
		{limit: 0, found: 1100, requests: 1 + 1 + 55 + 1, size: "500", behaviour: func(b *sandbox.Behaviour) { b.PageCap, b.PageCapError = 20, true }},
	} {
		s := sandbox.New()
		for i := range 1100 {
			s.Put(kind, map[string]any{"id": uuid(i), "custom_id": fmt.Sprintf("emp-%d", i), "detail_access": i % 3})
		}
		if c.behaviour != nil {
			s.Configure(c.behaviour)
		}
		found := selected(t, newClient(t, s).OrganizationUsers(), client.Selection{Filters: c.filters, Limit: c.limit})
		requests := s.Requests()
		if len(found) != c.found || len(requests) != c.requests || requests[0].Query.Get("_page_size") != c.size {
			t.Errorf("%+v: %d found, %d requests, the first page of %s", c, len(found), len(requests), requests[0].Query.Get("_page_size"))
		}
	}
}

// TestSelectFails checks that a selection that cannot be read completely ends with an error, with and without an order, and that an invalid
// selection sends no request.
func TestSelectFails(t *testing.T) {
	for _, by := range [][]string{nil, {"custom_id"}} {
		s := sandbox.New()
		populate(s, 210)
		s.Configure(func(b *sandbox.Behaviour) { b.PageCap = 100 })
		s.Inject(sandbox.Fault{Times: 2, Header: http.Header{"X-Nothing": {""}}}, sandbox.Fault{Status: http.StatusForbidden})
		n := 0
		var failure error
		for object, err := range newClient(t, s).OrganizationUsers().Select(t.Context(), client.Selection{OrderBy: by}) {
			if failure != nil {
				t.Error("the selection goes on after an error")
			}
			if failure = err; object != nil {
				n++
			}
		}
		var e *transport.Error
		if !errors.As(failure, &e) || e.Status != http.StatusForbidden || by != nil && n > 0 {
			t.Errorf("by %v: %d objects, then %v", by, n, failure)
		}
	}
	for _, s := range []client.Selection{
		{Filters: many("nothing", "x")}, {Filters: many("email__gt", "x")}, {Filters: many("ssn", "canary")}, {OrderBy: []string{"id", "tags"}},
	} {
		box := sandbox.New()
		var failure error
		for _, err := range newClient(t, box).OrganizationUsers().Select(t.Context(), s) {
			failure = err
		}
		if failure == nil || strings.Contains(failure.Error(), "canary") || len(box.Requests()) > 0 {
			t.Errorf("%v: %v, %d requests", s, failure, len(box.Requests()))
		}
	}
	// If a value cannot be decoded or compared, it is not known whether the object satisfies the filter.
	for field, value := range map[string]string{"detail_access": `{"canary": 1}`, "created_at": `"canary"`, "birth_date": `"canary"`} {
		users := newClient(t, sandbox.New(), responding(`[{"id": "`+uuid(1)+`", "`+field+`": `+value+`}]`)).OrganizationUsers()
		operand := map[string]string{"detail_access": "1", "created_at": "2026-01-01T00:00:00Z", "birth_date": "2026-01-01"}[field]
		var failure error
		for _, err := range users.Select(t.Context(), client.Selection{Filters: many(field+"__lte", operand)}) {
			failure = err
		}
		if failure == nil || strings.Contains(failure.Error(), "canary") || !strings.Contains(failure.Error(), field) {
			t.Errorf("%s: %v", field, failure)
		}
	}
}
