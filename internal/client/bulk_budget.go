package client

import (
	"slices"
	"time"
)

// budget is what reading in bulk has cost and saved so far, in requests, rows and time.
type budget struct {
	lists  int // lists that were sent
	served int // reads that lists have answered
	rows   int // objects that lists have brought

	lost    time.Duration   // the time that reads have waited, less the time that those served would have taken alone
	alone   []time.Duration // that the last reads alone took
	reading int             // reads that have begun and not ended
	most    int             // the most reads at once
}

const (
	maxUseless  = 4                      // lists more than reads that lists have answered
	rowsPerRead = 10                     // objects that lists may bring for each read, and
	freePages   = 2                      // pages for all reads together
	tolerance   = 400 * time.Millisecond // by which a refresh in bulk may take longer than one without
	samples     = 15                     // of the times of reads alone: the last ones count
)

func (b *budget) begin() {
	b.reading++
	b.most = max(b.most, b.reading)
}

func (b *budget) end() { b.reading-- }

// allowsList reports whether a list may be sent: even if it answers nobody, there are hardly more requests than one for each read.
func (b *budget) allowsList() bool { return b.lists < b.served+maxUseless }

// allowsRows reports whether a page may be fetched after so many reads.
func (b *budget) allowsRows(size, reads int) bool {
	return b.rows+size <= rowsPerRead*reads+freePages*pageSize
}

// waited takes note of a read that has waited for a list, and whether that has answered it.
func (b *budget) waited(d time.Duration, served bool) {
	b.lost += d
	if served {
		b.served++
		b.lost -= b.single()
	}
}

// refused takes note of a read that was served but goes alone all the same.
func (b *budget) refused() {
	b.served--
	b.lost += b.single()
}

// tookAlone takes note of the time of a read that went alone.
func (b *budget) tookAlone(d time.Duration) {
	if b.alone = append(b.alone, d); len(b.alone) > samples {
		b.alone = b.alone[1:]
	}
}

// isUnsure reports whether it is not known well how long a read takes alone: the first one may have had to connect.
func (b *budget) isUnsure() bool { return b.lists > 0 && len(b.alone) < 3 }

// single is the time that a read takes alone: the median, since one may be slow for reasons of its own.
func (b *budget) single() time.Duration {
	if len(b.alone) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(b.alone))
	return sorted[(len(sorted)-1)/2]
}

// patience is how long each of the reads that run in parallel may still wait, when those that wait now have waited so long already: as
// long as lists have saved, and a little.
func (b *budget) patience(running time.Duration) time.Duration {
	return tolerance - (b.lost+running)/time.Duration(max(b.most, 1))
}
