package schedules_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

var (
	schedules    = flag.Int("schedules", 0, "how many random schedules of faults TestSchedules runs; 0 for 10")
	scheduleSeed = flag.Uint64("schedule", 0, "the seed of the one schedule that TestSchedules runs")
)

const (
	managedUsers = 25
	atOnce       = 10 // as Terraform
	worst        = 4  // applies in a row that meet faults
)

// TestSchedules applies, changes and destroys users while requests fail at random, as often as a person would try again. A
// schedule that fails is run alone with -schedule=<seed>.
func TestSchedules(t *testing.T) {
	runs := *schedules
	if runs == 0 {
		runs = 10 // make stress runs 200 alone: beside other tests, they would take the time away from those that count requests
	}
	seeds := make(chan uint64, runs)
	if *scheduleSeed != 0 {
		seeds <- *scheduleSeed
	} else {
		for range runs {
			seeds <- rand.Uint64() >> 1
		}
	}
	close(seeds)
	var unknown, faults, failed, total int
	var mu sync.Mutex
	t.Run("parallel", func(t *testing.T) {
		for range 2 {
			t.Run("", func(t *testing.T) {
				t.Parallel()
				for seed := range seeds {
					ok := t.Run(fmt.Sprintf("seed=%d", seed), func(t *testing.T) {
						synctest.Test(t, func(t *testing.T) {
							w := newWorld(t, seed)
							w.live()
							mu.Lock()
							defer mu.Unlock()
							total++
							unknown += w.unknown
							failed += w.failed
							faults += w.network.struck
						})
					})
					if !ok {
						t.Logf("to run it again: go test ./internal/provider/schedules -run TestSchedules -schedule=%d", seed)
					}
				}
			})
		}
	})
	t.Logf("%d schedules: %d faults, %d applies that ended with an error, %d outcomes unknown", total, faults, failed, unknown)
	if *scheduleSeed == 0 && total >= 50 && (faults < 10*total || unknown == 0 || failed == 0) {
		t.Errorf("the schedules are too kind")
	}
}

// world is a person with a configuration, a state, and Pigello behind a bad network.
type world struct {
	*testing.T
	network  *network
	state    []acctest.Object
	restless bool // the server stores something else than it is sent, and others change users between plan and apply

	unknown, failed int
}

func newWorld(t *testing.T, seed uint64) *world {
	r := rand.New(rand.NewPCG(seed, 0))
	s := sandbox.New(func(b *sandbox.Behaviour) {
		b.Latency = time.Duration(r.IntN(300)) * time.Millisecond
		b.ClockSkew = time.Duration(r.IntN(2000)-1000) * time.Second
		b.LagInLists = time.Duration(r.IntN(4)) * time.Second
		if r.IntN(4) == 0 {
			// Not so far behind that the one whom Terraform does not know seems to be new.
			b.DateSkew = time.Duration(r.IntN(8000)-3000) * time.Millisecond
		}
		if r.IntN(4) == 0 {
			b.Unique = []string{"custom_id", "email"}
		}
		if r.IntN(4) == 0 {
			b.PageCap, b.PastEnd = 7, []string{"404", "repeat", "empty"}[r.IntN(3)]
		}
	})
	// Somebody whom Terraform does not know, just like one of those whom it does.
	s.Put(sandbox.OrganizationUser, map[string]any{"detail_access": 1, "first_name": "Ada", "last_name": "User 2"})
	time.Sleep(time.Duration(r.IntN(5000)+5000) * time.Millisecond)
	w := &world{
		T: t, network: &network{Sandbox: s, seed: seed, seen: map[string]int{}},
		state: slices.Repeat([]acctest.Object{nobody}, managedUsers), restless: r.IntN(3) == 0,
	}
	if w.restless {
		s.Configure(func(b *sandbox.Behaviour) { b.Rewrite = w.rewrite })
	}
	return w
}

// start starts a provider on the network.
func (w *world) start() *acctest.InProcess { return start(w.T, w.network, w.network.Sandbox) }

