package discovery_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// TestListIsImport compares each result with what an import and the read that follows it bring into the state.
func TestListIsImport(t *testing.T) {
	for of := range nouns {
		for server, behaviour := range map[string]func(*sandbox.Behaviour){
			"plain": func(*sandbox.Behaviour) {},
			"odd": func(b *sandbox.Behaviour) {
				b.LowerEmailDomain, b.RewriteInstants, b.EmptyForNull, b.UnknownFields = true, true, true, true
				b.Separators, b.PageCap, b.PastEnd = "insert", 7, "404"
			},
			"hidden": func(b *sandbox.Behaviour) {
				b.Hide = []string{"first_name", "last_name", "corporate_name", "email", "phone_number", "birth_date", "ssn"}
			},
		} {
			t.Run(of+" "+server, func(t *testing.T) {
				const size = 40
				p, api := start(t, behaviour)
				fill(api, of, size)
				found := p.List(t.Context(), acctest.ListRequest{Of: of, Include: true})
				if len(found.IDs) != size || len(found.Diagnostics) != 0 {
					t.Fatalf("%d results, %v, %v", len(found.IDs), found.Errors(), found.Warnings())
				}
				for _, r := range api.Requests() {
					if r.Method != http.MethodGet || !strings.HasSuffix(r.Path, "/list/") {
						t.Errorf("unexpected %s %s", r.Method, r.Path)
					}
				}
				for i, id := range found.IDs {
					same(t, id, adopt(t, p, of, id).State, found.States[i])
				}
			})
		}
	}
}

// TestListNames says what people see of an object.
func TestListNames(t *testing.T) {
	p, api := start(t)
	want := map[string]string{}
	put := func(name string, fields map[string]any) {
		fields["detail_access"] = 0
		id := api.Put(sandbox.OrganizationUser, fields)
		if name == "" {
			name = id
		}
		want[id] = name
	}
	put("Ada Lovelace", map[string]any{"first_name": "Ada", "last_name": "Lovelace", "email": "ada@example.com"})
	put("O'Brien \"the\" ${x} 👩‍🚒", map[string]any{"full_name": "O'Brien \"the\" ${x} 👩‍🚒"})
	put(`{"first":"Ada"}`, map[string]any{"full_name": map[string]any{"first": "Ada"}})
	put("5", map[string]any{"full_name": 5})
	put("two lines  red", map[string]any{"full_name": "two\nlines \x1bred\r\n"}) // terraform prints one line for each
	put("ada@example.com", map[string]any{"full_name": nil, "email": "ada@example.com"})
	put("bo@example.com", map[string]any{"full_name": "", "email": "bo@example.com"})
	put("cleo@example.com", map[string]any{"full_name": " \n", "email": "cleo@example.com"})
	put("", map[string]any{"full_name": nil})
	for _, include := range []bool{false, true} {
		found := p.List(t.Context(), acctest.ListRequest{Of: userType, Include: include})
		if len(found.IDs) != len(want) {
			t.Fatalf("%d results", len(found.IDs))
		}
		for i, id := range found.IDs {
			if found.Names[i] != want[id] {
				t.Errorf("%s is called %q, want %q", id, found.Names[i], want[id])
			}
			if found.States[i].IsNull() == include {
				t.Errorf("include %v: %v", include, found.States[i])
			}
		}
	}

	fill(api, identityType, 30)
	found := p.List(t.Context(), acctest.ListRequest{Of: identityType})
	if !slices.Equal(found.Names, found.IDs) || len(found.IDs) != 30 {
		t.Errorf("identities %v are called %v", found.IDs, found.Names)
	}
}

