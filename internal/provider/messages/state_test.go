package messages

import (
	"net/http"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
	"github.com/pigello/terraform-provider-pigello/internal/provider/providerdata"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// several are the ids of more people than are told of one by one.
var several = []string{
	"11111111-6276-4993-bfeb-53cbbbba6f08", "22222222-6276-4993-bfeb-53cbbbba6f08", "33333333-6276-4993-bfeb-53cbbbba6f08",
	"44444444-6276-4993-bfeb-53cbbbba6f08", "55555555-6276-4993-bfeb-53cbbbba6f08",
}

// TestRefresh renders what a refresh says.
func TestRefresh(t *testing.T) {
	ctx := t.Context()
	c := open(t, "refresh")
	p := start(t, nil)
	p.person(id, object{"first_name": "Ada"})
	held := p.adopted(userType, id)
	p.api.Remove(sandbox.OrganizationUser, id)
	p = p.again(nil)
	c.add("gone, and nobody is shown", diagnostics(p.Read(ctx, held)))
	p.person(other, nil)
	p = p.again(nil)
	c.add("gone", diagnostics(p.Read(ctx, held)))
	p.api.Configure(func(b *sandbox.Behaviour) { b.Credentials["X-PIGELLO-CUSTOMER-ID"] = "another" })
	p = p.again(object{"customer_id": "another"})
	c.add("gone, with other credentials", diagnostics(p.Read(ctx, held)))
	c.add("gone, without a record", diagnostics(p.again(nil).Read(ctx, acctest.Object{Of: userType, State: held.State})))
	c.add("a record that cannot be read", diagnostics(p.again(nil).Read(ctx, acctest.Object{Of: userType, State: held.State, Private: []byte(`{"record": "WzFd"}`)})))

	p.person(id, object{"first_name": "Ada"})
	c.add("fields of another form", diagnostics(p.behind(respond(http.StatusOK, `{"id": "`+id+`", "is_active": "yes", "detail_access": 1.5, "role": 7, `+
		`"external_clients": [7], "profile_picture": 7, "organization": {"id": 7}, "created_at": 7}`)).Read(ctx, held)))
	c.add("no list of relations", diagnostics(p.behind(respond(http.StatusOK, `{"id": "`+id+`", "external_clients": {}}`)).Read(ctx, held)))

	for _, f := range []struct {
		what   string
		status int
	}{{"an API that is down, again and again", http.StatusInternalServerError}, {"wrong credentials, again and again", http.StatusUnauthorized}} {
		p = p.again(nil)
		var people []acctest.Object
		for _, id := range several {
			p.person(id, nil)
			people = append(people, p.adopted(userType, id))
		}
		broken := p.behind(respond(f.status, "{}"))
		var all acctest.Diagnostics
		for _, person := range people {
			all = append(all, diagnostics(broken.Read(ctx, person))...)
		}
		c.add(f.what, all)
	}

	later := unconfigured(t).Configure(object{
		"customer_id": tftypes.UnknownValue, "application_id": tftypes.UnknownValue, "service_id": tftypes.UnknownValue,
		"service_version_id": tftypes.UnknownValue, "client_ct": tftypes.UnknownValue, "client_entity": tftypes.UnknownValue,
		"client_secret": tftypes.UnknownValue,
	})
	c.add("a provider that is not configured yet: refresh", diagnostics(later.Read(ctx, held)))
	c.add("a provider that is not configured yet: import", diagnostics(later.Import(ctx, userType, id, nil)))
	planned, diags := later.Plan(ctx, noUser, ada)
	diags.NoErrors(t)
	c.add("a provider that is not configured yet: apply", diagnostics(later.Apply(ctx, planned)))
	c.add("a provider that is not configured yet: data source", diagnostics(later.ReadData(ctx, dataUser, object{"id": id})))
	c.add("a provider that is not configured yet: list resource", later.List(ctx, acctest.ListRequest{Of: userType, Include: true, Limit: 10}).Diagnostics)
	c.add("a provider that is not configured yet: action", diagnostics(later.Invoke(ctx, userInvite, object{"user_id": id})))

	var wrong diag.Diagnostics
	providerdata.From("something else", &wrong)
	c.add("a bug", acctest.Diagnostics{{Severity: "error", Summary: wrong[0].Summary(), Detail: wrong[0].Detail()}})
}

// TestImport renders what is said of import ids.
func TestImport(t *testing.T) {
	ctx := t.Context()
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
		c.add(i.what, diagnostics(p.Import(ctx, userType, i.id, nil)))
	}
	c.add("a protected identity", diagnostics(p.Import(ctx, identityType, "tenant:1", nil)))
	c.add("nobody with an id", diagnostics(p.Adopt(ctx, userType, tenant, nil)))
}

