package reliability_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/pigello/terraform-provider-pigello/internal/client/model"
	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// gets returns how many GETs the sandbox has received since the last look, and fails the test if there was anything else.
func gets(t *testing.T, w *acctest.Workspace) int {
	t.Helper()
	n := acctest.Count(w.Sandbox, http.MethodGet)
	acctest.NoWrites(t, w.Sandbox)
	return n
}

// takes fails the test if a command takes more requests than allowed, three times in a row: on a crowded machine, reads that belong into one
// list arrive one by one.
func takes(t *testing.T, w *acctest.Workspace, most int, command func()) {
	t.Helper()
	var counts []int
	for range 3 {
		w.Sandbox.ResetRequests()
		command()
		counts = append(counts, gets(t, w))
		if counts[len(counts)-1] <= most {
			t.Logf("it takes %d requests", counts)
			return
		}
	}
	t.Errorf("it takes %d requests, at most %d are allowed", counts, most)
}

// manage makes a workspace one that has managed so many users for long, without applying them all: their state is that of
// one.
func manage(t *testing.T, users int) *acctest.Workspace {
	t.Helper()
	w := acctest.New(t, func(b *sandbox.Behaviour) { b.ClockSkew = -time.Hour })
	w.Config(same(min(users, 1)))
	w.Apply()
	w.Sandbox.Configure(func(b *sandbox.Behaviour) { b.ClockSkew = 0 })
	w.Config(same(users))
	var state map[string]any
	if err := json.Unmarshal([]byte(w.State()), &state); err != nil {
		t.Fatal(err)
	}
	for _, r := range state["resources"].([]any) {
		first := r.(map[string]any)["instances"].([]any)[0].(map[string]any)
		instances := []any{first}
		one, _ := w.Sandbox.Get(kind, first["attributes"].(map[string]any)["id"].(string))
		for n := 1; n < users; n++ {
			instance, attributes, user := maps.Clone(first), maps.Clone(first["attributes"].(map[string]any)), maps.Clone(one)
			attributes["id"] = uuid.NewString()
			attributes["custom_id"] = fmt.Sprintf("emp-%d", n)
			instance["index_key"], instance["attributes"] = n, attributes
			if first["identity"] != nil { // since Terraform 1.12
				instance["identity"] = map[string]any{"id": attributes["id"]}
			}
			instances = append(instances, instance)
			user["id"], user["custom_id"] = attributes["id"], attributes["custom_id"]
			w.Sandbox.Put(kind, user)
		}
		r.(map[string]any)["instances"] = instances
	}
	text, err := json.Marshal(state)
	if err != nil {
		t.Fatal(err)
	}
	w.Write("terraform.tfstate", string(text))
	return w
}

// same declares users who differ by custom_id alone.
func same(n int) string {
	return fmt.Sprintf(`resource "pigello_organization_user" "u" {
  count         = %d
  detail_access = 0
  first_name    = "Ada"
  email         = "ada@Example.com"
  custom_id     = "emp-${count.index}"
}
`, n)
}

// warm lets the sandbox show everybody once. It checks what it shows for the first time, and on a crowded machine that takes as long as on
// a slow server, for which reads do not wait.
func warm(t *testing.T, w *acctest.Workspace) {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, model.OrganizationUser.Path+"list/", nil)
	w.Sandbox.Configure(func(b *sandbox.Behaviour) {
		for header, value := range b.Credentials {
			r.Header.Set(header, value)
		}
	})
	resp := httptest.NewRecorder()
	if w.Sandbox.ServeHTTP(resp, r); resp.Code != http.StatusOK {
		t.Fatal(resp.Body)
	}
}

func TestRefreshTakesFewRequests(t *testing.T) {
	for _, managed := range []struct{ users, others, most int }{{0, 1000, 0}, {1, 1000, 1}, {5, 5000, 6}, {1000, 0, 12}} {
		t.Run(fmt.Sprint(managed.users), func(t *testing.T) {
			w := manage(t, managed.users)
			for range managed.others {
				w.Sandbox.Put(kind, map[string]any{"first_name": "Other", "detail_access": 0})
			}
			warm(t, w)
			takes(t, w, managed.most, func() {
				connections := w.Connections()
				w.PlanEmpty()
				if n := w.Connections() - connections; n > 10 {
					t.Errorf("a plan opens %d connections", n)
				}
			})
		})
	}
}

