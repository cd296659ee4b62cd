package protectedidentity_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html"
	"maps"
	"net/url"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// echo refuses a body, and quotes each of its values in the ways servers quote.
func echo(method, _ string, body map[string]any) (int, any) {
	if method == "GET" || method == "DELETE" {
		return 0, nil
	}
	response := map[string]any{}
	var all []string
	for field, value := range body {
		text, ok := value.(string)
		if !ok {
			continue
		}
		for _, quote := range []func(string) string{
			strconv.Quote, strconv.QuoteToASCII, html.EscapeString, url.QueryEscape, url.PathEscape, strings.ToUpper,
			func(s string) string { return strings.ReplaceAll(s, "-", "") },
			func(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "-", "%2D") },
		} {
			all = append(all, fmt.Sprintf("“%s” is not allowed: %s (unique, required)", text, quote(text)))
		}
		response[field] = []any{strings.Join(all, "; "), map[string]any{"rejected": text}}
		response["unknown "+text] = text
	}
	response["detail"] = all
	response["errors"] = map[string]any{"body": body}
	return 400, response
}

// TestWriteOnlyLeavesNoTrace leads people through their life in Terraform and looks for their data after each command: in the
// state, its backup, the saved plan, all that the commands print, and the provider's log at TRACE.
func TestWriteOnlyLeavesNoTrace(t *testing.T) {
	first, second, drifted, refused, imported := newPerson(1), newPerson(2), newPerson(3), newPerson(4), newPerson(5)
	everybody := []person{first, second, drifted, refused, imported}
	p := newPeople(t, map[string]person{"a": first})
	p.Write("outputs.tf", `
output "everything" {
  value = pigello_protected_identity.p
  sensitive = true
}
output "data" {
  value = [for p in pigello_protected_identity.p : p.personal_data_wo]
}
`)
	// Outside of the workspace: it grows, and is looked into at the end.
	log := filepath.Join(t.TempDir(), "provider.log")
	p.Setenv("TF_LOG_PROVIDER", "TRACE")
	p.Setenv("TF_LOG_PATH", log)
	command := func(code int, args ...string) acctest.Result {
		t.Helper()
		r := p.Run(append([]string{args[0], "-no-color"}, args[1:]...)...)
		if r.ExitCode != code {
			t.Fatalf("terraform %s: exit code %d, want %d\n%s", args, r.ExitCode, code, r.Output)
		}
		p.noTrace(everybody, r)
		return r
	}
	command(0, "validate", "-json")
	command(2, "plan", "-detailed-exitcode", "-out=tfplan")
	if shown := p.OK("show", "-json", "tfplan"); len(p.Traces([]string{first["ssn"]}, shown.Output)) > 0 {
		t.Error("the plan as JSON holds personal data")
	}
	command(0, "apply", "tfplan")
	p.serverHas("a", first)

	p.declare(map[string]person{"a": second})
	command(0, "apply", "-auto-approve", "-json")
	p.serverHas("a", second)

	p.change("a", drifted)
	command(0, "plan", "-refresh-only")
	command(2, "plan", "-detailed-exitcode")
	command(2, "plan", "-detailed-exitcode", "-json", "-out=tfplan")
	command(0, "show", "-json", "tfplan")
	command(0, "apply", "tfplan")
	p.serverHas("a", second)
	command(0, "output", "-json")
	command(0, "show", "-json")

	// The server refuses an update and a creation, breaks off, and responds with what is not JSON.
	p.configure(map[string]person{"a": first, "b": refused})
	p.Sandbox.Configure(func(b *sandbox.Behaviour) { b.Refuse = echo })
	r := command(1, "apply", "-auto-approve")
	for _, field := range fields {
		if strings.Count(r.Output, "The server refuses "+field) != 2 {
			t.Errorf("the output does not say twice that %s was refused\n%s", field, r.Output)
		}
	}
	p.serverHas("a", second)
	p.Sandbox.Configure(func(b *sandbox.Behaviour) { b.Refuse = nil })
	text := strings.Join(slices.Collect(maps.Values(refused.with(person{}))), " ")
	p.Setenv("PIGELLO_MAX_RETRIES", "0")
	for _, fault := range []sandbox.Fault{
		{Status: 422, Body: text}, {Status: 500, Body: "<html>" + html.EscapeString(text)}, {Status: 400, Body: strconv.Quote(text)},
	} {
		get, post, patch := fault, fault, fault
		get.Method, post.Method, patch.Method = "GET", "POST", "PATCH"
		get.Path = p.id("a") // and not the look for somebody like b, whose failure is a warning
		p.Sandbox.Inject(get)
		command(1, "plan", "-refresh=false")
		p.Sandbox.Inject(post, patch)
		command(1, "apply", "-auto-approve", "-refresh=false")
	}
	p.Sandbox.Inject(sandbox.Fault{Method: "PATCH", Status: 200, Body: `{"ssn": "` + first["ssn"]},
		sandbox.Fault{Method: "POST", Status: 409, Header: map[string][]string{"X-Request-Id": {refused["ssn"]}}, Body: `["` + refused["ssn"] + `"`})
	command(1, "apply", "-auto-approve")
	p.Setenv("PIGELLO_MAX_RETRIES", "")
	command(0, "apply", "-auto-approve")
	p.serverHas("a", first)
	p.serverHas("b", refused)

	// An import reads what was never declared, and an object with unreadable fields.
	id := p.Sandbox.Put(sandbox.ProtectedIdentity, merge(imported.wire(), map[string]any{
		"tenant": map[string]any{"id": tenantOf("c")}, "custom_id": "c",
	}))
	p.configure(map[string]person{"a": first, "b": refused, "c": nil})
	command(0, "import", `pigello_protected_identity.p["c"]`, id)
	command(0, "plan", "-detailed-exitcode")
	p.declare(map[string]person{"a": first, "b": refused, "c": imported})
	command(0, "apply", "-auto-approve")
	command(0, "destroy", "-auto-approve")

	lines := readLog(t, log)
	if !strings.Contains(lines, "Pigello API request") || !strings.Contains(lines, "[TRACE]") {
		t.Error("the provider has not logged at TRACE")
	}
	p.noTrace(everybody, acctest.Result{Output: lines})
}

