package planchecks_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// people is a configuration of n users.
func people(n int, attributes ...string) string {
	return acctest.User("u", append(attributes, fmt.Sprintf("count = %d", n), `custom_id = "u-${count.index}"`)...)
}

// TestMaxDestroys plans changes that remove or lock out people, with a cap of five.
func TestMaxDestroys(t *testing.T) {
	for name, c := range map[string]struct {
		before, after string
		args          []string
		people        int // that the error names; 0 for no error
	}{
		"20 of 20":               {before: people(20), after: "", people: 20},
		"all":                    {before: people(20), after: people(20), args: []string{"-destroy"}, people: 20},
		"one of 20":              {before: people(20), after: people(19)},
		"five of 20":             {before: people(20), after: people(15)},
		"six of 20":              {before: people(20), after: people(14), people: 6},
		"deactivated":            {before: people(20), after: people(20, "is_active = false"), people: 20},
		"anonymized":             {before: people(20), after: people(20, "anonymized = true"), people: 20},
		"ended":                  {before: people(20), after: people(20, `active_to = "2020-01-01T00:00:00Z"`), people: 20},
		"not yet ended":          {before: people(20), after: people(20, `active_to = "2999-01-01T00:00:00Z"`)},
		"otherwise changed":      {before: people(20), after: people(20, `last_name = "Byron"`)},
		"inactive before":        {before: people(20, "is_active = false"), after: people(20, "is_active = false", `last_name = "Byron"`)},
		"in two ways":            {before: people(4), after: people(4, "is_active = false", "anonymized = true")},
		"deactivated at last":    {before: people(20, `on_destroy = "deactivate"`), after: "", people: 20},
		"abandoned":              {before: people(20, `on_destroy = "abandon"`), after: ""},
		"replaced":               {before: people(6), after: people(6), args: replace(6), people: 6},
		"abandoned by replacing": {before: people(6, `on_destroy = "abandon"`), after: people(6, `on_destroy = "abandon"`), args: replace(6)},
		"one after the other":    {before: people(8), after: "", args: []string{"-parallelism=1"}, people: 8},
		"without a refresh":      {before: people(20), after: people(20, "is_active = false"), args: []string{"-refresh=false"}, people: 20},
		"100 of 100":             {before: people(100), after: "", people: 100},
	} {
		t.Run(name, func(t *testing.T) {
			w := acctest.New(t)
			w.Config(c.before)
			w.Apply()
			w.Sandbox.ResetRequests()
			w.Setenv("PIGELLO_MAX_DESTROYS", "5")
			w.Setenv("PIGELLO_ON_DUPLICATE", "error")
			w.Config(c.after)
			found := w.Try(append([]string{"plan"}, c.args...)...).Errors()
			if len(acctest.Writes(w.Sandbox)) > 0 {
				t.Error("something was sent")
			}
			if c.people == 0 {
				if len(found) != 0 {
					t.Errorf("%+v", found)
				}
				return
			}
			if len(found) == 0 || len(found) > 3 {
				t.Fatalf("%d errors: %+v", len(found), found)
			}
			var text strings.Builder
			for _, d := range found {
				text.WriteString(d.Text())
			}
			for _, part := range []string{fmt.Sprintf("%d people", c.people), "max_destroys allows 5", "PIGELLO_MAX_DESTROYS="} {
				if !strings.Contains(text.String(), part) {
					t.Errorf("nothing says %q: %s", part, text.String())
				}
			}
			if len(c.args) == 0 || c.args[0] != "-parallelism=1" {
				if raise := fmt.Sprintf("PIGELLO_MAX_DESTROYS=%d", c.people); len(found) > 1 || !strings.Contains(text.String(), raise) {
					t.Errorf("want one error that says %s: %+v", raise, found)
				}
			}
			// As the error says.
			w.Setenv("PIGELLO_MAX_DESTROYS", fmt.Sprint(c.people))
			if found := w.Try(append([]string{"plan", "-out=tfplan"}, c.args...)...).Errors(); len(found) > 0 {
				t.Errorf("%+v", found)
			}
			// The apply carries out what was approved, whatever the cap is now.
			w.Setenv("PIGELLO_MAX_DESTROYS", "5")
			w.OK("apply", "tfplan")
		})
	}
}

