package conformance_test

import (
	"fmt"
	"iter"
	"maps"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/pigello/terraform-provider-pigello/internal/apispec"
	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
)

// attempt validates a configuration that holds one value beside what makes it valid otherwise.
type attempt func(attribute string, value any) map[string]acctest.Diagnostics

func (b block) attempt(t *testing.T, valid acctest.Attributes) attempt {
	return func(attribute string, value any) map[string]acctest.Diagnostics {
		t.Helper()
		config := acctest.Attributes{}
		maps.Copy(config, valid)
		switch attribute {
		case "sub_tenant_id":
			if value != nil {
				delete(config, "tenant_id")
			}
		case "first_name":
			config["last_name"] = "Lovelace"
		case "tenant_id":
			if value == nil {
				config["sub_tenant_id"] = someID
			}
		}
		config[attribute] = value
		return b.errors(t, config)
	}
}

// disagreements compares what the description says about a field's values with what the validators of its attribute do.
func disagreements(m apispec.Field, attribute string, try attempt) iter.Seq[string] {
	return func(yield func(string) bool) {
		for _, c := range values(m) {
			errors := try(attribute, c.value)
			on, elsewhere := len(errors[attribute]) > 0, len(errors) > 1 || len(errors) == 1 && errors[attribute] == nil
			if on != c.accepted() && !elsewhere {
				continue
			}
			if !yield(fmt.Sprintf("%s: %s should pass: %v, and got the errors %v", attribute, shorten(c.value), c.accepted(), errors)) {
				return
			}
		}
	}
}

func shorten(v any) string {
	s := fmt.Sprintf("%#v", v)
	if len(s) > 100 {
		return fmt.Sprintf("%s… (%d bytes)", s[:100], len(s))
	}
	return s
}

// flags compares what the description says about a field's presence with the schema.
func flags(m apispec.Field, a *tfprotov6.SchemaAttribute) []string {
	var found []string
	wrong := func(what string, is, should bool) {
		if is != should {
			found = append(found, fmt.Sprintf("%s: %s is %v, the description asks for %v", a.Name, what, is, should))
		}
	}
	wrong("computed only", a.Computed && !a.Optional, m.ReadOnly)
	wrong("required", a.Required, m.RequiredInBody)
	if a.Optional && !a.Computed {
		// Removing the line sends null.
		wrong("nullable", true, m.Nullable)
	}
	if a.Optional && a.Computed {
		// Removing the line sends null for a relation and [] for a list. True and false cannot be cleared.
		wrong("nullable", m.Relation, m.Nullable)
	}
	of := map[string]tftypes.Type{
		"boolean": tftypes.Bool, "integer": tftypes.Number, "string": tftypes.String, "object": tftypes.String, "array": tftypes.String, "any": tftypes.String,
	}[m.Type]
	switch {
	case m.RelationList:
		of = tftypes.Set{ElementType: tftypes.String}
	case m.Type == "object" && !m.Relation:
		of = pictureType // the one other object that there is
	}
	wrong("the type "+a.ValueType().String(), a.ValueType().Equal(of), true)
	return found
}

// terraformsOwn are attributes that show no field: they say how Terraform writes, and the API knows nothing of them.
var terraformsOwn = []string{
	"ssn_wo", "ssn_wo_version", "ssn_wo_declared", "ssn_written_at",
	"personal_data_wo", "personal_data_wo_version", "personal_data_wo_members", "personal_data_written_at", "on_destroy", "timeouts",
}

// TestResourcesFollowTheDescription goes from each writable field to its attribute and its validators, and back.
func TestResourcesFollowTheDescription(t *testing.T) {
	p := serve(t)
	used := map[ownRule]bool{}
	for entity, n := range nouns {
		if n.resource == "" {
			continue
		}
		have := attributes(p.ResourceSchemas[n.resource])
		try := resource(p, n.resource).attempt(t, n.valid)
		for _, m := range described(t, entity) {
			name := attributeOf(m)
			a, ok := have[name]
			delete(have, name)
			_, excluded := n.without[m.Name]
			switch {
			case ok && excluded:
				t.Errorf("%s.%s has an attribute, so it need not stand in the list of exclusions", entity, m.Name)
			case !ok && !excluded && !m.ReadOnly:
				t.Errorf("%s.%s is writable and has no attribute %s in %s", entity, m.Name, name, n.resource)
			}
			if !ok {
				continue
			}
			for _, f := range flags(m, a) {
				t.Errorf("%s: %s", n.resource, f)
			}
			if m.ReadOnly {
				continue
			}
			for f := range disagreements(m, name, try) {
				t.Errorf("%s: %s", n.resource, f)
			}
			for _, c := range values(m) {
				used[c.own] = true
			}
		}
		for name := range have {
			if !slices.Contains(terraformsOwn, name) {
				t.Errorf("%s.%s shows no field of the description", n.resource, name)
			}
		}
	}
	for _, rule := range []ownRule{longName, noEmptyText, realDates, oneSeparator, noNullArray, anyElements, distinctIDs, upperCaseTime} {
		if !used[rule] {
			t.Errorf("nothing uses the provider's own rule any more: %s", rule)
		}
	}
}