// TestTracesAreFound shows that the search finds what is there: plain attributes stand in the state and the plan.
func TestTracesAreFound(t *testing.T) {
	p := newPeople(t, map[string]person{"a": nil})
	q := newPerson(1)
	p.also = fmt.Sprintf("  ssn = %q\n  last_name = %q\n", q["ssn"], strings.ReplaceAll(q["last_name"], "%", "%%"))
	p.configure(map[string]person{"a": nil})
	p.Plan()
	p.Apply()
	found := strings.Join(p.Traces([]string{q["ssn"]}), "\n")
	for _, place := range []string{"terraform.tfstate holds", "tfplan:tfplan holds"} {
		if !strings.Contains(found, place) {
			t.Errorf("%q was not found in\n%s", place, found)
		}
	}
	if len(p.Traces([]string{q["email"]}, "nothing")) > 0 || len(p.Traces([]string{q["email"]}, strings.ToUpper(q["email"]))) == 0 {
		t.Error("an output is not judged right")
	}
}

// TestWriteOnlyState shows what the state holds of people, and that it is all: times, and the names of fields.
func TestWriteOnlyState(t *testing.T) {
	p := newPeople(t, map[string]person{"a": newPerson(1), "b": newPerson(2).only("ssn")})
	p.Sandbox.Configure(func(b *sandbox.Behaviour) { b.Hide = []string{"ssn", "email"} })
	p.Variable("versions", map[string]int{"a": 7})
	p.Apply()
	for name, got := range p.instances() {
		written, _ := got["personal_data_written_at"].(string)
		if len(written) != len("2006-01-02T15:04:05Z") {
			t.Errorf("personal_data_written_at is %q", written)
		}
		var version any
		names, hidden := []string{"ssn"}, []string{"ssn"}
		if name == "a" {
			names, hidden, version = fields, []string{"email", "ssn"}, 7
		}
		// Where it was seen: the host, and six header values that are not secret.
		var record struct {
			Hidden  []string          `json:"hidden"`
			Written []string          `json:"written"`
			ID      string            `json:"id"`
			Scope   map[string]string `json:"scope"`
		}
		text, _ := json.Marshal(got["private record"])
		decoder := json.NewDecoder(bytes.NewReader(text))
		decoder.DisallowUnknownFields()
		if err := decoder.Decode(&record); err != nil || len(record.Scope) != 7 || record.ID != p.id(name) {
			t.Errorf("the record is %s (%v)", text, err)
		}
		got["private record"] = map[string]any{"hidden": record.Hidden, "written": record.Written}
		object, _ := p.Sandbox.Get(sandbox.ProtectedIdentity, p.id(name))
		acctest.Same(p.t, "the state of "+name, got, map[string]any{
			"id": p.id(name), "created_at": object["created_at"], "tenant_id": tenantOf(name), "sub_tenant_id": nil, "custom_id": name,
			"organization_id": nil, "previous_address_id": nil, "current_registered_address_id": nil, "future_address_id": nil,
			"first_name": nil, "last_name": nil, "email": nil, "phone_number": nil, "birth_date": nil, "ssn": nil,
			"personal_data_wo": nil, "personal_data_wo_members": names, "personal_data_wo_version": version, "personal_data_written_at": written,
			"timeouts":       nil,
			"private record": map[string]any{"hidden": hidden, "written": names},
		})
	}
}

// noTrace fails the test if a value of somebody's shows anywhere.
func (p *people) noTrace(all []person, outputs ...acctest.Result) {
	p.t.Helper()
	p.NoTraces(everybodysValues(all), outputs...)
}

// instances returns all that the state has of everybody, by name, with the private state decoded.
func (p *people) instances() map[string]map[string]any {
	p.t.Helper()
	all := map[string]map[string]any{}
	for _, i := range p.Instances() {
		all[i.Key] = i.Attributes
		for key, value := range i.Private {
			i.Attributes["private "+key] = value
		}
	}
	return all
}

func everybodysValues(all []person) []string {
	var values []string
	for _, q := range all {
		values = append(values, slices.Collect(maps.Values(q))...)
	}
	return values
}

func readLog(t *testing.T, name string) string {
	t.Helper()
	content := acctest.ReadFile(t, name)
	return content
}