// TestListPages counts the requests for limits, and for who stops to listen.
func TestListPages(t *testing.T) {
	const size, page = 95, 20
	for limit, want := range map[int64]struct{ results, requests int }{
		0:     {size, 6}, // the last page is empty: no shorter page says that it is the last
		1:     {1, 1},
		19:    {19, 1},
		20:    {20, 1},
		21:    {21, 2},
		80:    {80, 4},
		81:    {81, 5},
		95:    {95, 5},
		10000: {size, 6},
	} {
		t.Run(fmt.Sprint(limit), func(t *testing.T) {
			p, api := start(t, func(b *sandbox.Behaviour) { b.PageCap = page })
			fill(api, userType, size)
			found := p.List(t.Context(), acctest.ListRequest{Of: userType, Include: true, Limit: limit})
			if requests := api.Requests(); len(found.IDs) != want.results || len(requests) != want.requests || len(found.Errors()) > 0 {
				t.Errorf("%d results in %d requests, %v", len(found.IDs), len(requests), found.Errors())
			}
			if !slices.IsSortedFunc(found.IDs, func(a, b string) int { return strings.Compare(strings.ToLower(a), strings.ToLower(b)) }) {
				t.Errorf("the order is %v", found.IDs)
			}
		})
	}
	t.Run("lazy", func(t *testing.T) {
		p, api := start(t, func(b *sandbox.Behaviour) { b.PageCap = page })
		fill(api, userType, size)
		n := 0
		for range p.OpenList(t.Context(), acctest.ListRequest{Of: userType}).Results {
			if n++; n == page+1 {
				break
			}
			if len(api.Requests()) > 1 && n <= page {
				t.Fatalf("%d requests for %d results", len(api.Requests()), n)
			}
		}
		if requests := api.Requests(); len(requests) != 2 {
			t.Errorf("%d requests", len(requests))
		}
	})
	t.Run("empty", func(t *testing.T) {
		p, _ := start(t)
		for of := range nouns {
			if found := p.List(t.Context(), acctest.ListRequest{Of: of, Include: true}); len(found.IDs)+len(found.Diagnostics) > 0 {
				t.Errorf("%+v", found)
			}
		}
	})
}

// TestListSelection narrows and orders a list.
func TestListSelection(t *testing.T) {
	p, api := start(t, func(b *sandbox.Behaviour) { b.PageCap = 2 })
	for _, name := range []string{"Bo", "Ada", "Dan", "Cleo", "Eve"} {
		api.Put(sandbox.OrganizationUser, map[string]any{
			"detail_access": 0, "first_name": name, "email": strings.ToLower(name) + "@example.com", "is_active": name != "Dan",
		})
	}
	tenant := api.Put(sandbox.ProtectedIdentity, map[string]any{"tenant": relation(1), "first_name": "Dold"})
	api.Put(sandbox.ProtectedIdentity, map[string]any{"sub_tenant": relation(2)})
	for name, c := range map[string]struct {
		config acctest.Attributes
		limit  int64
		want   string
	}{
		"ordered":           {acctest.Attributes{"order_by": []any{"first_name"}}, 0, "Ada Bo Cleo Dan Eve"},
		"backwards":         {acctest.Attributes{"order_by": []any{"-first_name"}}, 0, "Eve Dan Cleo Bo Ada"},
		"limited":           {acctest.Attributes{"order_by": []any{"-first_name"}}, 2, "Eve Dan"},
		"several":           {acctest.Attributes{"order_by": []any{"is_active", "-email"}}, 0, "Dan Eve Cleo Bo Ada"},
		"filtered":          {acctest.Attributes{"filters": map[string]any{"email__istartswith": "D"}}, 0, "Dan"},
		"filtered to two":   {acctest.Attributes{"filters": map[string]any{"is_active": "true", "first_name__in": "Dan,Eve,Ada"}, "order_by": []any{"first_name"}}, 0, "Ada Eve"},
		"negated":           {acctest.Attributes{"filters": map[string]any{"is_active!": "true"}}, 100, "Dan"},
		"searched":          {acctest.Attributes{"search": "cle"}, 0, "Cleo"},
		"nothing":           {acctest.Attributes{"filters": map[string]any{"email": "nobody@example.com"}}, 0, ""},
		"nothing asked for": {acctest.Attributes{"filters": map[string]any{}, "order_by": []any{}}, 1, "*"},
	} {
		found := p.List(t.Context(), acctest.ListRequest{Of: userType, Config: c.config, Limit: c.limit, Include: true})
		if got := strings.Join(found.Names, " "); got != c.want && (c.want != "*" || len(found.Names) != 1) || len(found.Errors()) > 0 {
			t.Errorf("%s: got %s, want %s, %v", name, got, c.want, found.Errors())
		}
	}
	found := p.List(t.Context(), acctest.ListRequest{Of: identityType, Config: acctest.Attributes{"filters": map[string]any{"tenant_id__isnull": "false"}}, Include: true})
	if !slices.Equal(found.IDs, []string{tenant}) {
		t.Errorf("got %v, want %s", found.IDs, tenant)
	}
}

