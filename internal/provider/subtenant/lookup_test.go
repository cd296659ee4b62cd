package subtenant_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// found are keys by which the subtenant of rich is found.
var found = []struct{ name, key, value string }{
	{"id", "id", "5b000000-0000-4000-8000-000000000001"},
	{"id_upper", "id", "5B000000-0000-4000-8000-000000000001"},
	{"custom_id", "custom_id", "lgh-1101"},
	{"email", "email", "Asa@Example.com"},
	{"email_domain", "email", "Asa@EXAMPLE.COM"},
	{"ssn", "ssn", "19900101-2385"},
	{"ssn_digits", "ssn", "199001012385"},
	{"ssn_plus", "ssn", "19900101+2385"},
	{"org_no", "org_no", "556036-0793"},
	{"org_no_digits", "org_no", "5560360793"},
}

func TestLookup(t *testing.T) {
	for name, behaviour := range map[string]func(*sandbox.Behaviour){
		"plain":      func(*sandbox.Behaviour) {},
		"strips":     func(b *sandbox.Behaviour) { b.Separators, b.LowerEmailDomain, b.PastEnd = "strip", true, "404" },
		"inserts":    func(b *sandbox.Behaviour) { b.Separators, b.PageCap, b.PastEnd = "insert", 3, "repeat" },
		"no_filters": func(b *sandbox.Behaviour) { b.IgnoreFilters, b.IgnoreOrder, b.PageCap = true, true, 4 },
	} {
		t.Run(name, func(t *testing.T) {
			w := acctest.New(t, behaviour)
			for i := range 6 { // who are nearly the same
				w.Sandbox.Put(kind, map[string]any{
					"custom_id": fmt.Sprintf("lgh-1101%d", i), "email": fmt.Sprintf("Asa%d@Example.com", i),
					"ssn": fmt.Sprintf("1990010%d-2385", i+2), "org_no": fmt.Sprintf("55603%d-0793", i),
				})
			}
			w.Sandbox.Put(kind, map[string]any{"custom_id": "LGH-1101", "email": "asa@example.com"})
			fields, _ := rich()
			id := w.Sandbox.Put(kind, fields)
			w.Sandbox.Put(kind, map[string]any{"custom_id": nil, "email": nil})
			var config strings.Builder
			for _, f := range found {
				config.WriteString(lookup(f.name, f.key, quoted(f.value)))
			}
			w.Config(config.String())
			got := read(t, w)
			for _, f := range found {
				attributes := got[f.name]
				acctest.Same(t, f.name+": the key", attributes[f.key], f.value) // in the spelling that was given
				acctest.Same(t, f.name+": the name", attributes["last_name"], "Ek")
				if gotID := fmt.Sprint(attributes["id"]); !strings.EqualFold(gotID, id) {
					t.Errorf("%s: id %s", f.name, gotID)
				}
			}
			w.PlanEmpty()
			acctest.NoWrites(t, w.Sandbox)
		})
	}
}

