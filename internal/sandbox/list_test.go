package sandbox_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// people stores four users whose custom ids are their names.
func people(f *fixture) map[string]string {
	relation := func(id string) map[string]string { return map[string]string{"id": id} }
	ids := map[string]string{}
	for i, fields := range []map[string]any{
		{"custom_id": "dora", "first_name": "Dora", "email": "Dora@Example.com", "detail_access": 2, "birth_date": "1990-05-01"},
		{"custom_id": "adam", "first_name": "Adam", "email": "adam@example.com", "detail_access": 0, "is_active": false,
			"external_clients": []any{relation(someID), relation(otherID)}},
		{"custom_id": "cleo", "first_name": "Cleo", "email": nil, "detail_access": 1, "birth_date": "1980-01-31",
			"role": relation(someID), "external_clients": []any{relation(otherID)}},
		{"custom_id": "bert", "first_name": "Bert", "email": "bert@other.org", "detail_access": 1, "birth_date": "1985-12-24",
			"role": relation(otherID), "ssn": "19121212-1212", "active_to": "2030-01-01T00:00:00+02:00"},
	} {
		fields["id"] = fmt.Sprintf("%d0000000-0000-4000-8000-000000000000", 9-i)
		fields["created_at"] = fmt.Sprintf("2026-01-0%dT12:00:00Z", i+1)
		ids[fields["custom_id"].(string)] = f.Put(sandbox.OrganizationUser, fields)
	}
	return ids
}

func TestFilters(t *testing.T) {
	f := start(t)
	ids := people(f)
	for _, c := range []struct{ query, want string }{
		{"", "dora adam cleo bert"},
		{"custom_id=cleo", "cleo"},
		{"custom_id!=cleo", "dora adam bert"},
		{"custom_id__in=cleo,adam,nobody", "adam cleo"},
		{"custom_id__in!=cleo,adam", "dora bert"},
		{"email=dora@example.com", ""},
		{"email__iexact=dora@example.com", "dora"},
		{"email__contains=Example", "dora"},
		{"email__icontains=EXAMPLE", "dora adam"},
		{"email__startswith=a", "adam"},
		{"email__istartswith=D", "dora"},
		{"email__endswith=.org", "bert"},
		{"email__iendswith=.ORG", "bert"},
		{"email__iendswith!=.ORG", "dora adam cleo"},
		{"email__isnull=true", "cleo"},
		{"email__isnull!=true", "dora adam bert"},
		{"email__isnull=false", "dora adam bert"},
		{"detail_access=1", "cleo bert"},
		{"detail_access__gte=1&detail_access__lt=2", "cleo bert"},
		{"detail_access__in=0,2", "dora adam"},
		{"birth_date__gt=1985-12-24", "dora"},
		{"birth_date__lte=1985-12-24", "cleo bert"},
		{"birth_date__gt!=1985-12-24", "adam cleo bert"},
		{"created_at__gte=2026-01-03T13:00:00%2B01:00", "cleo bert"},
		{"created_at__lt=2026-01-02", "dora"},
		{"active_to=2029-12-31T22:00:00Z", "bert"},
		{"is_active=false", "adam"},
		{"is_active__in=true,false", "dora adam cleo bert"},
		{"role=" + strings.ToUpper(someID), "cleo"},
		{"role__in=" + someID + "," + otherID, "cleo bert"},
		{"role__isnull%21=true", "cleo bert"},
		{"external_clients=" + otherID, "adam cleo"},
		{"external_clients!=" + someID, "dora cleo bert"},
		{"external_clients__isnull=true", "dora bert"},
		{"id=" + ids["bert"], "bert"},
		{"id__in=" + ids["bert"] + "," + otherID + "," + ids["dora"] + "," + ids["bert"], "dora bert"},
		{"id__in=" + ids["bert"] + "," + ids["dora"] + "&_order_by=id", "bert dora"},
		{"id__in!=" + ids["bert"], "dora adam cleo"},
		{"id=" + ids["bert"] + "&custom_id=cleo", ""},
		{"ssn=191212121212", ""},
		{"_search=EXAMPLE.com", "dora adam"},
		{"_search=bert&detail_access=2", ""},
		{"_order_by=custom_id", "adam bert cleo dora"},
		{"_order_by=-custom_id", "dora cleo bert adam"},
		{"_order_by=detail_access,-custom_id", "adam cleo bert dora"},
		{"_order_by=detail_access%2Ccustom_id", "adam bert cleo dora"},
		{"_order_by=birth_date", "cleo bert dora adam"},
		{"_order_by=-birth_date", "adam dora bert cleo"},
		{"_order_by=-created_at", "bert cleo adam dora"},
		{"_order_by=id", "bert cleo adam dora"},
		{"_order_by=-id", "dora adam cleo bert"},
		{"_page=1&_page_size=3", "dora adam cleo"},
		{"_page=2&_page_size=3", "bert"},
		{"_page=3&_page_size=3", ""},
		{"_page=2147483647&_page_size=2147483647", ""},
		{"_page=2&_page_size=1&_order_by=custom_id&detail_access=1", "cleo"},
	} {
		got := strings.Trim(fmt.Sprint(f.list(users, c.query, "custom_id")), "[]")
		if got != c.want {
			t.Errorf("%s: %q, want %q", c.query, got, c.want)
		}
	}
	for _, query := range []string{
		"nickname=x", "role_id=" + someID, "custom_id__regex=x", "custom_id__gt=x", "role__gt=" + someID, "tags=x", "full_name=x",
		"email__isnull=maybe", "detail_access=one", "is_active=perhaps", "role=admin", "birth_date__gt=soon", "created_at=soon",
		"_order_by=nickname", "_order_by=external_clients", "_page=1", "_page_size=1", "_page=0&_page_size=1",
		"_page=1&_page_size=0", "_page=a&_page_size=1", "_slim=maybe", "_statistics=true",
	} {
		f.do("GET", users+"list/?"+query, "", 400)
	}
}

