package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"time"

	"github.com/pigello/terraform-provider-pigello/internal/bench/usage"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// size is how many users are planned, and how often.
type size struct{ users, rounds int }

// variant is a way to plan the same users. The baseline sends no requests, so it has neither latency nor bulk.
type variant struct {
	users   int
	program string
	latency time.Duration
	bulk    bool
}

// latency is the time of a request in the variants with latency: about that of the internet.
const latency = 50 * time.Millisecond

// variants returns the variants for a number of users. The baseline is first.
func variants(users int) []variant {
	all := []variant{{users: users, program: baseline}}
	for _, each := range []time.Duration{0, latency} {
		for _, bulk := range []bool{false, true} {
			all = append(all, variant{users: users, program: provider, latency: each, bulk: bulk})
		}
	}
	return all
}

// sample is the measurement of one plan.
type sample struct {
	time     time.Duration
	provider usage.Usage
	requests int
}

// result is the measurements of one variant. Samples of different variants with the same index were taken shortly after each other.
type result struct {
	variant variant
	samples []sample
}

// measure plans the same users in all variants, one after another in each round, so that other load of the machine affects all variants.
func (s *session) measure(ctx context.Context, of size) (_ []result, err error) {
	c, err := s.newOrganization(ctx, of.users)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, c.close()) }()
	var results []result
	for _, v := range variants(of.users) {
		results = append(results, result{variant: v})
	}
	for round := range of.rounds {
		fmt.Fprintf(os.Stderr, "%s users: round %d of %d\n", thousands(of.users), round+1, of.rounds)
		for i := range results {
			one, err := c.plan(ctx, results[i].variant)
			if err != nil {
				return nil, err
			}
			results[i].samples = append(results[i].samples, one)
		}
	}
	return results, nil
}

// plan runs a plan, and fails unless it is empty.
func (c *organization) plan(ctx context.Context, v variant) (sample, error) {
	c.sandbox.Configure(func(b *sandbox.Behaviour) { b.Latency = v.latency })
	c.sandbox.ResetRequests()
	if err := os.Remove(c.record()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return sample{}, err
	}
	env := append(slices.Clip(c.env), "METER_PROGRAM="+c.program(v.program), fmt.Sprintf("PIGELLO_BULK_READ=%t", v.bulk))
	begin := time.Now()
	if err := c.terraform(ctx, c.dir, env, "plan", "-detailed-exitcode"); err != nil {
		return sample{}, err
	}
	took := time.Since(begin)
	used, err := usage.Read(c.record())
	return sample{time: took, provider: used, requests: len(c.sandbox.Requests())}, err
}
