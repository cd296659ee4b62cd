package planchecks_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

const kindOfUsers = "organizationuser"

// creations is a configuration that creates n users with the attributes, in which ${count.index} differs.
func creations(n int, attributes ...string) string {
	return acctest.User("new", append(attributes, fmt.Sprintf("count = %d", n))...)
}

const (
	newCustomID = `custom_id = "new-${count.index}"`
	newEmail    = `email = "new-${count.index}@example.com"`
)

// organization fills a sandbox with users whom no test creates.
func organization(s *sandbox.Sandbox, n int) {
	for i := range n {
		s.Put(kindOfUsers, map[string]any{
			"detail_access": 0, "first_name": "Old", "custom_id": fmt.Sprintf("old-%d", i), "email": fmt.Sprintf("old-%d@example.com", i),
		})
	}
}

// TestLookUpRequests counts what a plan asks for: at most one request for each field and 50 creations, as long as the organization is not
// much larger than what is created.
func TestLookUpRequests(t *testing.T) {
	for _, c := range []struct {
		users, creations int
		attributes       []string
		most             int
	}{
		{100, 0, []string{newCustomID, newEmail}, 0},
		{100, 1, []string{newCustomID, newEmail}, 2},
		// One more than the rule where a busy machine makes the first creations come far apart.
		{0, 50, []string{newCustomID}, 1 + 1},
		{10, 50, []string{newCustomID}, 1 + 1},
		{100, 50, []string{newCustomID, newEmail}, 2 + 2},
		{100, 300, []string{newCustomID, newEmail}, 12},
		{2000, 300, []string{newCustomID, newEmail}, 12},
		{5000, 4, []string{newCustomID, newEmail}, 2},
		{100, 50, []string{}, 0},
		{100, 50, []string{`custom_id = terraform_data.late.id`}, 0},
	} {
		t.Run(fmt.Sprintf("%d of %d with %d", c.creations, c.users, len(c.attributes)), func(t *testing.T) {
			w := acctest.New(t)
			organization(w.Sandbox, c.users)
			w.Config("resource \"terraform_data\" \"late\" {}\n" + creations(c.creations, c.attributes...))
			if found := w.Try("plan", "-input=false"); len(found) != 0 {
				t.Errorf("%+v", found)
			}
			if requests := w.Sandbox.Requests(); len(requests) > c.most {
				t.Errorf("%d requests, want at most %d", len(requests), c.most)
				for _, r := range requests {
					t.Log(r.Query)
				}
			}
		})
	}
}

const (
	aNumber      = "19900101-2385"
	anotherID    = "0d9a3f5e-7c41-4b8e-9f2a-6c1d5e8b7a31"
	aTenant      = "0d9a3f5e-7c41-4b8e-9f2a-6c1d5e8b7a32"
	identityKind = "protectedidentity"
)

