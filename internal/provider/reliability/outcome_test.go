package reliability_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// withCountryCode is a server that stores phone numbers in the international form.
func withCountryCode(b *sandbox.Behaviour) {
	b.Rewrite = func(_ string, fields map[string]any) {
		if number, ok := fields["phone_number"].(string); ok {
			fields["phone_number"] = "+46" + strings.TrimPrefix(strings.TrimPrefix(number, "+46"), "0")
		}
	}
}

// TestNearMatch loses the response to a creation on a server that has stored something else, or dates it by another clock: the error names
// the person that may be it, and importing that works. There is never a second one.
func TestNearMatch(t *testing.T) {
	for name, behaviour := range map[string]func(*sandbox.Behaviour){
		"country code": withCountryCode,
		"two clocks":   func(b *sandbox.Behaviour) { b.DateSkew = 3 * time.Second },
	} {
		t.Run(name, func(t *testing.T) {
			w := acctest.New(t, behaviour)
			config := user("ada", `phone_number = "0701234567"`, `custom_id = "emp-42"`) + protected(`phone_number = "0701234567"`)
			w.Config(config)
			w.Sandbox.Inject(sandbox.Fault{Method: http.MethodPost, Drop: true, AfterCommit: true, Times: 2})
			errs := w.TryApply().Errors()
			if len(errs) != 2 || len(ids(t, w)) != 0 {
				t.Fatalf("want an error for each, got %+v", errs)
			}
			imports := ""
			for address, kind := range map[string]string{"pigello_organization_user.": kind, "pigello_protected_identity.": identity} {
				made := served(w, kind)
				if len(made) != 1 {
					t.Fatalf("the server has %v", made)
				}
				block := "import {\n  to = " + address + "<name>\n  id = \"" + made[0] + "\"\n}\n"
				if !slices.ContainsFunc(errs, func(d acctest.Diagnostic) bool {
					return strings.Contains(d.Detail, "not known whether") && strings.Contains(d.Detail, block)
				}) {
					t.Errorf("no error has the block\n%s%+v", block, errs)
				}
				imports += strings.Replace(block, "<name>", map[bool]string{true: "ada", false: "p"}[kind == sandbox.OrganizationUser], 1)
			}
			w.Write("import.tf", imports)
			w.Apply()
			if n := acctest.Count(w.Sandbox, http.MethodPost); n != 2 || len(ids(t, w)) != 2 {
				t.Errorf("%d creations were sent, the state holds %v", n, ids(t, w))
			}
			if name == "two clocks" {
				w.PlanEmpty()
			}
		})
	}
}

// TestOneSecondOfTolerance adopts what a server dates one second before its own Date.
func TestOneSecondOfTolerance(t *testing.T) {
	w := acctest.New(t, func(b *sandbox.Behaviour) { b.DateSkew = time.Second })
	w.Config(user("ada"))
	w.Sandbox.Inject(sandbox.Fault{Method: http.MethodPost, Drop: true, AfterCommit: true})
	w.Apply()
	agree(t, w, 1)
}

// TestReplacementLeavesSomebody replaces a user who is as new as the one that would come after, while creations are refused: the old one is
// found, and must not be deleted then.
func TestReplacementLeavesSomebody(t *testing.T) {
	w := acctest.New(t)
	w.Config(user("ada", `lifecycle { create_before_destroy = true }`))
	w.Apply()
	old := ids(t, w)[0]
	w.Sandbox.Change(kind, old, map[string]any{"created_at": time.Now().Add(time.Hour).UTC().Format(time.RFC3339)})
	w.Sandbox.Inject(sandbox.Fault{Method: http.MethodPost, Status: 502, BeforeCommit: true})
	errs := w.TryApply("-replace=pigello_organization_user.ada").Errors()
	if now := served(w, kind); !slices.Equal(now, []string{old}) || acctest.Count(w.Sandbox, http.MethodDelete) != 0 {
		t.Fatalf("the server has %v, had %s", now, old)
	}
	d := errs.Only(t, old, "nobody", "terraform state rm", "import {")
	w.OK("state", "rm", "pigello_organization_user.ada")
	adopt(t, w, d, "ada", old)
}

// TestGoneWithoutRefresh plans without a refresh: whoever has write-only data is looked at all the same, and named if gone.
func TestGoneWithoutRefresh(t *testing.T) {
	w := acctest.New(t)
	w.Setenv("TF_VAR_v", numberA)
	w.Config(secrets("1") + user("eve"))
	w.Apply()
	gone := []string{w.Attributes("pigello_organization_user.ada")["id"].(string), served(w, identity)[0]}
	bystander := w.Sandbox.Put(identity, map[string]any{"tenant": relation(7)})
	w.Sandbox.Remove(kind, gone[0])
	w.Sandbox.Remove(identity, gone[1])
	errs := w.Try("plan", "-refresh=false", "-input=false").Errors()
	if len(errs) != 2 {
		t.Fatalf("want an error for each of the two, got %+v", errs)
	}
	for _, id := range gone {
		if !slices.ContainsFunc(errs, func(d acctest.Diagnostic) bool {
			return strings.Contains(d.Summary, id) && strings.Contains(d.Detail, id+" does not exist") && strings.Contains(d.Detail, "-refresh=false and -minimal-refresh")
		}) {
			t.Errorf("no error says that %s is gone: %+v", id, errs)
		}
	}
	// What the error advises works.
	w.Apply()
	w.PlanEmpty()
	if _, ok := w.Sandbox.Get(identity, bystander); !ok || len(served(w, kind)) != 2 || len(served(w, identity)) != 2 {
		t.Errorf("%v, %v", served(w, kind), served(w, identity))
	}
}

// TestNextVersionOfTheClient shows that the version at the end of client_ct makes no other tenant: what is gone then is gone.
func TestNextVersionOfTheClient(t *testing.T) {
	w := acctest.New(t)
	use := func(clientCT string) {
		w.Sandbox.Configure(func(b *sandbox.Behaviour) { b.Credentials["X-PIGELLO-CLIENT-CT"] = clientCT })
		w.Setenv("PIGELLO_CLIENT_CT", clientCT)
	}
	use("prod,mypages,1.0.0")
	w.Config(user("ada") + user("eve"))
	w.Apply()
	w.Sandbox.Remove(kind, w.Attributes("pigello_organization_user.ada")["id"].(string))
	use("test,mypages,1.0.0")
	errs := w.Try("plan").Errors()
	errs.Only(t, `client_ct was "prod,mypages" and is now "test,mypages"`)
	use("prod,mypages,1.0.1")
	warnings := w.TryApply().Warnings()
	warnings.Only(t, "is gone")
	agree(t, w, 2)
}
