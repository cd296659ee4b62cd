package messages

import (
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

const past = "2020-01-01T00:00:00Z"

// TestPlan renders what a plan says about people.
func TestPlan(t *testing.T) {
	ctx := t.Context()
	c := open(t, "plan")
	p := start(t, nil)
	c.add("anonymization", diagnostics(p.Plan(ctx, noUser, ada.With(object{"anonymized": true}))))

	p.person(id, object{"first_name": "Ada", "custom_id": "emp-42"})
	known := ada.With(object{"custom_id": "emp-42"})
	c.add("somebody has the key", diagnostics(p.Plan(ctx, noUser, known)))
	c.add("somebody has the key, and another creation", diagnostics(p.Plan(ctx, noUser, known)))
	p = p.again(object{"on_duplicate": "error"})
	c.add("somebody has the key, an error", diagnostics(p.Plan(ctx, noUser, known)))
	p = p.again(object{"on_duplicate": "warn"})
	p.Plan(ctx, p.adopted(userType, id), known.With(object{"first_name": "Augusta"}))
	c.add("somebody has the key whom Terraform manages", diagnostics(p.Plan(ctx, noUser, known)))

	ours, noIdentity := object{"tenant_id": tenant, "personal_data_wo": object{"first_name": "Ada"}}, acctest.Object{Of: identityType}
	p.put(sandbox.ProtectedIdentity, other, object{"tenant": object{"id": tenant}})
	c.add("the tenant has an identity", diagnostics(p.Plan(ctx, noIdentity, ours)))

	p = p.again(nil)
	p.api.Configure(func(b *sandbox.Behaviour) { b.ForbidLists = true })
	c.add("nobody can be looked for: no permission, and nothing shown", diagnostics(p.Plan(ctx, noUser, known)))
	p = p.again(object{"on_duplicate": "ignore"})
	c.add("nobody can be looked for: no permission, and keys are ignored that are not unique", diagnostics(p.Plan(ctx, noIdentity, ours)))
	p.api.Configure(func(b *sandbox.Behaviour) { b.ForbidLists = false })
	p = p.again(object{"on_duplicate": "warn"})
	p.api.Inject(sandbox.Fault{Status: 503, Times: -1})
	c.add("nobody can be looked for: the API is down", diagnostics(p.Plan(ctx, noUser, known)))
	p.api.ClearFaults()
	p.api.Configure(func(b *sandbox.Behaviour) { b.IgnoreFilters, b.Hide = true, []string{"email"} })
	p = p.again(nil)
	c.add("nobody can be looked for: filters are ignored, and values hidden", diagnostics(p.Plan(ctx, noUser, ada.With(object{"email": "ada@example.com"}))))
	p.api.Configure(func(b *sandbox.Behaviour) { b.Hide, b.PageCap = nil, 20 })
	for range 3000 {
		p.api.Put(sandbox.OrganizationUser, nil)
	}
	p = p.again(nil)
	c.add("nobody can be looked for: filters are ignored, and there are many", diagnostics(p.Plan(ctx, noUser, known)))
}

// TestEndOfAccess renders what a plan says that ends somebody's access.
func TestEndOfAccess(t *testing.T) {
	ctx := t.Context()
	c := open(t, "end_of_access")
	p := start(t, object{"max_destroys": 1})
	p.person(client, object{"first_name": "Terraform"})
	own := p.adopted(userType, client)
	c.add("the own user is deleted", diagnostics(p.Plan(ctx, own, nil)))
	c.add("one object at two addresses, of which one goes", diagnostics(p.Plan(ctx, own, ada)))
	for _, e := range []struct {
		what, attribute string
		value           any
	}{
		{"the own user is deactivated", "is_active", false},
		{"the own user is anonymized", "anonymized", true},
		{"the own user's access ends", "active_to", past},
	} {
		p = p.again(nil)
		c.add(e.what, diagnostics(p.Plan(ctx, own, ada.With(object{e.attribute: e.value}))))
	}

	p = p.again(nil)
	ids := []string{id, other, tenant}
	var all []acctest.Object
	for _, id := range ids {
		p.person(id, object{"first_name": "Ada"})
		all = append(all, p.adopted(userType, id))
	}
	diagnostics(p.Plan(ctx, all[0], nil)).NoErrors(t)
	c.add("more destroys than max_destroys", diagnostics(p.Plan(ctx, all[1], nil)))
	c.add("still more", diagnostics(p.Plan(ctx, all[2], nil)))

	p = p.again(nil)
	var twice acctest.Diagnostics
	for range 2 {
		twice = append(twice, diagnostics(p.Read(ctx, all[0]))...)
	}
	c.add("one object at two addresses, in the state", twice)
}

// TestWriteOnly renders what a plan says of write-only values.
func TestWriteOnly(t *testing.T) {
	ctx := t.Context()
	c := open(t, "write_only")
	p := start(t, nil)
	p.person(id, object{"first_name": "Ada", "ssn": "199001012385"})
	adopted := p.adopted(userType, id)
	secret := ada.With(object{"ssn_wo": "199001012385"})
	c.add("declared after an import", diagnostics(p.Plan(ctx, adopted, secret)))
	written, diags := p.settle(adopted, secret)
	diags.NoErrors(t)
	p = p.again(nil)
	p.api.Change(sandbox.OrganizationUser, id, object{"ssn": nil})
	c.add("changed in Pigello", diagnostics(p.Plan(ctx, written, secret)))
	p.api.Change(sandbox.OrganizationUser, id, object{"ssn": "199001012385"})
	p = p.again(nil)
	c.add("no longer declared", diagnostics(p.Plan(ctx, written, ada)))

	p = p.again(nil)
	p.person(other, nil)
	p.api.Remove(sandbox.OrganizationUser, id)
	c.add("gone, without a refresh", diagnostics(p.Plan(ctx, written, secret)))
	p = p.again(nil)
	p.api.Inject(sandbox.Fault{Status: 503, Times: -1})
	c.add("not compared", diagnostics(p.Plan(ctx, written, secret)))
	p.api.ClearFaults()

	p = p.again(nil)
	tenants := object{"tenant_id": tenant, "personal_data_wo": object{"last_name": "Lovelace", "ssn": "199001012385"}}
	made := p.made(identityType, tenants)
	for _, o := range p.api.All(sandbox.ProtectedIdentity) {
		p.api.Change(sandbox.ProtectedIdentity, o["id"].(string), object{"last_name": "King"})
	}
	p = p.again(nil)
	more := tenants.With(object{"personal_data_wo": object{"last_name": "Lovelace", "first_name": "Ada"}})
	c.add("changed, declared and no longer declared", diagnostics(p.Plan(ctx, made, more)))
}
