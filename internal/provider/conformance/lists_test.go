package conformance_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/pigello/terraform-provider-pigello/internal/apispec"
	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
)

// lists are the data sources of many objects by entity, and the attribute that holds the objects.
var lists = map[string]struct{ dataSource, result string }{
	apispec.OrganizationUser: {"pigello_organization_users", "users"},
	apispec.Subtenant:        {"pigello_subtenants", "subtenants"},
}

// TestFiltersFollowTheDescription compares what the client takes for a filter, or for a field to order by, with the description.
func TestFiltersFollowTheDescription(t *testing.T) {
	doc, err := apispec.Load()
	if err != nil {
		t.Fatal(err)
	}
	for entity, n := range nouns {
		for _, m := range described(t, entity) {
			var want []string
			if m.FilterFamily != "" {
				if want, err = apispec.Operators(doc, m.FilterFamily); err != nil {
					t.Fatal(err)
				}
			}
			known, _ := n.entity.Field(m.Name)
			if got := known.Operators(); !slices.Equal(slices.Sorted(slices.Values(got)), slices.Sorted(slices.Values(want))) {
				t.Errorf("%s.%s has the operators %v, the description has %v", entity, m.Name, got, want)
			}
			for _, name := range []string{m.Name, attributeOf(m)} {
				if err := n.entity.CheckFilterName(name); (err == nil) != (m.FilterFamily != "") {
					t.Errorf("%s: a filter by %s: %v", entity, name, err)
				}
				if err := n.entity.CheckOrder("-" + name); (err == nil) != (m.FilterFamily != "" && !m.RelationList) {
					t.Errorf("%s: an order by %s: %v", entity, name, err)
				}
				for _, operator := range []string{"gt", "gte", "lt", "lte", "contains", "istartswith", "iexact", "in", "isnull", "exact", "range", "regex", ""} {
					if err := n.entity.CheckFilterName(name + "__" + operator + "!"); (err == nil) != slices.Contains(want, operator) {
						t.Errorf("%s: a filter by %s__%s!: %v", entity, name, operator, err)
					}
				}
			}
		}
	}
}

// TestListsShowWhatLookUpsShow compares the objects in a list with the data source of one object. A list has no personal numbers: they are
// sensitive, and in an attribute of their own.
func TestListsShowWhatLookUpsShow(t *testing.T) {
	p := serve(t)
	for entity, list := range lists {
		one := attributes(p.DataSourceSchemas[nouns[entity].dataSource])
		have := attributes(p.DataSourceSchemas[list.dataSource])
		result := have[list.result]
		if result == nil || result.NestedType == nil || result.NestedType.Nesting != tfprotov6.SchemaObjectNestingModeList {
			t.Fatalf("%s.%s is no list of objects", list.dataSource, list.result)
		}
		nested := map[string]*tfprotov6.SchemaAttribute{}
		for _, a := range result.NestedType.Attributes {
			nested[a.Name] = a
			if !a.Computed || a.Optional || a.Required {
				t.Errorf("%s.%s.%s is not simply computed", list.dataSource, list.result, a.Name)
			}
			if strings.Contains(a.Description, "A key") {
				t.Errorf("%s.%s.%s is no key: %s", list.dataSource, list.result, a.Name, a.Description)
			}
		}
		delete(one, "ssn")
		if got, want := slices.Sorted(maps.Keys(nested)), slices.Sorted(maps.Keys(one)); !slices.Equal(got, want) {
			t.Errorf("%s shows %v, and the look-up %v", list.dataSource, got, want)
		}
		for name, a := range one {
			if b := nested[name]; b != nil && (!a.ValueType().Equal(b.ValueType()) || a.Sensitive || b.Sensitive) {
				t.Errorf("%s.%s is %s, sensitive %t; in the look-up %s, %t", list.dataSource, name, b.ValueType(), b.Sensitive, a.ValueType(), a.Sensitive)
			}
		}
		for name, of := range map[string]tftypes.Type{
			"filters": tftypes.Map{ElementType: tftypes.String}, "search": tftypes.String, "order_by": tftypes.List{ElementType: tftypes.String},
			"limit": tftypes.Number, "ids": tftypes.List{ElementType: tftypes.String}, "ids_only": tftypes.Bool, "include_ssn": tftypes.Bool,
			"ssn_by_id": tftypes.Map{ElementType: tftypes.String},
		} {
			if have[name] == nil || !have[name].Type.Equal(of) {
				t.Errorf("%s.%s is %v, want %s", list.dataSource, name, have[name], of)
			}
		}
		for _, m := range nouns[entity].entity.Fields {
			if named := strings.Contains(have["filters"].Description, "`"+m.Name+"`"); named != (m.Operators() != nil) {
				t.Errorf("%s.filters: the description names %s: %t", list.dataSource, m.Name, named)
			}
		}
	}
}

