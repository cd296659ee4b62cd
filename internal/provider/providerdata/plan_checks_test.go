package providerdata_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pigello/terraform-provider-pigello/internal/provider/providerdata"
)

// TestPlanned waits for the plan of an object whose refresh has begun, and for nothing else.
func TestPlanned(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var f providerdata.PlanChecks
		if plan, managed := f.Planned(t.Context(), "a"); plan != nil || managed {
			t.Errorf("of an unknown object: %v, %v", plan, managed)
		}
		f.Refresh("A")
		time.AfterFunc(time.Second, func() { f.Record("a", providerdata.Planned{Deleted: true}) })
		if plan, managed := f.Planned(t.Context(), "a"); plan == nil || !plan.Deleted || !managed {
			t.Errorf("of an object that is planned a moment later: %v, %v", plan, managed)
		}
		f.Refresh("tainted")
		start := time.Now()
		if plan, managed := f.Planned(t.Context(), "tainted"); plan != nil || !managed || time.Since(start) > 2*time.Second {
			t.Errorf("of an object without a plan: %v, %v after %s", plan, managed, time.Since(start))
		}
	})
}

// TestCreate records the keys of new objects. The creation that replaces an object may be planned twice.
func TestCreate(t *testing.T) {
	var f providerdata.PlanChecks
	for i, c := range []struct {
		key, replaced string
		want          bool
	}{
		{"key", "a", true},
		{"key", "A", true},
		{"key", "b", false},
		{"key", "", false},
		{"other", "", true},
		{"other", "", false},
		{"other", "a", false},
	} {
		if got := f.Create(c.key, c.replaced); got != c.want {
			t.Errorf("%d: %v", i, got)
		}
	}
}

// TestApplies waits until it is known whether the process makes a plan or applies one.
func TestApplies(t *testing.T) {
	const soon = 100 * time.Millisecond
	write, refresh := (*providerdata.PlanChecks).StartApply, func(f *providerdata.PlanChecks) { f.Refresh("a") }
	for name, c := range map[string]struct {
		event  func(*providerdata.PlanChecks)
		after  time.Duration
		want   bool
		within time.Duration
	}{
		"a write":              {write, 0, true, 0},
		"a write soon":         {write, soon, true, soon},
		"a refresh":            {refresh, 0, false, 0},
		"a refresh soon":       {refresh, soon, false, soon},
		"nothing for a minute": {write, time.Minute, false, 2 * time.Second},
	} {
		synctest.Test(t, func(t *testing.T) {
			var f providerdata.PlanChecks
			if c.after == 0 {
				c.event(&f)
			} else {
				time.AfterFunc(c.after, func() { c.event(&f) })
			}
			start := time.Now()
			for range 3 { // all wait together
				if got := f.Applies(t.Context()); got != c.want {
					t.Errorf("%s: %v", name, got)
				}
			}
			if took := time.Since(start); took > c.within {
				t.Errorf("%s: waited for %s", name, took)
			}
		})
	}
}

// TestDestroyInAnApply counts people during an apply of OpenTofu, which is known as such only after the first write.
func TestDestroyInAnApply(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var f providerdata.PlanChecks
		time.AfterFunc(100*time.Millisecond, f.StartApply)
		if told := destroy(&f, 10, 10, 0, 5); len(told) > 0 {
			t.Errorf("told %v", told)
		}
	})
}

// destroy counts n people, some at a time, and returns what is told.
func destroy(f *providerdata.PlanChecks, n, parallel int, apart time.Duration, most int64) []providerdata.Excess {
	var told []providerdata.Excess
	var mu sync.Mutex
	ids := make(chan int)
	var all sync.WaitGroup
	for range parallel {
		all.Go(func() {
			for id := range ids {
				time.Sleep(apart) // as a refresh takes
				if excess := f.Destroy(context.Background(), fmt.Sprint(id), most); excess != nil {
					mu.Lock()
					told = append(told, *excess)
					mu.Unlock()
				}
			}
		})
	}
	for id := range n {
		ids <- id
	}
	close(ids)
	all.Wait()
	return told
}

func TestDestroy(t *testing.T) {
	for _, c := range []struct {
		n, parallel int
		apart       time.Duration
		most        int64
		told        int // messages at most; 0 for none
		within      time.Duration
	}{
		{0, 10, 0, 0, 0, 0},
		{5, 10, 0, 5, 0, 0},
		{6, 10, 0, 5, 1, 2 * time.Second},
		{1, 10, 0, 0, 1, 2 * time.Second},
		{300, 10, 100 * time.Millisecond, 5, 1, 10 * time.Second},
		{300, 10, 3 * time.Second, 5, 8, 2 * time.Minute}, // a slow API
		{300, 1, 0, 5, 295, 2 * time.Second},
	} {
		synctest.Test(t, func(t *testing.T) {
			start := time.Now()
			var f providerdata.PlanChecks
			told := destroy(&f, c.n, c.parallel, c.apart, c.most)
			people := 0
			for _, excess := range told {
				people = max(people, excess.People)
			}
			took := time.Since(start)
			if len(told) > c.told || took > c.within || (c.told > 0 && (people != c.n || !told[0].First)) {
				t.Errorf("%d people, %d at a time: %v after %s", c.n, c.parallel, told, took)
			}
			if len(told) > 1 && told[1].First {
				t.Errorf("two are the first: %v", told)
			}
			if f.Destroy(t.Context(), "0", c.most+1000) != nil {
				t.Error("one is counted twice")
			}
		})
	}
}
