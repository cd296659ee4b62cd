package planchecks_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// summaries are the diagnostics of a plan, each as its severity and its summary.
func summaries(found acctest.Diagnostics) string {
	var all []string
	for _, d := range found {
		all = append(all, d.Severity+": "+d.Summary)
	}
	return strings.Join(all, "\n")
}

func TestTwoCreationsWithOneKey(t *testing.T) {
	w := acctest.New(t)
	w.Config(acctest.User("a", `custom_id = "canary"`, `email = "a@example.com"`) + acctest.User("b", `custom_id = "canary"`, `email = "a@EXAMPLE.com"`))
	found := w.Try("plan", "-input=false")
	if got := summaries(found); len(found) != 2 || !strings.Contains(got, "same custom_id") || !strings.Contains(got, "same email") ||
		strings.Contains(got, "canary") || strings.Contains(got, "error") {
		t.Errorf("%+v", found)
	}
	w.Setenv("PIGELLO_ON_DUPLICATE", "error")
	if found := w.Try("plan").Errors(); len(found) != 2 {
		t.Errorf("%+v", found)
	}
	w.Setenv("PIGELLO_ON_DUPLICATE", "ignore")
	if found := w.Try("plan", "-input=false"); len(found) != 0 {
		t.Errorf("%+v", found)
	}
	w.Setenv("PIGELLO_ON_DUPLICATE", "")
	w.Config(acctest.User("a", `ssn_wo = "`+aNumber+`"`) + acctest.User("b", `ssn = "199001012385"`) + acctest.User("c", `ssn_wo = "199001012385"`))
	if found := w.Try("plan", "-input=false"); len(found) != 2 {
		t.Errorf("%+v", found)
	}
	// Not known yet is not the same.
	w.Config("resource \"terraform_data\" \"late\" {}\n" + acctest.User("a", `custom_id = terraform_data.late.id`) + acctest.User("b", `custom_id = terraform_data.late.id`))
	if found := w.Try("plan", "-input=false"); len(found) != 0 {
		t.Errorf("%+v", found)
	}
	// An apply does not repeat what the plan has said.
	w.Config(acctest.User("a", `custom_id = "canary"`) + acctest.User("b", `custom_id = "canary"`))
	if out := w.Apply().Output; strings.Count(out, "same custom_id") != 1 {
		t.Error(out)
	}
}

// TestTwoOrganizations declares one person in two organizations, each behind an alias.
func TestTwoOrganizations(t *testing.T) {
	w, other := acctest.New(t), sandbox.New()
	url := acctest.Listen(t, other)
	w.Config(`provider "pigello" {
  alias = "other"
  base_url = "` + url + `"
}
` + acctest.User("a", `custom_id = "one"`) + acctest.User("b", `custom_id = "one"`, `provider = pigello.other`))
	if found := w.Try("plan", "-input=false"); len(found) != 0 {
		t.Errorf("%+v", found)
	}
	if len(w.Sandbox.Requests()) != 1 || len(other.Requests()) != 1 {
		t.Errorf("%d and %d requests", len(w.Sandbox.Requests()), len(other.Requests()))
	}
}

