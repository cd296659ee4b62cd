package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pigello/terraform-provider-pigello/internal/bench/usage"
)

// TestMeasure measures few users once. The copied users must need no change, and every result must be a number.
func TestMeasure(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	// Settings of the user for other work must have no effect.
	t.Setenv("PIGELLO_BASE_URL", "https://elsewhere.example")
	t.Setenv("TF_CLI_ARGS", "-no-such-option")
	const users = 3
	operations, results, err := measure(t.Context(), scale{few: 2, many: 3, listed: 4}, []size{{users: users, rounds: 1}})
	if err != nil {
		t.Fatal(err)
	}
	if table := operationTable(operations); strings.Count(table, "\n") < 2+6 { // seven if the engine has queries
		t.Errorf("the operations are\n%s", table)
	}
	for _, o := range operations {
		if o.time <= 0 || o.requests == 0 {
			t.Errorf("%+v", o)
		}
	}
	if len(results) != 5 {
		t.Fatalf("%d variants were measured", len(results))
	}
	for _, r := range results {
		most := users
		if r.variant.program == baseline {
			most = 0
		}
		if n := r.requests(); n > most || n < most && !r.variant.bulk {
			t.Errorf("%+v: %d requests", r.variant, n)
		}
		for _, s := range r.samples {
			if s.time <= 0 || s.provider.CPU <= 0 || s.provider.Memory < 1<<20 {
				t.Errorf("%+v: %+v", r.variant, s)
			}
		}
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("%v is left behind, %v", left, err)
	}
}

// took returns a sample.
func took(seconds, cpu float64, requests int) sample {
	second := float64(time.Second)
	return sample{
		time: time.Duration(seconds * second), requests: requests,
		provider: usage.Usage{CPU: time.Duration(cpu * second), Memory: int64(cpu * (10 << 20))},
	}
}

func TestReport(t *testing.T) {
	results := []result{
		// In the second round, the machine was busy.
		{variant{users: 1000, program: baseline}, []sample{took(4, 2, 0), took(40, 20, 0), took(5, 2, 0)}},
		{variant{users: 1000, program: provider, latency: latency}, []sample{took(8, 4, 1000), took(80, 40, 1000), took(8, 4, 1000)}},
		{variant{users: 1000, program: provider, latency: latency, bulk: true}, []sample{took(2, 1, 12), took(20, 10, 14), took(2, 1, 13)}},
	}
	_, rows, _ := strings.Cut(table(results), ": |\n")
	const want = `| 1,000 | | *baseline* | 0 | 1.00 | | 1.00 | 200 MiB |
| 1,000 | 50 ms | off | 1,000 | 2.00 | 1.00 | 2.00 | 400 MiB |
| 1,000 | 50 ms | on | 13 | 0.50 | 0.25 | 0.50 | 100 MiB |
`
	if rows != want {
		t.Errorf("the table is\n%s", rows)
	}
	const brief = "| 1,000 | 13 | 2.0 s | 1,000 | 8.0 s |\n"
	if _, rows, _ := strings.Cut(overview(results), ": |\n"); rows != brief {
		t.Errorf("the overview is\n%s", rows)
	}
	all := points(results)
	if len(all) != 3 || all[0].Seconds != 5 || all[1].Requests != 1000 || all[2].Seconds != 2 || all[2].Users != 1000 {
		t.Errorf("the points are %+v", all)
	}
}

func TestOperationTable(t *testing.T) {
	_, rows, _ := strings.Cut(operationTable([]operation{
		{"plan of 300 users", 0, 1500 * time.Millisecond, 3}, {"destroy of 1,000 users", 0, time.Minute, 1000},
		{"plan of 300 users", rowLatency, 2 * time.Second, 12}, {"destroy of 1,000 users", rowLatency, time.Minute, 1000},
	}), ": |\n")
	const want = `| plan of 300 users | 3 | 1.5 s | 12 | 2.0 s |
| destroy of 1,000 users | 1,000 | 60.0 s | 1,000 | 60.0 s |
`
	if rows != want {
		t.Errorf("the table is\n%s", rows)
	}
}

func TestReplaceTable(t *testing.T) {
	page := filepath.Join(t.TempDir(), "page.md")
	write := func(content string) {
		t.Helper()
		if err := os.WriteFile(page, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	const begins, ends = "<!-- overview: begin -->\n", "<!-- overview: end -->\n"
	write("before\n" + begins + "\n| old |\n\n" + ends + "after\n")
	if err := replaceTable(page, "overview", "| new |\n"); err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(page)
	if want := "before\n" + begins + "\n| new |\n\n" + ends + "after\n"; err != nil || string(content) != want {
		t.Errorf("%v\n%s", err, content)
	}
	write("no place for a table")
	if err := replaceTable(page, "overview", ""); err == nil {
		t.Error("a page without a place for it took a table")
	}
}