// replace are the arguments that replace n people.
func replace(n int) []string {
	var args []string
	for i := range n {
		args = append(args, fmt.Sprintf("-replace=pigello_organization_user.u[%d]", i))
	}
	return args
}

// TestMaxDestroysOfIdentities: people under protected identity count, too.
func TestMaxDestroysOfIdentities(t *testing.T) {
	w := acctest.New(t)
	w.Setenv("PIGELLO_MAX_DESTROYS", "0")
	w.Config("resource \"pigello_protected_identity\" \"u\" {\n  tenant_id = \"" + aTenant + "\"\n  first_name = \"Ada\"\n}\n" + people(1))
	w.Apply()
	w.Config("")
	if found := w.Try("plan").Errors(); len(found) != 1 || !strings.Contains(found[0].Summary, "2 people") {
		t.Errorf("%+v", found)
	}
	if found := w.TryApply().Errors(); len(found) != 1 || len(acctest.Writes(w.Sandbox)) != 2 {
		t.Errorf("%+v", found)
	}
}

// TestTerraformDoesNotLockItselfOut changes the user as whom Terraform signs in.
func TestTerraformDoesNotLockItselfOut(t *testing.T) {
	w := acctest.New(t)
	const u = "pigello_organization_user.u"
	block := func(attributes ...string) string { return acctest.User("u", append(attributes, `custom_id = "u"`)...) }
	w.Config(block())
	w.Apply()
	id := w.Attributes(u)["id"].(string)
	late := "resource \"terraform_data\" \"late\" {\n  input = %s\n}\n"
	w.Setenv("PIGELLO_CLIENT_ENTITY", strings.ToUpper(id))
	w.Sandbox.Configure(func(b *sandbox.Behaviour) { b.Credentials["X-PIGELLO-CLIENT-ENTITY"] = strings.ToUpper(id) })
	for name, c := range map[string]struct {
		config string
		args   []string
		on     string // "-" for no error
		apply  bool   // the change is known at apply only
	}{
		"deleted":        {config: "", on: ""},
		"destroyed":      {config: block(), args: []string{"-destroy"}, on: "resource"},
		"replaced":       {config: block(), args: []string{"-replace=" + u}, on: "resource"},
		"deactivated":    {config: block("is_active = false"), on: "is_active"},
		"anonymized":     {config: block("anonymized = true"), on: "anonymized"},
		"ended":          {config: block(`active_to = "2020-01-01T00:00:00Z"`), on: "active_to"},
		"ends in future": {config: block(`active_to = "2999-01-01T00:00:00Z"`), on: "-"},
		"renamed":        {config: block(`last_name = "Byron"`), on: "-"},
		"late":           {config: fmt.Sprintf(late, "false") + block("is_active = terraform_data.late.output"), on: "is_active", apply: true},
	} {
		w.Config(c.config)
		w.Sandbox.ResetRequests()
		found := w.Try(append([]string{"plan"}, c.args...)...).Errors()
		if c.apply {
			if len(found) != 0 {
				t.Errorf("%s: at plan: %+v", name, found)
			}
			found = w.TryApply().Errors()
		}
		if len(acctest.Writes(w.Sandbox)) > 0 {
			t.Errorf("%s: something was sent", name)
		}
		switch {
		case c.on == "-" && len(found) != 0:
			t.Errorf("%s: %+v", name, found)
		case c.on != "-" && (len(found) != 1 || found[0].On() != c.on || !strings.Contains(found[0].Detail, "lock itself out")):
			t.Errorf("%s: want one error on %q, got %+v", name, c.on, found)
		}
	}
	// What Terraform does not know at plan: that a tainted user is deleted before another is created.
	w.Config(block())
	w.OK("taint", u)
	w.Sandbox.ResetRequests()
	if found := w.TryApply().Errors(); len(found) != 1 || !strings.Contains(found[0].Detail, "lock itself out") || len(acctest.Writes(w.Sandbox)) > 0 {
		t.Errorf("tainted: %+v", found)
	}
	w.OK("untaint", u)
	w.Config(block(`on_destroy = "abandon"`))
	w.Apply()
	w.Config("")
	w.Apply()
}