// TestApply renders what an apply says beside the failures of requests.
func TestApply(t *testing.T) {
	ctx := t.Context()
	c := open(t, "apply")
	p := start(t, nil)
	p.api.Configure(func(b *sandbox.Behaviour) {
		b.Rewrite = func(_ string, fields map[string]any) { fields["first_name"] = "ADA" }
	})
	c.add("the server stores something else", diagnostics(p.settle(noUser, ada)))
	p.api.Configure(func(b *sandbox.Behaviour) { b.Rewrite, b.Hide = nil, []string{"email"} })
	c.add("the server hides what was written", diagnostics(p.settle(noUser, ada.With(object{"email": "ada@example.com"}))))
	p.api.Configure(func(b *sandbox.Behaviour) { b.Hide = nil })
	p.api.Inject(sandbox.Fault{Method: http.MethodPost, Status: http.StatusCreated, Body: `{"id": "` + id + `", "detail_access": 0, "first_name": "Ada", "is_active": 7}`})
	c.add("a response that cannot be read", diagnostics(p.settle(noUser, ada)))

	destroy := func(what string, config object, prepare func(id string)) {
		made := p.made(userType, config)
		all := p.api.All(sandbox.OrganizationUser)
		prepare(all[len(all)-1]["id"].(string))
		planned, diags := p.Plan(ctx, made, nil)
		diags.NoErrors(t)
		c.add(what, diagnostics(p.Apply(ctx, planned)))
	}
	destroy("destroy: abandon", ada.With(object{"on_destroy": "abandon"}), func(string) {})
	destroy("destroy: deactivate", ada.With(object{"on_destroy": "deactivate"}), func(string) {})
	destroy("destroy: gone already", ada, func(id string) { p.api.Remove(sandbox.OrganizationUser, id) })
	destroy("destroy: deactivate, gone already", ada.With(object{"on_destroy": "deactivate"}), func(id string) { p.api.Remove(sandbox.OrganizationUser, id) })
	p.api.Configure(func(b *sandbox.Behaviour) {
		b.Rewrite = func(_ string, fields map[string]any) { delete(fields, "is_active") }
	})
	destroy("destroy: deactivate, ignored", ada.With(object{"on_destroy": "deactivate"}), func(string) {})
	p.api.Configure(func(b *sandbox.Behaviour) { b.Rewrite = nil })
	p.api.Inject(sandbox.Fault{Method: http.MethodPost, Drop: true, AfterCommit: true})
	destroy("destroy: found by a creation", ada.With(object{"custom_id": "emp-44"}), func(string) {})
}

// TestRead renders what data sources, list resources and the ephemeral resource say.
func TestRead(t *testing.T) {
	ctx := t.Context()
	c := open(t, "read")
	p := start(t, nil)
	for _, id := range []string{id, other} {
		p.person(id, object{"first_name": "Ada", "email": "ada@example.com"})
	}
	c.add("nobody", diagnostics(p.ReadData(ctx, dataUser, object{"custom_id": "emp-43"})))
	c.add("several", diagnostics(p.ReadData(ctx, dataUser, object{"email": "ada@example.com"})))
	c.add("no protected identity", diagnostics(p.OpenEphemeral(ctx, identityType, object{"tenant_id": tenant})))
	c.add("a filter that was not known before", diagnostics(p.ReadData(ctx, dataUsers, object{"filters": object{"age": "7"}})))
	c.add("an order that was not known before", diagnostics(p.ReadData(ctx, dataUsers, object{"order_by": []any{"age"}})))

	p = p.behind(func(w http.ResponseWriter, r *http.Request) {
		body := `{"id": "` + id + `", "is_active": "yes", "ssn": 7, "created_at": "yesterday"}`
		if strings.Contains(r.URL.Path, "/list/") {
			body = "[" + body + "]"
		}
		_, _ = w.Write([]byte(body))
	})
	c.add("a field of another form", diagnostics(p.ReadData(ctx, dataUser, object{"id": id})))
	c.add("a field of another form, of many", diagnostics(p.ReadData(ctx, dataUsers, object{"include_ssn": true})))
	c.add("a field of another form, to filter by", diagnostics(p.ReadData(ctx, dataUsers, object{"filters": object{"is_active": "true"}})))
	c.add("a field of another form, in a query", p.List(ctx, acctest.ListRequest{Of: userType, Include: true, Limit: 10}).Diagnostics)
	c.add("a field that cannot be compared", diagnostics(p.ReadData(ctx, dataUsers, object{"filters": object{"ssn__isnull": "false", "created_at__gt": past}})))
}

// TestInvite renders what the action says.
func TestInvite(t *testing.T) {
	ctx := t.Context()
	c := open(t, "invite")
	p := start(t, nil)
	p.person(id, object{"first_name": "Ada"})
	for _, i := range []struct {
		what   string
		config object
	}{{"progress", object{"user_id": id}}, {"progress, with a body", object{"body": `{"id": "` + id + `"}`}}} {
		progress, diags := p.Invoke(ctx, userInvite, i.config)
		for _, message := range progress {
			diags = append(diags, acctest.Diagnostic{Summary: message})
		}
		c.add(i.what, diags)
	}
	p.api.Inject(sandbox.Fault{Status: http.StatusForbidden, Body: `{"detail": "No."}`, Times: 2})
	c.add("refused", diagnostics(p.Invoke(ctx, userInvite, object{"user_id": id})))
	c.add("refused, with a body", diagnostics(p.Invoke(ctx, userInvite, object{"body": `{"email": "ada@example.com"}`})))
	p.api.Inject(sandbox.Fault{Drop: true})
	c.add("the outcome is unknown", diagnostics(p.Invoke(ctx, userInvite, object{"user_id": id})))
	c.add("a web page", diagnostics(p.behind(respond(http.StatusOK, "<html></html>")).Invoke(ctx, userInvite, object{"user_id": id})))
}
