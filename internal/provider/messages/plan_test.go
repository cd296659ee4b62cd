package messages

import (
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

const past = "2020-01-01T00:00:00Z"

// person puts a user into the sandbox who was not created a moment ago.
func (p *process) person(id string, members object) {
	p.put(sandbox.OrganizationUser, id, with(members, "detail_access", 0))
}

func (p *process) put(kind, id string, members object) {
	p.api.Put(kind, with(with(members, "id", id), "created_at", past))
}

// change returns the diagnostics of a plan.
func (p *process) plans(before instance, config object) diagnostics {
	p.Helper()
	_, diags := p.plan(before, config)
	return diags
}

// TestForesight renders what a plan says about people.
func TestForesight(t *testing.T) {
	c := open(t, "plan")
	p := start(t, nil)
	c.add("anonymization", p.plans(p.none(userType), with(ada, "anonymized", true)))

	p.person(id, object{"first_name": "Ada", "custom_id": "emp-42"})
	known := with(ada, "custom_id", "emp-42")
	c.add("somebody has the key", p.plans(p.none(userType), known))
	c.add("somebody has the key, and another creation", p.plans(p.none(userType), known))
	p = p.again(object{"on_duplicate": "error"})
	c.add("somebody has the key, an error", p.plans(p.none(userType), known))
	p = p.again(object{"on_duplicate": "warn"})
	p.plans(p.adopted(userType, id), with(known, "first_name", "Augusta"))
	c.add("somebody has the key whom Terraform manages", p.plans(p.none(userType), known))

	ours := object{"tenant_id": tenant, "personal_data_wo": object{"first_name": "Ada"}}
	p.put(sandbox.ProtectedIdentity, other, object{"tenant": object{"id": tenant}})
	c.add("the tenant has an identity", p.plans(p.none(identityType), ours))

	p = p.again(nil)
	p.api.Configure(func(b *sandbox.Behaviour) { b.ForbidLists = true })
	c.add("nobody can be looked for: no permission, and nothing shown", p.plans(p.none(userType), known))
	p.api.Configure(func(b *sandbox.Behaviour) { b.ForbidLists = false })
	p = p.again(nil)
	p.api.Inject(sandbox.Fault{Status: 503, Times: -1})
	c.add("nobody can be looked for: the API is down", p.plans(p.none(userType), known))
	p.api.ClearFaults()
	p.api.Configure(func(b *sandbox.Behaviour) { b.IgnoreFilters, b.Hide = true, []string{"email"} })
	p = p.again(nil)
	c.add("nobody can be looked for: filters are ignored, and values hidden", p.plans(p.none(userType), with(ada, "email", "ada@example.com")))
	p.api.Configure(func(b *sandbox.Behaviour) { b.Hide, b.PageCap = nil, 20 })
	for range 3000 {
		p.api.Put(sandbox.OrganizationUser, nil)
	}
	p = p.again(nil)
	c.add("nobody can be looked for: filters are ignored, and there are many", p.plans(p.none(userType), known))
}

// TestEndOfAccess renders what a plan says that ends somebody's access.
func TestEndOfAccess(t *testing.T) {
	c := open(t, "end_of_access")
	p := start(t, object{"max_destroys": 1})
	p.person(client, object{"first_name": "Terraform"})
	own := p.adopted(userType, client)
	c.add("the own user is deleted", p.plans(own, nil))
	c.add("one object at two addresses, of which one goes", p.plans(own, ada))
	for _, e := range []struct {
		what, attribute string
		value           any
	}{
		{"the own user is deactivated", "is_active", false},
		{"the own user is anonymized", "anonymized", true},
		{"the own user's access ends", "active_to", past},
	} {
		p = p.again(nil)
		c.add(e.what, p.plans(own, with(ada, e.attribute, e.value)))
	}

	p = p.again(nil)
	ids := []string{id, other, tenant}
	var all []instance
	for _, id := range ids {
		p.person(id, object{"first_name": "Ada"})
		all = append(all, p.adopted(userType, id))
	}
	p.fine(p.plans(all[0], nil))
	c.add("more destroys than max_destroys", p.plans(all[1], nil))
	c.add("still more", p.plans(all[2], nil))

	p = p.again(nil)
	var twice diagnostics
	for range 2 {
		_, diags := p.read(all[0])
		twice = append(twice, diags...)
	}
	c.add("one object at two addresses, in the state", twice)
}

// TestWriteOnly renders what a plan says of write-only values.
func TestWriteOnly(t *testing.T) {
	c := open(t, "write_only")
	p := start(t, nil)
	p.person(id, object{"first_name": "Ada", "ssn": "199001012385"})
	adopted := p.adopted(userType, id)
	secret := with(ada, "ssn_wo", "199001012385")
	c.add("declared after an import", p.plans(adopted, secret))
	written, diags := p.settle(adopted, secret)
	p.fine(diags)
	p = p.again(nil)
	p.api.Change(sandbox.OrganizationUser, id, object{"ssn": nil})
	c.add("changed in Pigello", p.plans(written, secret))
	p.api.Change(sandbox.OrganizationUser, id, object{"ssn": "199001012385"})
	p = p.again(nil)
	c.add("no longer declared", p.plans(written, ada))

	p = p.again(nil)
	p.person(other, nil)
	p.api.Remove(sandbox.OrganizationUser, id)
	c.add("gone, without a refresh", p.plans(written, secret))
	p = p.again(nil)
	p.api.Inject(sandbox.Fault{Status: 503, Times: -1})
	c.add("not compared", p.plans(written, secret))
	p.api.ClearFaults()

	p = p.again(nil)
	tenants := object{"tenant_id": tenant, "personal_data_wo": object{"last_name": "Lovelace", "ssn": "199001012385"}}
	made := p.made(identityType, tenants)
	for _, o := range p.api.All(sandbox.ProtectedIdentity) {
		p.api.Change(sandbox.ProtectedIdentity, o["id"].(string), object{"last_name": "King"})
	}
	p = p.again(nil)
	more := with(tenants, "personal_data_wo", object{"last_name": "Lovelace", "first_name": "Ada"})
	c.add("changed, declared and no longer declared", p.plans(made, more))
}
