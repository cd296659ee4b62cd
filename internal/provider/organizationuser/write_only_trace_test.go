package organizationuser_test

import (
	"fmt"
	"html"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// echo refuses a body, and quotes the personal number in the ways servers quote.
func echo(_, _ string, body map[string]any) (int, any) {
	ssn, _ := body["ssn"].(string)
	if ssn == "" {
		return 0, nil
	}
	var all []any
	for _, quote := range []func(string) string{
		func(s string) string { return s },
		strconv.Quote, html.EscapeString, url.QueryEscape, url.PathEscape,
		func(s string) string { return strings.ReplaceAll(s, "-", "") },
		func(s string) string { return strings.ReplaceAll(s, "-", "+") },
		func(s string) string { return strings.ReplaceAll(s, "-", "%2D") },
		func(s string) string { return strings.ReplaceAll(s, "-", "&#45;") },
		func(s string) string { return strings.ReplaceAll(s, "-", `\u002d`) },
		func(s string) string { return url.QueryEscape(`"` + strings.ReplaceAll(s, "-", "%2D") + `"`) },
		func(s string) string { return strings.ReplaceAll(url.QueryEscape(strconv.Quote(s)), "-", "%2D") },
		func(s string) string { return s[2:] },
	} {
		all = append(all, fmt.Sprintf("'%s' is taken", quote(ssn)))
	}
	return 400, map[string]any{"ssn": all, "last_name": all, "detail": all[len(all)-1], "errors": map[string]any{"body": body}, ssn: "unknown"}
}

// TestWriteOnlySSNLeavesNoTrace leads a user through its life in Terraform, and looks for the personal number after each command.
func TestWriteOnlySSNLeavesNoTrace(t *testing.T) {
	secret := []string{number(1), number(2), number(3)}
	s := newStaff(t, []string{"a"})
	log := filepath.Join(t.TempDir(), "provider.log")
	s.Setenv("TF_LOG_PROVIDER", "TRACE")
	s.Setenv("TF_LOG_PATH", log)
	command := func(code int, args ...string) acctest.Result {
		t.Helper()
		r := s.Run(args...)
		s.Exits(r, code)
		s.noTrace(secret, r)
		return r
	}
	s.declare(numbers{"a": number(1)})
	command(2, "plan", "-detailed-exitcode", "-out=tfplan")
	command(0, "apply", "tfplan")
	s.declare(numbers{"a": number(2)})
	s.change(numbers{"a": number(3)})
	s.configure("a", "b")
	s.declare(numbers{"a": number(2), "b": number(1)})
	s.Sandbox.Configure(func(b *sandbox.Behaviour) { b.Refuse = echo })
	// After the serial number; Terraform lists the sensitive attributes in any order.
	resources := func() string {
		_, text, _ := strings.Cut(s.State(), `"resources"`)
		return strings.Join(slices.Sorted(strings.SplitSeq(text, "\n")), "\n")
	}
	before := resources()
	r := command(1, "apply", "-auto-approve", "-json")
	for _, text := range []string{"Could not update the organization user", "Could not create the organization user", "refuses ssn"} {
		if !strings.Contains(r.Output, text) {
			t.Errorf("the output does not say %q\n%s", text, r.Output)
		}
	}
	if after := resources(); after != before {
		t.Errorf("a failure has changed the state from %s to %s", before, after)
	}
	acctest.Same(s.t, "the server's number", acctest.ByCustomID(s.t, s.Sandbox, kind, "a")["ssn"], number(3))
	s.Sandbox.Configure(func(b *sandbox.Behaviour) { b.Refuse = nil })
	command(0, "apply", "-auto-approve")
	acctest.Same(s.t, "the server's number", acctest.ByCustomID(s.t, s.Sandbox, kind, "a")["ssn"], number(2))
	acctest.Same(s.t, "the server's number", acctest.ByCustomID(s.t, s.Sandbox, kind, "b")["ssn"], number(1))
	command(0, "show", "-json")
	s.PlanEmpty()
	id := s.id("a")
	command(0, "state", "rm", `pigello_organization_user.u["a"]`)
	command(0, "import", `pigello_organization_user.u["a"]`, id)
	command(0, "destroy", "-auto-approve")
	content := acctest.ReadFile(t, log)
	s.noTrace(secret, acctest.Result{Output: content})
}

// TestWriteOnlySSNInvalid finds what is wrong before anything is sent, and repeats no value.
func TestWriteOnlySSNInvalid(t *testing.T) {
	s := newStaff(t, []string{"a"})
	wrong := []string{"19870314-0000", "870314-9980", "19870230-9980", ""}
	var outputs []acctest.Result
	for _, ssn := range wrong {
		s.declare(numbers{"a": ssn})
		r := s.Run("plan", "-no-color")
		s.Exits(r, 1)
		acctest.Same(s.t, "errors", r.Count("The value of ssn_wo "), 1)
		outputs = append(outputs, r)
	}
	for _, r := range outputs {
		for _, ssn := range wrong[:3] {
			if strings.Contains(r.Output, ssn) {
				t.Errorf("the output holds the value\n%s", r.Output)
			}
		}
	}
	s.Config(fmt.Sprintf(`resource "pigello_organization_user" "u" {
  detail_access = 1
  first_name = "Ada"
  ssn = %q
  ssn_wo = %q
}`, number(1), number(2)))
	found := s.Validate()
	if len(found) != 1 || !strings.Contains(found[0].Detail, "ssn_wo") || strings.Contains(found[0].Detail, "998") {
		t.Errorf("ssn beside ssn_wo: %v", found)
	}
	if len(s.Sandbox.Requests()) > 0 {
		t.Error("something was sent")
	}
}
