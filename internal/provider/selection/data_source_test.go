package selection_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// selections are data sources of users with the numbers of those that they show, in order.
var selections = []struct{ name, lines, want string }{
	{"all", "", "11 10 9 8 7 6 5 4 3 2 1 0"},
	{"none", `filters = { custom_id = "nobody" }`, ""},
	{"empty", "filters = {}\n  order_by = []", "11 10 9 8 7 6 5 4 3 2 1 0"},
	{"null", "filters = null\n  search = null\n  order_by = null\n  limit = null", "11 10 9 8 7 6 5 4 3 2 1 0"},
	{"domain", `filters = { "email__endswith" = "@EXAMPLE.com" }`, "9 6 3 0"},
	{"anybody_else", `filters = { "email__iendswith!" = "@example.com" }`, "11 10 8 7 5 4 2 1"},
	{"address", `filters = { email = "U3@EXAMPLE.com" }`, "3"},
	{"number", `filters = { ssn = "199001012385" }`, "5"},
	{"part", `filters = { "org_no__startswith" = "556036-0" }`, "8 4 0"},
	{"role", `filters = { role_id = upper("` + id(0xabc) + `") }`, "8 4 0"},
	{"no_role", `filters = { "role__isnull" = true }`, "11 10 9 7 6 5 3 2 1"},
	{"any_role", `filters = { "role_id__isnull!" = "true" }`, "8 4 0"},
	{"clients", `filters = { "external_client_ids__in" = "` + id(1) + "," + id(2) + `" }`, "10 8 6 4 2 0"},
	{"no_clients", `filters = { "external_clients__isnull" = "true" }`, "11 9 7 5 3 1"},
	{"access", `filters = { "detail_access__gte" = 1, "detail_access__lt" = "2" }`, "10 7 4 1"},
	{"born", `filters = { "birth_date__gt" = "1995-01-01" }`, "11 10 9 8 7 6"},
	{"since", `filters = { "created_at__gte" = "2026-01-10T01:00:00+01:00" }`, "11 10 9"},
	{"active", `filters = { is_active = true }`, "10 8 6 4 2 0"},
	{"several", `filters = { "id__in" = "` + id(3) + "," + strings.ToUpper(id(5)) + "," + id(99) + `" }`, "9 7"},
	{"ordered", `order_by = ["custom_id"]`, "0 1 2 3 4 5 6 7 8 9 10 11"},
	{"ordered_by_two", "order_by = [\"-detail_access\", \"created_at\"]", "2 5 8 11 1 4 7 10 0 3 6 9"},
	{"first", "order_by = [\"-created_at\"]\n  limit = 1", "11"},
	{"first_of_some", "filters = { is_active = false }\n  order_by = [\"custom_id\"]\n  limit = 2", "1 3"},
	{"searched", "search = \"c00\"\n  filters = { \"custom_id__endswith!\" = \"5\" }", "9 8 7 6 4 3 2 1 0"},
	{"computed", "filters = { custom_id = terraform_data.late.output }", "7"},
}

func TestSelections(t *testing.T) {
	for name, behaviour := range map[string]func(*sandbox.Behaviour){
		"plain": func(*sandbox.Behaviour) {},
		"odd": func(b *sandbox.Behaviour) {
			b.IgnoreFilters, b.IgnoreOrder, b.ShuffleUnordered, b.PageCap, b.PastEnd = true, true, true, 7, "404"
			b.Separators, b.LowerEmailDomain, b.EmptyForNull, b.UnknownFields = "insert", true, true, true
		},
		"refuses": func(b *sandbox.Behaviour) {
			b.PageCap, b.PageCapError, b.PastEnd, b.Separators = 20, true, "repeat", "strip"
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := acctest.New(t, behaviour)
			users.put(w, 12, func(i int) map[string]any {
				fields := map[string]any{
					"detail_access": i % 3, "is_active": i%2 == 0, "birth_date": fmt.Sprintf("%d-01-01", 1990+i),
					"created_at": fmt.Sprintf("2026-01-%02dT00:00:00Z", i+1), "external_clients": []any{},
				}
				if i%2 == 0 {
					fields["external_clients"] = []any{relation(id(3)), relation(id(1 + i%4/2))}
				}
				if i%3 == 0 {
					fields["email"] = fmt.Sprintf("U%d@Example.com", i)
				}
				if i%4 == 0 {
					fields["role"], fields["org_no"] = relation(id(0xabc)), "5560360793"
				}
				if i == 5 {
					fields["ssn"] = "19900101-2385"
				}
				return fields
			})
			config := "resource \"terraform_data\" \"late\" { input = \"c007\" }\n"
			for _, s := range selections {
				config += users.block(s.name, s.lines)
			}
			w.Config(config)
			w.Apply()
			got := w.DataSources()
			for _, s := range selections {
				var want []string
				for number := range strings.FieldsSeq(s.want) {
					want = append(want, fmt.Sprintf("c%03s", number))
				}
				if have := shown(t, got[s.name], "users", "custom_id"); have != strings.Join(want, " ") {
					t.Errorf("%s: %s, want %v", s.name, have, want)
				}
			}
			w.PlanEmpty()
			listed(t, w)
		})
	}
}

