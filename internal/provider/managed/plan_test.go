package managed

import (
	"math/big"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// framework is the plan as the framework hands it over for an update: what the configuration says, and unknown where
// it leaves a computed attribute out.
func framework(config values) values {
	plan := values{}
	late := values{
		"id": unknown, "created_at": unknown, "full_name": unknown, "active": lateBool, "owner_id": unknown, "customer_ids": lateSet,
	}
	for name, value := range config {
		if value.IsNull() && late[name] != nil {
			value = late[name]
		}
		plan[name] = value
	}
	return plan
}

func TestPlan(t *testing.T) {
	l := testSpec()
	rich := with(stored, values{
		"email": str("ada@example.com"), "ssn": str("19900101-2385"), "until": str("2030-01-01T00:00:00Z"), "address_id": str(idA),
		"customer_ids": set(idA, idB), "instruction": str(`[{"a":1}]`),
	})
	for name, c := range map[string]struct {
		state, config values
		declared      []string
		want          values // beside what the state holds
	}{
		"nothing changes": {stored, nil, nil, nil},
		"one attribute": {
			stored, values{"email": str("a@b.se")}, nil, values{"email": str("a@b.se")},
		},
		"a name, and what follows from it": {
			stored, values{"first_name": str("Eva")}, nil, values{"first_name": str("Eva"), "full_name": unknown},
		},
		"a name goes": {
			stored, values{"last_name": null}, nil, values{"last_name": null, "full_name": unknown},
		},
		"a name that is not known": {
			stored, values{"first_name": unknown}, nil, values{"first_name": unknown, "full_name": unknown},
		},
		"the level": {
			stored, values{"level": types.NumberValue(big.NewFloat(2))}, nil, values{"level": types.NumberValue(big.NewFloat(2))},
		},
		"other spellings keep the state's": {
			rich, values{
				"email": str("ada@EXAMPLE.com"), "ssn": str("199001012385"), "until": str("2030-01-01T01:00:00.000000+01:00"),
				"address_id": str(upperCase(idA)), "owner_id": str(upperCase(idB)), "customer_ids": set(upperCase(idB), idA),
				"instruction": str(` [ {"a": 1.0} ] `), "active": types.BoolValue(true),
			}, nil, nil,
		},
		"another instant, letter and number": {
			rich, values{
				"email": str("Ada@example.com"), "ssn": str("19900101-2393"), "until": str("2030-01-01T00:00:00.000001Z"), "address_id": str(idB),
				"customer_ids": set(idA), "instruction": str("[]"),
			}, nil, values{
				"email": str("Ada@example.com"), "ssn": str("19900101-2393"), "until": str("2030-01-01T00:00:00.000001Z"), "address_id": str(idB),
				"customer_ids": set(idA), "instruction": str("[]"),
			},
		},
		"optional lines go": {
			rich, nil, nil, values{"email": null, "ssn": null, "until": null, "address_id": null, "instruction": null},
		},
		"left to the server, never declared": {
			with(stored, values{"customer_ids": set(idA)}), nil, nil, nil,
		},
		"left to the server, once declared": {
			with(stored, values{"customer_ids": set(idA)}), nil, []string{"owner_id", "customer_ids", "active"},
			values{"owner_id": unknown, "customer_ids": lateSet},
		},
		"left to the server, once declared, and empty": {
			with(stored, values{"owner_id": null}), nil, []string{"owner_id", "customer_ids"}, nil,
		},
		"an empty list is declared": {
			with(stored, values{"customer_ids": set(idA)}), values{"customer_ids": set()}, nil, values{"customer_ids": set()},
		},
		"nothing, and an empty value is declared": {
			with(stored, values{"customer_ids": noSet}), values{"customer_ids": set(), "instruction": str("[]")}, nil,
			values{"customer_ids": set(), "instruction": str("[]")},
		},
		"an empty list, and one that is not known": {
			stored, values{"customer_ids": lateSet}, nil, values{"customer_ids": lateSet},
		},
		"an element that is not known": {
			rich, values{"customer_ids": types.SetValueMust(types.StringType, []attr.Value{str(idA), unknown})}, nil,
			values{"customer_ids": types.SetValueMust(types.StringType, []attr.Value{str(idA), unknown})},
		},
		"what is not known": {
			rich, values{"email": unknown, "owner_id": unknown, "active": lateBool, "customer_ids": lateSet}, nil,
			values{"email": unknown, "owner_id": unknown, "active": lateBool, "customer_ids": lateSet},
		},
	} {
		t.Run(name, func(t *testing.T) {
			config := with(declared, c.config)
			want := with(c.state, c.want)
			for _, optional := range []string{"email", "ssn", "until", "address_id", "instruction"} {
				if config[optional].IsNull() {
					want[optional] = null
				}
			}
			same(t, l.plan(config, framework(config), c.state, record{Declared: c.declared}), want)
		})
	}
}

// TestPlanLeavesStateAlone shows that what the framework handed over is not changed.
func TestPlanLeavesStateAlone(t *testing.T) {
	config := with(declared, values{"first_name": str("Eva")})
	plan, state := framework(config), with(stored, nil)
	testSpec().plan(config, plan, state, record{})
	same(t, plan, framework(config))
	same(t, state, stored)
}