// TestSomebodyExists plans creations of people whom Pigello has already. No message repeats a value.
func TestSomebodyExists(t *testing.T) {
	user := map[string]any{"custom_id": "canary-1", "email": "canary@EXAMPLE.com", "ssn": "199001012385"}
	identity := map[string]any{"tenant": map[string]any{"id": aTenant}, "custom_id": "canary-1", "first_name": "Old"}
	block := func(attributes ...string) string {
		return "resource \"pigello_protected_identity\" \"u\" {\n  " + strings.Join(attributes, "\n  ") + "\n}\n"
	}
	for name, c := range map[string]struct {
		kind        string
		fields      map[string]any
		config      string
		onDuplicate string
		severity    string   // "" for no message
		on          []string // attributes; "" for none
		behaviour   func(*sandbox.Behaviour)
	}{
		"custom_id":            {config: acctest.User("u", `custom_id = "canary-1"`), severity: "warning", on: []string{"custom_id"}},
		"email":                {config: acctest.User("u", `email = "canary@example.com"`), severity: "warning", on: []string{"email"}},
		"ssn":                  {config: acctest.User("u", `ssn = "`+aNumber+`"`), severity: "warning", on: []string{"ssn"}},
		"two keys":             {config: acctest.User("u", `custom_id = "canary-1"`, `email = "canary@example.com"`), severity: "warning", on: []string{"custom_id", "email"}},
		"an error":             {config: acctest.User("u", `custom_id = "canary-1"`), onDuplicate: "error", severity: "error", on: []string{"custom_id"}},
		"ignored":              {config: acctest.User("u", `custom_id = "canary-1"`), onDuplicate: "ignore"},
		"another case":         {config: acctest.User("u", `custom_id = "Canary-1"`, `email = "Canary@example.com"`)},
		"a comma":              {fields: map[string]any{"custom_id": "a,b"}, config: acctest.User("u", `custom_id = "a,b"`) + acctest.User("v", `custom_id = "b"`), severity: "warning", on: []string{"custom_id"}},
		"among others":         {config: creations(3, newEmail) + acctest.User("u", `email = "canary@EXAMPLE.com"`), severity: "warning", on: []string{"email"}},
		"among many":           {config: creations(30, newEmail) + acctest.User("u", `email = "canary@EXAMPLE.COM"`), severity: "warning", on: []string{"email"}},
		"write-only":           {config: creations(30, newEmail) + acctest.User("u", `email = "u@example.com"`, `ssn_wo = "`+aNumber+`"`, "depends_on = [pigello_organization_user.new]"), severity: "warning", on: []string{"resource"}},
		"write-only, alone":    {config: acctest.User("u", `ssn_wo = "`+aNumber+`"`)},
		"hidden":               {config: acctest.User("u", `email = "canary@example.com"`), severity: "warning", on: []string{"email"}, behaviour: func(b *sandbox.Behaviour) { b.Hide = []string{"email"} }},
		"hidden, among others": {config: creations(3, newEmail) + acctest.User("u", `email = "canary@example.com"`), severity: "warning", on: []string{"email"}, behaviour: func(b *sandbox.Behaviour) { b.Hide = []string{"email"}; b.LowerEmailDomain = true }},
		"hidden, among many":   {config: creations(30, newEmail) + acctest.User("u", `email = "canary@example.com"`), severity: "warning", on: []string{"email"}, behaviour: func(b *sandbox.Behaviour) { b.Hide = []string{"email"}; b.LowerEmailDomain = true }},
		"filters are ignored":  {config: acctest.User("u", `email = "canary@example.com"`, `custom_id = "u"`), severity: "warning", on: []string{"email"}, behaviour: func(b *sandbox.Behaviour) { b.IgnoreFilters = true }},
		"tenant":               {kind: identityKind, fields: identity, config: block(`tenant_id = "`+aTenant+`"`, `first_name = "Ada"`), severity: "error", on: []string{"tenant_id"}},
		"tenant, ignored":      {kind: identityKind, fields: identity, config: block(`tenant_id = "` + strings.ToUpper(aTenant) + `"`), onDuplicate: "ignore", severity: "error", on: []string{"tenant_id"}},
		"identity's custom_id": {kind: identityKind, fields: identity, config: block(`tenant_id = "`+anotherID+`"`, `custom_id = "canary-1"`, `first_name = "Ada"`), severity: "warning", on: []string{"custom_id"}},
		"another tenant":       {kind: identityKind, fields: identity, config: block(`sub_tenant_id = "`+aTenant+`"`, `first_name = "Ada"`, `email = "canary@example.com"`)},
	} {
		t.Run(name, func(t *testing.T) {
			w := acctest.New(t)
			if c.behaviour != nil {
				w.Sandbox.Configure(c.behaviour)
			}
			if c.fields == nil {
				c.fields = user
			}
			if c.kind == "" {
				c.kind = kindOfUsers
			}
			fields := map[string]any{"first_name": "Old"}
			if c.kind == kindOfUsers {
				fields["detail_access"] = 0
			}
			maps.Copy(fields, c.fields)
			id := w.Sandbox.Put(c.kind, fields)
			w.Setenv("PIGELLO_ON_DUPLICATE", c.onDuplicate)
			w.Config(c.config)
			var on []string
			for _, d := range w.Try("plan", "-input=false") {
				if d.Severity != c.severity {
					t.Errorf("%+v", d)
				}
				if !strings.Contains(d.Text(), id) || !strings.Contains(d.Detail, "import {\n  to = pigello_") {
					t.Errorf("nothing names %s with a ready block: %s", id, d.Text())
				}
				if d.On() == "tenant_id" && !strings.Contains(d.Detail, "-target") {
					t.Errorf("nothing says what to do if the tenant changes hands: %s", d.Detail)
				}
				if strings.Contains(strings.ToLower(d.Text()), "canary") || strings.Contains(d.Text(), "900101") || strings.Contains(d.Text(), aTenant) {
					t.Errorf("a value is told: %s", d.Text())
				}
				on = append(on, d.On())
			}
			slices.Sort(on)
			if !slices.Equal(on, c.on) {
				t.Errorf("messages about %q, want %q", on, c.on)
			}
			for _, r := range w.Sandbox.Requests() {
				if strings.Contains(fmt.Sprint(r.Query), "900101") != (name == "ssn") {
					t.Errorf("a number is part of the address %s", r.Query)
				}
			}
			if c.onDuplicate == "ignore" && c.kind == kindOfUsers && len(w.Sandbox.Requests()) > 0 {
				t.Error("somebody was looked for")
			}
		})
	}
}
