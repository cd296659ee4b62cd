package managed

import (
	"context"
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// private is private state in memory.
type private map[string][]byte

// GetKey implements privateState.
func (p private) GetKey(_ context.Context, key string) ([]byte, diag.Diagnostics) { return p[key], nil }

// SetKey implements privateState.
func (p private) SetKey(_ context.Context, key string, value []byte) diag.Diagnostics {
	p[key] = value
	return nil
}

func TestRecord(t *testing.T) {
	l := testSpec()
	config := all(values{
		"level": types.NumberValue(big.NewFloat(1)), "first_name": str("canary"), "email": str("canary@x.example"), "ssn": str("19900101-2385"),
		"owner_id": str(idB), "customer_ids": set(), "active": types.BoolValue(false),
	})
	var r record
	r.declare(l, config, config)
	slices.Sort(r.Declared)
	// What is optional and no more means the same whether it was declared or not.
	if want := []string{"active", "customer_ids", "owner_id", "ssn"}; !slices.Equal(r.Declared, want) {
		t.Errorf("declared are %v, want %v", r.Declared, want)
	}
	r.Hidden = []string{"ssn"}

	p := private{}
	var diags diag.Diagnostics
	r.save(t.Context(), p, &diags)
	for key, content := range p {
		for _, value := range []string{"canary", "2385", idB} {
			if strings.Contains(string(content), value) {
				t.Errorf("the private state holds a value: %s = %s", key, content)
			}
		}
	}
	again := loadRecord(t.Context(), p, &diags)
	if len(diags) > 0 || !slices.Equal(again.Declared, r.Declared) || !slices.Equal(again.Hidden, r.Hidden) {
		t.Errorf("%+v, %v", again, warnings(diags))
	}

	r.declare(l, all(nil), all(nil))
	if len(r.Declared) > 0 || len(r.Hidden) != 1 {
		t.Errorf("%+v", r)
	}
	if empty := loadRecord(t.Context(), private{}, &diags); len(diags) > 0 || len(empty.Declared)+len(empty.Hidden) > 0 {
		t.Errorf("%+v, %v", empty, warnings(diags))
	}
	if loadRecord(t.Context(), private{recordKey: []byte("[")}, &diags); !diags.HasError() {
		t.Error("a private state that is not the provider's own is no error")
	}
}

func TestHide(t *testing.T) {
	l := testSpec()
	ssn := l.attributes[slices.IndexFunc(l.attributes, func(a attribute) bool { return a.name == "ssn" })].field
	var r record
	for i, step := range []struct{ hidden, news bool }{{false, false}, {true, true}, {true, false}, {false, false}, {false, false}, {true, true}} {
		if news := r.setHidden(ssn, step.hidden); news != step.news || r.hidden(ssn) != step.hidden {
			t.Errorf("step %d: news %v, hidden %v", i, news, r.hidden(ssn))
		}
	}
}