// TestKeysThatChangeHands plans creations whose keys somebody has who gives them up in the same plan, or does not.
func TestKeysThatChangeHands(t *testing.T) {
	w := acctest.New(t)
	w.Setenv("PIGELLO_ON_DUPLICATE", "error")
	holder := func(attributes ...string) string { return acctest.User("holder", attributes...) }
	w.Config(holder(`custom_id = "one"`, `email = "one@example.com"`))
	w.Apply()
	id := w.Attributes("pigello_organization_user.holder")["id"].(string)
	next := acctest.User("next", `custom_id = "one"`)
	for name, c := range map[string]struct {
		config string
		says   string // "" for no error
	}{
		"kept":       {holder(`custom_id = "one"`, `email = "two@example.com"`) + next, "The organization user " + id + " has this custom_id already"},
		"given up":   {holder(`custom_id = "two"`, `email = "one@example.com"`) + next, ""},
		"cleared":    {holder(`email = "one@example.com"`) + next, ""},
		"removed":    {next, ""},
		"unknown":    {"resource \"terraform_data\" \"late\" {}\n" + holder(`custom_id = terraform_data.late.id`) + next, ""},
		"re-spelled": {holder(`custom_id = "one"`, `email = "one@EXAMPLE.com"`) + acctest.User("next", `email = "one@Example.com"`), "has this email already"},
	} {
		w.Config(c.config)
		found := w.Try("plan").Errors()
		if c.says == "" && len(found) != 0 || c.says != "" && (len(found) != 1 || !strings.Contains(found[0].Summary, c.says)) {
			t.Errorf("%s: %+v", name, found)
		}
		if len(found) > 0 && strings.Contains(found[0].Detail, "import {") {
			t.Errorf("%s: what is managed cannot be imported: %s", name, found[0].Detail)
		}
	}
	// Whoever is replaced is not in the way of the new one.
	w.Config(holder(`custom_id = "one"`, `email = "one@example.com"`))
	if found := w.Try("plan", "-replace=pigello_organization_user.holder").Errors(); len(found) != 0 {
		t.Errorf("replaced: %+v", found)
	}
	w.Config(holder(`custom_id = "one"`, `email = "one@example.com"`, "lifecycle {\n  create_before_destroy = true\n  }"))
	w.OK("plan", "-replace=pigello_organization_user.holder", "-out=tfplan")
	if w.Engine().OpenTofu { // see the known limitations
		w.Setenv("PIGELLO_ON_DUPLICATE", "warn")
	}
	w.OK("apply", "tfplan")
	w.Setenv("PIGELLO_ON_DUPLICATE", "error")
	w.OK("taint", "pigello_organization_user.holder")
	if found := w.Try("plan").Errors(); len(found) != 0 {
		t.Errorf("tainted: %+v", found)
	}
}

// TestReplacedWithoutRefresh replaces objects in plans that do not refresh each object first. Their own keys are not in the way, and those of
// others are. Of a tainted object, Terraform passes nothing to the provider, so the error says what to do.
func TestReplacedWithoutRefresh(t *testing.T) {
	w := acctest.New(t)
	w.Setenv("PIGELLO_ON_DUPLICATE", "error")
	identity := func(name, tenant string) string {
		return fmt.Sprintf("resource \"pigello_protected_identity\" %q {\n  tenant_id  = %q\n  first_name = \"Ada\"\n}\n", name, tenant)
	}
	config := identity("holder", aTenant) + acctest.User("holder", `custom_id = "one"`)
	w.Config(config)
	w.Apply()
	replace := []string{"-replace=pigello_protected_identity.holder", "-replace=pigello_organization_user.holder"}
	modes := []string{"-refresh=false"}
	if w.Has(acctest.MinimalRefresh) {
		modes = append(modes, "-minimal-refresh")
	}
	for _, mode := range modes {
		if found := w.Try(append([]string{"plan", "-input=false", mode}, replace...)...).Errors(); len(found) != 0 {
			t.Errorf("%s: %+v", mode, found)
		}
		w.Config(config + identity("one", anotherID) + identity("two", anotherID))
		if found := w.Try(append([]string{"plan", "-input=false", mode}, replace...)...).Errors(); len(found) != 1 || !strings.Contains(found[0].Summary, "Another new") {
			t.Errorf("%s, and two new ones: %+v", mode, found)
		}
		w.Config(config)
	}
	w.OK("taint", "pigello_protected_identity.holder")
	w.OK("taint", "pigello_organization_user.holder")
	const full = "without -refresh=false and -minimal-refresh"
	for _, mode := range modes {
		found := w.Try("plan", "-input=false", mode).Errors()
		if len(found) == 0 {
			t.Errorf("%s: this engine says more about tainted objects than others: remove the hint", mode)
		}
		for _, d := range found {
			if !strings.Contains(d.Detail, full) {
				t.Errorf("%s: %+v", mode, d)
			}
		}
	}
	if found := w.Try("plan", "-input=false").Errors(); len(found) != 0 { // as the error advises
		t.Errorf("%+v", found)
	}
}

