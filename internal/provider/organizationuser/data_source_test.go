package organizationuser_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// lookup is the block of a data source with a name, by a key in HCL.
func lookup(name, key, value string) string {
	return fmt.Sprintf("data \"pigello_organization_user\" %q {\n  %s = %s\n}\n", name, key, value)
}

// read applies the configuration, and returns what the data sources have read, by name.
func read(t *testing.T, w *acctest.Workspace) map[string]map[string]any {
	t.Helper()
	w.Apply()
	acctest.NoWrites(t, w.Sandbox)
	return states(t, w)
}

// readOnly are the fields that only the server sets, with a value for each.
var readOnly = map[string]any{
	"id": uuid(0xada), "username": "ada.lovelace@x", "created_at": "2024-02-29T12:00:00.123456Z",
	"full_name": "Ada & Co <AB>", "communication_name": map[string]any{"b": []any{1, 2.50, nil}, "a": "<é>"},
	"last_login": "2026-01-02T03:04:05Z", "hotp_invite_sendout_time": "2026-01-02T03:04:06Z",
	"email_verified": true, "phone_number_verified": false, "mfa_has_totp": true, "mfa_has_hotp": false,
	"tags": []any{"röd", map[string]any{"n": 1.0}}, "customer_columns": "none <yet>",
}

// TestDataSourceShowsEveryMember reads a user of whom everything is known.
func TestDataSourceShowsEveryMember(t *testing.T) {
	w := acctest.New(t)
	fields := body(rich)
	maps.Copy(fields, readOnly)
	fields["profile_picture"] = map[string]any{"name": "ada.png", "md5_hash": "1B2M2Y8AsgTpgAmY7PhCfg=="}
	w.Config(lookup("u", "id", acctest.Literal(w.Sandbox.Put(kind, fields))) + `output "ssn" { value = data.pigello_organization_user.u.ssn }`)
	if r := w.Run("plan", "-no-color"); r.ExitCode != 1 || !strings.Contains(r.Output, "sensitive") || strings.Contains(r.Output, "19900101-2385") {
		t.Errorf("the personal number is shown, exit code %d\n%s", r.ExitCode, r.Output)
	}
	w.Config(lookup("u", "id", acctest.Literal(readOnly["id"])))
	got := read(t, w)["u"]
	want := map[string]any{}
	maps.Copy(want, rich)
	maps.Copy(want, readOnly)
	want["profile_picture"] = fields["profile_picture"]
	want["communication_name"] = `{"a":"<é>","b":[1,2.5,null]}`
	want["tags"] = `["röd",{"n":1}]`
	for name, value := range want {
		if text, ok := value.(string); ok && json.Valid([]byte(text)) && strings.ContainsAny(text[:1], "[{") {
			acctest.Same(t, name, json.RawMessage(fmt.Sprint(got[name])), json.RawMessage(text))
			if strings.Contains(fmt.Sprint(got[name]), ": ") {
				t.Errorf("%s is not compact: %s", name, got[name])
			}
			continue
		}
		acctest.Same(t, name, got[name], value)
	}
	if len(got) != 38 || len(want) != 38 {
		t.Errorf("there are %d attributes, and %d are looked at", len(got), len(want))
	}
	for _, signed := range []string{"signature", "/files/", "policy", `"get"`, `"post"`} {
		if strings.Contains(w.State(), signed) {
			t.Errorf("the state holds %s", signed)
		}
	}
	w.PlanEmpty()
}

// TestDataSourceOfNobodyKnown reads a user of whom nothing is known.
func TestDataSourceOfNobodyKnown(t *testing.T) {
	w := acctest.New(t, func(b *sandbox.Behaviour) { b.EmptyForNull, b.UnknownFields = true, true })
	w.Config(lookup("u", "id", acctest.Literal(w.Sandbox.Put(kind, map[string]any{"detail_access": 2, "username": "user-name"}))))
	got := read(t, w)["u"]
	for name, value := range got {
		switch name {
		case "id", "username", "created_at":
			continue
		case "external_client_ids":
			acctest.Same(t, name, value, []string{})
		case "detail_access":
			acctest.Same(t, name, value, 2)
		default:
			if isFlag := value == false || value == true; value != nil && !isFlag {
				t.Errorf("%s is %v", name, value)
			}
		}
	}
	w.PlanEmpty()
}

