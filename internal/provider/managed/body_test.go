package managed

import (
	"encoding/json"
	"math/big"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/pigello/terraform-provider-pigello/internal/client/model"
	"github.com/pigello/terraform-provider-pigello/internal/provider/mapping"
)

func checkBody(t *testing.T, body model.Body, want string) {
	t.Helper()
	got, err := json.Marshal(body)
	if err != nil || string(got) != want {
		t.Errorf("%s, %v, want %s", got, err, want)
	}
}

func TestCreateBody(t *testing.T) {
	l := testSpec()
	for name, c := range map[string]struct {
		plan values
		want string
	}{
		"what is declared and nothing else": {
			all(values{
				"level": types.NumberValue(big.NewFloat(0)), "first_name": str("Ada"), "id": unknown, "created_at": unknown, "full_name": unknown,
				"active": lateBool, "owner_id": unknown, "customer_ids": lateSet,
			}),
			`{"first_name":"Ada","level":0}`,
		},
		"everything": {
			all(values{
				"level": types.NumberValue(big.NewFloat(2)), "first_name": str(`å"\ 🎉`), "last_name": str(" "), "email": str("Ada@EXAMPLE.com"),
				"ssn": str("19900101-2385"), "until": str("2030-01-01T01:00:00.5+01:00"), "active": types.BoolValue(false),
				"owner_id": str(upperCase(idA)), "address_id": str(idB), "customer_ids": set(idB, idA), "instruction": str(`[ {"a": 1.50} ]`),
				"id": unknown, "created_at": unknown, "full_name": unknown,
			}),
			`{"active":false,"address":{"id":"` + idB + `"},"customers":[{"id":"` + idB + `"},{"id":"` + idA + `"}],` +
				`"email":"Ada@EXAMPLE.com","first_name":"å\"\\ 🎉","instruction":[{"a":1.50}],"last_name":" ","level":2,` +
				`"owner":{"id":"` + upperCase(idA) + `"},"ssn":"19900101-2385","until":"2030-01-01T01:00:00.5+01:00"}`,
		},
		"what is declared empty": {
			all(values{"level": types.NumberValue(big.NewFloat(0)), "customer_ids": set(), "instruction": str("[]")}),
			`{"customers":[],"instruction":[],"level":0}`,
		},
		"what is read only, never": {
			all(values{"level": types.NumberValue(big.NewFloat(0)), "id": str(idA), "created_at": str("x"), "full_name": str("x")}),
			`{"level":0}`,
		},
	} {
		t.Run(name, func(t *testing.T) { checkBody(t, l.createBody(c.plan, declaration{}), c.want) })
	}
}

func TestUpdateBody(t *testing.T) {
	l := testSpec()
	const always = `"first_name":"Ada","last_name":"Lovelace","level":1`
	full := with(stored, values{
		"email": str("ada@example.com"), "ssn": str("19900101-2385"), "until": str("2030-01-01T00:00:00Z"), "address_id": str(idA),
		"customer_ids": set(idA, idB), "instruction": str(`[{"a":1}]`),
	})
	for name, c := range map[string]struct {
		state, config, plan values
		declared            []string
		want                string
	}{
		"nothing changes":        {stored, declared, nil, nil, `{}`},
		"a text":                 {stored, declared, values{"email": str("a@b.se")}, nil, `{"email":"a@b.se",` + always + `}`},
		"a name":                 {stored, declared, values{"first_name": str("Eva"), "full_name": unknown}, nil, `{"first_name":"Eva","last_name":"Lovelace","level":1}`},
		"a name goes":            {stored, declared, values{"first_name": null}, nil, `{"first_name":null,"last_name":"Lovelace","level":1}`},
		"the required one":       {stored, declared, values{"level": types.NumberValue(big.NewFloat(0))}, nil, `{"first_name":"Ada","last_name":"Lovelace","level":0}`},
		"true to false":          {stored, declared, values{"active": types.BoolValue(false)}, nil, `{"active":false,` + always + `}`},
		"a relation":             {stored, declared, values{"owner_id": str(idA)}, nil, `{` + always + `,"owner":{"id":"` + idA + `"}}`},
		"a relation is new":      {stored, declared, values{"address_id": str(idA)}, nil, `{"address":{"id":"` + idA + `"},` + always + `}`},
		"a relation goes":        {full, declared, values{"address_id": null}, nil, `{"address":null,` + always + `}`},
		"an element":             {full, declared, values{"customer_ids": set(idA)}, nil, `{"customers":[{"id":"` + idA + `"}],` + always + `}`},
		"all elements":           {full, declared, values{"customer_ids": set()}, nil, `{"customers":[],` + always + `}`},
		"an instruction":         {full, declared, values{"instruction": str(`[{"a":2}]`)}, nil, `{"first_name":"Ada","instruction":[{"a":2}],"last_name":"Lovelace","level":1}`},
		"an instruction goes":    {full, declared, values{"instruction": null}, nil, `{"first_name":"Ada","instruction":null,"last_name":"Lovelace","level":1}`},
		"a number goes":          {full, declared, values{"ssn": null}, nil, `{` + always + `,"ssn":null}`},
		"an address goes":        {full, declared, values{"email": null, "until": null}, nil, `{"email":null,` + always + `,"until":null}`},
		"another spelling":       {full, declared, values{"ssn": str("199001012385"), "email": str("ada@EXAMPLE.COM"), "until": str("2030-01-01T01:00:00+01:00"), "address_id": str(upperCase(idA)), "customer_ids": set(idB, upperCase(idA)), "instruction": str(` [{"a": 1.0}] `)}, nil, `{}`},
		"another letter":         {full, declared, values{"email": str("Ada@example.com")}, nil, `{"email":"Ada@example.com",` + always + `}`},
		"none is an empty list":  {stored, declared, values{"instruction": str("[]")}, nil, `{}`},
		"read only, never":       {stored, declared, values{"created_at": str("x"), "full_name": str("x"), "id": str(idB)}, nil, `{}`},
		"left to the server now": {full, declared, values{"owner_id": unknown}, []string{"owner_id"}, `{` + always + `,"owner":null}`},
		"a list left, too":       {full, declared, values{"customer_ids": lateSet}, []string{"customer_ids"}, `{"customers":[],` + always + `}`},
		"left, never declared":   {full, declared, values{"owner_id": unknown, "customer_ids": lateSet}, nil, `{}`},
		"left, and never set":    {with(stored, values{"owner_id": null}), declared, values{"owner_id": unknown}, []string{"owner_id"}, `{}`},
	} {
		t.Run(name, func(t *testing.T) {
			checkBody(t, updateBody(l, c.config, with(c.state, c.plan), c.state, record{Declared: c.declared}), c.want)
		})
	}
}

// TestUpdateBodyLeavesUndeclaredNamesOut shows that a rule over several fields asks for those that are declared only.
func TestUpdateBodyLeavesUndeclaredNamesOut(t *testing.T) {
	state := with(stored, values{"last_name": null})
	plan := with(state, values{"level": types.NumberValue(big.NewFloat(2))})
	checkBody(t, updateBody(testSpec(), declared, plan, state, record{}), `{"first_name":"Ada","level":2}`)
}

// updateBody is the body of an update without write-only values.
func updateBody(l *Spec, config, plan, state values, r record) model.Body {
	body := l.changes(config, plan, state, nil, r)
	if len(body) == 0 {
		return body
	}
	current := model.Object{}
	for _, a := range l.attributes {
		current[a.field.Name], _ = json.Marshal(a.encode(mapping.ToGo(state[a.name])))
	}
	body, _ = l.Entity.Complete(body, current)
	return body
}
