package providerdata

import (
	"context"
	"time"
)

const (
	// quietTime is how long no more people must be counted before their number is reported. It doubles if more are counted after a report, up
	// to three times.
	quietTime = time.Second
	// maxQuietWait is how long a report may wait.
	maxQuietWait = 30 * time.Second
)

// destroys counts the people who lose access in a plan.
type destroys struct {
	ids     map[string]bool
	reports int
	another chan struct{} // tells the call that waits to report about another person; nil if no call waits
	more    bool          // people were counted while a call waited to report
}

// Excess is a report about a plan in which more people lose access than allowed.
type Excess struct {
	People int
	First  bool // it is the first report
}

// add adds a person and reports whether the person is new.
func (d *destroys) add(id string) bool {
	if d.ids == nil {
		d.ids = map[string]bool{}
	}
	known := d.ids[id]
	d.ids[id] = true
	return !known
}

// Destroy records that a person loses access in a plan. It returns a report if there are more than most, or nil if there is nothing to report.
//
// The first call beyond most waits until no more people are counted, so that it can report the total number. The calls during that wait
// return nil.
func (f *PlanChecks) Destroy(ctx context.Context, id string, most int64) *Excess {
	f.mu.Lock()
	defer f.mu.Unlock()
	d := &f.destroys
	if !d.add(id) || int64(len(d.ids)) <= most {
		return nil
	}
	if d.another != nil {
		d.more = true
		select {
		case d.another <- struct{}{}:
		default:
		}
		return nil
	}
	d.reports++
	// With -parallelism=1 there are no other calls during a wait, so waiting again is useless.
	if d.reports == 1 || d.more {
		d.another = make(chan struct{}, 1)
		counting, quiet := d.another, quietTime<<min(d.reports-1, 3)
		f.mu.Unlock()
		waitForQuiet(ctx, counting, quiet)
		f.mu.Lock()
		d.another = nil
	}
	if f.applying { // it was not known before the wait
		return nil
	}
	return &Excess{People: len(d.ids), First: d.reports == 1}
}

func waitForQuiet(ctx context.Context, counting <-chan struct{}, quiet time.Duration) {
	ctx, cancel := context.WithTimeout(ctx, maxQuietWait)
	defer cancel()
	for {
		timer := time.NewTimer(quiet)
		select {
		case <-counting:
			timer.Stop()
		case <-timer.C:
			return
		case <-ctx.Done():
			timer.Stop()
			return
		}
	}
}