func TestNoneAndSeveral(t *testing.T) {
	for _, ignores := range []bool{false, true} {
		t.Run(fmt.Sprintf("ignores_filters_%t", ignores), func(t *testing.T) {
			w := acctest.New(t, func(b *sandbox.Behaviour) { b.IgnoreFilters = ignores })
			twin := map[string]any{"custom_id": "twin", "email": "Twin@example.com", "ssn": "199001012385", "org_no": "5560360793"}
			ids := []string{w.Sandbox.Put(kind, twin)}
			twin["email"], twin["ssn"], twin["org_no"] = "Twin@EXAMPLE.com", "19900101-2385", "556036-0793"
			ids = append(ids, w.Sandbox.Put(kind, twin))
			w.Sandbox.Put(kind, map[string]any{"custom_id": "other"})
			several := map[string]string{"custom_id": "twin", "email": "Twin@example.com", "ssn": "19900101-2385", "org_no": "556036-0793"}
			none := map[string]string{
				"id": "497f6eca-6276-4993-bfeb-53cbbbba6f08", "custom_id": "nobody", "email": "twin@example.com", "ssn": "19900161-2382", "org_no": "212000-0142",
			}
			// The keys stand elsewhere, so that no snippet of the source repeats them.
			var config strings.Builder
			for key, value := range none {
				fmt.Fprintf(&config, "locals {\n  none_%s = %q\n}\n", key, value)
				config.WriteString(lookup("none_"+key, key, "sensitive(local.none_"+key+")"))
			}
			for key, value := range several {
				fmt.Fprintf(&config, "locals {\n  several_%s = %q\n}\n", key, value)
				config.WriteString(lookup("several_"+key, key, "sensitive(local.several_"+key+")"))
			}
			w.Config(config.String())
			got := w.Try("plan").Errors().By(acctest.Diagnostic.Name)
			if len(got) != len(none)+len(several) {
				t.Errorf("want %d failures, got %v", len(none)+len(several), got)
			}
			for key := range none {
				f := got["none_"+key]
				if len(f) != 1 || f[0].On() != key || !strings.Contains(f[0].Text(), key) || !strings.Contains(f[0].Text(), "No subtenant") {
					t.Errorf("none by %s: %+v", key, f)
				}
			}
			for key := range several {
				f := got["several_"+key]
				if len(f) != 1 || f[0].On() != key || !strings.Contains(f[0].Text(), key) {
					t.Errorf("several by %s: %+v", key, f)
					continue
				}
				for _, id := range ids {
					if !strings.Contains(f[0].Text(), id) {
						t.Errorf("several by %s: the error does not list %s: %s", key, id, f[0].Text())
					}
				}
			}
			for name, f := range got {
				if strings.Contains(f.Err().Error(), "1990010") {
					t.Errorf("%s tells a personal number: %v", name, f)
				}
			}
		})
	}
}

func TestKeysAtValidate(t *testing.T) {
	w := acctest.New(t)
	cases := map[string]struct{ body, on string }{
		"none":         {``, ""},
		"null":         {`id = null`, ""},
		"two":          {"id = \"" + id1 + "\"\n  custom_id = \"a\"", ""},
		"other_two":    {"email = \"a@example.com\"\n  ssn = \"19900101-2385\"", ""},
		"id":           {`id = "list"`, "id"},
		"id_empty":     {`id = ""`, "id"},
		"custom":       {`custom_id = ""`, "custom_id"},
		"custom_long":  {`custom_id = "` + strings.Repeat("é", 129) + `"`, "custom_id"},
		"email":        {`email = "nobody"`, "email"},
		"email_empty":  {`email = ""`, "email"},
		"ssn":          {`ssn = "19900101-2386"`, "ssn"},
		"ssn_ten":      {`ssn = "900101-2385"`, "ssn"},
		"ssn_empty":    {`ssn = ""`, "ssn"},
		"org_no":       {`org_no = "556036-0794"`, "org_no"},
		"org_no_long":  {`org_no = "16556036-0793"`, "org_no"},
		"org_no_empty": {`org_no = ""`, "org_no"},
		"computed":     {"id = \"" + id1 + "\"\n  first_name = \"Ada\"", "first_name"},
	}
	var config strings.Builder
	for name, c := range cases {
		fmt.Fprintf(&config, "data \"pigello_subtenant\" %q {\n  %s\n}\n", name, c.body)
	}
	w.Config(config.String())
	got := w.Validate().By(acctest.Diagnostic.Name)
	for name, errors := range got {
		if strings.Contains(errors.Err().Error(), "2386") {
			t.Errorf("%s: the message repeats a personal number: %v", name, errors)
		}
	}
	for name, c := range cases {
		if len(got[name]) != 1 || c.on != "" && got[name][0].On() != c.on {
			t.Errorf("%s: want one error on %q, got %v", name, c.on, got[name])
		}
	}
	if n := len(w.Sandbox.Requests()); n != 0 {
		t.Errorf("%d requests were made", n)
	}
}

