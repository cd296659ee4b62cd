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

// organization is a Pigello in memory, and a directory with the configuration and the state of its users.
type organization struct {
	*session
	dir     string
	sandbox *sandbox.Sandbox
	server  *http.Server
	env     []string
}

// open starts an empty Pigello, and creates a directory for it.
func (s *session) open(ctx context.Context, name string) (_ *organization, err error) {
	c := &organization{session: s, dir: filepath.Join(s.dir, name), sandbox: sandbox.New()}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	c.server = &http.Server{Handler: c.sandbox, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = c.server.Serve(listener) }() // if it fails, so do the commands
	c.env = append(c.sandbox.Environment("http://"+listener.Addr().String()), "METER_RECORD="+c.record())
	if err := os.Mkdir(c.dir, 0o700); err != nil {
		return nil, errors.Join(err, c.close())
	}
	return c, nil
}

// newOrganization returns an organization with n users, all of which are in the configuration and in the state.
func (s *session) newOrganization(ctx context.Context, n int) (_ *organization, err error) {
	c, err := s.open(ctx, fmt.Sprint(n))
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, c.close())
		}
	}()
	// Terraform writes the complete state after each creation, so it takes very long to apply many users. Only one is applied, and then copied.
	// The plans are empty, which shows that the copies do not differ from applied users.
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

func (c *organization) close() error { return errors.Join(c.server.Close(), os.RemoveAll(c.dir)) }

func (c *organization) record() string { return filepath.Join(c.dir, "usage.json") }

func (c *organization) declare(n int) error { return c.write("main.tf", fmt.Sprintf(config, n)) }

func (c *organization) write(name, content string) error {
	return os.WriteFile(filepath.Join(c.dir, name), []byte(content), 0o600)
}

// multiply copies the only user, in Pigello and in the state, until there are n.
func (c *organization) multiply(n int) error {
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
		fields := maps.Clone(model)
		for _, own := range []string{"id", "username", "created_at"} {
			delete(fields, own)
		}
		for _, given := range []string{"last_name", "custom_id", "email", "full_name", "communication_name"} {
			fields[given] = no.Replace(fmt.Sprint(fields[given]))
		}
		user, _ := c.sandbox.Get(kind, c.sandbox.Put(kind, fields))
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
