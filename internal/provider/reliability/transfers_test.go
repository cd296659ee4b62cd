package reliability_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// addressed declares users by for_each, with an e-mail address and a custom_id each: what one has of the one, it has of the other.
func addressed(of map[string]string) string {
	values, _ := json.Marshal(of)
	return fmt.Sprintf(`resource "pigello_organization_user" "u" {
  for_each      = jsondecode(%q)
  detail_access = 1
  first_name    = each.key
  email         = "${each.value}@example.com"
  custom_id     = "emp-${each.value}"
}
`, values)
}

// uniqueServer keeps e-mail addresses and custom_ids unique, and judges each body alone.
func uniqueServer(b *sandbox.Behaviour) {
	b.Unique, b.ValidateAlone = []string{"email", "custom_id"}, true
}

// checkAddresses fails the test unless everybody on the server has what is declared.
func checkAddresses(t *testing.T, w *acctest.Workspace, of map[string]string) {
	t.Helper()
	now := map[string]string{}
	for _, user := range w.Sandbox.All(kind) {
		value := strings.TrimPrefix(fmt.Sprint(user["custom_id"]), "emp-")
		if user["email"] != value+"@example.com" || user["detail_access"] != 1.0 {
			t.Errorf("%v", user)
		}
		now[user["first_name"].(string)] = value
	}
	if !maps.Equal(now, of) {
		t.Errorf("want %v, have %v", of, now)
	}
}

// checkBodies fails the test unless every change sends what changes and what completes it, and n of them clear values.
func checkBodies(t *testing.T, w *acctest.Workspace, n int) {
	t.Helper()
	clearing := 0
	for _, r := range w.Sandbox.Requests() {
		if r.Method != http.MethodPatch {
			continue
		}
		body := r.Object()
		if names := slices.Sorted(maps.Keys(body)); !slices.Equal(names, []string{"custom_id", "detail_access", "email", "first_name"}) {
			t.Errorf("sent %s", r.Body)
		}
		if body["email"] == nil {
			clearing++
		}
	}
	if clearing != n {
		t.Errorf("%d requests clear values, want %d", clearing, n)
	}
}

// TestValuesChangeHands converges in one apply.
func TestValuesChangeHands(t *testing.T) {
	for name, c := range map[string]struct {
		before, after map[string]string
		clearing      int
	}{
		"a swap":            {map[string]string{"ada": "a", "bea": "b"}, map[string]string{"ada": "b", "bea": "a"}, 1},
		"a circle of three": {map[string]string{"ada": "a", "bea": "b", "cia": "c"}, map[string]string{"ada": "c", "bea": "a", "cia": "b"}, 1},
		"a circle of five": {
			map[string]string{"ada": "a", "bea": "b", "cia": "c", "dea": "d", "eva": "e"},
			map[string]string{"ada": "b", "bea": "c", "cia": "d", "dea": "e", "eva": "a"}, 1,
		},
		"two circles": {
			map[string]string{"ada": "a", "bea": "b", "cia": "c", "dea": "d", "eva": "e"},
			map[string]string{"ada": "b", "bea": "a", "cia": "d", "dea": "e", "eva": "c"}, 2,
		},
		"a chain": {
			map[string]string{"ada": "a", "bea": "b", "cia": "c", "dea": "d"}, map[string]string{"ada": "b", "bea": "c", "cia": "d", "dea": "e"}, 0,
		},
		"freed by a deletion":       {map[string]string{"ada": "a", "bea": "b"}, map[string]string{"ada": "b"}, 0},
		"for somebody new":          {map[string]string{"ada": "a"}, map[string]string{"ada": "b", "new": "a"}, 0},
		"for somebody in the place": {map[string]string{"ada": "a", "bea": "b"}, map[string]string{"ada": "a", "new": "b"}, 0},
		"all at once": {
			map[string]string{"ada": "a", "bea": "b", "cia": "c", "dea": "d", "eva": "e"},
			map[string]string{"ada": "b", "bea": "a", "cia": "d", "dea": "e", "new": "c"}, 1,
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := acctest.New(t, uniqueServer)
			w.Config(addressed(c.before))
			w.Apply()
			w.Sandbox.ResetRequests()
			w.Config(addressed(c.after))
			w.Apply()
			checkAddresses(t, w, c.after)
			checkBodies(t, w, c.clearing)
			agree(t, w, len(c.after))
			w.PlanEmpty()
		})
	}
}

// TestCountShifts removes the first of users that are declared by count, so that each becomes the next one.
func TestCountShifts(t *testing.T) {
	w := acctest.New(t, uniqueServer)
	config := func(names ...string) {
		list, _ := json.Marshal(names)
		w.Config(fmt.Sprintf(`locals { names = %s }
resource "pigello_organization_user" "u" {
  count         = length(local.names)
  detail_access = 1
  first_name    = local.names[count.index]
  email         = "${local.names[count.index]}@example.com"
}
`, list))
	}
	config("a", "b", "c", "d", "e")
	w.Apply()
	config("b", "c", "d", "e")
	w.Apply()
	agree(t, w, 4)
	for _, user := range w.Sandbox.All(kind) {
		if user["email"] != user["first_name"].(string)+"@example.com" {
			t.Errorf("%v", user)
		}
	}
	w.PlanEmpty()
}

