package messages

import (
	"bytes"
	"net/http"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/pigello/terraform-provider-pigello/internal/provider/providerdata"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// reads returns the diagnostics of a read.
func (p *process) reads(i instance) diagnostics {
	p.Helper()
	_, diags := p.read(i)
	return diags
}

// several are the ids of more people than are told of one by one.
var several = []string{
	"11111111-6276-4993-bfeb-53cbbbba6f08", "22222222-6276-4993-bfeb-53cbbbba6f08", "33333333-6276-4993-bfeb-53cbbbba6f08",
	"44444444-6276-4993-bfeb-53cbbbba6f08", "55555555-6276-4993-bfeb-53cbbbba6f08",
}

// TestRefresh renders what a refresh says.
func TestRefresh(t *testing.T) {
	c := open(t, "refresh")
	p := start(t, nil)
	p.person(id, object{"first_name": "Ada"})
	held := p.adopted(userType, id)
	p.api.Remove(sandbox.OrganizationUser, id)
	p = p.again(nil)
	c.add("gone, and nobody is shown", p.reads(held))
	p.person(other, nil)
	p = p.again(nil)
	c.add("gone", p.reads(held))
	p.api.Configure(func(b *sandbox.Behaviour) { b.Credentials["X-PIGELLO-CUSTOMER-ID"] = "another" })
	p = p.again(object{"customer_id": "another"})
	c.add("gone, with other credentials", p.reads(held))
	c.add("gone, without a record", p.again(nil).reads(instance{held.typeName, held.state, nil}))
	c.add("a record that cannot be read", p.again(nil).reads(instance{held.typeName, held.state, []byte(`{"record": "WzFd"}`)}))

	p.person(id, object{"first_name": "Ada"})
	p.answer(http.StatusOK, `{"id": "`+id+`", "is_active": "yes", "detail_access": 1.5, "role": 7, "external_clients": [7], "profile_picture": 7, `+
		`"organization": {"id": 7}, "created_at": 7}`)
	c.add("fields of another form", p.again(nil).reads(held))
	p.answer(http.StatusOK, `{"id": "`+id+`", "external_clients": {}}`)
	c.add("no list of relations", p.again(nil).reads(held))

	for _, f := range []struct {
		what   string
		status int
	}{{"an API that is down, again and again", http.StatusInternalServerError}, {"wrong credentials, again and again", http.StatusUnauthorized}} {
		p.answers.Store(nil)
		p = p.again(nil)
		var people []instance
		for _, id := range several {
			p.person(id, nil)
			people = append(people, p.adopted(userType, id))
		}
		p = p.again(nil)
		p.answer(f.status, "{}")
		var all diagnostics
		for _, person := range people {
			all = append(all, p.reads(person)...)
		}
		c.add(f.what, all)
	}

	p = unconfigured(t)
	p.fine(p.configure(object{"customer_id": unknown{}, "application_id": unknown{}, "service_id": unknown{}, "service_version_id": unknown{},
		"client_ct": unknown{}, "client_entity": unknown{}, "client_secret": unknown{}}))
	c.add("a provider that is not configured yet: refresh", p.reads(held))
	c.add("a provider that is not configured yet: import", p.imports(userType, id))
	planned, diags := p.plan(p.none(userType), ada)
	p.fine(diags)
	_, diags = p.apply(planned)
	c.add("a provider that is not configured yet: apply", diags)
	c.add("a provider that is not configured yet: data source", p.readData(dataUser, object{"id": id}))
	c.add("a provider that is not configured yet: list resource", p.list(userType, object{}))
	c.add("a provider that is not configured yet: action", p.invoke(userInvite, object{"user_id": id}))

	var wrong diag.Diagnostics
	providerdata.From("something else", &wrong)
	c.add("a bug", diagnostics{{Severity: tfprotov6.DiagnosticSeverityError, Summary: wrong[0].Summary(), Detail: wrong[0].Detail()}})
}

// TestImport renders what is said of import ids.
func TestImport(t *testing.T) {
	c := open(t, "import")
	p := start(t, nil)
	for _, id := range []string{id, other} {
		p.person(id, object{"first_name": "Ada", "email": "ada@example.com"})
	}
	for _, i := range []struct{ what, id string }{
		{"no id", "199001012385"},
		{"another key", "ssn:199001012385"},
		{"a key without a value", "email:"},
		{"a value of another form", "email:ada"},
		{"nobody", "custom_id:emp-43"},
		{"nobody with an id in capital letters", "7E7E7E7E-6276-4993-BFEB-53CBBBBA6F08"},
		{"several", "email:ada@example.com"},
	} {
		c.add(i.what, p.imports(userType, i.id))
	}
	c.add("a protected identity", p.imports(identityType, "tenant:1"))
	c.add("nobody with an id", p.reads(p.imported(userType, tenant)))
}

// TestApply renders what an apply says beside the failures of requests.
func TestApply(t *testing.T) {
	c := open(t, "apply")
	p := start(t, nil)
	p.api.Configure(func(b *sandbox.Behaviour) {
		b.Rewrite = func(_ string, members map[string]any) { members["first_name"] = "ADA" }
	})
	_, diags := p.settle(p.none(userType), ada)
	c.add("the server stores something else", diags)
	p.api.Configure(func(b *sandbox.Behaviour) { b.Rewrite, b.Hide = nil, []string{"email"} })
	_, diags = p.settle(p.none(userType), with(ada, "email", "ada@example.com"))
	c.add("the server hides what was written", diags)
	p.api.Configure(func(b *sandbox.Behaviour) { b.Hide = nil })
	p.api.Inject(sandbox.Fault{Method: http.MethodPost, Status: http.StatusCreated, Body: `{"id": "` + id + `", "detail_access": 0, "first_name": "Ada", "is_active": 7}`})
	_, diags = p.settle(p.none(userType), ada)
	c.add("a response that cannot be read", diags)

	destroy := func(what string, config object, prepare func(id string)) {
		made := p.made(userType, config)
		all := p.api.All(sandbox.OrganizationUser)
		prepare(all[len(all)-1]["id"].(string))
		planned, diags := p.plan(made, nil)
		p.fine(diags)
		_, diags = p.apply(planned)
		c.add(what, diags)
	}
	destroy("destroy: abandon", with(ada, "on_destroy", "abandon"), func(string) {})
	destroy("destroy: deactivate", with(ada, "on_destroy", "deactivate"), func(string) {})
	destroy("destroy: gone already", ada, func(id string) { p.api.Remove(sandbox.OrganizationUser, id) })
	destroy("destroy: deactivate, gone already", with(ada, "on_destroy", "deactivate"), func(id string) { p.api.Remove(sandbox.OrganizationUser, id) })
	p.api.Inject(sandbox.Fault{Method: http.MethodPost, Drop: true, AfterCommit: true})
	destroy("destroy: found by a creation", with(ada, "custom_id", "emp-44"), func(string) {})
}

// TestRead renders what data sources, list resources and the ephemeral resource say.
func TestRead(t *testing.T) {
	c := open(t, "read")
	p := start(t, nil)
	for _, id := range []string{id, other} {
		p.person(id, object{"first_name": "Ada", "email": "ada@example.com"})
	}
	c.add("nobody", p.readData(dataUser, object{"custom_id": "emp-43"}))
	c.add("several", p.readData(dataUser, object{"email": "ada@example.com"}))
	c.add("no protected identity", p.openEphemeral(object{"tenant_id": tenant}))
	c.add("a filter that was not known before", p.readData(dataUsers, object{"filters": object{"age": "7"}}))
	c.add("an order that was not known before", p.readData(dataUsers, object{"order_by": []any{"age"}}))

	broken := func(r *http.Request) string {
		one := `{"id": "` + id + `", "is_active": "yes", "ssn": 7, "created_at": "yesterday"}`
		if bytes.Contains([]byte(r.URL.Path), []byte("/list/")) {
			return "[" + one + "]"
		}
		return one
	}
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = w.Write([]byte(broken(r))) })
	p.answers.Store(&handler)
	c.add("a field of another form", p.readData(dataUser, object{"id": id}))
	c.add("a field of another form, of many", p.readData(dataUsers, object{"include_ssn": true}))
	c.add("a field of another form, to filter by", p.readData(dataUsers, object{"filters": object{"is_active": "true"}}))
	c.add("a field of another form, in a query", p.list(userType, object{}))
	c.add("a field that cannot be compared", p.readData(dataUsers, object{"filters": object{"ssn__isnull": "false", "created_at__gt": past}}))
}

// TestInvite renders what the action says.
func TestInvite(t *testing.T) {
	c := open(t, "invite")
	p := start(t, nil)
	p.person(id, object{"first_name": "Ada"})
	c.add("progress", p.invoke(userInvite, object{"user_id": id}))
	c.add("progress, with a body", p.invoke(userInvite, object{"body": `{"id": "` + id + `"}`}))
	p.api.Inject(sandbox.Fault{Status: http.StatusForbidden, Body: `{"detail": "No."}`, Times: 2})
	c.add("refused", p.invoke(userInvite, object{"user_id": id}))
	c.add("refused, with a body", p.invoke(userInvite, object{"body": `{"email": "ada@example.com"}`}))
	p.api.Inject(sandbox.Fault{Drop: true})
	c.add("the outcome is unknown", p.invoke(userInvite, object{"user_id": id}))
	p.answer(http.StatusOK, "<html></html>")
	c.add("a web page", p.invoke(userInvite, object{"user_id": id}))
}