// rewrite is what a restless server makes of what it stores, as long as the network is rough: so what it has stored can be repaired.
func (w *world) rewrite(_ string, fields map[string]any) {
	last, _ := fields["last_name"].(string)
	if !w.network.rough.Load() || len(last)%2 == 0 {
		return
	}
	for name, change := range map[string]func(string) string{
		"custom_id": strings.ToUpper, "email": strings.ToUpper, "first_name": strings.ToUpper,
		"phone_number": func(number string) string { return strings.Replace(number, "+46", "0", 1) },
	} {
		if value, ok := fields[name].(string); ok {
			fields[name] = change(value)
		}
	}
}

// declared is the configuration of a user, before and after a change.
func declared(i int, changed bool) map[string]any {
	config := map[string]any{"detail_access": 1, "first_name": "Ada", "last_name": fmt.Sprintf("User %d", i)}
	switch i % 3 {
	case 0:
		config["custom_id"] = fmt.Sprintf("emp-%d", i)
		config["email"] = "shared@Example.com"
		if i > 0 {
			config["email"] = fmt.Sprintf("user%d@Example.com", i)
		}
	case 1:
		config["email"] = fmt.Sprintf("user%d@Example.com", i)
	}
	if changed {
		config["detail_access"] = 2
		config["phone_number"] = fmt.Sprintf("+467012345%02d", i)
		if i%6 == 0 {
			delete(config, "email")
		}
	}
	return config
}

// live creates, changes and destroys.
func (w *world) live() {
	defer w.network.settle()
	created := func(i int) map[string]any { return declared(i, false) }
	changed := func(i int) map[string]any { return declared(i, true) }
	destroyed := func(int) map[string]any { return nil }
	w.applyUntilDone(created)
	w.applyUntilDone(changed)
	w.planEmpty(changed)
	w.applyUntilDone(destroyed)
	if left := len(w.network.All(sandbox.OrganizationUser)); left != 1 {
		w.Errorf("%d users are left", left)
	}
}

// applyUntilDone applies as often as a person would.
func (w *world) applyUntilDone(configuration func(int) map[string]any) {
	for try := 0; ; try++ {
		w.network.rough.Store(try < worst)
		if w.terraformApply(configuration) {
			break
		}
		w.failed++
		if try > worst {
			w.Fatalf("does not come to an end")
		}
	}
	w.network.rough.Store(false)
	w.network.settle()
	if w.restless && !w.terraformApply(configuration) {
		w.Errorf("what was stored otherwise, or changed since the plan, cannot be repaired")
	}
	w.check()
	if w.Failed() {
		w.FailNow()
	}
}

// each does something for all users, several at once, as Terraform does.
func (w *world) each(do func(i int)) {
	turn := make(chan struct{}, atOnce)
	var wg sync.WaitGroup
	for i := range w.state {
		wg.Go(func() {
			turn <- struct{}{}
			defer func() { <-turn }()
			do(i)
		})
	}
	wg.Wait()
}

// terraformApply does what terraform apply does, and then what the errors say.
func (w *world) terraformApply(configuration func(int) map[string]any) bool {
	changes := make([]acctest.Change, len(w.state))
	errs := make([]error, len(w.state))
	p := w.start()
	w.each(func(i int) {
		before := w.state[i]
		refreshed, diags := p.Read(w.Context(), before)
		if diags.Err() == nil && !before.State.IsNull() && refreshed.State.IsNull() {
			if _, exists := w.network.Get(sandbox.OrganizationUser, id(before)); exists {
				w.Errorf("user %d was lost", i)
			}
		}
		w.state[i], errs[i] = refreshed, diags.Err()
	})
	if slices.ContainsFunc(errs, func(err error) bool { return err != nil }) {
		return false // nothing is applied then
	}
	w.each(func(i int) {
		var err error
		if changes[i], err = plan(w.Context(), p, w.state[i], configuration(i)); err != nil {
			w.Errorf("user %d: %v", i, err)
		}
	})
	left := w.interfere(changes)
	p = w.start()
	w.each(func(i int) {
		if changes[i].Empty() {
			return
		}
		next, diags := p.Apply(w.Context(), changes[i])
		errs[i] = diags.Err()
		before := w.state[i]
		w.state[i] = next
		switch {
		case errs[i] == nil && next.State.IsNull() != (configuration(i) == nil):
			w.Errorf("user %d: a success without its state", i)
		case errs[i] != nil && before.State.IsNull() && !next.State.IsNull():
			w.Errorf("user %d is tainted: %v", i, errs[i])
		case errs[i] != nil && !before.State.IsNull() && !before.State.Equal(next.State):
			w.Errorf("user %d: the state has changed: %v", i, errs[i])
		}
	})
	ok := true
	known := map[string]bool{}
	for i, err := range errs {
		ok = ok && err == nil
		if id := id(w.state[i]); id != "" && known[id] {
			w.Errorf("%s is in two states", id)
		} else {
			known[id] = true
		}
	}
	w.network.settle()
	for id, i := range left {
		if user, exists := w.network.Get(sandbox.OrganizationUser, id); exists && user["first_name"] != married {
			w.Errorf("user %d: what others have changed since the plan is undone: the name is %v", i, user["first_name"])
		}
	}
	w.resolve(errs, known)
	return ok
}