// TestListsShowWhatIsThere compares the objects in the lists with what the look-ups of one show.
func TestListsShowWhatIsThere(t *testing.T) {
	w := acctest.New(t, func(b *sandbox.Behaviour) { b.RewriteInstants, b.UnknownFields = true, true })
	var config strings.Builder
	for _, l := range lists {
		l.put(w, 2, func(i int) map[string]any {
			if i == 0 {
				return map[string]any{"username": "user-name-0"} // of whom nothing is known
			}
			fields := map[string]any{
				"username": "user-name-1", "email": "Ada@Example.com", "ssn": "19900101-2385", "active_to": "2030-01-01T00:00:00Z", "is_active": true,
				"organization": relation(id(7)), "tags": []any{"a", 1}, "full_name": map[string]any{"b": 1.50},
				"profile_picture": map[string]any{"name": "ada.png", "md5_hash": "1B2M2Y8AsgTpgAmY7PhCfg=="},
			}
			if l == users {
				fields["external_clients"], fields["detail_access"] = []any{relation(id(8)), relation(id(9))}, 2
				fields["invoice_distribution_instruction"] = []any{map[string]any{"a": nil}}
			} else {
				fields["realestates"], fields["status"] = []any{relation(id(9)), relation(id(8))}, 7
			}
			return fields
		})
		config.WriteString(l.block(l.result, "include_ssn = true"))
		for i := range 2 {
			fmt.Fprintf(&config, "data %q \"%s%d\" { custom_id = \"c00%d\" }\n", l.one, l.result, i, i)
		}
	}
	w.Config(config.String())
	w.Apply()
	got := w.DataSources()
	for _, l := range lists {
		for i := range 2 {
			objects, _ := got[l.result][l.result].([]any)
			if len(objects) != 2 {
				t.Fatalf("%s: %v", l.name, got[l.result])
			}
			lookedUp := got[fmt.Sprint(l.result, i)]
			numbers, _ := got[l.result]["ssn_by_id"].(map[string]any)
			if id, ssn := fmt.Sprint(lookedUp["id"]), lookedUp["ssn"]; numbers[id] != ssn || len(numbers) != 1 {
				t.Errorf("%s has the personal numbers %v, and %s %v", l.name, numbers, l.one, ssn)
			}
			delete(lookedUp, "ssn")
			listed, _ := json.Marshal(objects[1-i])
			one, _ := json.Marshal(lookedUp)
			if string(listed) != string(one) {
				t.Errorf("%s shows\n%s, and %s\n%s", l.name, listed, l.one, one)
			}
		}
	}
	for _, signed := range []string{"signature", "/files/", "policy", `"get"`, `"post"`} {
		if strings.Contains(w.State(), signed) {
			t.Errorf("the state holds %s", signed)
		}
	}
	w.PlanEmpty()
}

// TestHiddenValues filters by e-mail addresses that the API does not show.
func TestHiddenValues(t *testing.T) {
	w := acctest.New(t, func(b *sandbox.Behaviour) { b.Hide = []string{"email"} })
	users.put(w, 6, func(i int) map[string]any {
		if i%2 == 0 {
			return nil
		}
		return map[string]any{"email": fmt.Sprintf("u%d@example.com", i)}
	})
	wants := map[string]string{
		`"email__isnull!" = "true"`: "c005 c003 c001", `"email__isnull" = "false"`: "c005 c003 c001", `"email__isnull" = "true"`: "c004 c002 c000",
		`"email__isnull!" = "false"`: "c004 c002 c000", `"email__iendswith" = "@example.com"`: "c005 c003 c001",
	}
	for filter, want := range wants {
		w.Config(users.block("u", "filters = { "+filter+" }"))
		w.Apply()
		if got := shown(t, w.DataSources()["u"], "users", "custom_id"); got != want {
			t.Errorf("%s: %s, want %s", filter, got, want)
		}
	}
}

// TestRequests counts what a refresh asks for.
func TestRequests(t *testing.T) {
	w := acctest.New(t, func(b *sandbox.Behaviour) { b.PageCap = 10 })
	subtenants.put(w, 24, func(int) map[string]any { return nil })
	for lines, want := range map[string]int{
		"": 4, "limit = 1": 1, "limit = 10\n  order_by = [\"-custom_id\"]": 1, "limit = 11": 2, `filters = { custom_id = "c001" }`: 2,
		`filters = { custom_id = "nobody" }`: 1, "filters = { custom_id = \"c001\" }\n  limit = 1": 1,
	} {
		w.Sandbox.ResetRequests()
		w.Config(subtenants.block("some", lines) + "output \"n\" { value = length(data.pigello_subtenants.some.ids) }")
		w.OK("plan")
		if got := listed(t, w); got != want {
			t.Errorf("%q: %d requests, want %d", lines, got, want)
		}
	}
}

