package client

import (
	"cmp"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"math"
	"net/http"
	"slices"
	"strings"

	"github.com/pigello/terraform-provider-pigello/internal/client/transport"
)

// pages is what is known of the pages of a collection in the order of ids: which were fetched, and where others are.
type pages struct {
	ask     int     // objects to ask for in a page
	size    int     // objects in a page, as the first one had them; 0 before
	fetched []span  // by number
	past    int     // the smallest number that is known to lie behind the last page
	samples []place // of the ids that were read

	unordered bool // the server does not keep the order
}

// span is a page that was fetched.
type span struct {
	number      int
	first, last place
}

func newPages() pages { return pages{ask: pageSize, past: math.MaxInt32} }

// smallerPages are the sizes to ask for where a server refuses a larger one.
var smallerPages = map[int]int{pageSize: 100, 100: maxIDs}

// refused takes note of an error that may be about the size.
func (p *pages) refused(err error) {
	if e, ok := errors.AsType[*transport.Error](err); ok && e.Status == http.StatusBadRequest {
		p.ask = cmp.Or(smallerPages[p.ask], p.ask)
	}
}

// sample takes note of an id that was read, if it is one of the first.
func (p *pages) sample(id string) {
	if len(p.samples) < 32 {
		p.samples = append(p.samples, placeOf(id))
	}
}

// add takes note of a page that was fetched.
func (p *pages) add(number int, objects []entry) {
	if len(objects) == 0 {
		p.past = min(p.past, number)
		return
	}
	s := span{number, placeOf(objects[0].id), placeOf(objects[len(objects)-1].id)}
	if i := slices.IndexFunc(p.fetched, func(t span) bool { return s.first == t.first && s.last == t.last }); i >= 0 {
		// The last page once more, which this server answers for all numbers behind it.
		p.fetched[i].number = min(p.fetched[i].number, number)
		p.past = p.fetched[i].number + 1
		return
	}
	for i := range objects[1:] {
		p.unordered = p.unordered || !placeOf(objects[i].id).before(placeOf(objects[i+1].id))
	}
	for _, t := range p.fetched {
		p.unordered = p.unordered || number > t.number && !t.last.before(s.first) || number < t.number && !s.last.before(t.first)
	}
	if p.size == 0 {
		p.size = len(objects)
	} else if len(objects) < p.size {
		p.past = min(p.past, number+1)
	}
	at, _ := slices.BinarySearchFunc(p.fetched, number, func(t span, n int) int { return t.number - n })
	p.fetched = slices.Insert(p.fetched, at, s)
}

// left estimates how many pages are still to be fetched for ids such as those that were read.
func (p *pages) left() int {
	switch {
	case len(p.fetched) == 0:
		return 1
	case p.past < math.MaxInt32:
		return p.past - 1 - len(p.fetched)
	case p.unordered:
		return len(p.fetched) + 1 // as if half were done
	}
	// Ids that are spread evenly end a little behind the last sample, and half of them lie before the one in the middle. A single
	// id far away deceives the first estimate only.
	sorted := slices.SortedFunc(slices.Values(p.samples), func(a, b place) int {
		return cmp.Or(cmp.Compare(a.high, b.high), cmp.Compare(a.low, b.low))
	})
	first, n := p.fetched[0].first, len(sorted)
	end := min(first.distance(sorted[n-1])*float64(n+1)/float64(n), 2*first.distance(sorted[n/2]))
	return max(int(min(end/p.width(), math.MaxInt32)), p.fetched[len(p.fetched)-1].number) - len(p.fetched)
}

// missed reports whether an id should have been on the pages that were fetched.
func (p *pages) missed(id string) bool { return len(p.fetched) > 0 && p.expected(id) == 0 }

// expected returns the number of the page that an id is most likely on, or 0 if that one was fetched. Pages in the order of
// ids are found as names are in a telephone book.
func (p *pages) expected(id string) int {
	if len(p.fetched) == 0 {
		return 1
	}
	if p.unordered {
		n := 1
		for n <= len(p.fetched) && p.fetched[n-1].number == n {
			n++
		}
		if n >= p.past {
			return 0
		}
		return n
	}
	at := placeOf(id)
	above, _ := slices.BinarySearchFunc(p.fetched, at, func(s span, at place) int {
		if at.before(s.first) {
			return 1
		}
		return -1
	})
	if above == 0 || !p.fetched[above-1].last.before(at) {
		return 0 // before the first page, which is fetched first of all, or within this one
	}
	below := p.fetched[above-1]
	next := p.past
	guess := p.extrapolate(at)
	if above < len(p.fetched) {
		next = p.fetched[above].number
		share := below.last.distance(at) / below.last.distance(p.fetched[above].first)
		guess = below.number + 1 + int(share*float64(next-below.number-1))
	}
	switch {
	case next-below.number < 2:
		return 0
	case guess >= next && above == len(p.fetched):
		return (below.number + next) / 2 // the density does not tell; halve what is left
	}
	return min(max(guess, below.number+1), next-1)
}

// extrapolate returns the number of the page of an id behind the pages that were fetched, if they go on as densely, but not
// too far away: the density may differ.
func (p *pages) extrapolate(at place) int {
	last := p.fetched[len(p.fetched)-1]
	return last.number + 1 + int(min(last.last.distance(at)/p.width(), float64(8*last.number+24)))
}

// width is the distance from the beginning of a page to that of the next, on the average.
func (p *pages) width() float64 {
	last := p.fetched[len(p.fetched)-1]
	return max(1, p.fetched[0].first.distance(last.last)/float64(last.number))
}

// place is where an id is in the order of ids: its 128 bits.
type place struct{ high, low uint64 }

// placeOf returns the place of an id, which must be a UUID.
func placeOf(id string) place {
	bits, err := hex.DecodeString(strings.ReplaceAll(id, "-", ""))
	if err != nil || len(bits) != 16 {
		return place{}
	}
	return place{binary.BigEndian.Uint64(bits), binary.BigEndian.Uint64(bits[8:])}
}

func (p place) before(q place) bool {
	return p.high < q.high || p.high == q.high && p.low < q.low
}

// distance returns how far q lies behind p, or 0 if it does not.
func (p place) distance(q place) float64 {
	if !p.before(q) {
		return 0
	}
	// Ids that were made one after another differ in the last bits only, so that subtraction comes before rounding.
	high, low := q.high-p.high, q.low-p.low
	if q.low < p.low {
		high--
	}
	return float64(high)*math.Exp2(64) + float64(low)
}
