// Command bench measures plans of many users, with and without bulk reading, and compares them with a baseline: the same plan with a provider
// that does nothing. It runs the real terraform command with a Pigello in memory, prints the results as tables, and needs no credentials.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	full := flag.Bool("full", false, "measure 10,000 users, too; Terraform alone takes minutes for each plan of them")
	points := flag.String("points", "", "a `file` to write the points of the picture to, for tools/chart")
	page := flag.String("page", "", "a `file` whose tables to replace, between their markers")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *full, *points, *page); err != nil {
		if ctx.Err() != nil {
			err = errors.New("interrupted")
		}
		fmt.Fprintln(os.Stderr, "bench:", err)
		stop()
		os.Exit(1)
	}
}

func run(ctx context.Context, full bool, pointsFile, page string) error {
	sizes := []size{{users: 100, rounds: 5}, {users: 1000, rounds: 5}}
	if full {
		sizes = append(sizes, size{users: 10_000, rounds: 1})
	}
	operations, results, err := measure(ctx, scale{few: 300, many: 1000, listed: 10_000}, sizes)
	if err != nil {
		return err
	}
	overview, waits, table := overview(results), operationTable(operations), table(results)
	fmt.Fprintf(os.Stdout, "\n%s\n%s\n%s", overview, waits, table)
	if pointsFile != "" {
		content, err := json.MarshalIndent(points(results), "", "  ")
		if err != nil {
			return err
		}
		if err := os.WriteFile(pointsFile, content, 0o600); err != nil {
			return err
		}
	}
	if page != "" {
		return errors.Join(replaceTable(page, "overview", overview), replaceTable(page, "operations", waits), replaceTable(page, "measured", table))
	}
	return nil
}

// measure measures all operations and sizes in a new session, and always closes it.
func measure(ctx context.Context, of scale, sizes []size) (operations []operation, results []result, err error) {
	s, err := newSession(ctx)
	if err != nil {
		return nil, nil, err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	if operations, err = s.operations(ctx, of); err != nil {
		return nil, nil, err
	}
	for _, size := range sizes {
		more, err := s.measure(ctx, size)
		if err != nil {
			return nil, nil, err
		}
		results = append(results, more...)
	}
	return operations, results, nil
}
