package subtenant_test

import (
	"encoding/json"
	"maps"
	"strings"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/apispec"
	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// relation is a relation as the API writes it.
func relation(id string) any { return map[string]any{"id": id} }

const (
	id1 = "11111111-aaaa-4aaa-8aaa-000000000001"
	id2 = "11111111-aaaa-4aaa-8aaa-000000000002"
	id3 = "11111111-aaaa-4aaa-8aaa-000000000003"
	id4 = "11111111-aaaa-4aaa-8aaa-000000000004"
	id5 = "11111111-aaaa-4aaa-8aaa-000000000005"
)

// rich is a subtenant of which every field has a value, and the attributes that must come of it. Where there is no
// attribute of the field's name, the second is the attribute's.
func rich() (fields map[string]any, attributes map[string]any) {
	fields = map[string]any{
		"id": "5b000000-0000-4000-8000-000000000001", "created_at": "2024-02-29T12:00:00.123456Z", "custom_id": "lgh-1101",
		"username": "user.name@x", "first_name": `Åsa "Ö" \ 👩‍🚒`, "last_name": "Ek", "corporate_name": "Ek & Co <AB>",
		"full_name": "Ek & Co <AB>", "communication_name": map[string]any{"b": []any{1, 2.50, nil}, "a": "<é>"},
		"popular_name": "Eken", "email": "Asa@Example.com", "invoice_email": "faktura@example.com",
		"phone_number": "+46701234567", "birth_date": "1990-01-01", "ssn": "19900101-2385", "org_no": "556036-0793",
		"fmi": "12345678901234567", "gln13_number": "7300010000001", "peppol_id": "0007:5560360793", "sni_number": "68.310",
		"active_to": "2030-01-01T00:00:00+01:00", "last_login": "2026-01-02T03:04:05Z", "hotp_invite_sendout_time": "2026-01-02T03:04:06Z",
		"earliest_active_date": "2020-01-01", "latest_active_date": "2029-12-31", "status": 7,
		"anonymization_name": "Anonym", "custom_application_domain": "boende.example.com",
		"organization": relation(id1), "invoice_address": relation(id2), "previous_address": relation(id3),
		"current_registered_address": relation(id4), "future_address": relation(id5),
		"realestates":                                  []any{relation(id2), relation(id1), relation(id2)},
		"block_notifications_for":                      []any{map[string]any{"z": 1, "a": []any{}}, nil},
		"tags":                                         []any{"röd", map[string]any{"n": 1.0}},
		"customer_columns":                             map[string]any{"k": "v"},
		"is_company":                                   true,
		"profile_picture":                              map[string]any{"name": "åsa.png", "md5_hash": "1B2M2Y8AsgTpgAmY7PhCfg=="},
		"block_sms_notifications_for":                  []any{map[string]any{"id": id1}},
		"block_email_notifications_for":                []any{},
		"send_out_distribution_instruction":            []any{map[string]any{"kind": "email"}},
		"pending_monitor_approval_amount":              1234567.25,
		"ssn_is_coordination_number":                   false,
		"allows_external_personal_information_sharing": false,
	}
	attributes = map[string]any{}
	for _, name := range []string{
		"id", "created_at", "custom_id", "username", "first_name", "last_name", "corporate_name", "full_name", "popular_name", "email",
		"invoice_email", "phone_number", "birth_date", "ssn", "org_no", "fmi", "gln13_number", "peppol_id", "sni_number", "active_to",
		"last_login", "hotp_invite_sendout_time", "earliest_active_date", "latest_active_date", "status", "anonymization_name",
		"custom_application_domain", "ssn_is_coordination_number", "allows_external_personal_information_sharing", "profile_picture",
	} {
		attributes[name] = fields[name]
	}
	maps.Copy(attributes, map[string]any{
		"organization_id": id1, "invoice_address_id": id2, "previous_address_id": id3, "current_registered_address_id": id4,
		"future_address_id": id5, "realestate_ids": []string{id1, id2},
	})
	// The flags: each other than its neighbour.
	for i, name := range []string{
		"add_connection_description_on_invoice", "allow_brf_access", "allow_cancel_contract_access", "allow_contracts_access",
		"allow_errands_access", "allow_errands_access_through_connections", "allow_invoice_access", "allow_my_pages_access",
		"allow_notifications", "allow_objects_access", "allow_personal_information_access", "allow_revenue_row_access", "anonymized",
		"autogiro_disables_invoice_distribution", "is_active", "wants_evicted", "email_verified", "phone_number_verified",
		"mfa_has_totp", "mfa_has_hotp",
	} {
		fields[name], attributes[name] = i%2 == 0, i%2 == 0
	}
	return fields, attributes
}

// inJSON are the attributes that hold JSON, and the fields whose value it is.
var inJSON = []string{
	"communication_name", "tags", "customer_columns", "is_company", "pending_monitor_approval_amount", "block_notifications_for",
	"block_sms_notifications_for", "block_email_notifications_for", "send_out_distribution_instruction",
}

func TestEveryMember(t *testing.T) {
	w := acctest.New(t)
	fields, want := rich()
	id := w.Sandbox.Put(kind, fields)
	w.Config(lookup("s", "id", quoted(id)))
	got := read(t, w)["s"]
	if len(got) != 65 || len(want)+len(inJSON) != 65 {
		t.Errorf("want 65 attributes, got %d, and %d are looked at", len(got), len(want)+len(inJSON))
	}
	for name, value := range want {
		acctest.Same(t, name, got[name], value)
	}
	for _, name := range inJSON {
		text, _ := got[name].(string)
		var decoded any
		if err := json.Unmarshal([]byte(text), &decoded); err != nil {
			t.Errorf("%s is not JSON: %v", name, got[name])
		}
		acctest.Same(t, name, decoded, fields[name])
		if strings.ContainsAny(text, "\n") || strings.Contains(text, ": ") {
			t.Errorf("%s is not compact: %s", name, text)
		}
	}
	acctest.Same(t, "a text of a field of any type", got["full_name"], "Ek & Co <AB>")
	for _, signed := range []string{"signature", "/files/", "policy", `"get"`, `"post"`} {
		if strings.Contains(w.State(), signed) {
			t.Errorf("the state holds %s", signed)
		}
	}
	w.PlanEmpty()
	acctest.NoWrites(t, w.Sandbox)
}

// TestNothingKnown is about a subtenant of which nothing is known.
func TestNothingKnown(t *testing.T) {
	for name, behaviour := range map[string]func(*sandbox.Behaviour){
		"null":  func(*sandbox.Behaviour) {},
		"empty": func(b *sandbox.Behaviour) { b.EmptyForNull, b.UnknownFields = true, true },
	} {
		t.Run(name, func(t *testing.T) {
			w := acctest.New(t, behaviour)
			id := w.Sandbox.Put(kind, map[string]any{"username": "user-name", "is_company": nil, "full_name": nil, "communication_name": nil})
			w.Config(lookup("s", "id", quoted(id)))
			got := read(t, w)["s"]
			doc, err := apispec.Load()
			if err != nil {
				t.Fatal(err)
			}
			known, err := apispec.Fields(doc, apispec.Subtenant)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range known {
				attribute := m.Name
				switch {
				case m.Relation:
					attribute += "_id"
				case m.RelationList:
					attribute = strings.TrimSuffix(m.Name, "s") + "_ids"
				}
				value, there := got[attribute]
				switch {
				case !there:
					t.Errorf("there is no %s", attribute)
				case m.Nullable && m.Name != "username" && value != nil:
					t.Errorf("%s is %v and not null", attribute, value)
				case !m.Nullable && value == nil:
					t.Errorf("%s is null", attribute)
				}
			}
			acctest.Same(t, "realestate_ids", got["realestate_ids"], []string{})
			w.PlanEmpty()
		})
	}
}

// TestSensitive: terraform does not show the personal number.
func TestSensitive(t *testing.T) {
	w := acctest.New(t)
	fields, _ := rich()
	id := w.Sandbox.Put(kind, fields)
	w.Config(lookup("s", "id", quoted(id)) + "output \"ssn\" { value = data.pigello_subtenant.s.ssn }")
	if r := w.Run("plan", "-no-color"); r.ExitCode != 1 || !strings.Contains(r.Output, "sensitive") || strings.Contains(r.Output, "19900101-2385") {
		t.Errorf("exit code %d\n%s", r.ExitCode, r.Output)
	}
}
