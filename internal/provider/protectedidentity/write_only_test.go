package protectedidentity_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/ident"
	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// person is personal data by field.
type person map[string]string

var fields = []string{"birth_date", "email", "first_name", "last_name", "phone_number", "ssn"}

// newPerson returns the n-th person. The values are unlike anything else, and hard to quote.
func newPerson(n int) person {
	birth := fmt.Sprintf("19%02d0314", 20+n)
	p := person{
		"first_name":   fmt.Sprintf(`Zsófia%d "Kanarie" \<&>`, n),
		"last_name":    fmt.Sprintf("O'Canary%d & Son %%41", n),
		"email":        fmt.Sprintf("Kanari.%dFågel@Hemlig%d.Example", n, n),
		"phone_number": fmt.Sprintf("+4670998%04d", n),
		"birth_date":   fmt.Sprintf("19%02d-03-14", 20+n),
	}
	for check := range 10 {
		if ssn := fmt.Sprintf("%s-998%d", birth, check); (ident.PersonalNumber{}).Check(ssn) == nil {
			p["ssn"] = ssn
		}
	}
	return p
}

// without returns values that clear the fields.
func without(fields ...string) person {
	p := person{}
	for _, field := range fields {
		p[field] = ""
	}
	return p
}

// with returns the person with other values, "" for none.
func (p person) with(values person) person {
	q := maps.Clone(p)
	for field, value := range values {
		if q[field] = value; value == "" {
			delete(q, field)
		}
	}
	return q
}

// only returns some of the fields.
func (p person) only(names ...string) person {
	q := maps.Clone(p)
	maps.DeleteFunc(q, func(field, _ string) bool { return !slices.Contains(names, field) })
	return q
}

// wire is what a body says, null for "".
func (p person) wire() map[string]any {
	b := map[string]any{}
	for field, value := range p {
		if b[field] = any(value); value == "" {
			b[field] = nil
		}
	}
	return b
}

// people is a workspace whose configuration declares protected identities by name, with personal data from an ephemeral
// variable. What the server says of them, and what was asked, goes by name too.
type people struct {
	*acctest.Workspace

	t    *testing.T
	all  map[string]person
	also string // what else a resource declares
}

const peopleConfig = `
variable "people" {
  type = map(object({
    first_name = optional(string)
    last_name = optional(string)
    email = optional(string)
    phone_number = optional(string)
    birth_date = optional(string)
    ssn = optional(string)
  }))
  ephemeral = true
}
variable "versions" {
  type = map(number)
  default = {}
}
variable "addresses" {
  type = map(string)
  default = {}
}
resource "pigello_protected_identity" "p" {
  for_each = { %s }
  tenant_id = each.value
  custom_id = each.key
  future_address_id = lookup(var.addresses, each.key, null)
  personal_data_wo = lookup(var.people, each.key, null)
  personal_data_wo_version = lookup(var.versions, each.key, null)
%s}
`

func tenantOf(name string) string {
	sum := 0
	for i, r := range name {
		sum += (i + 1) * int(r)
	}
	return fmt.Sprintf("7e000000-0000-4000-8000-%012d", sum)
}

// newPeople writes the configuration. Those who are declared without data have no personal_data_wo.
func newPeople(t *testing.T, all map[string]person, behaviour ...func(*sandbox.Behaviour)) *people {
	t.Helper()
	p := &people{Workspace: acctest.New(t, behaviour...), t: t}
	p.Setenv("PIGELLO_BULK_READ", "false") // so that a request tells whom it is about
	p.configure(all)
	return p
}

// configure declares these people, and no others.
func (p *people) configure(all map[string]person) {
	p.t.Helper()
	var each []string
	for _, name := range slices.Sorted(maps.Keys(all)) {
		each = append(each, fmt.Sprintf("%q = %q", name, tenantOf(name)))
	}
	p.Config(fmt.Sprintf(peopleConfig, strings.Join(each, ", "), p.also))
	p.all = all
	p.declare(all)
}

