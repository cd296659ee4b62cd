package client_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/apispec"
	"github.com/pigello/terraform-provider-pigello/internal/client"
	"github.com/pigello/terraform-provider-pigello/internal/race"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// operands returns the operands for the filters of a field: existing values in several spellings, parts of them, and values that do not exist.
func operands(m apispec.Field, operator string) []string {
	var all []string
	switch {
	case operator == "isnull":
		return []string{"true", "false"}
	case m.Type == "boolean":
		all = []string{"true", "false"}
	case m.Type == "integer":
		all = []string{"1", "0", "-7"}
	case m.Format == "date":
		all = []string{"1970-01-01", "2000-02-29", "1900-01-01"}
	case m.Format == "date-time":
		all = []string{"2030-01-01T00:00:00.000001Z", "2026-01-15T12:00:00+01:00", "2026-01-02T03:00:00.000001+02:00"}
	case m.FilterFamily == "membership" && m.Name == "id":
		all = []string{uuid(1007), strings.ToUpper(uuid(1000 + 171)), uuid(7)}
	case m.FilterFamily == "membership":
		all = []string{uuid(1), strings.ToUpper(uuid(0xabc)), uuid(21), uuid(20), uuid(99)}
	case m.Format == "luhn" && m.MaxLength != nil && *m.MaxLength == 13:
		all = []string{"19900101-2385", "199001012385"}
		if isPartial(operator) {
			all = []string{"1952", "19520103", "19520103-0", "195201030", "0103-00", "01+0", "2", "0022", "-0022", "10022", "3-0022"}
		}
	case m.Format == "luhn":
		all = []string{"556036-0793", "5560360793", "2120000142"}
		if isPartial(operator) {
			all = []string{"5560", "556036-0", "60793", "6-0793", "6007", "60", "0793", "21"}
		}
	case m.Format == "email":
		all = []string{"Ada1@Example.com", "ada27@example.COM", "bo@other.example", "nobody@example.com"}
		if isPartial(operator) {
			all = []string{"@Example.COM", "example.com", "Ada1", "ada1", "com", "Ada1@EXAMPLE", "DA", "da", "EXAMPLE", "@"}
		}
	case m.Name == "phone_number":
		all = []string{"+46701234567", "701234567"}
	default:
		all = []string{"Ada", "ADA", "åsa", "emp-4", "Strauß", "X 1", "12345678901234567", "Bo & Söner", "n"}
	}
	if operator == "in" {
		all = append(all, strings.Join(all, ","), all[0]+","+all[0])
	}
	return all
}

func isPartial(operator string) bool {
	return slices.Contains([]string{"contains", "icontains", "startswith", "istartswith", "endswith", "iendswith"}, operator)
}

// servers are behaviours of the API that must not change any result. With most of them, only some filters are tested.
var servers = map[string]struct {
	every     int
	behaviour func(*sandbox.Behaviour)
}{
	"plain":           {1, func(*sandbox.Behaviour) {}},
	"ignores filters": {17, func(b *sandbox.Behaviour) { b.IgnoreFilters = true }},
	"strips, caps": {17, func(b *sandbox.Behaviour) {
		b.Separators, b.LowerEmailDomain, b.PageCap, b.PastEnd = "strip", true, 70, "404"
	}},
	"inserts, repeats": {17, func(b *sandbox.Behaviour) {
		b.Separators, b.RewriteInstants, b.PageCap, b.PastEnd = "insert", true, 60, "repeat"
	}},
	"empty for null, refuses size": {17, func(b *sandbox.Behaviour) { b.EmptyForNull, b.PageCap, b.PageCapError = true, 99, true }},
	"all of it": {59, func(b *sandbox.Behaviour) {
		b.IgnoreFilters, b.IgnoreOrder, b.ShuffleUnordered, b.PageCap, b.PastEnd = true, true, true, 60, "404"
		b.Separators, b.LowerEmailDomain, b.EmptyForNull, b.RewriteInstants, b.UnknownFields = "insert", true, true, true, true
	}},
}

// TestFilters compares the client with the oracle: every field, every operator, negated and not, on all servers.
func TestFilters(t *testing.T) {
	if race.Enabled {
		t.Skip("takes long, and sends one request after the other")
	}
	doc, err := apispec.Load()
	if err != nil {
		t.Fatal(err)
	}
	fields, err := apispec.Fields(doc, kind)
	if err != nil {
		t.Fatal(err)
	}
	for name, server := range servers {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := sandbox.New()
			populate(s, 210)
			s.Configure(server.behaviour)
			users := newClient(t, s).OrganizationUsers()
			all := s.All(kind)
			tried, hits := 0, 0
			for _, m := range fields {
				if m.FilterFamily == "" {
					continue
				}
				operators, err := apispec.Operators(doc, m.FilterFamily)
				if err != nil {
					t.Fatal(err)
				}
				for _, operator := range append([]string{""}, operators...) {
					for _, operand := range operands(m, operator) {
						for _, negated := range []bool{false, true} {
							// Negated filters find most objects, which takes time.
							if tried++; tried%server.every != 0 || negated && tried/2%4 != 0 {
								continue
							}
							filter := m.Name
							if operator != "" {
								filter += "__" + operator
							}
							if negated {
								filter += "!"
							}
							want := map[string]bool{}
							for _, object := range all {
								if oracle(t, m, operator, operand, negated, object) {
									want[object["id"].(string)] = true
								}
							}
							hits += len(want)
							compare(t, users, client.Selection{Filters: map[string]string{filter: operand}}, want)
						}
					}
				}
			}
			if tried < 500 || hits < 1000 {
				t.Errorf("only %d filters with %d results", tried, hits)
			}
		})
	}
}

// compare fails the test unless a selection holds these objects, each once.
func compare(t *testing.T, users *client.Collection, s client.Selection, want map[string]bool) {
	t.Helper()
	got := map[string]bool{}
	for object, err := range users.Select(t.Context(), s) {
		if err != nil {
			t.Errorf("%v: %v", s, err)
			return
		}
		if got[object.ID()] {
			t.Errorf("%v: %s comes twice", s, object.ID())
		}
		got[object.ID()] = true
	}
	if !maps.Equal(got, want) {
		t.Errorf("%v: %d objects, want %d: %s", s, len(got), len(want), differing(got, want))
	}
}

func differing(got, want map[string]bool) string {
	var lines []string
	for id := range want {
		if !got[id] {
			lines = append(lines, "lost "+id)
		}
	}
	for id := range got {
		if !want[id] {
			lines = append(lines, "too many "+id)
		}
	}
	return fmt.Sprint(lines[:min(3, len(lines))])
}
