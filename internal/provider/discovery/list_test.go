package discovery_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// TestListIsImport compares each result with what an import and the read that follows it bring into the state.
func TestListIsImport(t *testing.T) {
	for of := range nouns {
		for server, behaviour := range map[string]func(*sandbox.Behaviour){
			"plain": func(*sandbox.Behaviour) {},
			"odd": func(b *sandbox.Behaviour) {
				b.LowerEmailDomain, b.RewriteInstants, b.EmptyForNull, b.UnknownMembers = true, true, true, true
				b.Separators, b.PageCap, b.PastEnd = "insert", 7, "404"
			},
			"hidden": func(b *sandbox.Behaviour) {
				b.Hide = []string{"first_name", "last_name", "corporate_name", "email", "phone_number", "birth_date", "ssn"}
			},
		} {
			t.Run(of+" "+server, func(t *testing.T) {
				const size = 40
				p := newInProcess(t, behaviour)
				fill(p.api, of, size)
				found := p.list(t, request{of: of, include: true})
				if len(found.ids) != size || len(found.errors)+len(found.warnings) != 0 {
					t.Fatalf("%d results, %v, %v", len(found.ids), found.errors, found.warnings)
				}
				for _, r := range p.requests() {
					if r.Method != http.MethodGet || !strings.HasSuffix(r.Path, "/list/") {
						t.Errorf("unexpected %s %s", r.Method, r.Path)
					}
				}
				for i, id := range found.ids {
					p.same(t, of, id, p.adopt(t, of, id).state, found.states[i])
				}
			})
		}
	}
}

// adopted is what Terraform holds of an object after an import.
type adopted struct {
	state    *tfprotov6.DynamicValue
	identity *tfprotov6.ResourceIdentityData
	private  []byte
}

// adopt imports an object by its identity, and reads it.
func (p *inProcess) adopt(t *testing.T, of, id string) adopted {
	t.Helper()
	imported, err := p.ImportResourceState(t.Context(), &tfprotov6.ImportResourceStateRequest{TypeName: of, Identity: &tfprotov6.ResourceIdentityData{
		IdentityData: dynamic(t, p.identities.IdentitySchemas[of].ValueType(), map[string]any{"id": id}),
	}})
	noDiagnostics(t, imported.Diagnostics, err)
	found := imported.ImportedResources[0]
	read, err := p.ReadResource(t.Context(), &tfprotov6.ReadResourceRequest{
		TypeName: of, CurrentState: found.State, CurrentIdentity: found.Identity, Private: found.Private,
	})
	noDiagnostics(t, read.Diagnostics, err)
	return adopted{read.NewState, read.NewIdentity, read.Private}
}

// TestListNames says what people see of an object.
func TestListNames(t *testing.T) {
	p := newInProcess(t)
	want := map[string]string{}
	put := func(name string, members map[string]any) {
		members["detail_access"] = 0
		id := p.api.Put(sandbox.OrganizationUser, members)
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
		found := p.list(t, request{of: userType, include: include})
		if len(found.ids) != len(want) {
			t.Fatalf("%d results", len(found.ids))
		}
		for i, id := range found.ids {
			if found.names[i] != want[id] {
				t.Errorf("%s is called %q, want %q", id, found.names[i], want[id])
			}
			if (found.states[i] != nil) != include {
				t.Errorf("include %v: %v", include, found.states[i])
			}
		}
	}

	fill(p.api, identityType, 30)
	found := p.list(t, request{of: identityType})
	if !slices.Equal(found.names, found.ids) || len(found.ids) != 30 {
		t.Errorf("identities %v are called %v", found.ids, found.names)
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
			p := newInProcess(t, func(b *sandbox.Behaviour) { b.PageCap = page })
			fill(p.api, userType, size)
			found := p.list(t, request{of: userType, include: true, limit: limit})
			if requests := p.requests(); len(found.ids) != want.results || len(requests) != want.requests || len(found.errors) > 0 {
				t.Errorf("%d results in %d requests, %v", len(found.ids), len(requests), found.errors)
			}
			if !slices.IsSortedFunc(found.ids, func(a, b string) int { return strings.Compare(strings.ToLower(a), strings.ToLower(b)) }) {
				t.Errorf("the order is %v", found.ids)
			}
		})
	}
	t.Run("lazy", func(t *testing.T) {
		p := newInProcess(t, func(b *sandbox.Behaviour) { b.PageCap = page })
		fill(p.api, userType, size)
		n := 0
		for range p.open(t.Context(), t, request{of: userType}).Results {
			if n++; n == page+1 {
				break
			}
			if len(p.api.Requests()) > 1 && n <= page {
				t.Fatalf("%d requests for %d results", len(p.api.Requests()), n)
			}
		}
		if requests := p.requests(); len(requests) != 2 {
			t.Errorf("%d requests", len(requests))
		}
	})
	t.Run("empty", func(t *testing.T) {
		p := newInProcess(t)
		for of := range nouns {
			if found := p.list(t, request{of: of, include: true}); len(found.ids)+len(found.errors)+len(found.warnings) > 0 {
				t.Errorf("%+v", found)
			}
		}
	})
}