// declare gives the ephemeral variable.
func (p *people) declare(all map[string]person) {
	p.t.Helper()
	given := map[string]person{}
	for name, data := range all {
		if data != nil {
			given[name] = data
		}
	}
	p.Variable("people", given)
}

// id returns the id of somebody's object.
func (p *people) id(name string) string {
	p.t.Helper()
	return acctest.ByCustomID(p.t, p.Sandbox, kind, name)["id"].(string)
}

// change changes somebody's data behind Terraform's back. "" is null.
func (p *people) change(name string, values person) {
	p.t.Helper()
	p.Sandbox.Change(sandbox.ProtectedIdentity, p.id(name), values.wire())
}

// serverHas fails the test unless the server has exactly this personal data.
func (p *people) serverHas(name string, want person) {
	p.t.Helper()
	object, _ := p.Sandbox.Get(sandbox.ProtectedIdentity, p.id(name))
	for _, field := range fields {
		if value, _ := object[field].(string); value != want[field] {
			p.t.Errorf("the server's %s of %s is %q, want %q", field, name, value, want[field])
		}
	}
}

// sent returns what was sent since the last time: how many requests by method and name, and the bodies of PATCHes by name.
func (p *people) sent() (count map[string]int, bodies map[string]map[string]any) {
	p.t.Helper()
	count, bodies = acctest.Sent(p.Sandbox, kind)
	delete(count, "GET list") // a plan looks whether somebody exists whom it creates
	return count, bodies
}

// wantSent fails the test unless these requests were sent since the last time, and nothing else.
func (p *people) wantSent(count map[string]int, bodies map[string]map[string]any) {
	p.t.Helper()
	gotCount, gotBodies := p.sent()
	acctest.Same(p.t, "requests", gotCount, count)
	acctest.Same(p.t, "bodies", gotBodies, merge(bodies))
}

// body is the body of a PATCH for somebody whose personal data changes to these values, "" for null.
func body(name string, values person) map[string]any {
	return merge(map[string]any{"tenant": map[string]any{"id": tenantOf(name)}}, values.wire())
}

// each returns the number for each of these requests.
func each(n int, method string, names ...string) map[string]int {
	count := map[string]int{}
	for _, name := range names {
		count[method+" "+name] = n
	}
	return count
}

func merge[V any](parts ...map[string]V) map[string]V {
	all := map[string]V{}
	for _, m := range parts {
		maps.Copy(all, m)
	}
	return all
}

// says fails the test unless an output holds a text once, wherever Terraform breaks its lines.
func (p *people) says(r acctest.Result, text string) {
	p.t.Helper()
	if n := r.Count(text); n != 1 {
		p.t.Errorf("the output says %q %d times\n%s", text, n, r.Output)
	}
}

func (p *people) saysNot(r acctest.Result, text string) {
	p.t.Helper()
	if r.Count(text) > 0 {
		p.t.Errorf("the output says %q\n%s", text, r.Output)
	}
}

// warns fails the test unless a plan names the fields of somebody's that apply will write.
func (p *people) warns(r acctest.Result, name, names string) {
	p.t.Helper()
	warning := "Write-only values of the protected identity " + p.id(name) + " will be written"
	_, rest, _ := strings.Cut(acctest.OneLine(r.Output), warning)
	rest, _, _ = strings.Cut(rest, "The apply writes what")
	var got []string
	for _, sentence := range []string{"Differs in Pigello: ", "Not written by Terraform before: "} {
		_, listed, _ := strings.Cut(rest, sentence)
		if listed, _, ok := strings.Cut(listed, "."); ok {
			got = append(got, strings.Split(listed, ", ")...)
		}
	}
	slices.Sort(got)
	if got := strings.Join(got, ", "); got != names {
		p.t.Errorf("the plan names %q for %s, want %q\n%s", got, name, names, r.Output)
	}
}