// TestDataSourceKeys finds a user by each key in each spelling, among people who are nearly the same, on servers of all sorts.
func TestDataSourceKeys(t *testing.T) {
	found := []struct{ name, key, value string }{
		{"id", "id", uuid(0xada)}, {"id_upper", "id", strings.ToUpper(uuid(0xada))}, {"custom_id", "custom_id", "emp-42, new: 1"},
		{"email", "email", "Ada@Example.com"}, {"email_domain", "email", "Ada@EXAMPLE.COM"}, {"username", "username", "Ada.L@x+1"},
	}
	for name, behaviour := range map[string]func(*sandbox.Behaviour){
		"plain":      func(*sandbox.Behaviour) {},
		"normalises": func(b *sandbox.Behaviour) { b.LowerEmailDomain, b.PageCap, b.PastEnd = true, 3, "repeat" },
		"no_filters": func(b *sandbox.Behaviour) {
			b.IgnoreFilters, b.IgnoreOrder, b.PageCap, b.PastEnd = true, true, 4, "404"
		},
	} {
		t.Run(name, func(t *testing.T) {
			w := acctest.New(t, behaviour)
			for i := range 6 {
				w.Sandbox.Put(kind, map[string]any{
					"custom_id": fmt.Sprint("emp-42", i), "email": fmt.Sprintf("Ada%d@Example.com", i), "username": fmt.Sprintf("Ada.L@x+1%d", i),
				})
			}
			w.Sandbox.Put(kind, map[string]any{"custom_id": "EMP-42, new: 1", "email": "ada@example.com", "username": "ada.l@x+1"})
			id := w.Sandbox.Put(kind, map[string]any{
				"id": uuid(0xada), "custom_id": "emp-42, new: 1", "email": "Ada@Example.com", "username": "Ada.L@x+1", "last_name": "Ek",
			})
			w.Sandbox.Put(kind, map[string]any{"last_name": "of nobody"})
			var config strings.Builder
			for _, f := range found {
				config.WriteString(lookup(f.name, f.key, acctest.Literal(f.value)))
			}
			w.Config(config.String())
			got := read(t, w)
			for _, f := range found {
				acctest.Same(t, f.name+": the key", got[f.name][f.key], f.value) // in the spelling that was given
				acctest.Same(t, f.name+": the name", got[f.name]["last_name"], "Ek")
				if gotID := fmt.Sprint(got[f.name]["id"]); !strings.EqualFold(gotID, id) {
					t.Errorf("%s: id %s", f.name, gotID)
				}
			}
			w.PlanEmpty()
		})
	}
}

// TestDataSourceNoneAndSeveral: what is not one user is an error on the key, which does not repeat it.
func TestDataSourceNoneAndSeveral(t *testing.T) {
	w := acctest.New(t)
	twin := map[string]any{"custom_id": "a-twin", "email": "Twin@example.com", "username": "the-twins"}
	ids := []string{w.Sandbox.Put(kind, twin)}
	twin["email"] = "Twin@EXAMPLE.com"
	ids = append(ids, w.Sandbox.Put(kind, twin))
	keys := map[string]string{
		"none_id": uuid(1), "none_custom_id": "A-TWIN", "none_email": "twin@example.com", "none_username": "The-Twins",
		"several_custom_id": "a-twin", "several_email": "Twin@Example.COM", "several_username": "the-twins",
	}
	var config strings.Builder
	for name, value := range keys {
		_, key, _ := strings.Cut(name, "_")
		// The key stands elsewhere, so that no snippet of the source repeats it.
		fmt.Fprintf(&config, "locals {\n  %s = %q\n}\n%s", name, value, lookup(name, key, "sensitive(local."+name+")"))
	}
	w.Config(config.String())
	got := map[string]bool{}
	for _, d := range w.Try("plan").Errors() {
		name := d.Name()
		many, key, _ := strings.Cut(name, "_")
		if d.On() != key || got[name] || !strings.Contains(d.Detail, key) {
			t.Errorf("%s: an error too many, or not on its key: %v", name, d)
		}
		got[name] = true
		for _, id := range ids {
			if strings.Contains(d.Detail, id) != (many == "several") {
				t.Errorf("%s: which ids? %s", name, d.Detail)
			}
		}
		if says := map[string]string{"none": "No organization user has this", "several": "2 organization users have this"}[many]; !strings.Contains(d.Detail, says) {
			t.Errorf("%s: %s", name, d.Detail)
		}
		if strings.Contains(strings.ToLower(d.Detail), strings.ToLower(keys[name])) {
			t.Errorf("%s: the error repeats the key: %s", name, d.Detail)
		}
	}
	if wanted, have := slices.Sorted(maps.Keys(keys)), slices.Sorted(maps.Keys(got)); !slices.Equal(wanted, have) {
		t.Errorf("want errors of %v, got %v", wanted, have)
	}
}

// TestDataSourceUnknownKey is read once the key is known.
func TestDataSourceUnknownKey(t *testing.T) {
	w := acctest.New(t)
	w.Config(user("u", rich) + lookup("by_id", "id", address("u")+".id") +
		lookup("late", "email", "terraform_data.late.output\n  username = terraform_data.none.output") + `
resource "terraform_data" "late" {
  input      = "ada@EXAMPLE.com"
  depends_on = [pigello_organization_user.u]
}
resource "terraform_data" "none" {}
`)
	if errors := w.Validate(); len(errors) > 0 {
		t.Errorf("validate: %+v", errors)
	}
	w.Apply()
	for _, name := range []string{"by_id", "late"} {
		acctest.Same(t, name, states(t, w)[name]["custom_id"], "emp-42")
	}
	w.PlanEmpty()
}

// TestDataSourceKeysAtValidate: exactly one key, and nothing else. Which values a key takes, a conformance test shows.
func TestDataSourceKeysAtValidate(t *testing.T) {
	w := acctest.New(t)
	for name, c := range map[string]struct{ block, on string }{
		"none":   {lookup("u", "email", "null"), `data "pigello_organization_user"`},
		"two":    {lookup("u", "email", "\"ada@example.com\"\n  username = \"ada.lovelace\""), `data "pigello_organization_user"`},
		"no key": {lookup("u", "email", "\"ada@example.com\"\n  ssn = \"19900101-2385\""), "ssn ="},
	} {
		w.Config(c.block)
		found := w.Validate()
		if len(found) != 1 || !strings.HasPrefix(strings.TrimSpace(found[0].Code), c.on) {
			t.Errorf("%s: %+v", name, found)
		}
	}
	if n := len(w.Sandbox.Requests()); n != 0 {
		t.Errorf("%d requests were made", n)
	}
}
