package organizationuser_test

import (
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

// numbers are personal numbers of users by name, "" for none.
type numbers map[string]string

// number returns the n-th personal number.
func number(n int) string {
	for check := range 10 {
		ssn := fmt.Sprintf("19%02d0314-998%d", 20+n, check)
		if (ident.PersonalNumber{}).Check(ssn) == nil {
			return ssn
		}
	}
	panic("no check digit fits")
}

// staff is a workspace whose configuration declares users by name, with their personal numbers from ephemeral and other variables.
type staff struct {
	*acctest.Workspace

	t *testing.T
}

func newStaff(t *testing.T, names []string, behaviour ...func(*sandbox.Behaviour)) *staff {
	t.Helper()
	s := &staff{Workspace: acctest.New(t, behaviour...), t: t}
	s.Setenv("PIGELLO_BULK_READ", "false") // so that a request tells whom it is about
	s.configure(names...)
	s.declare(numbers{})
	return s
}

func (s *staff) configure(names ...string) {
	s.t.Helper()
	list, _ := json.Marshal(names)
	s.Config(`
variable "ssns" {
  type = map(string)
  ephemeral = true
}
variable "plain" {
  type = map(string)
  default = {}
}
variable "versions" {
  type = map(number)
  default = {}
}
variable "roles" {
  type = map(string)
  default = {}
}
resource "pigello_organization_user" "u" {
  for_each = toset(` + string(list) + `)
  detail_access = 1
  first_name = each.key
  last_name = "Lovelace"
  custom_id = each.key
  fmi = lookup(var.roles, each.key, null)
  ssn = lookup(var.plain, each.key, null)
  ssn_wo = lookup(var.ssns, each.key, null)
  ssn_wo_version = lookup(var.versions, each.key, null)
}
`)
}

// declare gives the ephemeral variable.
func (s *staff) declare(ssns numbers) { s.t.Helper(); s.Variable("ssns", ssns) }

func (s *staff) id(name string) string {
	s.t.Helper()
	return acctest.ByCustomID(s.t, s.Sandbox, kind, name)["id"].(string)
}

// put stores a user as the configuration declares it, with a personal number that it may not know.
func (s *staff) put(name, ssn string) string {
	return s.Sandbox.Put(sandbox.OrganizationUser, map[string]any{
		"detail_access": 1, "first_name": name, "last_name": "Lovelace", "custom_id": name, "ssn": ssn,
	})
}

// change changes personal numbers behind Terraform's back.
func (s *staff) change(ssns numbers) {
	s.t.Helper()
	for name, ssn := range ssns {
		s.Sandbox.Change(sandbox.OrganizationUser, s.id(name), map[string]any{"ssn": wireOf(ssn)})
	}
}

func wireOf(ssn string) any {
	if ssn == "" {
		return nil
	}
	return ssn
}

// wrote fails the test unless these numbers were sent since the last time, each in one request that was read for once at most,
// and nothing else.
func (s *staff) wrote(reads int, ssns numbers, missed ...string) {
	s.t.Helper()
	count, bodies := acctest.Sent(s.Sandbox, kind)
	want, requests := map[string]map[string]any{}, map[string]int{}
	for name, ssn := range ssns {
		want[name] = map[string]any{"detail_access": 1, "first_name": name, "last_name": "Lovelace", "ssn": wireOf(ssn)}
		requests["PATCH "+name] = 1
		if reads > 0 {
			requests["GET "+name] = reads
		}
		if slices.Contains(missed, name) {
			requests["GET "+name]++ // whether a read shows now what it has not shown before
		}
	}
	for request := range count {
		if name, ok := strings.CutPrefix(request, "GET "); ok && requests["PATCH "+name] == 0 {
			delete(count, request) // what is not written, the plan alone reads
		}
	}
	acctest.Same(s.t, "bodies", bodies, want)
	acctest.Same(s.t, "requests", count, requests)
}

// warns fails the test unless a plan says of these users, and no others, that their personal number is to be written.
func (s *staff) warns(r acctest.Result, names ...string) {
	s.t.Helper()
	for _, name := range names {
		if r.Count("Write-only values of the organization user "+s.id(name)+" will be written") != 1 {
			s.t.Errorf("the plan does not warn of %s\n%s", name, r.Output)
		}
	}
	if n := r.Count("Differs in Pigello: ssn.") + r.Count("Not written by Terraform before: ssn."); n != len(names) {
		s.t.Errorf("the plan warns %d times, want %d\n%s", n, len(names), r.Output)
	}
}

// noTrace fails the test if a number shows anywhere.
func (s *staff) noTrace(ssns []string, outputs ...acctest.Result) {
	s.t.Helper()
	var values []string
	for _, ssn := range ssns {
		// However it is separated, and without the century.
		values = append(values, ssn, ssn[2:], strings.ReplaceAll(ssn, "-", "+"), strings.ReplaceAll(ssn, "-", " "))
	}
	s.NoTraces(values, outputs...)
}

// stored returns the personal numbers in the state by user.
func (s *staff) stored() numbers {
	s.t.Helper()
	all := numbers{}
	for _, i := range s.Instances() {
		if ssn, ok := i.Attributes["ssn"].(string); ok {
			all[i.Key] = ssn
		}
		if i.Attributes["ssn_wo"] != nil {
			s.t.Errorf("the state's ssn_wo of %s is %s", i.Key, i.Attributes["ssn_wo"])
		}
	}
	return all
}

func namesOf[V any](all map[string]V) []string { return slices.Sorted(maps.Keys(all)) }
