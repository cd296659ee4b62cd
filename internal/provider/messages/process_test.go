package messages

import (
	"net/http"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/provider"
	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

const (
	userType     = "pigello_organization_user"
	identityType = "pigello_protected_identity"

	id     = "497f6eca-6276-4993-bfeb-53cbbbba6f08"
	other  = "0a0a0a0a-6276-4993-bfeb-53cbbbba6f08"
	client = "55555555-5555-4555-8555-555555555555" // the sandbox's client_entity
	tenant = "7e7e7e7e-6276-4993-bfeb-53cbbbba6f08"
)

// object is a configuration, or a part of it.
type object = acctest.Attributes

// noUser is a user that is not in the state.
var noUser = acctest.Object{Of: userType}

// process is a configured provider, with the sandbox that it talks to.
type process struct {
	*acctest.InProcess
	*testing.T
	api    *sandbox.Sandbox
	config object
}

// unconfigured starts a provider without a configuration.
func unconfigured(t *testing.T) *acctest.InProcess {
	t.Helper()
	return acctest.Serve(t, provider.New("test")())
}

// start starts a provider that is configured for a sandbox, with some changes. It does not retry.
func start(t *testing.T, changes object) *process {
	t.Helper()
	api := sandbox.New()
	config := acctest.Configuration(api, acctest.Listen(t, api)).With(object{"max_retries": 0})
	return (&process{T: t, api: api, config: config}).again(changes)
}

// again starts another provider for the same sandbox, as Terraform does for each command.
func (p *process) again(changes object) *process {
	p.Helper()
	config := p.config.With(changes)
	return &process{unconfigured(p.T).Configure(config), p.T, p.api, config}
}

// behind starts another provider, to whose requests a handler responds in place of the sandbox.
func (p *process) behind(handler http.HandlerFunc) *process {
	p.Helper()
	return p.again(object{"base_url": acctest.Listen(p, handler)})
}

// respond returns a handler whose response is always the same.
func respond(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { (&acctest.Response{Status: status, Body: body}).Send(w) }
}

// person puts a user into the sandbox who was not created a moment ago.
func (p *process) person(id string, fields object) {
	p.put(sandbox.OrganizationUser, id, object{"detail_access": 0}.With(fields))
}

func (p *process) put(kind, id string, fields object) {
	p.api.Put(kind, fields.With(object{"id": id, "created_at": past}))
}

// adopted returns an object that Terraform has imported and read.
func (p *process) adopted(of, id string) acctest.Object {
	p.Helper()
	adopted, diags := p.Adopt(p.Context(), of, id, nil)
	diags.NoErrors(p)
	return adopted
}

// settle plans and applies, and returns the diagnostics of the apply.
func (p *process) settle(prior acctest.Object, config object) (acctest.Object, acctest.Diagnostics) {
	p.Helper()
	c, diags := p.Plan(p.Context(), prior, config)
	diags.NoErrors(p)
	return p.Apply(p.Context(), c)
}

// made returns an object that Terraform has created.
func (p *process) made(of string, config object) acctest.Object {
	p.Helper()
	made, diags := p.settle(acctest.Object{Of: of}, config)
	diags.NoErrors(p)
	return made
}

// diagnostics returns those of a call that returns a value, too.
func diagnostics[Value any](_ Value, diags acctest.Diagnostics) acctest.Diagnostics { return diags }
