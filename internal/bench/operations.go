package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/pigello/terraform-provider-pigello/internal/cli"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// scale is how many users the operations have.
type scale struct{ few, many, listed int }

// operation is the measurement of a command that a user waits for.
type operation struct {
	name     string
	row      time.Duration // the time of each row in a list
	time     time.Duration
	requests int
}

// rowLatency is the time of each row in a list, in the operations that have one: about that of a usual web framework.
const rowLatency = time.Millisecond

const dataSource = `terraform {
  required_providers {
    pigello = { source = "pigello/pigello" }
  }
}

data "pigello_organization_users" "all" {}
`

const listBlock = `list "pigello_organization_user" "all" {
  provider = pigello
  limit    = %d
}
`

// operations measures each operation once, with and without time for rows.
func (s *session) operations(ctx context.Context, of scale) ([]operation, error) {
	var all []operation
	for _, row := range []time.Duration{0, rowLatency} {
		for _, measure := range []func(context.Context, scale, time.Duration) ([]operation, error){s.plan, s.lifecycle, s.lists} {
			fmt.Fprintf(os.Stderr, "operations, %s a row: %d measured\n", row, len(all))
			some, err := measure(ctx, of, row)
			if err != nil {
				return nil, err
			}
			all = append(all, some...)
		}
	}
	return all, nil
}

// plan plans a few users without changes.
func (s *session) plan(ctx context.Context, of scale, row time.Duration) (_ []operation, err error) {
	c, err := s.newOrganization(ctx, of.few)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, c.close()) }()
	one, err := c.operate(ctx, fmt.Sprintf("plan of %s users", thousands(of.few)), row, s.engine, "plan", "-detailed-exitcode")
	return []operation{one}, err
}

// lifecycle creates, plans, updates and destroys many users.
func (s *session) lifecycle(ctx context.Context, of scale, row time.Duration) (all []operation, err error) {
	c, err := s.open(ctx, "lifecycle")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, c.close()) }()
	declared := fmt.Sprintf(config, of.many)
	changed := strings.ReplaceAll(declared, "No ", "Number ")
	for _, step := range []struct {
		name, config string
		args         []string
	}{
		{"apply that creates", declared, []string{"apply", "-auto-approve"}},
		{"plan of", declared, []string{"plan", "-detailed-exitcode"}},
		{"plan and apply that update", changed, []string{"apply", "-auto-approve"}},
		{"destroy of", changed, []string{"destroy", "-auto-approve"}},
	} {
		if err := c.write("main.tf", step.config); err != nil {
			return nil, err
		}
		one, err := c.operate(ctx, fmt.Sprintf("%s %s users", step.name, thousands(of.many)), row, s.engine, step.args...)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, nil
}

// lists reads all users of a large organization with a data source and, from Terraform 1.14 on, with a query.
func (s *session) lists(ctx context.Context, of scale, row time.Duration) (all []operation, err error) {
	c, err := s.open(ctx, "lists")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, c.close()) }()
	for n := range of.listed {
		c.sandbox.Put(kind, map[string]any{
			"first_name": "Ada", "last_name": fmt.Sprintf("No %d", n), "custom_id": fmt.Sprintf("emp-%d", n), "detail_access": 1,
		})
	}
	if err := c.write("main.tf", dataSource); err != nil {
		return nil, err
	}
	one, err := c.operate(ctx, fmt.Sprintf("data source of %s users", thousands(of.listed)), row, s.engine, "plan")
	if err != nil {
		return nil, err
	}
	all = append(all, one)
	next := s.engine
	if named := os.Getenv(nextVariable); named != "" {
		if next, err = cli.EngineAt(ctx, named); err != nil {
			return nil, err
		}
	}
	if next.OpenTofu || next.Minor < 14 {
		return all, nil
	}
	if err := c.write("all.tfquery.hcl", fmt.Sprintf(listBlock, of.listed)); err != nil {
		return nil, err
	}
	one, err = c.operate(ctx, fmt.Sprintf("query of %s users", thousands(of.listed)), row, next, "query")
	return append(all, one), err
}

// nextVariable is the variable that names another terraform command for the query, as in the tests.
const nextVariable = "PIGELLO_TEST_TERRAFORM_NEXT"

// operate runs a command, and fails unless it succeeds.
func (c *organization) operate(ctx context.Context, name string, row time.Duration, engine cli.Engine, args ...string) (operation, error) {
	c.sandbox.Configure(func(b *sandbox.Behaviour) { b.Latency, b.RowLatency = latency, row })
	c.sandbox.ResetRequests()
	env := append(slices.Clip(c.env), "METER_PROGRAM="+c.program(provider))
	begin := time.Now()
	err := c.run(ctx, engine, c.dir, env, args...)
	return operation{name: name, row: row, time: time.Since(begin), requests: len(c.sandbox.Requests())}, err
}
