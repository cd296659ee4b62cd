package protectedidentity_test

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/ident"
	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// person is personal data by member.
type person map[string]string

var members = []string{"birth_date", "email", "first_name", "last_name", "phone_number", "ssn"}

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

// without returns values that clear the members.
func without(members ...string) person {
	p := person{}
	for _, member := range members {
		p[member] = ""
	}
	return p
}

// with returns the person with other values, "" for none.
func (p person) with(values person) person {
	q := maps.Clone(p)
	for member, value := range values {
		if q[member] = value; value == "" {
			delete(q, member)
		}
	}
	return q
}

// only returns some of the members.
func (p person) only(names ...string) person {
	q := maps.Clone(p)
	maps.DeleteFunc(q, func(member, _ string) bool { return !slices.Contains(names, member) })
	return q
}

// wire is what a body says, null for "".
func (p person) wire() map[string]any {
	b := map[string]any{}
	for member, value := range p {
		if b[member] = any(value); value == "" {
			b[member] = nil
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
	p.variable("people", given)
}

func (p *people) variable(name string, value any) {
	p.t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		p.t.Fatal(err)
	}
	p.Setenv("TF_VAR_"+name, string(text))
}

// id returns the id of somebody's object.
func (p *people) id(name string) string {
	p.t.Helper()
	for _, object := range p.Sandbox.All(sandbox.ProtectedIdentity) {
		if object["custom_id"] == name {
			id, _ := object["id"].(string)
			return id
		}
	}
	p.t.Fatalf("the server has no %s", name)
	return ""
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
	for _, member := range members {
		if value, _ := object[member].(string); value != want[member] {
			p.t.Errorf("the server's %s of %s is %q, want %q", member, name, value, want[member])
		}
	}
}

// sent returns what was sent since the last time: how many requests by method and name, and the bodies of PATCHes by name.
func (p *people) sent() (count map[string]int, bodies map[string]map[string]any) {
	p.t.Helper()
	names := map[string]string{}
	for _, object := range p.Sandbox.All(sandbox.ProtectedIdentity) {
		id, _ := object["id"].(string)
		names[id], _ = object["custom_id"].(string)
	}
	count, bodies = map[string]int{}, map[string]map[string]any{}
	for _, r := range p.Sandbox.Requests() {
		parts := strings.Split(strings.Trim(r.Path, "/"), "/")
		name := cmp.Or(names[parts[len(parts)-1]], parts[len(parts)-1])
		if r.Method == "GET" && name == "list" {
			continue // a plan looks whether somebody exists whom it creates
		}
		count[r.Method+" "+name]++
		if r.Method == "PATCH" {
			bodies[name] = r.Object()
		}
	}
	p.Sandbox.ResetRequests()
	return count, bodies
}

// wantSent fails the test unless these requests were sent since the last time, and nothing else.
func (p *people) wantSent(count map[string]int, bodies map[string]map[string]any) {
	p.t.Helper()
	gotCount, gotBodies := p.sent()
	p.want("requests", gotCount, count)
	p.want("bodies", gotBodies, merge(bodies))
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

// want fails the test unless two values are the same JSON.
func (p *people) want(what string, got, want any) {
	p.t.Helper()
	g, _ := json.Marshal(got)
	w, _ := json.Marshal(want)
	if string(g) != string(w) {
		p.t.Errorf("%s:\n got %s\nwant %s", what, g, w)
	}
}

// exits fails the test unless a command ended so.
func (p *people) exits(r acctest.Result, code int) {
	p.t.Helper()
	if r.ExitCode != code {
		p.t.Fatalf("exit code %d, want %d\n%s", r.ExitCode, code, r.Output)
	}
}

// says fails the test unless an output holds a text once, wherever Terraform breaks its lines.
func (p *people) says(r acctest.Result, text string) {
	p.t.Helper()
	if n := strings.Count(oneLine(r.Output), text); n != 1 {
		p.t.Errorf("the output says %q %d times\n%s", text, n, r.Output)
	}
}

func (p *people) saysNot(r acctest.Result, text string) {
	p.t.Helper()
	if strings.Contains(oneLine(r.Output), text) {
		p.t.Errorf("the output says %q\n%s", text, r.Output)
	}
}

// warns fails the test unless a plan names the members of somebody's that apply will write.
func (p *people) warns(r acctest.Result, name, names string) {
	p.t.Helper()
	warning := "Write-only values of the protected identity " + p.id(name) + " will be written"
	_, rest, _ := strings.Cut(oneLine(r.Output), warning)
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

func oneLine(output string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(output, "│", " ")), " ")
}