// TestSwapOneAfterTheOther has no two changes under way at once. The error says to apply again, which converges, and what was cleared
// is null in the state.
func TestSwapOneAfterTheOther(t *testing.T) {
	w := acctest.New(t, uniqueServer)
	before, after := map[string]string{"ada": "a", "bea": "b"}, map[string]string{"ada": "b", "bea": "a"}
	w.Config(addressed(before))
	w.Apply()
	w.Config(addressed(after))
	errs := w.TryApply("-parallelism=1").Errors()
	if len(errs) != 4 { // two attributes of two users
		t.Fatalf("%+v", errs)
	}
	cleared := 0
	for _, d := range errs {
		if strings.Contains(d.Detail, "import") || !strings.Contains(d.Detail, "apply again") {
			t.Errorf("%s", d.Detail)
		}
		if strings.Contains(d.Detail, "custom_id, email was set to null") {
			cleared++
		}
	}
	ofState := 0
	for _, i := range w.Instances() {
		user, _ := w.Sandbox.Get(kind, i.Attributes["id"].(string))
		if i.Attributes["email"] != user["email"] || i.Attributes["custom_id"] != user["custom_id"] {
			t.Errorf("the state has %v, Pigello %v", i.Attributes["email"], user["email"])
		}
		if i.Attributes["email"] == nil {
			ofState++
		}
	}
	if cleared != 2 || ofState != 1 {
		t.Errorf("%d errors tell what was cleared, and %d users have no address", cleared, ofState)
	}
	w.Apply("-refresh=false")
	checkAddresses(t, w, after)
	w.PlanEmpty()
}

// TestTakenByAnotherState says what to do on the attribute, and never to import.
func TestTakenByAnotherState(t *testing.T) {
	w := acctest.New(t, uniqueServer)
	w.Config(addressed(map[string]string{"ada": "a"}))
	w.Apply()
	other := w.Sandbox.Put(kind, map[string]any{"detail_access": 0, "first_name": "eve", "email": "x@example.com"})
	w.Config(addressed(map[string]string{"ada": "x"}))
	errs := w.TryApply().Errors()
	d := errs.Only(t, "update", other, "give the value up there first, then apply again")
	if !strings.Contains(d.Code, "email") || strings.Contains(d.Detail, "import") || strings.Contains(d.Detail, "null") {
		t.Errorf("on %q: %s", d.Code, d.Detail)
	}
	w.Sandbox.Remove(kind, other)
	w.Apply()
	checkAddresses(t, w, map[string]string{"ada": "x"})
}

const tenant2 = "7e000000-0000-4000-8000-000000000002"

// TestIdentitiesSwapTenants cannot be done in place. The error says what can, which works.
func TestIdentitiesSwapTenants(t *testing.T) {
	w := acctest.New(t)
	config := func(a, b string) {
		w.Config(fmt.Sprintf(`resource "pigello_protected_identity" "a" {
  tenant_id = %q
  custom_id = "a"
}
resource "pigello_protected_identity" "b" {
  tenant_id = %q
  custom_id = "b"
}
`, a, b))
	}
	config(tenant, tenant2)
	w.Apply()
	before := w.Sandbox.All(identity)
	config(tenant2, tenant)
	errs := w.TryApply().Errors()
	if len(errs) != 2 || !reflect.DeepEqual(w.Sandbox.All(identity), before) {
		t.Fatalf("%+v", errs)
	}
	for _, d := range errs {
		if !strings.Contains(d.Detail, "terraform apply -replace=<address>") || strings.Contains(d.Detail, "import") || !strings.Contains(d.Code, "tenant_id") {
			t.Errorf("on %q: %s", d.Code, d.Detail)
		}
	}
	w.Apply("-replace=pigello_protected_identity.a")
	for _, object := range w.Sandbox.All(identity) {
		want := map[any]string{"a": tenant2, "b": tenant}[object["custom_id"]]
		if object["tenant"].(map[string]any)["id"] != want {
			t.Errorf("%v", object)
		}
	}
	w.PlanEmpty()
}

// TestNothingPersonalInAnAddress has identities with values that must be unique: exchanged, which converges, and taken by a stranger.
func TestNothingPersonalInAnAddress(t *testing.T) {
	w := acctest.New(t, func(b *sandbox.Behaviour) { b.Unique, b.ValidateAlone = []string{"email", "ssn", "phone_number"}, true })
	config := func(a, b string) {
		w.Config(fmt.Sprintf(`resource "pigello_protected_identity" "plain" {
  tenant_id    = %q
  email        = "canary-%s@example.com"
  ssn          = "19900101-2385"
  phone_number = "+46701234567"
}
resource "pigello_protected_identity" "write_only" {
  tenant_id = %q
  personal_data_wo = { email = "canary-%s@example.com" }
}
`, tenant, a, tenant2, b))
	}
	config("a", "b")
	w.Apply()
	config("b", "a")
	w.Apply()
	w.PlanEmpty()
	w.Sandbox.Put(identity, map[string]any{
		"tenant": map[string]any{"id": "7e000000-0000-4000-8000-000000000003"}, "email": "canary-stranger@example.com",
	})
	config("stranger", "a")
	errs := w.TryApply().Errors()
	errs.Only(t, "update", "unique", "Find the one that has it")
	w.Config(`resource "pigello_protected_identity" "new" {
  tenant_id = "7e000000-0000-4000-8000-000000000004"
  email = "canary-stranger@example.com"
}`)
	errs = w.TryApply("-target=pigello_protected_identity.new").Errors()
	d := errs.Only(t, "create", "unique")
	if strings.Contains(d.Detail, "canary") || strings.Contains(d.Detail, "import") {
		t.Errorf("%s", d.Detail)
	}
	for _, r := range w.Sandbox.Requests() {
		for _, value := range []string{"canary", "900101", "701234567"} {
			if strings.Contains(r.Path+fmt.Sprint(r.Query), value) {
				t.Errorf("%s %s %v", r.Method, r.Path, r.Query)
			}
		}
	}
}
