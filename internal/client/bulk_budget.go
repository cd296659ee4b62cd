package client

import (
	"slices"
	"time"
)

// budget is what lists of one collection have cost and saved so far, in requests and rows.
type budget struct {
	lists  int // lists that were sent
	served int // reads that lists have answered
	rows   int // objects that lists have brought
}

const (
	maxUseless  = 4  // lists more than reads that lists have answered
	rowsPerRead = 10 // objects that lists may bring for each read, and
	freePages   = 2  // pages for all reads together
)

// allowsList reports whether a list may be sent: even if it answers nobody, there are hardly more requests than one for each read.
func (b *budget) allowsList() bool { return b.lists < b.served+maxUseless }

// allowsRows reports whether a page may be fetched after so many reads.
func (b *budget) allowsRows(size, reads int) bool {
	return b.rows+size <= rowsPerRead*reads+freePages*pageSize
}

// delays is what reading in bulk has cost and saved so far in time. Reads of all collections share it, since they share the workers of
// Terraform.
type delays struct {
	lost    time.Duration    // the time that reads have waited, less the time that those served would have taken alone
	waiting map[*waiter]bool // reads that wait now
	alone   []time.Duration  // that the last reads alone took
	reading int              // reads that have begun and not ended
	most    int              // the most reads at once
}

const (
	tolerance = 400 * time.Millisecond // by which a refresh in bulk may take longer than one without
	samples   = 15                     // of the times of reads alone: the last ones count
)

func (d *delays) begin(w *waiter) {
	d.reading++
	d.most = max(d.most, d.reading)
	if d.waiting == nil {
		d.waiting = map[*waiter]bool{}
	}
	d.waiting[w] = true
}

func (d *delays) end() { d.reading-- }

// answered takes note of a read that waits no longer, and whether a list has answered it.
func (d *delays) answered(w *waiter, served bool) {
	delete(d.waiting, w)
	d.lost += time.Since(w.since)
	if served {
		d.lost -= d.single()
	}
}

// refused takes note of a read that a list has answered, and that goes alone all the same.
func (d *delays) refused() { d.lost += d.single() }

// tookAlone takes note of the time of a read that went alone.
func (d *delays) tookAlone(t time.Duration) {
	if d.alone = append(d.alone, t); len(d.alone) > samples {
		d.alone = d.alone[1:]
	}
}

// single is the time that a read takes alone: the median, since one may be slow for reasons of its own.
func (d *delays) single() time.Duration {
	if len(d.alone) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(d.alone))
	return sorted[(len(sorted)-1)/2]
}

// isUnsure reports whether it is not known well how long a read takes alone: the first one may have had to connect.
func (d *delays) isUnsure() bool { return len(d.alone) < 3 }

// patience is how long each of the reads that run in parallel may still wait: as long as lists have saved, and a little.
func (d *delays) patience() time.Duration {
	lost := d.lost
	for w := range d.waiting {
		lost += time.Since(w.since)
	}
	return tolerance - lost/time.Duration(max(d.most, 1))
}
