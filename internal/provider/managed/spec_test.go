package managed

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/pigello/terraform-provider-pigello/internal/client/model"
)

// thing is an entity that has one field of each sort.
var thing = model.Entity{
	Name: "thing", Title: "thing", Path: "/things/",
	Fields: []model.Field{
		{Name: "id", Kind: model.UUID, ReadOnly: true},
		{Name: "created_at", Kind: model.Instant, ReadOnly: true},
		{Name: "full_name", Kind: model.Any, ReadOnly: true},
		{Name: "level", Kind: model.Integer, Required: true},
		{Name: "first_name", Kind: model.Text, Personal: true},
		{Name: "last_name", Kind: model.Text, Personal: true},
		{Name: "email", Kind: model.Email, Personal: true},
		{Name: "ssn", Kind: model.PersonalNumber, Personal: true},
		{Name: "until", Kind: model.Instant},
		{Name: "active", Kind: model.Bool},
		{Name: "owner", Kind: model.Relation},
		{Name: "address", Kind: model.Relation},
		{Name: "customers", Kind: model.Relations},
		{Name: "instruction", Kind: model.JSONArray},
		{Name: "picture", Kind: model.Picture},
		{Name: "last_login", Kind: model.Instant, ReadOnly: true}, // without an attribute
	},
	Groups: []model.Group{{Fields: []string{"first_name", "last_name"}}},
}

// testSpec is a resource without write-only data.
func testSpec() *Spec {
	optional := Configured(schema.StringAttribute{Optional: true})
	computed := Computed(schema.StringAttribute{Computed: true})
	return Prepare(Spec{TypeName: "pigello_thing", Entity: thing, Attributes: map[string]Attribute{
		"id": computed, "created_at": computed, "full_name": DerivedFrom(schema.StringAttribute{Computed: true}, "first_name", "last_name"),
		"level":      Configured(schema.NumberAttribute{Required: true}),
		"first_name": optional, "last_name": optional, "email": optional, "until": optional, "address_id": optional, "instruction": optional,
		"ssn":          OmittedUntilDeclared(schema.StringAttribute{Optional: true, Sensitive: true}),
		"picture":      OmittedUntilDeclared(Picture("A picture.")),
		"active":       ServerDefault(schema.BoolAttribute{Optional: true, Computed: true}),
		"owner_id":     ServerDefault(schema.StringAttribute{Optional: true, Computed: true}),
		"customer_ids": ServerDefault(schema.SetAttribute{Optional: true, Computed: true, ElementType: types.StringType}),
	}})
}

const (
	idA = "aaaaaaaa-0000-4000-8000-000000000001"
	idB = "bbbbbbbb-0000-4000-8000-000000000002"
)

func str(s string) attr.Value { return types.StringValue(s) }

func set(ids ...string) attr.Value {
	elements := make([]attr.Value, len(ids))
	for i, id := range ids {
		elements[i] = str(id)
	}
	return types.SetValueMust(types.StringType, elements)
}

var (
	null      = types.StringNull()
	unknown   = types.StringUnknown()
	noSet     = types.SetNull(types.StringType)
	lateSet   = types.SetUnknown(types.StringType)
	noPicture = types.ObjectNull(pictureTypes)
	noBool    = types.BoolNull()
	lateBool  = types.BoolUnknown()
	upperCase = strings.ToUpper
)

// all returns values for all attributes: those given, and null.
func all(given values) values {
	v := values{
		"id": null, "created_at": null, "full_name": null, "level": types.NumberNull(), "first_name": null, "last_name": null,
		"email": null, "ssn": null, "until": null, "active": noBool, "owner_id": null, "address_id": null, "customer_ids": noSet,
		"instruction": null, "picture": noPicture,
	}
	maps.Copy(v, given)
	return v
}

// with returns values with some of them replaced.
func with(v, given values) values {
	next := maps.Clone(v)
	maps.Copy(next, given)
	return next
}

// stored is the state of a thing whose server has filled what was left to it.
var stored = all(values{
	"id": str(idA), "created_at": str("2026-01-01T00:00:00Z"), "full_name": str("Ada Lovelace"), "level": types.NumberValue(big.NewFloat(1)),
	"first_name": str("Ada"), "last_name": str("Lovelace"), "active": types.BoolValue(true), "owner_id": str(idB), "customer_ids": set(),
})

// declared is the configuration of stored.
var declared = all(values{"level": types.NumberValue(big.NewFloat(1)), "first_name": str("Ada"), "last_name": str("Lovelace")})

func same(t *testing.T, got, want values) {
	t.Helper()
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if got[name] == nil || !got[name].Equal(want[name]) {
			t.Errorf("%s is %v, want %v", name, got[name], want[name])
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d values, want %d", len(got), len(want))
	}
}

func object(t *testing.T, body string) model.Object {
	t.Helper()
	var o model.Object
	if err := json.Unmarshal([]byte(body), &o); err != nil {
		t.Fatal(err)
	}
	return o
}

func warnings(diags diag.Diagnostics) []string {
	var all []string
	for _, d := range diags {
		all = append(all, fmt.Sprintf("%s: %s: %s", d.Severity(), d.Summary(), d.Detail()))
	}
	return all
}

func TestSpec(t *testing.T) {
	l := testSpec()
	for field, want := range map[string]string{"owner": "owner_id", "customers": "customer_ids", "level": "level"} {
		if at, ok := l.path(field); !ok || !at.Equal(path.Root(want)) {
			t.Errorf("%s is at %s, %v", field, at, ok)
		}
	}
	for _, field := range []string{"last_login", "owner_id", "unheard_of", ""} {
		if at, ok := l.path(field); ok {
			t.Errorf("%s is at %s", field, at)
		}
	}
	for field, want := range map[string]bool{"first_name": true, "last_name": true, "email": false, "level": false} {
		if l.Entity.InGroup(field) != want {
			t.Errorf("%s is under a common rule: %v", field, !want)
		}
	}
}
