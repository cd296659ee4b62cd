package providerdata

import (
	"context"
	"time"
)

const (
	// quiet is for how long no more people are counted before their number is told. It doubles when more came afterwards,
	// up to three times.
	quiet = time.Second
	// quietLimit is how long the number may be waited for.
	quietLimit = 30 * time.Second
)

// destroys counts the people whom a plan removes or locks out.
type destroys struct {
	ids      map[string]bool
	reports  int
	counting chan struct{} // tells the one who is about to report of another; nil if nobody is
	joined   bool          // others have come while one was about to report
}

// Excess is what is to be told of a plan that removes more people than it may.
type Excess struct {
	People int
	First  bool // nothing was told before
}

// Destroy takes note that a plan removes or locks out somebody, and returns what is to be told about it, or nil for nothing.
//
// The first one beyond most waits until no more come, so that it can tell the whole number, and those who come meanwhile have
// nothing to tell.
func (f *Foresight) Destroy(ctx context.Context, id string, most int64) *Excess {
	f.mu.Lock()
	defer f.mu.Unlock()
	d := &f.destroys
	if !first(&d.ids, id) || int64(len(d.ids)) <= most {
		return nil
	}
	if d.counting != nil {
		d.joined = true
		select {
		case d.counting <- struct{}{}:
		default:
		}
		return nil
	}
	d.reports++
	// With -parallelism=1 nobody comes while one waits.
	if d.reports == 1 || d.joined {
		d.counting = make(chan struct{}, 1)
		counting, quiet := d.counting, quiet<<min(d.reports-1, 3)
		f.mu.Unlock()
		awaitQuiet(ctx, counting, quiet)
		f.mu.Lock()
		d.counting = nil
	}
	return &Excess{People: len(d.ids), First: d.reports == 1}
}

func awaitQuiet(ctx context.Context, counting <-chan struct{}, quiet time.Duration) {
	ctx, cancel := context.WithTimeout(ctx, quietLimit)
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