// TestValidate: what is wrong is found without a request, on its line.
func TestValidate(t *testing.T) {
	w := acctest.New(t)
	w.Setenv("PIGELLO_CLIENT_SECRET", "") // nothing is configured while terraform validates
	lines := map[string]string{
		`"tags__isnull" = true`:     "filters",
		`"email__gt" = "canary"`:    "filters",
		`"role_id" = "canary"`:      "filters",
		`"ssn__in!" = "1,canary"`:   "filters",
		`"is_active" = "canary"`:    "filters",
		`"birth_date" = "canary"`:   "filters",
		`"first_name" = ""`:         "filters",
		`"last_name" = null`:        "filters",
		`"detail_access" = "1,2"`:   "filters",
		`"canary" = 1`:              "filters",
		`"email__iendswith" = "@x"`: "",
		`"external_clients",`:       "order_by",
		`"full_name",`:              "order_by",
		`"-created_at",`:            "",
	}
	in := map[string]string{}
	wrong := 2
	for line, attribute := range lines {
		list := "filters"
		if strings.HasSuffix(line, ",") {
			list = "order_by"
		}
		if in[list] += "    " + line + "\n"; attribute != "" {
			wrong++
		}
	}
	w.Config(users.block("u", "filters = {\n"+in["filters"]+"  }", "order_by = [\n"+in["order_by"]+"  ]", "limit = 0", `search = ""`))
	found := w.Validate()
	for _, d := range found {
		if d.Code == "" {
			t.Errorf("an error on nothing: %v", d)
			continue
		}
		// Terraform shows the line of an element, or the whole attribute.
		code, _, _ := strings.Cut(strings.TrimSpace(d.Code), "\n")
		if attribute, known := lines[code]; known && attribute == "" {
			t.Errorf("an error on %s: %s", code, d.Detail)
		}
		if strings.Contains(strings.ReplaceAll(d.Detail, `filters["canary"]`, ""), "canary") {
			t.Errorf("%s repeats a value: %s", d.Summary, d.Detail)
		}
	}
	if len(found) != wrong {
		t.Errorf("%d errors, want %d: %+v", len(found), wrong, found)
	}
	for line, attribute := range lines {
		name := strings.Trim(strings.Fields(line)[0], `,`)
		if attribute == "filters" {
			at := fmt.Sprintf("filters[%s] must", name)
			n := 0
			for _, d := range found {
				if strings.HasPrefix(d.Detail, at) || strings.HasPrefix(d.Detail, strings.Replace(at, "must", "is a list", 1)) ||
					strings.HasPrefix(d.Detail, strings.Replace(at, "must", "is empty", 1)) {
					n++
				}
			}
			if n != 1 {
				t.Errorf("%d errors about %s", n, name)
			}
		}
	}
	if n := len(w.Sandbox.Requests()); n != 0 {
		t.Errorf("%d requests were made", n)
	}
}

// TestFailures: a list that cannot be read whole is an error, and shows nothing. The error says what was tried and what to do.
func TestFailures(t *testing.T) {
	w := acctest.New(t, func(b *sandbox.Behaviour) { b.PageCap = 2 })
	w.Setenv("PIGELLO_MAX_RETRIES", "0")
	users.put(w, 5, func(int) map[string]any { return nil })
	for _, c := range []struct {
		fault sandbox.Fault
		says  []string
	}{
		{sandbox.Fault{Status: http.StatusForbidden}, []string{"Could not list the organization users", "403 Forbidden", "service_version_id"}},
		{sandbox.Fault{Status: http.StatusServiceUnavailable}, []string{"503", "Nothing is shown"}},
		{sandbox.Fault{Body: "<html>"}, []string{"cannot be understood"}},
		{sandbox.Fault{Truncate: true}, []string{"cut off"}},
		{sandbox.Fault{Body: `[{"id": "` + id(99) + `", "detail_access": "canary"}]`}, []string{"detail_access", "organization user"}},
		{sandbox.Fault{Status: 400, Body: `{"email__iendswith": ["No such filter, 19870614-9732."]}`}, []string{"email__iendswith", "No such filter"}},
	} {
		w.Sandbox.ClearFaults()
		w.Sandbox.Inject(sandbox.Fault{Times: 1, Header: http.Header{"X-Passes": {"1"}}}, c.fault)
		w.Config(users.block("u", `filters = { "email__iendswith!" = "@x" }`) + "output \"n\" { value = length(data.pigello_organization_users.u.ids) }")
		r := w.Run("plan", "-no-color", "-input=false")
		flat := strings.Join(strings.Fields(strings.ReplaceAll(r.Output, "│", "")), " ")
		for _, says := range c.says {
			if !strings.Contains(flat, says) {
				t.Errorf("%+v: the error does not say %q:\n%s", c.fault, says, r.Output)
			}
		}
		if r.ExitCode != 1 || strings.Contains(r.Output, "canary") || strings.Contains(r.Output, "9732") || strings.Contains(r.Output, "n = ") {
			t.Errorf("%+v: exit code %d\n%s", c.fault, r.ExitCode, r.Output)
		}
	}
	var config strings.Builder
	config.WriteString("resource \"terraform_data\" \"secret\" { input = \"late\" }\nprovider \"pigello\" { client_secret = terraform_data.secret.output }\n")
	w.Config(config.String() + users.block("u"))
	if r := w.Run("plan", "-no-color"); r.ExitCode != 1 || !strings.Contains(r.Output, "The provider is not configured yet") {
		t.Errorf("exit code %d\n%s", r.ExitCode, r.Output)
	}
}