// TestDataSourcesFollowTheDescription is the same for what data sources show, and for the keys of a look-up.
func TestDataSourcesFollowTheDescription(t *testing.T) {
	p := serve(t)
	keys := map[string][]string{
		"pigello_organization_user": {"id", "custom_id", "email", "username"},
		"pigello_subtenant":         {"id", "custom_id", "email", "ssn", "org_no"},
	}
	for entity, n := range nouns {
		if n.dataSource == "" {
			continue
		}
		have := attributes(p.DataSourceSchemas[n.dataSource])
		for _, m := range described(t, entity) {
			name := attributeOf(m)
			a := have[name]
			delete(have, name)
			if a == nil {
				t.Errorf("%s has no attribute %s for %s.%s", n.dataSource, name, entity, m.Name)
				continue
			}
			isKey := slices.Contains(keys[n.dataSource], name)
			if !a.Computed || a.Required || a.Optional != isKey {
				t.Errorf("%s.%s: computed %v, optional %v", n.dataSource, name, a.Computed, a.Optional)
			}
			if m.Name == "profile_picture" {
				checkPicture(t, a)
				continue
			}
			for _, f := range flags(m, &tfprotov6.SchemaAttribute{Name: name, Type: a.Type, Computed: true, Required: m.RequiredInBody}) {
				if m.ReadOnly {
					t.Errorf("%s: %s", n.dataSource, f)
				}
			}
			if isKey {
				if name == "username" {
					m.MinLength, m.Pattern = 0, "" // rules for whoever makes one, in Python's terms; who looks for one need not keep to them
				}
				for f := range disagreements(m, name, dataSource(p, n.dataSource).attempt(t, nil)) {
					t.Errorf("%s: %s", n.dataSource, f)
				}
			}
		}
		for name := range have {
			t.Errorf("%s.%s shows no field of the description", n.dataSource, name)
		}
	}
}

// checkPicture shows that the signed forms of a file are nowhere: they are credentials.
func checkPicture(t *testing.T, a *tfprotov6.SchemaAttribute) {
	t.Helper()
	want := tftypes.Object{AttributeTypes: map[string]tftypes.Type{"name": tftypes.String, "md5_hash": tftypes.String}}
	if a.NestedType == nil || !a.ValueType().Equal(want) {
		t.Errorf("profile_picture is %s, want name and md5_hash alone", a.ValueType())
	}
}

// TestRulesOverMembers tries the description's rules that span fields.
func TestRulesOverMembers(t *testing.T) {
	p := serve(t)
	doc, err := apispec.Load()
	if err != nil {
		t.Fatal(err)
	}
	for entity, n := range nouns {
		if n.resource == "" {
			continue
		}
		byName := map[string]apispec.Field{}
		for _, m := range described(t, entity) {
			byName[m.Name] = m
		}
		rules, err := apispec.Rules(doc, entity)
		if err != nil {
			t.Fatal(err)
		}
		for _, rule := range rules {
			if rule.Kind == "unique" {
				continue // only the server can tell
			}
			var names []string
			for _, m := range rule.Fields {
				names = append(names, attributeOf(byName[m]))
			}
			try := func(want bool, config acctest.Attributes) {
				whole := maps.Clone(n.valid)
				for _, name := range names {
					delete(whole, name)
				}
				maps.Copy(whole, config)
				errors := resource(p, n.resource).errors(t, whole)
				if passed := len(errors) == 0; passed != want || !passed && (len(errors) != 1 || len(errors[names[0]]) == 0) {
					t.Errorf("%s, %s of %v, with %v: %v", n.resource, rule.Kind, names, config, errors)
				}
			}
			try(false, nil)
			for _, name := range names {
				try(true, acctest.Attributes{name: someID})
				try(true, acctest.Attributes{name: unknown})
			}
			both := acctest.Attributes{names[0]: someID, names[1]: someID}
			maybe := acctest.Attributes{names[0]: unknown, names[1]: someID}
			other := acctest.Attributes{names[0]: someID, names[1]: unknown}
			switch rule.Kind {
			case "at-least-one-of":
				try(true, both)
			case "exactly-one-of":
				try(false, both)
			default:
				t.Errorf("%s: nobody tries the rule %s", entity, rule.Kind)
			}
			try(true, maybe) // what is unknown may turn out to be null
			try(true, other)
		}
	}
}

// TestNullAndUnknownPass shows that every validator takes null, where the attribute is optional, and unknown values.
func TestNullAndUnknownPass(t *testing.T) {
	p := serve(t)
	try := func(b block, valid acctest.Attributes, nullable bool) {
		everything := acctest.Attributes{}
		for attribute, a := range attributes(b.schema) {
			if !a.Required && !a.Optional {
				continue
			}
			given := []any{unknown}
			if a.Optional && nullable {
				given = append(given, nil)
			}
			if a.Type != nil && a.Type.Is(tftypes.Set{}) {
				given = append(given, []any{unknown, someID, unknown})
			}
			for _, value := range given {
				if errors := b.attempt(t, valid)(attribute, value); len(errors) > 0 {
					t.Errorf("%s.%s = %v: %v", b.name, attribute, value, errors)
				}
			}
			everything[attribute] = unknown
		}
		if errors := b.errors(t, everything); len(errors) > 0 {
			t.Errorf("%s, all unknown: %v", b.name, errors)
		}
	}
	for _, n := range nouns {
		if n.resource != "" {
			try(resource(p, n.resource), n.valid, true)
		}
		if n.dataSource != "" {
			try(dataSource(p, n.dataSource), nil, false) // a key that is null is no key
		}
	}
	for _, list := range lists {
		try(dataSource(p, list.dataSource), nil, true)
	}
}
