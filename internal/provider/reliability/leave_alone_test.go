package reliability_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// uuidOf makes an id of its own for each number.
func uuidOf(n int) string { return fmt.Sprintf("7e000000-0000-4000-8000-%012d", n) }

func relation(n int) map[string]any { return map[string]any{"id": uuidOf(n)} }

// patches returns the bodies of the PATCH requests, by what is known of the object in the path.
func patches(w *acctest.Workspace, names map[string]string) map[string][]any {
	found := map[string][]any{}
	for _, r := range w.Sandbox.Requests() {
		if r.Method != http.MethodPatch {
			continue
		}
		name := names[acctest.LastPart(r.Path)]
		found[name] = append(found[name], any(r.Object()))
	}
	return found
}

// oldPlans are the ways in which a plan gets old before it is applied. between happens after the plan was made, or without its notice.
var oldPlans = map[string]func(t *testing.T, w *acctest.Workspace, between func()){
	"waiting for yes": func(t *testing.T, w *acctest.Workspace, between func()) {
		c := w.Ask("apply", "-no-color")
		between()
		if r := c.Enter("yes"); r.ExitCode != 0 {
			t.Fatal(r.Output)
		}
	},
	"saved": func(_ *testing.T, w *acctest.Workspace, between func()) {
		w.OK("plan", "-out=tfplan", "-input=false", "-no-color")
		between()
		w.OK("apply", "-input=false", "-no-color", "tfplan")
	},
	"-refresh=false": func(_ *testing.T, w *acctest.Workspace, between func()) {
		between()
		w.Apply("-refresh=false")
	},
}

// TestUpdateLeavesAlone changes objects by a plan that is older than what somebody else has changed. The PATCH holds what the plan shows, and
// what only completes the body as it is now.
func TestUpdateLeavesAlone(t *testing.T) {
	person := func(name, email string, lines ...string) string {
		return acctest.Attributes{"detail_access": 2, "first_name": "A", "email": email}.Resource("pigello_organization_user", name, lines...)
	}
	identities := func(customID string) string {
		return fmt.Sprintf(`resource "pigello_protected_identity" "moved" {
  tenant_id = %q
  custom_id = "moved-%s"
}
resource "pigello_protected_identity" "turned" {
  tenant_id = %q
  custom_id = "turned-%s"
}
`, uuidOf(1), customID, uuidOf(2), customID)
	}
	const ignore = `lifecycle { ignore_changes = [first_name, detail_access] }`
	const ignoreAll = `prefer_invoice_view_only = true
lifecycle { ignore_changes = [first_name, detail_access, prefer_invoice_view_only] }`
	const deactivate = `on_destroy = "deactivate"`
	for how, applyOld := range oldPlans {
		for _, alone := range []bool{true, false} {
			t.Run(fmt.Sprint(how, "/validate alone ", alone), func(t *testing.T) {
				w := acctest.New(t, func(b *sandbox.Behaviour) { b.ValidateAlone = alone })
				w.Config(person("ada", "a@example.com") + person("ignored", "i@example.com", ignore) + person("more", "m@example.com", ignoreAll) +
					person("bye", "b@example.com", deactivate) + identities("1"))
				w.Apply()
				names := map[string]string{}
				for _, i := range w.Instances() {
					names[i.Attributes["id"].(string)] = i.Name
				}
				w.Config(person("ada", "a2@example.com") + person("ignored", "i2@example.com", ignore) + person("more", "m2@example.com", ignoreAll) +
					identities("2"))
				w.Sandbox.ResetRequests()
				applyOld(t, w, func() {
					for _, user := range w.Sandbox.All(kind) {
						w.Sandbox.Change(kind, user["id"].(string), map[string]any{
							"detail_access": 0, "first_name": "Married", "prefer_invoice_view_only": false, "phone_number": "0709999999",
						})
					}
					for at, name := range names {
						switch name {
						case "moved":
							w.Sandbox.Change(identity, at, map[string]any{"tenant": relation(8)})
						case "turned":
							w.Sandbox.Change(identity, at, map[string]any{"tenant": nil, "sub_tenant": relation(9)})
						}
					}
				})
				body := func(name string, value any) []any {
					return []any{map[string]any{name: value, "detail_access": 0.0, "first_name": "Married"}}
				}
				want := map[string][]any{
					"ada": body("email", "a2@example.com"), "ignored": body("email", "i2@example.com"), "more": body("email", "m2@example.com"),
					"bye":    body("is_active", false),
					"moved":  {map[string]any{"custom_id": "moved-2", "tenant": relation(8)}},
					"turned": {map[string]any{"custom_id": "turned-2", "sub_tenant": relation(9)}},
				}
				if diff := cmp.Diff(want, patches(w, names)); diff != "" {
					t.Errorf("the PATCH requests, by resource (-want +got):\n%s", diff)
				}
				for _, user := range w.Sandbox.All(kind) {
					if user["detail_access"] != 0.0 || user["first_name"] != "Married" || user["prefer_invoice_view_only"] != false {
						text, _ := json.Marshal(user)
						t.Errorf("what somebody else has changed is undone: %s", text)
					}
				}
			})
		}
	}
}

