package leak_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// leakWorkspace has a secret that is hard to quote, and the provider's log. Its outputs are collected.
type leakWorkspace struct {
	*acctest.Workspace
	log     string
	outputs strings.Builder
}

func newLeakWorkspace(t *testing.T) *leakWorkspace {
	t.Helper()
	w := &leakWorkspace{Workspace: acctest.New(t, func(b *sandbox.Behaviour) {
		b.Credentials["X-PIGELLO-CLIENT-SECRET"] = leakySecret
	})}
	w.Setenv("PIGELLO_CLIENT_SECRET", leakySecret)
	w.Setenv("PIGELLO_MAX_RETRIES", "1")
	w.log = w.TraceTo("provider.log")
	return w
}

// run runs a terraform command and keeps what it says.
func (w *leakWorkspace) run(args ...string) acctest.Result {
	r := w.Run(args...)
	w.outputs.WriteString("$ terraform " + strings.Join(args, " ") + "\n" + r.Output)
	return r
}

func (w *leakWorkspace) ok(t *testing.T, args ...string) {
	t.Helper()
	if r := w.run(args...); r.ExitCode != 0 {
		t.Fatalf("terraform %s: %s", strings.Join(args, " "), r.Output)
	}
}

// logged returns the provider's log.
func (w *leakWorkspace) logged(t *testing.T) string {
	t.Helper()
	content := acctest.ReadFile(t, w.log)
	if !strings.Contains(content, "Pigello API request") || !strings.Contains(content, "[TRACE]") {
		t.Fatal("the log does not hold what it should")
	}
	return content
}

// declare declares objects with a person's data, which terraform does not show: they come from a sensitive variable.
func (w *leakWorkspace) declare(t *testing.T, p person, resources ...string) {
	t.Helper()
	content, err := json.Marshal(map[string]any{"person": p})
	if err != nil {
		t.Fatal(err)
	}
	w.Write("terraform.tfvars.json", string(content))
	w.Config("variable \"person\" {\n  type = map(string)\n  sensitive = true\n}\n" + strings.Join(resources, "\n"))
}

func secretive(kind, name string, more ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "resource %q %q {\n  custom_id = %q\n", kind, name, name)
	for attribute := range before {
		fmt.Fprintf(&b, "  %s = var.person[%q]\n", attribute, attribute)
	}
	b.WriteString("  " + strings.Join(more, "\n  ") + "\n}\n")
	return b.String()
}

// importLine is the line in which terraform itself repeats an import id, before or after the error.
var importLine = regexp.MustCompile(`(?m)^.*Importing from ID .*$`)

func TestLifecycleLeaksNothing(t *testing.T) {
	for kind, resource := range map[string]string{
		sandbox.ProtectedIdentity: "pigello_protected_identity", sandbox.OrganizationUser: "pigello_organization_user",
	} {
		t.Run(kind, func(t *testing.T) {
			w := newLeakWorkspace(t)
			block, address := secretive(resource, "p", `tenant_id = "7e000000-0000-4000-8000-000000000001"`), resource+".p"
			if kind == sandbox.OrganizationUser {
				block = secretive(resource, "p", "detail_access = 0")
			}
			w.declare(t, before, block)
			w.ok(t, "apply", "-auto-approve", "-no-color")
			w.declare(t, after, block)
			w.ok(t, "plan", "-no-color", "-out=tfplan")
			w.ok(t, "apply", "-no-color", "tfplan")
			id := fmt.Sprint(w.Sandbox.All(kind)[0]["id"])
			w.Sandbox.Change(kind, id, anyMap(drifted))
			w.run("plan", "-no-color", "-detailed-exitcode")
			w.Sandbox.Configure(func(b *sandbox.Behaviour) { b.Hide = []string{"first_name", "ssn"} })
			w.ok(t, "apply", "-no-color", "-auto-approve")
			w.Sandbox.Configure(func(b *sandbox.Behaviour) { b.Hide = nil })
			w.ok(t, "state", "rm", address)
			w.ok(t, "import", "-no-color", address, id)
			w.ok(t, "apply", "-no-color", "-auto-approve")
			// A number in place of an id is a mistake that people make; terraform itself repeats it above the error.
			w.ok(t, "state", "rm", address)
			output := importLine.ReplaceAllString(w.Run("import", "-no-color", address, before["ssn"]).Output, "")
			_, detail, isError := strings.Cut(output, "Error:")
			if lacks(t, "the error of an import", detail, before.traces()); !isError {
				t.Error("a number was imported")
			}
			if kind == sandbox.OrganizationUser { // here, too, it is terraform itself that repeats the address
				if r := w.Run("import", "-no-color", address, "email:"+after["email"]); r.ExitCode != 0 {
					t.Error(r.Output)
				}
				w.ok(t, "state", "rm", address)
			}
			w.ok(t, "import", "-no-color", address, id)
			w.ok(t, "destroy", "-no-color", "-auto-approve")

			everybody := slices.Concat(before.traces(), after.traces(), drifted.traces(), secretTraces())
			lacks(t, "the log", w.logged(t), everybody)
			lacks(t, "the state's backups", readAll(t, w.Dir, "*.backup"), secretTraces())
			if kind == sandbox.OrganizationUser { // not confidential: full_name shows in a plan
				everybody = slices.Concat(person{"ssn": before["ssn"]}.traces(), person{"ssn": after["ssn"]}.traces(), secretTraces())
			}
			lacks(t, "terraform", w.outputs.String(), everybody)
		})
	}
}

