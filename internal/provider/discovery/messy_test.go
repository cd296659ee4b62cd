package discovery_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
)

// What other programs, and people on bad days, have written into an organization. All of it is valid.
var (
	messyTexts = []any{
		nil, "Ada", "Åsa Ö", "A\u030asa", "O'Brien \"the\" \\ backslash", "${injected}", "%{ if true }", "$${twice} %%{twice}", "$", "%{",
		"a line\nand another\r\n\tindented\n", "👩‍🚒 مرحبا", "null", "true", "12345", "1e3", "[]", `{"a":1}`, `"quoted"`, " spaces around ",
		"# no comment", "// nor this", "/* nor this", "<<EOT", "~", "\u2028", "\u00a0", "\ufeff", "\u0001\u001b[31mred", "- - -",
		strings.Repeat("é", 255),
	}
	messyEmails = []any{
		nil, "ada@example.com", "Ada.Lovelace+tag@EXAMPLE.Com", "o'brien@example.com", `"a@b"@example.com`, "åsa@exämple.se", "${x}@example.com",
	}
	messyPhones    = []any{nil, "+46701234567", "0701234567", "1234567"}
	messyDates     = []any{nil, "1990-01-01", "0001-01-01", "2024-02-29"}
	messyOrgNos    = []any{nil, "5560360793", "556036-0793"}
	messyFMIs      = []any{nil, "12345678901234567", `${x} %{y} "z" fmi.`}
	messyInstants  = []any{nil, "2030-12-31T23:59:59Z", "2031-01-01T00:59:59.123456+01:00", "0001-01-01T00:00:00Z"}
	messyRelations = []any{nil, relation(1), relation(2)}
	messySets      = []any{[]any{}, []any{relation(3)}, []any{relation(5), relation(4)}}
	messyArrays    = []any{
		nil, []any{}, []any{map[string]any{}}, []any{nil, map[string]any{"a": []any{1, 2.5, true, "å <&> ${x} %{y} \"q\" \\ \n"}}},
		[]any{map[string]any{"channel": "mail", "an odd ${key}": []any{map[string]any{"deep": nil}}}},
		json.RawMessage(`[ {"numbers": [1.50, 1e3, 12345678901234567890, 0.1]} ]`),
	}
	messyPictures = []any{nil, map[string]any{"name": "ada.png", "md5_hash": "XUFAKrxLKna5cZ2REBfFkg=="}}
	messyDerived  = []any{nil, "", "Ada <&>", json.RawMessage(`{"a": [1.50, null]}`), 5, []any{"Ada"}, true}
)

// secrets are the personal numbers in the organization, and all that is personal about a protected identity.
var secrets = []string{"199001012385", "19900101-2385", "Hemlig", "Dold", "hemlig@example.com", "+46709999999", "1971-07-17", "197107171235"}

var messySSNs = []any{nil, secrets[0], secrets[1]}

func relation(n int) map[string]any {
	return map[string]any{"id": fmt.Sprintf("%08X-2000-4000-8000-ABCDEFABCDEF", n)}
}

func pick(chance *rand.Rand, from []any) any { return from[chance.IntN(len(from))] }

// messyUser returns the n-th user of a messy organization, always the same.
func messyUser(n int) map[string]any {
	chance := rand.New(rand.NewPCG(1, uint64(n)))
	user := map[string]any{
		"id":            fmt.Sprintf("%08x-1000-4000-8000-abcdefabcdef", n),
		"detail_access": chance.IntN(3),
		"custom_id":     fmt.Sprintf("messy-%d", n),
		"email":         pick(chance, messyEmails),
		"phone_number":  pick(chance, messyPhones),
		"birth_date":    pick(chance, messyDates),
		"ssn":           pick(chance, messySSNs),
		"org_no":        pick(chance, messyOrgNos),
		"fmi":           pick(chance, messyFMIs),
		"active_to":     pick(chance, messyInstants),
		"organization":  pick(chance, messyRelations),
		"role":          pick(chance, messyRelations),

		"external_clients": pick(chance, messySets),
		"profile_picture":  pick(chance, messyPictures),
	}
	for _, name := range []string{"first_name", "last_name", "corporate_name", "anonymization_name"} {
		user[name] = pick(chance, messyTexts)
	}
	for _, name := range []string{"anonymized", "is_active", "prefer_invoice_view_only", "ssn_is_coordination_number"} {
		user[name] = chance.IntN(2) == 1
	}
	for _, name := range []string{"debt", "reminder", "send_out", "invoice"} {
		user[name+"_distribution_instruction"] = pick(chance, messyArrays)
	}
	if n%7 == 3 {
		user["id"] = strings.ToUpper(user["id"].(string))
	}
	if n%3 == 0 {
		user["custom_id"] = nil
		user["full_name"], user["communication_name"] = pick(chance, messyDerived), pick(chance, messyDerived)
	}
	if user["first_name"] == nil && user["last_name"] == nil {
		user["corporate_name"] = "Somebody AB"
	}
	return user
}

// messyIdentity returns the n-th protected identity of a messy organization, always the same.
func messyIdentity(n int) map[string]any {
	chance := rand.New(rand.NewPCG(2, uint64(n)))
	identity := map[string]any{
		"id":           fmt.Sprintf("%08x-3000-4000-8000-abcdefabcdef", n),
		"custom_id":    pick(chance, []any{nil, "${case}", "case \"7\"\n\\", "%{7}", "👩‍🚒"}),
		"organization": pick(chance, messyRelations),
	}
	identity[pick(chance, []any{"tenant", "sub_tenant"}).(string)] = relation(1000 + n)
	for i, name := range []string{"first_name", "last_name", "email", "phone_number", "birth_date", "ssn"} {
		identity[name] = pick(chance, []any{nil, secrets[2+i]})
	}
	for _, name := range []string{"previous_address", "current_registered_address", "future_address"} {
		identity[name] = pick(chance, messyRelations)
	}
	return identity
}
