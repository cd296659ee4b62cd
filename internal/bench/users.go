package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

const kind = sandbox.OrganizationUser

const config = `terraform {
  required_providers {
    pigello = { source = "pigello/pigello" }
  }
}

resource "pigello_organization_user" "u" {
  count         = %d
  detail_access = 1
  first_name    = "Ada"
  last_name     = "No ${count.index}"
  custom_id     = "emp-${count.index}"
  email         = "ada.${count.index}@example.com"
}
`

// company is a Pigello in memory, and a directory with a configuration and the state of its users.
type company struct {
	*stage
	dir     string
	sandbox *sandbox.Sandbox
	server  *http.Server
	env     []string
}

// open starts a Pigello without anybody, and makes a directory for it.
func (s *stage) open(ctx context.Context, name string) (_ *company, err error) {
	c := &company{stage: s, dir: filepath.Join(s.dir, name), sandbox: sandbox.New()}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	c.server = &http.Server{Handler: c.sandbox, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = c.server.Serve(listener) }() // what it answers is checked by everything that follows
	c.env = append(c.sandbox.Environment("http://"+listener.Addr().String()), "METER_RECORD="+c.record())
	if err := os.Mkdir(c.dir, 0o700); err != nil {
		return nil, errors.Join(err, c.close())
	}
	return c, nil
}

// newCompany declares n users, all of which exist.
func (s *stage) newCompany(ctx context.Context, n int) (_ *company, err error) {
	c, err := s.open(ctx, fmt.Sprint(n))
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, c.close())
		}
	}()
	// Terraform writes the whole state after each creation, so that applying many users takes it very long. One is applied; the
	// others are made after it, and the plans that follow show that nothing tells them from users that were applied.
	if err := c.declare(1); err != nil {
		return nil, err
	}
	if err := c.terraform(ctx, c.dir, append(c.env, "METER_PROGRAM="+c.program(provider)), "apply", "-auto-approve"); err != nil {
		return nil, err
	}
	if err := c.multiply(n); err != nil {
		return nil, err
	}
	return c, c.declare(n)
}

func (c *company) close() error { return errors.Join(c.server.Close(), os.RemoveAll(c.dir)) }

func (c *company) record() string { return filepath.Join(c.dir, "usage.json") }

func (c *company) declare(n int) error { return c.write("main.tf", fmt.Sprintf(config, n)) }

func (c *company) write(name, content string) error {
	return os.WriteFile(filepath.Join(c.dir, name), []byte(content), 0o600)
}

// multiply makes n users of the one that there is, in Pigello and in the state.
func (c *company) multiply(n int) error {
	name := filepath.Join(c.dir, "terraform.tfstate")
	content, err := os.ReadFile(name)
	if err != nil {
		return err
	}
	var state map[string]any
	if err := json.Unmarshal(content, &state); err != nil {
		return err
	}
	resource, _ := state["resources"].([]any)[0].(map[string]any)
	first, _ := resource["instances"].([]any)[0].(map[string]any)
	attributes, _ := first["attributes"].(map[string]any)
	model := c.sandbox.All(kind)[0]
	instances := []any{first}
	for i := 1; i < n; i++ {
		no := strings.NewReplacer("No 0", fmt.Sprintf("No %d", i), "emp-0", fmt.Sprintf("emp-%d", i), "ada.0", fmt.Sprintf("ada.%d", i))
		members := maps.Clone(model)
		for _, own := range []string{"id", "username", "created_at"} {
			delete(members, own)
		}
		for _, given := range []string{"last_name", "custom_id", "email", "full_name", "communication_name"} {
			members[given] = no.Replace(fmt.Sprint(members[given]))
		}
		user, _ := c.sandbox.Get(kind, c.sandbox.Put(kind, members))
		others := maps.Clone(attributes)
		for _, name := range []string{
			"id", "username", "created_at", "last_name", "custom_id", "email", "full_name", "communication_name",
		} {
			others[name] = user[name]
		}
		instance := maps.Clone(first)
		instance["index_key"], instance["attributes"] = i, others
		if _, has := instance["identity"]; has { // since Terraform 1.12
			instance["identity"] = map[string]any{"id": user["id"]}
		}
		instances = append(instances, instance)
	}
	resource["instances"] = instances
	if content, err = json.Marshal(state); err != nil {
		return err
	}
	return os.WriteFile(name, content, 0o600)
}