// TestListSelection narrows and orders a list.
func TestListSelection(t *testing.T) {
	p := newInProcess(t, func(b *sandbox.Behaviour) { b.PageCap = 2 })
	for _, name := range []string{"Bo", "Ada", "Dan", "Cleo", "Eve"} {
		p.api.Put(sandbox.OrganizationUser, map[string]any{
			"detail_access": 0, "first_name": name, "email": strings.ToLower(name) + "@example.com", "is_active": name != "Dan",
		})
	}
	tenant := p.api.Put(sandbox.ProtectedIdentity, map[string]any{"tenant": relation(1), "first_name": "Dold"})
	p.api.Put(sandbox.ProtectedIdentity, map[string]any{"sub_tenant": relation(2)})
	for name, c := range map[string]struct {
		config map[string]any
		limit  int64
		want   string
	}{
		"ordered":           {map[string]any{"order_by": []any{"first_name"}}, 0, "Ada Bo Cleo Dan Eve"},
		"backwards":         {map[string]any{"order_by": []any{"-first_name"}}, 0, "Eve Dan Cleo Bo Ada"},
		"limited":           {map[string]any{"order_by": []any{"-first_name"}}, 2, "Eve Dan"},
		"several":           {map[string]any{"order_by": []any{"is_active", "-email"}}, 0, "Dan Eve Cleo Bo Ada"},
		"filtered":          {map[string]any{"filters": map[string]any{"email__istartswith": "D"}}, 0, "Dan"},
		"filtered to two":   {map[string]any{"filters": map[string]any{"is_active": "true", "first_name__in": "Dan,Eve,Ada"}, "order_by": []any{"first_name"}}, 0, "Ada Eve"},
		"negated":           {map[string]any{"filters": map[string]any{"is_active!": "true"}}, 100, "Dan"},
		"searched":          {map[string]any{"search": "cle"}, 0, "Cleo"},
		"nothing":           {map[string]any{"filters": map[string]any{"email": "nobody@example.com"}}, 0, ""},
		"nothing asked for": {map[string]any{"filters": map[string]any{}, "order_by": []any{}}, 1, "*"},
	} {
		found := p.list(t, request{of: userType, config: c.config, limit: c.limit, include: true})
		if got := strings.Join(found.names, " "); got != c.want && (c.want != "*" || len(found.names) != 1) || len(found.errors) > 0 {
			t.Errorf("%s: got %s, want %s, %v", name, got, c.want, found.errors)
		}
	}
	found := p.list(t, request{of: identityType, config: map[string]any{"filters": map[string]any{"tenant_id__isnull": "false"}}, include: true})
	if !slices.Equal(found.ids, []string{tenant}) {
		t.Errorf("got %v, want %s", found.ids, tenant)
	}
}

// TestListConfiguration refuses what cannot be asked for, on the place where it is written.
func TestListConfiguration(t *testing.T) {
	p := unconfigured(t)
	for name, c := range map[string]struct {
		config map[string]any
		want   string
	}{
		"unknown field":    {map[string]any{"filters": map[string]any{"mail": "x"}}, `AttributeName("filters").ElementKeyString("mail")`},
		"unknown operator": {map[string]any{"filters": map[string]any{"is_active__gt": "x"}}, `AttributeName("filters").ElementKeyString("is_active__gt")`},
		"bad operand":      {map[string]any{"filters": map[string]any{"is_active": "x"}}, `AttributeName("filters").ElementKeyString("is_active")`},
		"unknown order":    {map[string]any{"order_by": []any{"email", "mail"}}, `AttributeName("order_by").ElementKeyInt(1)`},
		"empty search":     {map[string]any{"search": ""}, `AttributeName("search")`},
		"unknown values": {map[string]any{
			"filters": tftypes.NewValue(tftypes.Map{ElementType: tftypes.String}, tftypes.UnknownValue),
			"search":  tftypes.NewValue(tftypes.String, tftypes.UnknownValue),
		}, ""},
	} {
		resp, err := p.ValidateListResourceConfig(t.Context(), &tfprotov6.ValidateListResourceConfigRequest{
			TypeName: userType, Config: dynamic(t, p.schemas.ListResourceSchemas[userType].ValueType(), c.config),
		})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, d := range resp.Diagnostics {
			got = append(got, d.Attribute.String())
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: errors on %v, want %s", name, got, c.want)
		}
	}
}