// TestPersonalNumbers: they are filtered by, and stored if they are asked for, but neither the log nor terraform shows them.
func TestPersonalNumbers(t *testing.T) {
	w := acctest.New(t)
	const ssn = "19900101-2385"
	var config strings.Builder
	fmt.Fprintf(&config, "variable \"ssn\" {\n  sensitive = true\n}\n")
	w.Write("terraform.tfvars", "ssn = \""+ssn+"\"\n")
	for _, l := range lists {
		l.put(w, 2, func(i int) map[string]any {
			return map[string]any{"ssn": []any{ssn, nil}[i], "email": "ada@example.com"}
		})
		config.WriteString(l.block(l.result, "filters = { \"ssn__in\" = var.ssn }", "include_ssn = true"))
		fmt.Fprintf(&config, "output \"email_%s\" { value = nonsensitive([for o in data.%s.%s.%s : o.email]) }\n", l.result, l.name, l.result, l.result)
		fmt.Fprintf(&config, "output \"all_%s\" {\n  value = data.%s.%s\n  sensitive = true\n}\n", l.result, l.name, l.result)
		fmt.Fprintf(&config, "resource \"terraform_data\" \"of_%s\" { input = data.%s.%s.%s }\n", l.result, l.name, l.result, l.result)
	}
	w.Config(config.String())
	log := w.TraceTo("provider.log")
	outputs := w.OK("plan", "-no-color", "-input=false").Output + w.Apply().Output
	content, err := os.ReadFile(log)
	if err != nil || !strings.Contains(string(content), "ssn__in") || !strings.Contains(string(content), "[TRACE]") {
		t.Fatalf("the log does not hold what it should (%v)", err)
	}
	for place, text := range map[string]string{"the log": string(content), "terraform": outputs} {
		for _, spelling := range []string{ssn, "199001012385", "19900101%2D2385", "9001012385", "19900101%2B2385"} {
			if strings.Contains(text, spelling) {
				t.Errorf("%s shows %s", place, spelling)
			}
		}
	}
	if n := strings.Count(outputs, `"ada@example.com"`); n < 2 {
		t.Errorf("the e-mail addresses are not shown:\n%s", outputs)
	}
	got := w.DataSources()
	for _, l := range lists {
		if have, want := shown(t, got[l.result], l.result, "id"), id(2); have != want {
			t.Errorf("%s: %s, want %s", l.name, have, want)
		}
		if have := fmt.Sprint(got[l.result]["ssn_by_id"]); have != "map["+id(2)+":"+ssn+"]" {
			t.Errorf("%s: %s", l.name, have)
		}
	}
	w.Setenv("TF_LOG_PROVIDER", "")
	w.OK("destroy", "-auto-approve")
	w.Config(users.block("users", "include_ssn = true") + "output \"o\" { value = data.pigello_organization_users.users.ssn_by_id }")
	if r := w.Run("plan", "-no-color"); r.ExitCode != 1 || !strings.Contains(r.Output, "sensitive") || strings.Contains(r.Output, "2385") {
		t.Errorf("exit code %d\n%s", r.ExitCode, r.Output)
	}
	// Nobody's number is in a result that did not ask for it: all of it may be shown, one person in a whole.
	w.Config(users.block("users") + "output \"o\" { value = data.pigello_organization_users.users.users }")
	w.Apply()
	if got := w.DataSources()["users"]; got["ssn_by_id"] != nil || strings.Contains(w.State(), "900101") {
		t.Errorf("there are personal numbers: %v", got)
	}
}
