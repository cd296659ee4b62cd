package main

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"
)

// table shows the results in Markdown. Times are ratios of what was measured side by side, the one in the middle of all rounds:
// seconds would tell of the machine.
func table(results []result) string {
	var b strings.Builder
	b.WriteString("| users | latency | bulk reading | requests | time / floor | time / without bulk | CPU / floor | memory |\n")
	b.WriteString("| ---: | ---: | --- | ---: | ---: | ---: | ---: | ---: |\n")
	for _, r := range results {
		v := r.variant
		base := find(results, variant{users: v.users, program: floor})
		if v == base.variant {
			fmt.Fprintf(&b, "| %s | | *floor* | 0 | 1.00 | | 1.00 | %s |\n", thousands(v.users), r.memory())
			continue
		}
		without := find(results, variant{users: v.users, program: v.program, latency: v.latency})
		fmt.Fprintf(&b, "| %s | %d ms | %s | %s | %.2f | %.2f | %.2f | %s |\n", thousands(v.users), v.latency.Milliseconds(),
			map[bool]string{true: "on", false: "off"}[v.bulk], thousands(r.requests()),
			r.ratio(base, sample.wall), r.ratio(without, sample.wall), r.ratio(base, sample.cpu), r.memory())
	}
	return b.String()
}

// point is what tools/chart draws.
type point struct {
	Series   string  `json:"series"`
	Users    int     `json:"users"`
	Requests int     `json:"requests"`
	Seconds  float64 `json:"seconds"`
}

// points are those of the variants with a latency, and of the floor.
func points(results []result) []point {
	var all []point
	for _, r := range results {
		name := "one request per user"
		switch {
		case r.variant.program == floor:
			name = "a provider that does nothing"
		case r.variant.latency == 0:
			continue
		case r.variant.bulk:
			name = "reading in bulk"
		}
		all = append(all, point{name, r.variant.users, r.requests(), middle(r.samples, func(i int) float64 {
			return r.samples[i].time.Seconds()
		})})
	}
	return all
}

func (s sample) wall() time.Duration { return s.time }
func (s sample) cpu() time.Duration  { return s.provider.CPU }

// ratio returns how many times what others took the plans did.
func (r result) ratio(to result, of func(sample) time.Duration) float64 {
	return middle(r.samples, func(i int) float64 { return float64(of(r.samples[i])) / float64(of(to.samples[i])) })
}

func (r result) requests() int {
	return middle(r.samples, func(i int) int { return r.samples[i].requests })
}

// memory is the most that a provider process ever needed.
func (r result) memory() string {
	var most int64
	for _, s := range r.samples {
		most = max(most, s.provider.Memory)
	}
	return fmt.Sprintf("%d MiB", most>>20)
}

func middle[T cmp.Ordered](samples []sample, of func(i int) T) T {
	values := make([]T, len(samples))
	for i := range samples {
		values[i] = of(i)
	}
	slices.Sort(values)
	return values[len(values)/2]
}

func find(results []result, v variant) result {
	return results[slices.IndexFunc(results, func(r result) bool { return r.variant == v })]
}

func thousands(n int) string {
	if n < 1000 {
		return fmt.Sprint(n)
	}
	return fmt.Sprintf("%s,%03d", thousands(n/1000), n%1000)
}

// The table of a page stands between these lines.
const (
	tableBegins = "<!-- measured: begin -->\n"
	tableEnds   = "<!-- measured: end -->\n"
)

// replaceTable puts a table in the place of the one in a page.
func replaceTable(page, table string) error {
	content, err := os.ReadFile(page)
	if err != nil {
		return err
	}
	before, rest, begins := strings.Cut(string(content), tableBegins)
	_, after, ends := strings.Cut(rest, tableEnds)
	if !begins || !ends {
		return errors.New(page + " does not have the two lines that the table stands between")
	}
	return os.WriteFile(page, []byte(before+tableBegins+"\n"+table+"\n"+tableEnds+after), 0o600)
}