// TestSelectionsAtValidate shows that what is wrong with a selection is an error on the very element, and that what is not known
// yet is none.
func TestSelectionsAtValidate(t *testing.T) {
	p := serve(t)
	filters := func(name string, operand any) acctest.Attributes {
		return acctest.Attributes{"filters": map[string]any{name: operand, "custom_id": "c", "first_name__icontains": unknown}}
	}
	orderBy := func(field any) acctest.Attributes {
		return acctest.Attributes{"order_by": []any{"email", field, unknown}}
	}
	idsOnly := func(idsOnly, includeSSN any) acctest.Attributes {
		return acctest.Attributes{"ids_only": idsOnly, "include_ssn": includeSSN}
	}
	for _, c := range []struct {
		config acctest.Attributes
		want   string // where the error is; "" for none
	}{
		{filters("email__iendswith!", "@example.com"), ""},
		{filters("organization_id__isnull!", "true"), ""},
		{filters("email", unknown), ""},
		{filters("ssn", "19900101-2385"), ""},
		{filters("nothing", "canary"), `filters["nothing"]`},
		{filters("nothing__in", unknown), `filters["nothing__in"]`},
		{filters("email__gt", "canary"), `filters["email__gt"]`},
		{filters("email__gt!", unknown), `filters["email__gt!"]`},
		{filters("organization_id", "canary"), `filters["organization_id"]`},
		{filters("ssn__in", "canary"), `filters["ssn__in"]`},
		{filters("email", ""), `filters["email"]`},
		{filters("email", nil), `filters["email"]`},
		{orderBy("-created_at"), ""},
		{orderBy("organization_id"), ""},
		{orderBy("tags"), `order_by[1]`},
		{orderBy("canary"), `order_by[1]`},
		{orderBy(""), `order_by[1]`},
		{orderBy(nil), `order_by[1]`},
		{acctest.Attributes{"limit": 1}, ""},
		{acctest.Attributes{"limit": 0}, "limit"},
		{acctest.Attributes{"limit": -1}, "limit"},
		{acctest.Attributes{"search": "Ada"}, ""},
		{acctest.Attributes{"search": ""}, "search"},
		{acctest.Attributes{"search": strings.Repeat("x", 256)}, "search"},
		{idsOnly(true, true), "include_ssn"},
		{idsOnly(true, false), ""},
		{idsOnly(false, true), ""},
		{idsOnly(nil, true), ""},
		{idsOnly(true, unknown), ""},
		{idsOnly(unknown, true), ""},
		{acctest.Attributes{}, ""},
	} {
		for _, list := range lists {
			found := p.ValidateDataSource(t.Context(), list.dataSource, c.config)
			for _, d := range found {
				if strings.Contains(d.Text(), "canary") {
					t.Error(d)
				}
			}
			if at := found.Paths(); strings.Join(at, " ") != c.want {
				t.Errorf("%s, %v: errors on %v, want %s", list.dataSource, c.config, at, c.want)
			}
		}
	}
}