const married = "AUGUSTA" // which a server that stores names in capitals leaves as it is

// interfere lets somebody else change users between plan and apply, and returns who must still be as changed after the apply: those whose
// plan does not show that field.
func (w *world) interfere(changes []acctest.Change) map[string]int {
	left := map[string]int{}
	if !w.restless || !w.network.rough.Load() {
		return left
	}
	for i, c := range changes {
		before, after := c.Prior.Fields(), acctest.Fields(c.Planned)
		id := id(c.Prior)
		if _, exists := w.network.Get(sandbox.OrganizationUser, id); !exists || i%2 == 0 {
			continue
		}
		w.network.Change(sandbox.OrganizationUser, id, map[string]any{"first_name": married})
		if after == nil || acctest.Text(before["first_name"]) == acctest.Text(after["first_name"]) {
			left[id] = i
		}
	}
	return left
}

// resolve imports what was created with an unknown outcome, as the error says. Nothing else may be left on the server.
func (w *world) resolve(errs []error, known map[string]bool) {
	for n, object := range w.network.All(sandbox.OrganizationUser) {
		id := object["id"].(string)
		if n == 0 || known[id] {
			continue // n 0 is the one whom Terraform does not know
		}
		var i int
		_, _ = fmt.Sscanf(fmt.Sprint(object["last_name"]), "User %d", &i)
		if !w.state[i].State.IsNull() || errs[i] == nil || !strings.Contains(errs[i].Error(), "It is not known whether the organization user was created") {
			w.Errorf("user %d: %s is an orphan or a duplicate (%v)", i, id, errs[i])
			continue
		}
		if !strings.Contains(errs[i].Error(), "import {\n  to = pigello_organization_user.<name>\n") {
			w.Errorf("no import block: %v", errs[i])
		}
		rough := w.network.rough.Load()
		w.network.rough.Store(false)
		adopted, diags := w.start().Adopt(w.Context(), userType, id, nil)
		diags.NoErrors(w)
		w.state[i] = adopted
		w.network.rough.Store(rough)
	}
	for _, err := range errs {
		if err != nil && strings.Contains(err.Error(), "It is not known") {
			w.unknown++
		}
	}
}

// check compares the state with the server.
func (w *world) check() {
	managed := 0
	for i := range w.state {
		state := w.state[i].Fields()
		if state == nil {
			continue
		}
		managed++
		object, ok := w.network.Get(sandbox.OrganizationUser, id(w.state[i]))
		if !ok {
			w.Errorf("user %d is not on the server", i)
			continue
		}
		for _, name := range []string{"first_name", "last_name", "custom_id", "email", "phone_number", "created_at", "username"} {
			if has, _ := object[name].(string); has != acctest.Text(state[name]) {
				w.Errorf("user %d: %s is %q, in the state %q", i, name, has, acctest.Text(state[name]))
			}
		}
	}
	if n := len(w.network.All(sandbox.OrganizationUser)) - 1; n != managed {
		w.Errorf("%d users on the server, %d in the state", n, managed)
	}
}

// planEmpty plans once more.
func (w *world) planEmpty(configuration func(int) map[string]any) {
	p := w.start()
	w.each(func(i int) {
		refreshed, diags := p.Read(w.Context(), w.state[i])
		if err := diags.Err(); err != nil {
			w.Errorf("user %d: %v", i, err)
			return
		}
		if plan, err := plan(w.Context(), p, refreshed, configuration(i)); err != nil || !plan.Empty() {
			w.Errorf("user %d: the plan is not empty, %v", i, err)
		}
	})
}
