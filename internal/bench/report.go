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

// overview returns a Markdown table with the requests and seconds of a plan, with the latency of a network. The seconds also depend on the
// machine.
func overview(results []result) string {
	var b strings.Builder
	b.WriteString("| users | requests | time | requests with `bulk_read = false` | time |\n")
	b.WriteString("| ---: | ---: | ---: | ---: | ---: |\n")
	for _, r := range results {
		if v := r.variant; v.program != baseline && v.latency > 0 && v.bulk {
			without := find(results, variant{users: v.users, program: v.program, latency: v.latency})
			fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", thousands(v.users),
				thousands(r.requests()), r.seconds(), thousands(without.requests()), without.seconds())
		}
	}
	return b.String()
}

// operationTable returns a Markdown table of the operations.
func operationTable(operations []operation) string {
	var b strings.Builder
	b.WriteString("| what | requests | time | requests, 1 ms a row | time, 1 ms a row |\n")
	b.WriteString("| --- | ---: | ---: | ---: | ---: |\n")
	for _, o := range operations {
		slow := slices.IndexFunc(operations, func(other operation) bool { return other.name == o.name && other.row > 0 })
		if o.row == 0 && slow >= 0 {
			with := operations[slow]
			fmt.Fprintf(&b, "| %s | %s | %.1f s | %s | %.1f s |\n", o.name, thousands(o.requests), o.time.Seconds(),
				thousands(with.requests), with.time.Seconds())
		}
	}
	return b.String()
}

// table returns a Markdown table of the results. Times are ratios of samples of the same round, since seconds depend on the machine. Each is
// the median of all rounds.
func table(results []result) string {
	var b strings.Builder
	b.WriteString("| users | latency | bulk reading | requests | time / baseline | time / without bulk | CPU / baseline | memory |\n")
	b.WriteString("| ---: | ---: | --- | ---: | ---: | ---: | ---: | ---: |\n")
	for _, r := range results {
		v := r.variant
		base := find(results, variant{users: v.users, program: baseline})
		if v == base.variant {
			fmt.Fprintf(&b, "| %s | | *baseline* | 0 | 1.00 | | 1.00 | %s |\n", thousands(v.users), r.memory())
			continue
		}
		without := find(results, variant{users: v.users, program: v.program, latency: v.latency})
		fmt.Fprintf(&b, "| %s | %d ms | %s | %s | %.2f | %.2f | %.2f | %s |\n", thousands(v.users), v.latency.Milliseconds(),
			map[bool]string{true: "on", false: "off"}[v.bulk], thousands(r.requests()),
			r.ratio(base, sample.wallTime), r.ratio(without, sample.wallTime), r.ratio(base, sample.cpu), r.memory())
	}
	return b.String()
}

// point is a point in the chart of tools/chart.
type point struct {
	Series   string  `json:"series"`
	Users    int     `json:"users"`
	Requests int     `json:"requests"`
	Seconds  float64 `json:"seconds"`
}

// points returns the points of the variants with latency, and of the baseline.
func points(results []result) []point {
	var all []point
	for _, r := range results {
		name := "one request per user"
		switch {
		case r.variant.program == baseline:
			name = "a provider that does nothing"
		case r.variant.latency == 0:
			continue
		case r.variant.bulk:
			name = "reading in bulk"
		}
		all = append(all, point{name, r.variant.users, r.requests(), r.time()})
	}
	return all
}

// time returns how long a plan takes, in seconds.
func (r result) time() float64 {
	return median(r.samples, func(i int) float64 { return r.samples[i].time.Seconds() })
}

// seconds returns that time as text. More digits would be different on every machine.
func (r result) seconds() string {
	if t := r.time(); t < 10 {
		return fmt.Sprintf("%.1f s", t)
	}
	return fmt.Sprintf("%.0f s", r.time())
}

func (s sample) wallTime() time.Duration { return s.time }
func (s sample) cpu() time.Duration      { return s.provider.CPU }

// ratio compares the samples with those of another result.
func (r result) ratio(to result, of func(sample) time.Duration) float64 {
	return median(r.samples, func(i int) float64 { return float64(of(r.samples[i])) / float64(of(to.samples[i])) })
}

func (r result) requests() int {
	return median(r.samples, func(i int) int { return r.samples[i].requests })
}

// memory returns the peak memory of the provider process.
func (r result) memory() string {
	var most int64
	for _, s := range r.samples {
		most = max(most, s.provider.Memory)
	}
	return fmt.Sprintf("%d MiB", most>>20)
}

func median[T cmp.Ordered](samples []sample, of func(i int) T) T {
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

// replaceTable replaces a table in a page. It is between two lines with its name.
func replaceTable(page, name, table string) error {
	content, err := os.ReadFile(page)
	if err != nil {
		return err
	}
	first, last := "<!-- "+name+": begin -->\n", "<!-- "+name+": end -->\n"
	before, rest, begins := strings.Cut(string(content), first)
	_, after, ends := strings.Cut(rest, last)
	if !begins || !ends {
		return errors.New(page + " does not have the two lines that the table " + name + " stands between")
	}
	return os.WriteFile(page, []byte(before+first+"\n"+table+"\n"+last+after), 0o600)
}
