package sandbox_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// wrong returns the names of the fields with errors in a response.
func wrong(t *testing.T, body []byte) string {
	t.Helper()
	var errs map[string][]string
	if err := json.Unmarshal(body, &errs); err != nil {
		t.Fatalf("%v: %s", err, body)
	}
	return strings.Join(slices.Sorted(maps.Keys(errs)), " ")
}

func TestBodies(t *testing.T) {
	f := start(t)
	type fields = map[string]any
	user := fields{"detail_access": 1, "first_name": "Ada"}
	for _, c := range []struct {
		name  string
		body  string
		wrong string // "" if it is good
	}{
		{"the least", object(t, user), ""},
		{"all texts", object(t, user, fields{
			"last_name": strings.Repeat("å", 255), "corporate_name": "Engines AB", "custom_id": strings.Repeat("c", 128),
			"email": "ada@example.com", "phone_number": "+46701234567", "birth_date": "1912-12-12", "ssn": "19121212-1212",
			"org_no": "556036-0793", "fmi": strings.Repeat("1", 17), "active_to": "2030-01-01T00:00:00+01:00",
			"anonymization_name": "A", "organization": fields{"id": someID},
			"invoice_distribution_instruction": []any{nil, fields{"a": 1}},
		}), ""},
		{"coordination number", object(t, user, fields{"ssn": "197010632391"}), ""},
		{"null clears", object(t, user, fields{"email": nil, "ssn": nil, "role": nil, "profile_picture": nil}), ""},
		{"nothing", `{}`, "detail_access first_name"},
		{"any name will do", object(t, fields{"detail_access": 0, "corporate_name": "Engines"}), ""},
		{"null is no name", object(t, user, fields{"first_name": nil}), "first_name"},
		{"enumeration", object(t, user, fields{"detail_access": 3}), "detail_access"},
		{"wrong types", object(t, user, fields{"detail_access": "1", "is_active": "yes", "last_name": 7}), "detail_access is_active last_name"},
		{"null where there is none", object(t, user, fields{"is_active": nil, "external_clients": nil}), "external_clients is_active"},
		{"too long", object(t, user, fields{"custom_id": strings.Repeat("c", 129), "fmi": strings.Repeat("1", 21)}), "custom_id fmi"},
		{"too short", object(t, user, fields{"fmi": "1"}), "fmi"},
		{"blank", object(t, user, fields{"custom_id": "", "email": ""}), "custom_id email"},
		{"formats", object(t, user, fields{
			"email": "ada", "phone_number": "070-123", "birth_date": "2023-02-29", "active_to": "tomorrow",
		}), "active_to birth_date email phone_number"},
		{"check digits", object(t, user, fields{"ssn": "191212121213", "org_no": "5560360794"}), "org_no ssn"},
		{"not a date in it", object(t, user, fields{"ssn": "191213401212"}), "ssn"},
		{"relations", object(t, user, fields{
			"role": fields{"id": "admin"}, "organization": someID, "external_clients": []any{fields{}},
		}), "external_clients organization role"},
		{"read-only", object(t, user, fields{"id": someID, "username": "ada.byron", "full_name": "x"}), "full_name id username"},
		{"unknown", object(t, user, fields{"phone": "1"}), "phone"},
		{"not an object", `[]`, "non_field_errors"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := f.try("POST", users, c.body)
			if err != nil {
				t.Fatal(err)
			}
			if c.wrong == "" {
				if got.status != 201 {
					t.Errorf("status %d: %s", got.status, got.body)
				}
			} else if got.status != 400 || wrong(t, got.body) != c.wrong {
				t.Errorf("status %d, want %s to be wrong: %s", got.status, c.wrong, got.body)
			}
		})
	}
	f.do("POST", users, `{"detail_access":`, 400)
	f.headers.Set("Content-Type", "text/plain")
	if got, err := f.try("POST", users, ""); err != nil || got.status != 415 {
		t.Errorf("another content type: %v %d", err, got.status)
	}
}

