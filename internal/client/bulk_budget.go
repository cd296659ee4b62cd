package client

import (
	"slices"
	"time"
)

// requestBudget is what the lists of one collection have cost and saved so far, in requests and rows.
type requestBudget struct {
	lists  int // requests for lists
	served int // reads that lists have served
	rows   int // objects in all lists
}

const (
	maxExtraLists = 4  // lists beyond the number of reads that lists have served
	rowsPerRead   = 10 // rows that lists may have for each read,
	freePages     = 2  // plus the rows of this many pages
)

// allowsList reports whether a list may be sent. Even if no list serves a read, there are only a few more requests than reads.
func (b *requestBudget) allowsList() bool { return b.lists < b.served+maxExtraLists }

// allowsRows reports whether a page may be fetched after so many reads.
func (b *requestBudget) allowsRows(size, reads int) bool {
	return b.rows+size <= rowsPerRead*reads+freePages*pageSize
}

// timeBudget is what bulk reading has cost and saved so far in time. All collections share it, since their reads share the workers of
// Terraform.
type timeBudget struct {
	spent   time.Duration         // how long reads have waited, minus the time that the served ones would have taken alone
	pending map[*pendingRead]bool // reads in a queue
	samples []time.Duration       // durations of the last reads that went alone
	active  int                   // reads that have begun and not ended
	peak    int                   // the highest value of active
}

const (
	maxExtraTime = 400 * time.Millisecond // by which a refresh with bulk reading may take longer than one without
	maxSamples   = 15
)

func (b *timeBudget) begin(p *pendingRead) {
	b.active++
	b.peak = max(b.peak, b.active)
	if b.pending == nil {
		b.pending = map[*pendingRead]bool{}
	}
	b.pending[p] = true
}

func (b *timeBudget) end() { b.active-- }

// dequeued adds the time that a read has waited, and subtracts what it has saved if a list has served it.
func (b *timeBudget) dequeued(p *pendingRead, served bool) {
	delete(b.pending, p)
	b.spent += time.Since(p.since)
	if served {
		b.spent -= b.singleRead()
	}
}

// discarded corrects the budget after a read that a list has served, but that must go alone because the list cannot be used.
func (b *timeBudget) discarded() { b.spent += b.singleRead() }

// addSample adds the duration of a read that went alone.
func (b *timeBudget) addSample(t time.Duration) {
	if b.samples = append(b.samples, t); len(b.samples) > maxSamples {
		b.samples = b.samples[1:]
	}
}

// singleRead is how long a read takes alone: the median, so that one slow read does not count.
func (b *timeBudget) singleRead() time.Duration {
	if len(b.samples) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(b.samples))
	return sorted[(len(sorted)-1)/2]
}

// hasFewSamples reports whether singleRead is not reliable yet: the first read may have had to open the connection.
func (b *timeBudget) hasFewSamples() bool { return len(b.samples) < 3 }

// remaining is how long each of the reads that run in parallel may still wait: what lists have saved, plus maxExtraTime.
func (b *timeBudget) remaining() time.Duration {
	spent := b.spent
	for p := range b.pending {
		spent += time.Since(p.since)
	}
	return maxExtraTime - spent/time.Duration(max(b.peak, 1))
}
