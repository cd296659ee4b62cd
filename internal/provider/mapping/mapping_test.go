package mapping_test

import (
	"context"
	"math/big"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/pigello/terraform-provider-pigello/internal/client/model"
	"github.com/pigello/terraform-provider-pigello/internal/provider/mapping"
)

var texts = []model.Kind{
	model.Text, model.Email, model.PhoneNumber, model.Date, model.Instant, model.PersonalNumber, model.OrganizationNumber, model.UUID,
	model.Relation, model.JSONArray, model.Any,
}

var others = []model.Kind{model.Bool, model.Integer, model.Relations, model.Picture}

func TestAttributeName(t *testing.T) {
	for field, want := range map[model.Field]string{
		{Name: "organization", Kind: model.Relation}:      "organization_id",
		{Name: "sub_tenant", Kind: model.Relation}:        "sub_tenant_id",
		{Name: "previous_address", Kind: model.Relation}:  "previous_address_id",
		{Name: "external_clients", Kind: model.Relations}: "external_client_ids",
		{Name: "realestates", Kind: model.Relations}:      "realestate_ids",
		{Name: "id", Kind: model.UUID}:                    "id",
		{Name: "custom_id", Kind: model.Text}:             "custom_id",
		{Name: "tags", Kind: model.Any}:                   "tags",
	} {
		if got := mapping.AttributeName(field); got != want {
			t.Errorf("%s: %s, want %s", field.Name, got, want)
		}
	}
}

func set(ids ...string) attr.Value {
	elements := []attr.Value{}
	for _, id := range ids {
		elements = append(elements, types.StringValue(id))
	}
	return types.SetValueMust(types.StringType, elements)
}

func picture(name, hash attr.Value) attr.Value {
	return types.ObjectValueMust(map[string]attr.Type{"name": types.StringType, "md5_hash": types.StringType},
		map[string]attr.Value{"name": name, "md5_hash": hash})
}

func TestFromGo(t *testing.T) {
	type row struct {
		kind  model.Kind
		value any
		want  attr.Value
	}
	rows := []row{
		{model.Bool, true, types.BoolValue(true)}, {model.Bool, false, types.BoolValue(false)}, {model.Bool, nil, types.BoolNull()},
		{model.Integer, int64(0), types.NumberValue(big.NewFloat(0))}, {model.Integer, nil, types.NumberNull()},
		{model.Relations, []string{"b", "a"}, set("a", "b")}, {model.Relations, []string{}, set()}, {model.Relations, nil, set()},
		{model.Picture, model.File{Name: "a.png", MD5Hash: "x=="}, picture(types.StringValue("a.png"), types.StringValue("x=="))},
		{model.Picture, model.File{}, picture(types.StringNull(), types.StringNull())},
	}
	for _, kind := range texts {
		rows = append(rows, row{kind, "å", types.StringValue("å")}, row{kind, nil, types.StringNull()}, row{kind, "", types.StringNull()})
	}
	for _, r := range rows {
		if got := mapping.FromGo(r.kind, r.value); !got.Equal(r.want) {
			t.Errorf("kind %d, %v: %s, want %s", r.kind, r.value, got, r.want)
		}
	}
}

// TestThereAndBack shows that a value survives, and that what is unknown or null has the type of what is known.
func TestThereAndBack(t *testing.T) {
	values := map[model.Kind]any{model.Bool: false, model.Integer: int64(-7), model.Relations: []string{"b", "a"},
		model.Picture: model.File{Name: "a.png", MD5Hash: "x=="}}
	for _, kind := range texts {
		values[kind] = "a"
	}
	for kind, value := range values {
		if back := mapping.ToGo(mapping.FromGo(kind, value)); !kind.Equal(back, value) {
			t.Errorf("kind %d: %v comes back as %v", kind, value, back)
		}
	}
	for _, kind := range append(texts, others...) {
		absent := mapping.FromGo(kind, nil)
		late := mapping.Unknown(kind)
		if !late.IsUnknown() || mapping.IsKnown(late) || !mapping.IsKnown(absent) {
			t.Errorf("kind %d: %s, %s", kind, late, absent)
		}
		if a, b := absent.Type(context.Background()), late.Type(context.Background()); !a.Equal(b) {
			t.Errorf("kind %d: the types are %s and %s", kind, a, b)
		}
		if of := mapping.DataSourceAttribute(kind, "A thing.").GetType(); !of.Equal(late.Type(context.Background())) {
			t.Errorf("kind %d: the attribute of a data source is %s", kind, of)
		}
	}
	for _, absent := range []attr.Value{types.StringNull(), types.BoolNull(), types.NumberNull(), types.SetNull(types.StringType)} {
		if got := mapping.ToGo(absent); got != nil {
			t.Errorf("%s becomes %v", absent, got)
		}
	}
}

func TestIsKnown(t *testing.T) {
	half := types.SetValueMust(types.StringType, []attr.Value{types.StringValue("a"), types.StringUnknown()})
	for value, want := range map[attr.Value]bool{
		types.StringValue("a"): true, types.StringNull(): true, types.StringUnknown(): false, types.BoolUnknown(): false,
	} {
		if mapping.IsKnown(value) != want {
			t.Errorf("%s is known: %v", value, !want)
		}
	}
	if mapping.IsKnown(half) || !mapping.IsKnown(set("a")) || !mapping.IsKnown(types.SetNull(types.StringType)) || mapping.IsKnown(types.SetUnknown(types.StringType)) {
		t.Error("a set is known when all of its elements are")
	}
}

func TestDataSourceAttribute(t *testing.T) {
	for _, kind := range append(texts, others...) {
		a := mapping.DataSourceAttribute(kind, "A thing.")
		if !a.IsComputed() || a.IsOptional() || a.IsRequired() || a.GetMarkdownDescription() != "A thing." {
			t.Errorf("kind %d: %+v", kind, a)
		}
		if a.IsSensitive() != (kind == model.PersonalNumber) {
			t.Errorf("kind %d: sensitive is %v", kind, a.IsSensitive())
		}
		if kind == model.Picture && strings.Contains(a.GetType().String(), "post") {
			t.Errorf("the signed forms of a file are shown: %s", a.GetType())
		}
	}
}
