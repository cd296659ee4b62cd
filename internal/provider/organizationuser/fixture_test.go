package organizationuser_test

import (
	"maps"
	"slices"
)

// rich declares every attribute, each with another value than the server would give it.
var rich = attributes{
	"detail_access":              1,
	"first_name":                 "Ada",
	"last_name":                  "Lovelace",
	"corporate_name":             "Analytical Engines AB",
	"custom_id":                  "emp-42",
	"email":                      "ada@example.com",
	"phone_number":               "+46701234567",
	"birth_date":                 "1990-01-01",
	"ssn":                        "19900101-2385",
	"ssn_is_coordination_number": true,
	"org_no":                     "556036-0793",
	"fmi":                        "12345678901234567",
	"active_to":                  "2030-12-31T23:59:59Z",
	"is_active":                  false,
	"prefer_invoice_view_only":   true,
	"anonymized":                 true,
	"anonymization_name":         "Former employee",
	"organization_id":            uuid(1),
	"role_id":                    uuid(2),
	"external_client_ids":        []string{uuid(3), uuid(4)},

	"debt_distribution_instruction":     `[{"channel":"mail","copies":1}]`,
	"reminder_distribution_instruction": `[{"channel":"e-mail"},null]`,
	"send_out_distribution_instruction": `[{"nested":{"list":[1,2.5,true,"å"]}}]`,
	"invoice_distribution_instruction":  `[{"channel":"kivra"}]`,
}

// other declares another value for every attribute.
var other = attributes{
	"detail_access":              2,
	"first_name":                 "Augusta",
	"last_name":                  "King",
	"corporate_name":             "Difference Engines AB",
	"custom_id":                  "emp-43",
	"email":                      "augusta@example.com",
	"phone_number":               "0701234567",
	"birth_date":                 "1985-06-15",
	"ssn":                        "198506151235",
	"ssn_is_coordination_number": false,
	"org_no":                     "2021005489",
	"fmi":                        "12345678901234567890",
	"active_to":                  "2031-12-31T23:59:59.000001Z",
	"is_active":                  true,
	"prefer_invoice_view_only":   false,
	"anonymized":                 false,
	"anonymization_name":         "Someone",
	"organization_id":            uuid(11),
	"role_id":                    uuid(12),
	"external_client_ids":        []string{uuid(4), uuid(13)},

	"debt_distribution_instruction":     `[{"channel":"mail","copies":2}]`,
	"reminder_distribution_instruction": `[null,{"channel":"e-mail"}]`,
	"send_out_distribution_instruction": `[]`,
	"invoice_distribution_instruction":  `[{"channel":"kivra"},{}]`,
}

// booleans are the attributes without a value that means none.
var booleans = []string{"anonymized", "is_active", "prefer_invoice_view_only", "ssn_is_coordination_number"}

// relations are the optional and computed attributes that are no booleans.
var relations = []string{"external_client_ids", "organization_id", "role_id"}

// required is what is in every body.
var required = []string{"detail_access", "first_name", "last_name", "corporate_name"}

// all returns the names of all attributes that can be declared.
func all() []string { return slices.Sorted(maps.Keys(rich)) }

// optional returns the names of all attributes that can be removed.
func optional() []string {
	return slices.DeleteFunc(all(), func(name string) bool { return name == "detail_access" })
}

// derived returns what the server makes of an attribute.
func derived(attribute string) []string {
	switch attribute {
	case "first_name", "last_name", "corporate_name", "anonymized", "anonymization_name":
		return []string{"communication_name", "full_name"}
	}
	return nil
}

// forEach returns one user for each name.
func forEach(names []string, declared func(name string) attributes) map[string]attributes {
	all := map[string]attributes{}
	for _, name := range names {
		all[name] = declared(name)
	}
	return all
}