// TestUnknownKey is read once the key is known; which key is given may be unknown as well.
func TestUnknownKey(t *testing.T) {
	w := acctest.New(t)
	fields, _ := rich()
	w.Sandbox.Put(kind, fields)
	w.Config(`resource "terraform_data" "late" { input = "lgh-1101" }
resource "terraform_data" "none" {}
` + lookup("one", "custom_id", "terraform_data.late.output") +
		lookup("two", "custom_id", "terraform_data.late.output\n  email = terraform_data.none.output") + `
variable "key" {}
` + lookup("untyped", "custom_id", "var.key.custom_id"))
	w.Write("terraform.tfvars.json", `{"key": {"custom_id": "lgh-1101"}}`)
	if errors := w.Validate(); len(errors) > 0 {
		t.Errorf("validate: %+v", errors)
	}
	if _, r := w.Plan(); r.ExitCode != 2 || !strings.Contains(r.Output, "will be read during apply") {
		t.Errorf("the plan: %s", r.Output)
	}
	for name, attributes := range read(t, w) {
		acctest.Same(t, name, attributes["last_name"], "Ek")
	}
	w.PlanEmpty()
}

// TestUnknownProvider: Terraform has no way to put off a data source but depends_on, so the error must say so.
func TestUnknownProvider(t *testing.T) {
	w := acctest.New(t)
	fields, _ := rich()
	w.Sandbox.Put(kind, fields)
	w.Setenv("PIGELLO_BASE_URL", "http://127.0.0.1:1")
	config := "resource \"terraform_data\" \"late\" { input = " + quoted(w.URL) + " }\n" +
		"provider \"pigello\" { base_url = terraform_data.late.output }\n"
	w.Config(config + lookup("s", "custom_id", `"lgh-1101"`))
	if f := w.Try("plan").Errors(); len(f) != 1 || f[0].Name() != "s" || !strings.Contains(f[0].Text(), "depends_on") {
		t.Errorf("want one error that says what to do, got %+v", f)
	}
	w.Config(config + lookup("s", "custom_id", "\"lgh-1101\"\n  depends_on = [terraform_data.late]"))
	acctest.Same(t, "last_name", read(t, w)["s"]["last_name"], "Ek")
	w.PlanEmpty()
}

// TestKeysAreNotTold: a key may be a personal number, and stands in the address that is asked for.
func TestKeysAreNotTold(t *testing.T) {
	w := acctest.New(t)
	w.Setenv("PIGELLO_MAX_RETRIES", "0")
	log := w.TraceTo("provider.log")
	w.Config("variable \"ssn\" {\n  sensitive = true\n}\n" + lookup("s", "ssn", "var.ssn"))
	w.Write("terraform.tfvars", `ssn = "19900101-2385"`)
	fields, _ := rich()
	id := w.Sandbox.Put(kind, fields)
	said := `{"ssn": "19900101-2385 is bad", "detail": "?ssn__in=199001012385%2C19900101-2385 ssn=900101%2D2385", "19900101-2385": "sandbox-client-secret"}`
	var outputs string
	for _, f := range []sandbox.Fault{
		{Status: 400, Body: said}, {Status: 500, Body: "<a href='?ssn__in=199001012385'>"}, {Status: 403, Body: "19900101 2385"}, {Drop: true},
		{Status: 200, Body: said}, {Truncate: true}, {Status: 404, Body: said}, {BeforeCommit: true},
		{Status: 200, Body: `[{"id": "19900101-2385", "ssn": "19900101-2385"}]`},
		{Status: 200, Body: `[{"id": "` + id + `", "ssn": ["19900101-2385"]}]`},
	} {
		w.Sandbox.Inject(f)
		r := w.Run("plan", "-no-color")
		// Go's transport repeats by itself what met a connection that had ended.
		if n := strings.Count(r.Output, "Error: "); n != 1 && (n != 0 || !f.Drop && !f.BeforeCommit) {
			t.Errorf("%+v: want one error\n%s", f, r.Output)
		}
		outputs += r.Output
	}
	w.Sandbox.Inject(sandbox.Fault{})
	outputs += w.Apply().Output
	content := acctest.ReadFile(t, log)
	for what, text := range map[string]string{"the log": content, "terraform": outputs} {
		for _, secret := range []string{"19900101", "900101-2385", "9001012385", "sandbox-client-secret"} {
			if at := strings.Index(text, secret); at >= 0 {
				t.Errorf("%s tells %s: %s", what, secret, text[max(0, at-300):min(len(text), at+100)])
			}
		}
	}
	if !strings.Contains(content, "ssn__in") {
		t.Error("the log does not name the parameters")
	}
}