func TestSubtenantRules(t *testing.T) {
	f := start(t)
	body := map[string]any{"first_name": "Ada"}
	if got := f.do("POST", subtenants, object(t, body), 400); len(strings.Fields(wrong(t, got.body))) != 12 {
		t.Errorf("required: %s", got.body)
	}
	for name := range strings.FieldsSeq(`add_connection_description_on_invoice allow_brf_access allow_cancel_contract_access
		allow_contracts_access allow_errands_access allow_errands_access_through_connections allow_invoice_access
		allow_my_pages_access allow_notifications allow_objects_access allow_personal_information_access
		allow_revenue_row_access`) {
		body[name] = true
	}
	f.do("POST", subtenants, object(t, body), 201)
	body["sni_number"] = "99.999"
	if got := f.do("POST", subtenants, object(t, body), 400); wrong(t, got.body) != "sni_number" {
		t.Errorf("%s", got.body)
	}
	body["corporate_name"] = "Ada AB"
	if got := f.object("POST", subtenants, object(t, body), 201); len(got) != 65 || got["is_company"] != true {
		t.Errorf("%d fields: %v", len(got), got)
	}
}

func TestProtectedIdentityRules(t *testing.T) {
	f := start(t)
	relation := func(id string) map[string]any { return map[string]any{"id": id} }
	both := object(t, map[string]any{"tenant": relation(someID), "sub_tenant": relation(someID)})
	tenant := object(t, map[string]any{"tenant": relation(someID)})
	refused := func(method, path, body, blamed, message string) {
		t.Helper()
		got := f.do(method, path, body, 400)
		if wrong(t, got.body) != blamed || !strings.Contains(string(got.body), message) {
			t.Errorf("%s %s: %s", method, body, got.body)
		}
	}
	refused("POST", identities, `{}`, "tenant", "Exactly one")
	refused("POST", identities, both, "tenant", "Exactly one")
	created := f.object("POST", identities, tenant, 201)
	if len(created) != 15 {
		t.Errorf("%d fields: %v", len(created), created)
	}
	refused("POST", identities, strings.ToUpper(tenant[:12])+tenant[12:], "TENANT tenant", "Unknown")
	refused("POST", identities, strings.ReplaceAll(tenant, "aaaaaaaa", "AAAAAAAA"), "tenant", "must be unique")

	path := identities + created["id"].(string) + "/"
	f.do("PATCH", path, tenant, 200) // unique among the others
	refused("PATCH", path, object(t, map[string]any{"sub_tenant": relation(someID)}), "tenant", "Exactly one")
	f.do("PATCH", path, object(t, map[string]any{"sub_tenant": relation(someID), "tenant": nil}), 200)
	refused("POST", identities, object(t, map[string]any{"sub_tenant": relation(someID)}), "sub_tenant", "must be unique")
}

func TestUnique(t *testing.T) {
	f := start(t, func(b *sandbox.Behaviour) { b.Unique = []string{"custom_id", "email"} })
	body := `{"detail_access": 0, "first_name": "Ada", "custom_id": "a"}`
	f.do("POST", users, body, 201)
	if got := f.do("POST", users, body, 400); string(got.body) != `{"custom_id":["This field must be unique."]}` {
		t.Errorf("%s", got.body)
	}
}

// TestPatchValidation sends bodies that are valid merged with the object, valid alone, or both.
func TestPatchValidation(t *testing.T) {
	for _, c := range []struct {
		body          string
		merged, alone int
	}{
		{`{"detail_access": 1, "first_name": "Ada", "custom_id": "x"}`, 200, 200},
		{`{"custom_id": "x"}`, 200, 400},
		{`{"detail_access": 1, "custom_id": "x"}`, 200, 400},
		{`{"detail_access": 1, "first_name": null}`, 400, 400},
		{`{"detail_access": 1, "first_name": null, "last_name": "Byron"}`, 200, 200},
	} {
		for alone, status := range map[bool]int{false: c.merged, true: c.alone} {
			f := start(t, func(b *sandbox.Behaviour) { b.ValidateAlone = alone })
			id := f.Put(sandbox.OrganizationUser, map[string]any{"first_name": "Ada"})
			got, err := f.try("PATCH", users+id+"/", c.body)
			if err != nil || got.status != status {
				t.Errorf("alone %v: %s: status %d, want %d (%v): %s", alone, c.body, got.status, status, err, got.body)
			}
		}
	}
}