func TestCaseSensitiveIDs(t *testing.T) {
	f := start(t)
	const id, role = "abcdefab-0000-4000-8000-abcdefabcdef", "fedcbafe-0000-4000-8000-abcdefabcdef"
	f.Put(sandbox.OrganizationUser, map[string]any{"id": strings.ToUpper(id), "role": map[string]any{"id": strings.ToUpper(role)}})
	for query, want := range map[string][2]int{ // results that ignore case, and that do not
		"id=" + id: {1, 0}, "id=" + strings.ToUpper(id): {1, 1}, "id__in=" + id + "," + strings.ToUpper(id): {1, 1},
		"role=" + role: {1, 1}, "role=" + strings.ToUpper(role): {1, 0},
	} {
		for i, sensitive := range []bool{false, true} {
			f.Configure(func(b *sandbox.Behaviour) { b.CaseSensitiveIDs = sensitive })
			if got := len(f.list(users, query, "id")); got != want[i] {
				t.Errorf("%s, case-sensitive %t: %d objects, want %d", query, sensitive, got, want[i])
			}
		}
	}
	f.do("GET", users+strings.ToUpper(id)+"/", "", 200)
	for _, method := range []string{"GET", "PATCH", "DELETE"} {
		f.do(method, users+id+"/", "{}", 404)
	}
}

