package managed

import (
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// shown is the server's response for stored.
const shown = `"id": "` + idA + `", "created_at": "2026-01-01T00:00:00Z", "full_name": "Ada Lovelace", "level": 1,
	"first_name": "Ada", "last_name": "Lovelace", "active": true, "owner": {"id": "` + idB + `"}, "customers": [], "last_login": "x"`

func TestRefresh(t *testing.T) {
	l := testSpec()
	followed := []string{"ssn", "owner_id"}
	for name, c := range map[string]struct {
		state            values
		response         string // beside shown
		declared, hidden []string
		want             values // beside the state
		stillHidden      []string
	}{
		"nothing changed": {stored, ``, nil, nil, nil, nil},
		"everything drifted": {
			stored, `"email": "a@b.se", "level": 2, "first_name": "Eva", "active": false, "owner": null, "address": {"id": "` + idA + `"},
				"customers": [{"id": "` + idA + `"}], "instruction": [{"a": 1}], "until": "2031-01-01T00:00:00+02:00"`, nil, nil,
			values{
				"email": str("a@b.se"), "level": types.NumberValue(big.NewFloat(2)), "first_name": str("Eva"), "active": types.BoolValue(false), "owner_id": null,
				"address_id": str(idA), "customer_ids": set(idA), "instruction": str(`[{"a":1}]`), "until": str("2031-01-01T00:00:00+02:00"),
			}, nil,
		},
		"the server spells otherwise": {
			with(stored, values{
				"email": str("Ada@EXAMPLE.com"), "ssn": str("19900101-2385"), "until": str("2030-01-01T01:00:00+01:00"), "address_id": str(upperCase(idA)),
				"customer_ids": set(upperCase(idA), idB), "instruction": str(`[ {"a": 1.0} ]`),
			}),
			`"email": "Ada@example.com", "ssn": "199001012385", "until": "2030-01-01T00:00:00.000000Z", "address": {"id": "` + idA + `"},
				"customers": [{"id": "` + idB + `"}, {"id": "` + idA + `"}], "instruction": [{"a": 1}]`, followed, nil, nil, nil,
		},
		"one element more keeps the spelling of the others": {
			with(stored, values{"customer_ids": set(upperCase(idA))}), `"customers": [{"id": "` + idA + `"}, {"id": "` + idB + `"}]`, nil, nil,
			values{"customer_ids": set(upperCase(idA), idB)}, nil,
		},
		"empty texts are null": {
			with(stored, values{"email": null}), `"email": "", "first_name": "", "full_name": ""`, nil, nil, values{"first_name": null, "full_name": null}, nil,
		},
		"nothing where an empty array is declared": {
			with(stored, values{"instruction": str("[]")}), `"instruction": null`, nil, nil, nil, nil,
		},
		"an empty array where nothing is declared": {stored, `"instruction": []`, nil, nil, nil, nil},
		"an instruction is gone": {
			with(stored, values{"instruction": str("[1]")}), `"instruction": []`, nil, nil, values{"instruction": null}, nil,
		},
		"a name that is not a text": {
			stored, `"full_name": {"first" : "Ada"}`, nil, nil, values{"full_name": str(`{"first":"Ada"}`)}, nil,
		},
		"sensitive and never declared":     {stored, `"ssn": "199001012385"`, nil, nil, nil, nil},
		"sensitive and not declared again": {with(stored, values{"ssn": str("x")}), `"ssn": "199001012385"`, nil, nil, values{"ssn": null}, nil},
		"sensitive and declared": {
			with(stored, values{"ssn": str("19900101-2385")}), `"ssn": "19900101-2393"`, followed, nil, values{"ssn": str("19900101-2393")}, nil,
		},
		"sensitive, declared, and gone": {
			with(stored, values{"ssn": str("19900101-2385")}), `"ssn": null`, followed, nil, values{"ssn": null}, nil,
		},
		"hidden": {
			with(stored, values{"ssn": str("19900101-2385")}), `"ssn": null, "first_name": null`, followed, []string{"ssn", "first_name"}, nil,
			[]string{"ssn", "first_name"},
		},
		"hidden no more": {
			stored, `"first_name": "Eva"`, nil, []string{"first_name", "last_name"}, values{"first_name": str("Eva")}, nil,
		},
		"unknown fields": {stored, `"unheard_of": {"a": [1]}`, nil, nil, nil, nil},
	} {
		t.Run(name, func(t *testing.T) {
			r := record{Declared: c.declared, Hidden: slices.Clone(c.hidden)}
			var diags diag.Diagnostics
			got := l.refresh(c.state, object(t, response(c.response)), &r, &diags)
			if len(diags) > 0 {
				t.Errorf("%v", warnings(diags))
			}
			same(t, got, with(c.state, c.want))
			if !slices.Equal(r.Hidden, c.stillHidden) && len(r.Hidden)+len(c.stillHidden) > 0 {
				t.Errorf("hidden are %v, want %v", r.Hidden, c.stillHidden)
			}
		})
	}
}

// response is the server's response for stored, with more fields, which win.
func response(more string) string {
	if more != "" {
		more = ", " + more
	}
	return "{" + shown + more + "}"
}

// TestRefreshOfAnImport shows that an import writes nobody's personal data to disk.
func TestRefreshOfAnImport(t *testing.T) {
	var diags diag.Diagnostics
	r := record{}
	got := testSpec().refresh(all(values{"id": str(idA)}), object(t, response(`"ssn": "199001012385", "email": ""`)), &r, &diags)
	same(t, got, stored)
	if len(diags) > 0 || len(r.Declared)+len(r.Hidden) > 0 {
		t.Errorf("%v, %+v", warnings(diags), r)
	}
}

func TestRefreshOfWhatCannotBeRead(t *testing.T) {
	for field, at := range map[string]string{"level": "level", "owner": "owner_id", "customers": "customer_ids", "email": "email"} {
		var diags diag.Diagnostics
		r := record{}
		testSpec().refresh(stored, object(t, response(`"`+field+`": {"id": ["canary"]}`)), &r, &diags)
		text := strings.Join(warnings(diags), "\n")
		if diags.ErrorsCount() != 1 || !strings.Contains(text, "thing") || !strings.Contains(text, field) || strings.Contains(text, "canary") {
			t.Errorf("%s: %s", field, text)
		}
		if d, ok := diags[0].(diag.DiagnosticWithPath); !ok || d.Path().String() != at {
			t.Errorf("%s: the error is not on %s", field, at)
		}
	}
}

func TestWritten(t *testing.T) {
	l := testSpec()
	plan := with(stored, values{
		"full_name": unknown, "created_at": unknown, "id": unknown, "owner_id": unknown, "customer_ids": lateSet, "active": lateBool,
		"email": str("Ada@EXAMPLE.com"), "ssn": str("19900101-2385"), "address_id": str(idA), "instruction": str("[]"),
	})
	known := with(plan, values{
		"full_name": str("Ada Lovelace"), "created_at": str("2026-01-01T00:00:00Z"), "id": str(idA), "owner_id": str(idB), "customer_ids": set(),
		"active": types.BoolValue(true),
	})
	const echo = `"email": "Ada@example.com", "ssn": "199001012385", "address": {"id": "` + idA + `"}, "instruction": null`
	for name, c := range map[string]struct {
		response string // beside shown
		before   []string
		want     values // beside known
		hidden   []string
		warn     []string // in the warnings, in turn
	}{
		"as it was sent": {echo, nil, nil, nil, nil},
		"another address": {
			echo + `, "email": "eva@example.com", "level": 2`, nil, nil, nil, []string{"stored something else ... email ... thing " + idA},
		},
		"a relation that was not taken": {echo + `, "address": null`, nil, nil, nil, []string{"stored something else ... address_id"}},
		"hidden": {
			echo + `, "ssn": null, "email": null, "first_name": ""`, nil, nil, []string{"first_name", "email", "ssn"},
			[]string{"hides what was written ... null ... first_name, email, ssn ... thing " + idA},
		},
		"hidden as before": {echo + `, "ssn": null`, []string{"ssn"}, nil, []string{"ssn"}, nil},
		"hidden no more":   {echo, []string{"ssn"}, nil, nil, nil},
		"one that cannot be read": {
			echo + `, "owner": ["canary"]`, nil, values{"owner_id": null}, nil, []string{"Unreadable response ... thing " + idA + " was written ... owner"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			var diags diag.Diagnostics
			r := record{Hidden: slices.Clone(c.before)}
			got := l.written(plan, l.createBody(plan, declaration{}), object(t, response(c.response)), &r, &diags)
			same(t, got, with(known, c.want))
			for attribute, value := range got {
				if value.IsUnknown() {
					t.Errorf("%s is still unknown", attribute)
				}
			}
			if !slices.Equal(r.Hidden, c.hidden) && len(r.Hidden)+len(c.hidden) > 0 {
				t.Errorf("hidden are %v, want %v", r.Hidden, c.hidden)
			}
			if diags.HasError() || len(diags) != len(c.warn) {
				t.Fatalf("%v", warnings(diags))
			}
			for i, text := range warnings(diags) {
				for part := range strings.SplitSeq(c.warn[i], " ... ") {
					if !strings.Contains(text, part) || strings.Contains(text, "canary") || strings.Contains(text, "2385") || strings.Contains(text, "eva@") {
						t.Errorf("%s, want something about %q", text, part)
					}
				}
			}
		})
	}
}

// TestWrittenComparesWhatWasSent shows that what an update did not send is no difference, and that a cleared field
// ends its being hidden.
func TestWrittenComparesWhatWasSent(t *testing.T) {
	l := testSpec()
	state := with(stored, values{"ssn": str("19900101-2385"), "address_id": str(idA)})
	plan := with(state, values{"ssn": null, "level": types.NumberValue(big.NewFloat(2))})
	r := record{Hidden: []string{"ssn"}}
	body := updateBody(l, all(nil), plan, state, r)
	var diags diag.Diagnostics
	got := l.written(plan, body, object(t, response(`"level": 2, "address": null, "ssn": null`)), &r, &diags)
	same(t, got, plan)
	if len(diags) > 0 || len(r.Hidden) > 0 {
		t.Errorf("%v, %+v", warnings(diags), r)
	}
}