// TestDestroyLeavesAlone destroys with the state from before the refresh: a user who is deactivated keeps what others have changed.
func TestDestroyLeavesAlone(t *testing.T) {
	for how, args := range map[string][]string{
		"waiting for yes": {"destroy"}, "saved": {"plan", "-destroy", "-out=tfplan"}, "-refresh=false": {"destroy", "-refresh=false"},
		"refreshed": {"destroy", "-auto-approve"},
	} {
		t.Run(how, func(t *testing.T) {
			w := acctest.New(t)
			w.Config(`resource "pigello_organization_user" "bye" {
  detail_access = 2
  first_name    = "A"
  on_destroy    = "deactivate"
}
`)
			w.Apply()
			user := ids(t, w)[0]
			w.Sandbox.ResetRequests()
			between := func() { w.Sandbox.Change(kind, user, map[string]any{"detail_access": 0, "first_name": "Married"}) }
			switch how {
			case "saved":
				w.OK(append(args, "-input=false")...)
				between()
				w.OK("apply", "-input=false", "tfplan")
			case "refreshed":
				between()
				w.OK(append(args, "-input=false")...)
			default:
				c := w.Ask(append(args, "-no-color")...)
				between()
				if r := c.Enter("yes"); r.ExitCode != 0 {
					t.Fatal(r.Output)
				}
			}
			want := map[string][]any{"bye": {map[string]any{"is_active": false, "detail_access": 0.0, "first_name": "Married"}}}
			if diff := cmp.Diff(want, patches(w, map[string]string{user: "bye"})); diff != "" {
				t.Errorf("the PATCH (-want +got):\n%s", diff)
			}
			agreeOnNobody(t, w, user)
		})
	}
}

// agreeOnNobody fails the test unless the state is empty and the server still has the user.
func agreeOnNobody(t *testing.T, w *acctest.Workspace, user string) {
	t.Helper()
	if _, exists := w.Sandbox.Get(kind, user); !exists || len(ids(t, w)) != 0 {
		t.Errorf("exists is %v, the state holds %v", exists, ids(t, w))
	}
}

// TestMoveOfWhoHasMoved changes the tenant of an identity that has become a subtenant's meanwhile: the other relation is sent as null, so
// that exactly one is left.
func TestMoveOfWhoHasMoved(t *testing.T) {
	for how, applyOld := range oldPlans {
		for _, alone := range []bool{true, false} {
			t.Run(fmt.Sprint(how, "/validate alone ", alone), func(t *testing.T) {
				w := acctest.New(t, func(b *sandbox.Behaviour) { b.ValidateAlone = alone })
				w.Config(`resource "pigello_protected_identity" "p" { tenant_id = "` + uuidOf(1) + `" }`)
				w.Apply()
				at := ids(t, w)[0]
				w.Config(`resource "pigello_protected_identity" "p" { tenant_id = "` + uuidOf(2) + `" }`)
				w.Sandbox.ResetRequests()
				applyOld(t, w, func() { w.Sandbox.Change(identity, at, map[string]any{"tenant": nil, "sub_tenant": relation(9)}) })
				want := map[string][]any{"p": {map[string]any{"tenant": relation(2), "sub_tenant": nil}}}
				if diff := cmp.Diff(want, patches(w, map[string]string{at: "p"})); diff != "" {
					t.Errorf("the PATCH (-want +got):\n%s", diff)
				}
				w.PlanEmpty()
			})
		}
	}
}

// TestUpdateOfManyLeavesAlone changes users with write-only data, whose current values the apply compares with lists. These may be old when the
// last user is changed: what only completes a body is read just before.
func TestUpdateOfManyLeavesAlone(t *testing.T) {
	const users = 20
	w := acctest.New(t)
	config := func(customID string) {
		w.Config(fmt.Sprintf(`resource "pigello_organization_user" "u" {
  count         = %d
  detail_access = 2
  first_name    = "A"
  custom_id     = "%s-${count.index}"
  ssn_wo        = %q
}`, users, customID, numberA))
	}
	config("old")
	w.Apply()
	config("new")
	w.OK("plan", "-out=tfplan")
	patched := 0
	changed := map[string]bool{}
	w.Front(func(r *http.Request, _ map[string]any) acctest.Responder {
		if r.Method != http.MethodPatch {
			return nil
		}
		if patched++; patched != users/2 {
			return nil
		}
		for _, user := range w.Sandbox.All(kind) {
			if id := user["id"].(string); user["custom_id"].(string)[:3] == "old" && id != acctest.LastPart(r.URL.Path) {
				w.Sandbox.Change(kind, id, map[string]any{"detail_access": 0, "first_name": "Married"})
				changed[id] = true
			}
		}
		return nil
	})
	w.OK("apply", "-parallelism=1", "tfplan")
	for _, user := range w.Sandbox.All(kind) {
		if changed[user["id"].(string)] && (user["detail_access"] != 0.0 || user["first_name"] != "Married") {
			t.Errorf("the apply has undone a change: %v", user)
		}
	}
	if len(changed) != users/2 || patched != users {
		t.Errorf("%d users were changed by others, and %d by the apply", len(changed), patched)
	}
}