func TestRefreshOneByOne(t *testing.T) {
	w := manage(t, 100)
	w.Setenv("PIGELLO_BULK_READ", "false")
	w.Sandbox.Configure(func(b *sandbox.Behaviour) { b.Latency = 5 * time.Millisecond })
	w.Sandbox.ResetRequests()
	connections := w.Connections()
	w.PlanEmpty()
	if n := gets(t, w); n != 100 {
		t.Errorf("with bulk_read = false, a plan of 100 users takes %d requests", n)
	}
	if n := w.Connections() - connections; n > 10 {
		t.Errorf("with bulk_read = false, a plan of 100 users opens %d connections", n)
	}
}

// habits are what servers may do in lists, and how many requests a plan of 120 users may take then. Where lists are cut or dropped, some
// are those that look, with retries, for somebody like the user who is to be created. Where they are throttled, reads do not wait for a list
// as long as the server holds up all requests.
var habits = map[string]struct {
	behaviour func(*sandbox.Behaviour)
	fault     sandbox.Fault
	most      int
}{
	"plain":                {most: 12},
	"caps pages":           {behaviour: func(b *sandbox.Behaviour) { b.PageCap = 50 }, most: 14},
	"refuses large pages":  {behaviour: func(b *sandbox.Behaviour) { b.PageCap, b.PageCapError = 50, true }, most: 30},
	"ignores filters":      {behaviour: func(b *sandbox.Behaviour) { b.IgnoreFilters = true }, most: 30},
	"repeats the end":      {behaviour: func(b *sandbox.Behaviour) { b.PageCap, b.PastEnd = 60, "repeat" }, most: 16},
	"404 past the end":     {behaviour: func(b *sandbox.Behaviour) { b.PageCap, b.PastEnd = 60, "404" }, most: 16},
	"shuffles":             {behaviour: func(b *sandbox.Behaviour) { b.PageCap, b.IgnoreOrder, b.ShuffleUnordered = 50, true, true }, most: 125},
	"shows new ones late":  {behaviour: func(b *sandbox.Behaviour) { b.LagInLists = time.Hour }, most: 125},
	"bumps and adds":       {behaviour: func(b *sandbox.Behaviour) { b.BumpVolatile, b.UnknownFields = true, true }, most: 12},
	"spells otherwise":     {behaviour: func(b *sandbox.Behaviour) { b.LowerEmailDomain, b.EmptyForNull, b.RewriteInstants = true, true, true }, most: 12},
	"forbids lists":        {behaviour: func(b *sandbox.Behaviour) { b.ForbidLists = true }, most: 125},
	"cuts lists":           {fault: sandbox.Fault{Path: "/list/", Times: -1, Truncate: true}, most: 135},
	"sends a web page":     {fault: sandbox.Fault{Path: "/list/", Times: -1, Body: "<html>"}, most: 125},
	"drops lists":          {fault: sandbox.Fault{Path: "/list/", Times: -1, Drop: true}, most: 160}, // Go repeats by itself what met a connection in use
	"throttles some lists": {fault: sandbox.Fault{Path: "/list/", Times: 2, Status: 429}, most: 125}, // reads do not wait for a list as long as the server holds up all requests
}

func TestRefreshOnServersWithOtherHabits(t *testing.T) {
	w := manage(t, 120)
	drifted, gone := w.Attributes("pigello_organization_user.u[17]")["id"].(string), w.Attributes("pigello_organization_user.u[80]")["id"].(string)
	w.Sandbox.Change(kind, drifted, map[string]any{"first_name": "Grace"})
	w.Sandbox.Remove(kind, gone)
	for _, name := range slices.Sorted(maps.Keys(habits)) {
		habit := habits[name]
		w.Sandbox.Configure(func(b *sandbox.Behaviour) {
			*b = sandbox.Behaviour{Credentials: b.Credentials}
			if habit.behaviour != nil {
				habit.behaviour(b)
			}
		})
		t.Logf("a server that %s", name)
		if habit.most < 100 {
			warm(t, w)
		}
		if habit.fault.Path != "" {
			w.Sandbox.Inject(habit.fault)
		}
		// Where the API shows nobody in lists, it says so of the one who is gone; the last rule of absence is not what is tested here.
		w.Setenv("PIGELLO_ACCEPT_EMPTY", "true")
		takes(t, w, habit.most, func() {
			plan, r := w.Plan()
			changes := map[string]string{}
			for _, c := range plan.ResourceChanges {
				if !c.Change.Actions.NoOp() {
					changes[c.Address] = fmt.Sprint(c.Change.Actions)
				}
			}
			want := map[string]string{"pigello_organization_user.u[17]": "[update]", "pigello_organization_user.u[80]": "[create]"}
			if !maps.Equal(changes, want) {
				t.Errorf("on a server that %s, the plan is %v\n%s", name, changes, r.Output)
			}
		})
		w.Sandbox.ClearFaults()
	}
}