func readAll(t *testing.T, dir, pattern string) string {
	t.Helper()
	var all strings.Builder
	names, err := filepath.Glob(filepath.Join(dir, pattern))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(content)
	}
	return all.String()
}

func anyMap(p person) map[string]any {
	m := map[string]any{}
	for name, value := range p {
		m[name] = value
	}
	return m
}

func TestEchoesLeakNothing(t *testing.T) {
	for kind, resource := range map[string]string{
		sandbox.ProtectedIdentity: "pigello_protected_identity", sandbox.OrganizationUser: "pigello_organization_user",
	} {
		t.Run(kind, func(t *testing.T) {
			w := newLeakWorkspace(t)
			w.Setenv("PIGELLO_MAX_RETRIES", "0")
			w.Setenv("PIGELLO_BULK_READ", "false") // so that each is responded to with an echo of its own
			// A bystander, so that the API shows somebody when an echo has made Terraform believe in somebody who is not.
			w.Sandbox.Put(kind, map[string]any{})
			var method atomic.Value
			method.Store("")
			w.Front(func(r *http.Request, body map[string]any) acctest.Responder {
				if r.Method != method.Load() {
					return nil
				}
				told := body
				if object, ok := w.Sandbox.Get(kind, acctest.LastPart(r.URL.Path)); ok {
					told = object
					maps.Copy(told, body)
				}
				said := leakySecret
				for _, name := range []string{"ssn", "email", "phone_number", "birth_date", "first_name", "last_name"} {
					said += " " + fmt.Sprint(told[name])
				}
				echo := echoes[fmt.Sprint(told["custom_id"])](said+" "+encode(told), r.Header)
				if a, ok := echo.(*acctest.Response); ok && r.Method != "POST" {
					a.Body = strings.ReplaceAll(a.Body, ownID, acctest.LastPart(r.URL.Path))
					return a
				}
				return echo
			})
			declare := func(p person) {
				var all []string
				for n, name := range slices.Sorted(maps.Keys(echoes)) {
					more := fmt.Sprintf("tenant_id = \"7e000000-0000-4000-8000-%012d\"", n)
					if kind == sandbox.OrganizationUser {
						more = "detail_access = 0"
					}
					all = append(all, secretive(resource, name, more))
				}
				w.declare(t, p, all...)
			}
			fail := func(with string, args ...string) {
				t.Helper()
				method.Store(with)
				r := w.run(args...)
				method.Store("")
				if n := strings.Count(r.Output, "Error: "); r.ExitCode != 1 || n < len(echoes)-3 {
					t.Errorf("%s: exit code %d and %d errors for %d echoes", with, r.ExitCode, n, len(echoes))
				}
			}
			declare(before)
			fail("POST", "apply", "-auto-approve", "-no-color")
			w.ok(t, "apply", "-auto-approve", "-no-color")
			fail("GET", "plan", "-no-color")
			declare(after)
			fail("PATCH", "apply", "-auto-approve", "-no-color")
			fail("DELETE", "destroy", "-auto-approve", "-no-color")

			people := []person{before, after}
			if kind == sandbox.OrganizationUser { // not confidential but for the number
				people = []person{{"ssn": before["ssn"]}, {"ssn": after["ssn"]}}
			}
			hidden := slices.Concat(people[0].traces(), people[1].traces(), secretTraces())
			lacks(t, "the log", w.logged(t), hidden)
			lacks(t, "terraform", w.outputs.String(), hidden)
		})
	}
}

