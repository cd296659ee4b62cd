package protectedidentity_test

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// TestWriteOnlyFailures lets a creation and an update fail, at the reading and at the writing: nothing is lost, and the next
// apply completes what is left.
func TestWriteOnlyFailures(t *testing.T) {
	one, other, plain := newPerson(1), newPerson(2), newPerson(3)
	p := newPlainPeople(t, map[string]person{"a": one, "moved": nil})
	p.Variable("plain", map[string]person{"moved": plain})
	p.Apply()
	before := p.instances()

	p.configure(map[string]person{"a": other.with(without("email")), "moved": plain, "new": other})
	p.Variable("plain", map[string]person{})
	p.Variable("versions", map[string]int{"a": 1})
	p.Sandbox.Configure(func(b *sandbox.Behaviour) { b.Refuse = echo })
	r := p.Run("apply", "-auto-approve", "-no-color")
	p.Exits(r, 1)
	p.saysNot(r, "inconsistent")
	after := p.instances()
	acctest.Same(p.t, "the state of a", after["a"], before["a"])
	acctest.Same(p.t, "the state of moved", after["moved"], before["moved"])
	if after["new"] != nil {
		t.Error("what was not created is in the state")
	}
	p.noTrace([]person{one, other}, r)

	p.Sandbox.Configure(func(b *sandbox.Behaviour) { b.Refuse = nil })
	p.sent()
	r = p.Apply()
	_, bodies := p.sent()
	acctest.Same(p.t, "bodies", bodies, map[string]map[string]any{
		"a": body("a", merge(other, without("email"))), "moved": body("moved", plain),
	})
	p.serverHas("new", other)
	p.PlanEmpty()
	p.noTrace([]person{one, other}, r)
	if text := p.State(); strings.Contains(text, plain["ssn"]) || strings.Contains(text, plain["email"]) {
		t.Error("the state still holds what has moved to the write-only form")
	}
}

// TestWriteOnlyBesidePlain declares each plain field beside write-only ones.
func TestWriteOnlyBesidePlain(t *testing.T) {
	w := acctest.New(t)
	config, data := "", newPerson(1)
	for field, value := range data {
		config += "resource \"pigello_protected_identity\" \"" + field + "\" {\n  tenant_id = \"" + tenantOf(field) + "\"\n" +
			"  personal_data_wo = { last_name = \"x\" }\n  " + field + " = " + strconv.Quote(value) + "\n}\n"
	}
	w.Config(config)
	found := w.Validate()
	for _, d := range found {
		if !strings.Contains(d.Detail, "personal_data_wo") {
			t.Errorf("unexpected error %q", d.Detail)
		}
		for field, value := range data {
			if strings.Contains(d.Summary+d.Detail, value) {
				t.Errorf("the message holds the value of %s", field)
			}
		}
	}
	if len(found) != len(fields) {
		t.Errorf("%d errors, want one for each field", len(found))
	}
}

// TestWriteOnlyInvalid finds what is wrong before anything is sent, and repeats no value.
func TestWriteOnlyInvalid(t *testing.T) {
	all := map[string]person{"a": nil}
	wrong := person{
		"first_name": strings.Repeat("Kanariefågel", 30), "last_name": strings.Repeat("Kanariefågel", 31), "email": "kanariefågel.utan.snabel-a",
		"phone_number": "kanarie-070-9988776", "birth_date": "1987-02-30", "ssn": "19870314-0000",
	}
	p := newPeople(t, all)
	p.declare(map[string]person{"a": wrong})
	if found := p.Validate(); len(found) > 0 {
		t.Errorf("an ephemeral variable is not known at validate: %v", found)
	}
	r := p.Run("plan", "-no-color")
	p.Exits(r, 1)
	for _, field := range fields {
		p.says(r, "The value of personal_data_wo."+field+" must")
	}
	p.declare(map[string]person{"a": {"first_name": ""}})
	empty := p.Run("plan", "-no-color")
	p.Exits(empty, 1)
	p.says(empty, "The value of personal_data_wo.first_name is empty; use null")
	// A value that is wrong only at the apply.
	p.declare(map[string]person{"a": newPerson(1)})
	p.Plan()
	p.declare(map[string]person{"a": wrong.only("ssn")})
	late := p.Run("apply", "-no-color", "tfplan")
	p.Exits(late, 1)
	p.says(late, "The value of personal_data_wo.ssn must")
	p.noTrace([]person{wrong, newPerson(1)}, r, empty, late)
	for _, r := range p.Sandbox.Requests() {
		if r.Method != "GET" || strings.Contains(fmt.Sprint(r.Query), "19870314") {
			t.Error("something was sent")
		}
	}
}