func TestListBehaviours(t *testing.T) {
	f := start(t)
	ids := people(f)
	expect := func(query, want string, change func(*sandbox.Behaviour)) {
		t.Helper()
		f.Configure(func(b *sandbox.Behaviour) { *b = sandbox.Behaviour{Credentials: b.Credentials}; change(b) })
		if got := strings.Trim(fmt.Sprint(f.list(users, query, "custom_id")), "[]"); got != want {
			t.Errorf("%s: %q, want %q", query, got, want)
		}
	}
	refuse := func(query string, status int, change func(*sandbox.Behaviour)) {
		t.Helper()
		f.Configure(func(b *sandbox.Behaviour) { *b = sandbox.Behaviour{Credentials: b.Credentials}; change(b) })
		f.do("GET", users+"list/?"+query, "", status)
	}
	expect("_page=1&_page_size=3", "dora adam", func(b *sandbox.Behaviour) { b.PageCap = 2 })
	expect("_page=2&_page_size=3", "cleo bert", func(b *sandbox.Behaviour) { b.PageCap = 2 })
	expect("", "dora adam", func(b *sandbox.Behaviour) { b.PageCap = 2 })
	refuse("_page=1&_page_size=3", 400, func(b *sandbox.Behaviour) { b.PageCap, b.PageCapError = 2, true })
	expect("_page=9&_page_size=3", "", func(b *sandbox.Behaviour) { b.PastEnd = "empty" })
	expect("_page=9&_page_size=3", "bert", func(b *sandbox.Behaviour) { b.PastEnd = "repeat" })
	refuse("_page=2&_page_size=4", 404, func(b *sandbox.Behaviour) { b.PastEnd = "404" })
	expect("_page=1&_page_size=4&custom_id=x", "", func(b *sandbox.Behaviour) { b.PastEnd = "404" })
	expect("custom_id=x&nickname=y", "dora adam cleo bert", func(b *sandbox.Behaviour) { b.IgnoreFilters = true })
	expect("_order_by=nickname", "dora adam cleo bert", func(b *sandbox.Behaviour) { b.IgnoreOrder = true })
	expect("_order_by=id", "bert cleo adam dora", func(b *sandbox.Behaviour) { b.ShuffleUnordered = true })
	expect("", "dora adam bert", func(b *sandbox.Behaviour) { b.HideFromLists = []string{ids["cleo"]} })
	expect("id="+ids["cleo"], "", func(b *sandbox.Behaviour) { b.HideFromLists = []string{ids["cleo"]} })
	refuse("", 403, func(b *sandbox.Behaviour) { b.ForbidLists = true })
	expect("_slim=true&custom_id=bert", "<nil>", func(*sandbox.Behaviour) {})
	expect("_slim=false&custom_id=bert", "bert", func(*sandbox.Behaviour) {})
	expect("_slim=true&custom_id=bert", "bert", func(b *sandbox.Behaviour) { b.IgnoreSlim = true })
	// Filters compare values in the spelling that the server stores.
	expect("ssn=191212121212", "bert", func(b *sandbox.Behaviour) { b.Separators = "strip" })
	expect("ssn=19121212-1212", "", func(b *sandbox.Behaviour) { b.Separators = "strip" })
	expect("email=Dora@example.com", "dora", func(b *sandbox.Behaviour) { b.LowerEmailDomain = true })

	f.Configure(func(b *sandbox.Behaviour) { b.ShuffleUnordered = true })
	orders := map[string]bool{}
	for range 50 {
		shuffled := f.list(users, "", "custom_id")
		orders[fmt.Sprint(shuffled)] = true
		slices.SortFunc(shuffled, func(a, b any) int { return strings.Compare(a.(string), b.(string)) })
		if fmt.Sprint(shuffled) != "[adam bert cleo dora]" {
			t.Fatalf("%v", shuffled)
		}
	}
	if len(orders) < 2 {
		t.Error("the order is always the same")
	}
}

func TestLag(t *testing.T) {
	f := start(t, func(b *sandbox.Behaviour) { b.LagAfterCreate, b.LagInLists = 2, 200*time.Millisecond })
	created := time.Now()
	id := f.object("POST", users, `{"detail_access": 0, "first_name": "Ada"}`, 201)["id"].(string)
	path := users + id + "/"
	f.do("GET", path, "", 404)
	f.do("PATCH", path, `{"first_name": "Eve"}`, 200)
	f.do("GET", path, "", 404)
	f.do("GET", path, "", 200)
	if got := f.list(users, "id="+id, "id"); len(got) != 0 && time.Since(created) < 200*time.Millisecond {
		t.Error("the list holds the object already")
	}
	for len(f.list(users, "", "id")) == 0 {
		if time.Since(created) > 10*time.Second {
			t.Fatal("the list never holds the object")
		}
	}
	if time.Since(created) < 200*time.Millisecond {
		t.Error("the list holds the object too early")
	}
}

func BenchmarkPages(b *testing.B) {
	s := sandbox.New()
	for range 50000 {
		s.Put(sandbox.OrganizationUser, map[string]any{"first_name": "Ada"})
	}
	for b.Loop() {
		for page := range 100 {
			get(b, s, fmt.Sprintf("_order_by=id&_page_size=500&_page=%d", page+1))
		}
	}
}