// TestHeadersLeakNothing has values that fit into headers that are told: the request's name, and where a redirect goes.
func TestHeadersLeakNothing(t *testing.T) {
	const secret = "c0ffee00-1111-4222-8333-deadbeef0815"
	w := newLeakWorkspace(t)
	w.Sandbox.Configure(func(b *sandbox.Behaviour) { b.Credentials["X-PIGELLO-CLIENT-SECRET"] = secret })
	w.Setenv("PIGELLO_CLIENT_SECRET", secret)
	w.Setenv("PIGELLO_MAX_RETRIES", "0")
	plain := person{
		"first_name": "Wilhelmina", "last_name": "Hemlighetsson", "email": "qvistby.inkognito@geheim-adress.example",
		"phone_number": "46739871234567", "birth_date": "1987-06-14", "ssn": "19870614-9732",
	}
	told := []string{
		plain["first_name"], plain["last_name"], "qvistby.inkognito", "geheim-adress.example", plain["phone_number"], plain["birth_date"],
		"19870614", plain["ssn"], "198706149732", "8706149732", "870614-9732", secret, "id-" + secret, strings.ReplaceAll(secret, "-", ""),
	}
	const harmless = "0b6a4d5e-7f3c-4f0e-9a57-2b1c8d9e0f11"
	var responses []acctest.Response
	for _, value := range told {
		responses = append(responses,
			acctest.Response{Status: 400, Header: http.Header{"X-Request-Id": {value}}},
			acctest.Response{Status: 400, Header: http.Header{"X-Correlation-Id": {value}}},
			acctest.Response{Status: 302, Header: http.Header{"Location": {"https://" + value + ".example.com/"}}},
			acctest.Response{Status: 307, Header: http.Header{"Location": {"https://" + value + "@example.com/" + value + "?" + value}}})
	}
	responses = append(responses, acctest.Response{Status: 400, Header: http.Header{"X-Request-Id": {harmless}}})
	w.Front(func(_ *http.Request, body map[string]any) acctest.Responder {
		n, err := strconv.Atoi(strings.TrimPrefix(fmt.Sprint(body["custom_id"]), "p"))
		if err != nil || n >= len(responses) {
			return nil
		}
		return &responses[n]
	})
	var all []string
	for n := range responses {
		all = append(all, secretive("pigello_protected_identity", fmt.Sprintf("p%d", n), fmt.Sprintf("tenant_id = \"7e000000-0000-4000-8000-%012d\"", n)))
	}
	w.declare(t, plain, all...)
	r := w.run("apply", "-auto-approve", "-no-color")
	if n := strings.Count(r.Output, "Error: "); n != len(responses) {
		t.Errorf("%d errors for %d responses", n, len(responses))
	}
	hidden := slices.Concat(plain.traces(), encodings(secret), encodings(strings.ReplaceAll(secret, "-", "")), []string{"c0ffee00-1111-4222"})
	lacks(t, "the log", w.logged(t), hidden)
	lacks(t, "terraform", w.outputs.String(), hidden)
	for what, text := range map[string]string{"the log": w.logged(t), "terraform": w.outputs.String()} {
		if !strings.Contains(text, harmless) {
			t.Errorf("%s lacks the server's name for a request", what)
		}
	}
}