// TestListOfIdentitiesKeepsSecrets filters protected identities by personal data, none of which is part of an address.
func TestListOfIdentitiesKeepsSecrets(t *testing.T) {
	p, api := start(t)
	person := map[string]any{
		"first_name": "Canary", "last_name": "Kanarie", "email": "canary@example.com", "phone_number": "+46709999999", "birth_date": "1971-07-17",
		"ssn": "19900101-2385", "custom_id": "case-7", "tenant": relation(1),
	}
	id := api.Put(sandbox.ProtectedIdentity, person)
	api.Put(sandbox.ProtectedIdentity, map[string]any{"first_name": "Bo", "tenant": relation(2)})
	for filter, value := range map[string]string{
		"first_name": "Canary", "last_name__in": "Kanarie,Nobody", "email": "canary@EXAMPLE.com", "phone_number__startswith": "+46709",
		"birth_date__lt": "1971-07-18", "ssn": "199001012385", "ssn__isnull": "false", "custom_id": "case-7", "first_name!": "Bo",
	} {
		api.ResetRequests()
		found := p.List(t.Context(), acctest.ListRequest{Of: identityType, Config: acctest.Attributes{"filters": map[string]any{filter: value}}})
		if !slices.Equal(found.IDs, []string{id}) {
			t.Errorf("%s: got %v, want %s", filter, found.IDs, id)
		}
		personal := filter != "custom_id" && filter != "ssn__isnull"
		for _, r := range api.Requests() {
			if address := fmt.Sprint(r.Query); strings.Contains(address, value) == personal || personal && strings.Contains(address, strings.Split(filter, "__")[0]) {
				t.Errorf("%s: %s", filter, address)
			}
		}
	}
}

// TestListConfiguration refuses what cannot be asked for, on the place where it is written.
func TestListConfiguration(t *testing.T) {
	p := unconfigured(t)
	for name, c := range map[string]struct {
		config acctest.Attributes
		want   string
	}{
		"unknown field":    {acctest.Attributes{"filters": map[string]any{"mail": "x"}}, `filters["mail"]`},
		"unknown operator": {acctest.Attributes{"filters": map[string]any{"is_active__gt": "x"}}, `filters["is_active__gt"]`},
		"bad operand":      {acctest.Attributes{"filters": map[string]any{"is_active": "x"}}, `filters["is_active"]`},
		"unknown order":    {acctest.Attributes{"order_by": []any{"email", "mail"}}, `order_by[1]`},
		"empty search":     {acctest.Attributes{"search": ""}, "search"},
		"unknown values": {acctest.Attributes{
			"filters": tftypes.UnknownValue, "search": tftypes.UnknownValue,
		}, ""},
	} {
		if got := p.ValidateList(t.Context(), acctest.ListRequest{Of: userType, Config: c.config}).Paths(); strings.Join(got, " ") != c.want {
			t.Errorf("%s: errors on %v, want %s", name, got, c.want)
		}
	}
}