// TestLookUpFails plans creations while nobody can be looked for.
func TestLookUpFails(t *testing.T) {
	for name, c := range map[string]struct {
		status   int
		body     string
		severity string
		says     string
	}{
		"401":    {http.StatusUnauthorized, `{"detail": "Invalid."}`, "error", "client_secret"},
		"403":    {http.StatusForbidden, `{"detail": "No."}`, "error", `not list them, set on_duplicate = "ignore"`},
		"503":    {http.StatusServiceUnavailable, "", "warning", "503 Service Unavailable"},
		"a page": {http.StatusOK, "<html>", "warning", "cannot be understood"},
		"404":    {http.StatusNotFound, `{"detail": "Not found."}`, "warning", "404 Not Found"},
	} {
		for _, n := range []int{1, 30} {
			t.Run(fmt.Sprintf("%s, %d", name, n), func(t *testing.T) {
				w := acctest.New(t)
				w.Setenv("PIGELLO_MAX_RETRIES", "2")
				requests := w.Front(func(*http.Request, map[string]any) acctest.Responder {
					return &acctest.Response{Status: c.status, Body: c.body}
				})
				w.Config(creations(n, newCustomID, newEmail))
				found := w.Try("plan", "-input=false")
				if len(found) != 1 || found[0].Severity != c.severity || !strings.Contains(found[0].Text(), c.says) {
					t.Errorf("%+v", found)
				}
				if requests() > 4 {
					t.Errorf("%d requests", requests())
				}
			})
		}
	}
}

// TestListsAreForbidden: credentials that have shown an object are not wrong.
func TestListsAreForbidden(t *testing.T) {
	w := acctest.New(t)
	w.Config(acctest.User("a", `custom_id = "one"`))
	w.Apply()
	w.Sandbox.Configure(func(b *sandbox.Behaviour) { b.ForbidLists = true })
	w.Config(acctest.User("a", `custom_id = "one"`) + acctest.User("b", `custom_id = "two"`, `fmi = pigello_organization_user.a.id == "" ? null : null`))
	if found := w.Try("plan", "-input=false"); len(found) != 1 || found[0].Severity != "warning" {
		t.Errorf("%+v", found)
	}
}

// TestListsAreForbiddenAndIgnored creates what must be unique with credentials that may create and must not list. on_duplicate = "ignore" is the
// way that the error names, for plan and apply of every engine.
func TestListsAreForbiddenAndIgnored(t *testing.T) {
	w := acctest.New(t, func(b *sandbox.Behaviour) { b.ForbidLists = true })
	w.Config("resource \"pigello_protected_identity\" \"u\" {\n  tenant_id  = \"" + aTenant + "\"\n  first_name = \"Ada\"\n}\n" +
		acctest.User("u", `custom_id = "one"`))
	for _, d := range w.Try("plan", "-input=false").Errors() {
		if !strings.Contains(d.Detail, `not list them, set on_duplicate = "ignore"`) {
			t.Errorf("%+v", d)
		}
	}
	w.Setenv("PIGELLO_ON_DUPLICATE", "ignore")
	found := w.Try("plan", "-input=false", "-out=tfplan")
	if len(found) != 1 || found[0].Severity != "warning" || !strings.Contains(found[0].Text(), "403 Forbidden") {
		t.Errorf("%+v", found)
	}
	w.OK("apply", "-input=false", "tfplan")
	if made := len(w.Sandbox.All(identityKind)) + len(w.Sandbox.All(kindOfUsers)); made != 2 {
		t.Errorf("%d were created", made)
	}
}
