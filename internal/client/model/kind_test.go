package model

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func uuid(n int) string { return fmt.Sprintf("%08x-0000-4000-8000-%012x", n, n) }

// kinds are all kinds.
var kinds = []Kind{
	Text, Email, PhoneNumber, Date, Instant, PersonalNumber, OrganizationNumber, UUID, Bool, Integer, Relation, Relations,
	JSONArray, Any, Picture,
}

// texts are the kinds that are encoded as strings.
var texts = []Kind{Text, Email, PhoneNumber, Date, Instant, PersonalNumber, OrganizationNumber, UUID}

func TestDecode(t *testing.T) {
	id := uuid(7)
	for _, k := range texts {
		for raw, want := range map[string]any{`"a"`: "a", `" å\n\"\u00e5"`: " å\n\"å", `""`: nil, `null`: nil, ``: nil} {
			checkDecode(t, k, raw, want)
		}
		for _, raw := range []string{`7`, `true`, `{}`, `[]`, `["a"]`} {
			checkRefused(t, k, raw)
		}
	}
	for _, c := range []struct {
		kind Kind
		raw  string
		want any
	}{
		{Bool, `true`, true}, {Bool, `false`, false}, {Bool, `null`, nil}, {Bool, ``, nil},
		{Integer, `0`, int64(0)}, {Integer, `-7`, int64(-7)}, {Integer, `2.0`, int64(2)}, {Integer, `null`, nil}, {Integer, ``, nil},
		{Integer, `2147483647`, int64(2147483647)}, {Integer, `-2147483648`, int64(-2147483648)},
		{Relation, `{"id": "` + id + `"}`, id}, {Relation, `{"id": "` + id + `", "name": "x"}`, id}, {Relation, `null`, nil}, {Relation, ``, nil},
		{Relation, `{"id": null}`, nil}, {Relation, `{"id": ""}`, nil}, {Relation, `{}`, nil},
		{Relations, `[]`, []string{}}, {Relations, `null`, []string{}}, {Relations, ``, []string{}}, {Relations, `[null]`, []string{}},
		{Relations, `[{"id": "` + id + `"}, {"id": "` + strings.ToUpper(id) + `"}]`, []string{id}},
		{Relations, `[{"id": "b"}, {"id": "a"}]`, []string{"b", "a"}},
		{JSONArray, `[ {"a" : 1.50} , null ]`, `[{"a":1.50},null]`}, {JSONArray, `[]`, `[]`}, {JSONArray, `null`, nil}, {JSONArray, ``, nil},
		{Any, `"Ada \"L\""`, `Ada "L"`}, {Any, `""`, nil}, {Any, `null`, nil}, {Any, ``, nil}, {Any, `7.50`, `7.50`}, {Any, `true`, `true`},
		{Any, `{"a" : [ 1 ]}`, `{"a":[1]}`}, {Any, `[]`, `[]`},
		{Picture, `null`, nil}, {Picture, ``, nil}, {Picture, `{}`, File{}},
		{
			Picture, `{"name": "a.png", "md5_hash": "x==", "get": "https://signed", "post": {"url": "https://signed", "fields": {"k": "v"}}}`,
			File{Name: "a.png", MD5Hash: "x=="},
		},
		{Picture, `{"name": null, "md5_hash": null}`, File{}},
	} {
		checkDecode(t, c.kind, c.raw, c.want)
	}
	for kind, raws := range map[Kind][]string{
		Bool:      {`"true"`, `1`, `{}`, `[]`},
		Integer:   {`"1"`, `1.5`, `true`, `2147483648`, `-2147483649`, `1e99`, `{}`, `[]`},
		Relation:  {`"` + id + `"`, `7`, `[]`, `{"id": 7}`, `{"id": {}}`, `true`},
		Relations: {`"a"`, `{}`, `["a"]`, `[7]`, `[{"id": 7}]`, `7`, `[[]]`},
		Picture:   {`"a"`, `[]`, `7`, `{"name": 7}`},
	} {
		for _, raw := range raws {
			checkRefused(t, kind, raw)
		}
	}
}

func checkDecode(t *testing.T, k Kind, raw string, want any) {
	t.Helper()
	got, err := k.Decode(json.RawMessage(raw))
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%s (kind %d): %v; -want +got\n%s", raw, k, err, diff)
	}
}

func checkRefused(t *testing.T, k Kind, raw string) {
	t.Helper()
	got, err := k.Decode(json.RawMessage(raw))
	if err == nil || got != nil {
		t.Errorf("%s (kind %d) is read as %v", raw, k, got)
	}
}

// TestErrorsNameTheFieldOnly checks that the error does not contain the value that cannot be decoded.
func TestErrorsNameTheFieldOnly(t *testing.T) {
	for _, k := range kinds {
		for _, raw := range []string{`{"id": {"canary": 1}}`, `["canary"]`, `"canary`, `{"name": ["canary"]}`, `4711.5`} {
			_, err := Object{"it": json.RawMessage(raw)}.Value(Field{Name: "it", Kind: k})
			if err != nil && (strings.Contains(err.Error(), "canary") || strings.Contains(err.Error(), "4711") || !strings.Contains(err.Error(), "it")) {
				t.Errorf("kind %d: %v", k, err)
			}
		}
	}
}

func TestEncode(t *testing.T) {
	for _, k := range kinds {
		want := `null`
		if k == Relations {
			want = `[]`
		}
		checkEncode(t, k, nil, want)
	}
	for _, k := range texts {
		checkEncode(t, k, "å \"\\ 🎉", `"å \"\\ 🎉"`)
	}
	checkEncode(t, Bool, true, `true`)
	checkEncode(t, Bool, false, `false`)
	checkEncode(t, Integer, int64(0), `0`)
	checkEncode(t, Relation, "a", `{"id": "a"}`)
	checkEncode(t, Relations, []string{}, `[]`)
	checkEncode(t, Relations, []string{"b", "a"}, `[{"id": "b"}, {"id": "a"}]`)
	checkEncode(t, JSONArray, `[{"a": 1.50}]`, `[{"a": 1.50}]`)
	checkEncode(t, JSONArray, `[]`, `[]`)
	checkEncode(t, Picture, File{Name: "a.png", MD5Hash: "x=="}, `{"name": "a.png", "md5_hash": "x=="}`)
	if _, err := json.Marshal(JSONArray.Encode(`[`)); err == nil {
		t.Error("half an array is written")
	}
}

func checkEncode(t *testing.T, k Kind, value any, want string) {
	t.Helper()
	encoded, err := json.Marshal(k.Encode(value))
	var a, b any
	_ = json.Unmarshal(encoded, &a)
	_ = json.Unmarshal([]byte(want), &b)
	if diff := cmp.Diff(b, a); diff != "" || err != nil || fmt.Sprint(a) == "" {
		t.Errorf("%v (kind %d): %v; -want +got\n%s", value, k, err, diff)
	}
}

func TestEqual(t *testing.T) {
	a, b := uuid(0xa), uuid(0xb)
	upper := strings.ToUpper(a)
	for _, c := range []struct {
		kind Kind
		a, b any
		want bool
	}{
		{Text, "a", "A", false}, {Text, "a", "a ", false}, {Text, nil, "a", false},
		{Email, "a@x.se", "a@X.SE", true}, {Email, "A@x.se", "a@x.se", false},
		{PhoneNumber, "+46701234567", "46701234567", false},
		{Date, "1990-01-01", "1990-01-01", true}, {Date, "1990-01-01", "1990-01-02", false},
		{Instant, "2030-01-01T00:00:00Z", "2030-01-01T01:00:00.000000+01:00", true},
		{Instant, "2030-01-01T00:00:00.123456Z", "2030-01-01T00:00:00.123457Z", false},
		{PersonalNumber, "19900101-2385", "199001012385", true}, {PersonalNumber, "19900101-2385", "19900101-2393", false},
		{OrganizationNumber, "556036-0793", "5560360793", true}, {OrganizationNumber, "556036-0793", "5560360794", false},
		{UUID, a, upper, true}, {Relation, a, upper, true}, {Relation, a, b, false}, {Relation, a, nil, false},
		{Relations, []string{a, b}, []string{b, upper}, true}, {Relations, []string{a}, []string{a, b}, false},
		{Relations, []string{}, nil, true}, {Relations, []string{a}, nil, false},
		{Bool, true, true, true}, {Bool, true, false, false}, {Bool, nil, false, false},
		{Integer, int64(1), int64(1), true}, {Integer, int64(0), nil, false},
		{JSONArray, "[ 1 ]", "[1]", true}, {JSONArray, "[]", nil, true}, {JSONArray, "[]", "null", true}, {JSONArray, "[1]", nil, false},
		{JSONArray, "[1,2]", "[2,1]", false}, {JSONArray, `[{"a":1,"b":2}]`, `[{"b":2,"a":1.0}]`, true},
		{Picture, File{Name: "a"}, File{Name: "a"}, true}, {Picture, File{Name: "a"}, File{Name: "b"}, false}, {Picture, File{}, nil, false},
		{Picture, File{MD5Hash: "1B2M2Y8AsgTpgAmY7PhCfg=="}, File{MD5Hash: "d41d8cd98f00b204e9800998ecf8427e"}, true},
		{Picture, File{MD5Hash: "1B2M2Y8AsgTpgAmY7PhCfg=="}, File{}, false},
	} {
		if got := c.kind.Equal(c.a, c.b); got != c.want {
			t.Errorf("kind %d: %v and %v: %v", c.kind, c.a, c.b, got)
		}
		if got := c.kind.Equal(c.b, c.a); got != c.want {
			t.Errorf("kind %d: %v and %v the other way round: %v", c.kind, c.a, c.b, got)
		}
	}
	for _, k := range kinds {
		if !k.Equal(nil, nil) {
			t.Errorf("kind %d: nothing and nothing differ", k)
		}
	}
}

func TestObjectID(t *testing.T) {
	for raw, want := range map[string]string{`{"id": "a"}`: "a", `{"id": 7}`: "", `{"id": null}`: "", `{}`: "", `{"id": ""}`: ""} {
		var o Object
		if err := json.Unmarshal([]byte(raw), &o); err != nil || o.ID() != want {
			t.Errorf("%s: %q", raw, o.ID())
		}
	}
	if (Object)(nil).ID() != "" {
		t.Error("no object has no id")
	}
}

func FuzzDecode(f *testing.F) {
	for _, seed := range []string{
		`{"id": "a", "role": {"id": 7}}`, `[{"id": "x"}]`, `"a"`, `7`, `1e400`, `{"id": {"id": {}}}`, "null", "[null]", `"\ud800"`, "{", " {}", "NaN",
		`[` + strings.Repeat(`[`, 100), "\xff",
	} {
		f.Add([]byte(seed))
	}
	entities := []Entity{OrganizationUser, ProtectedIdentity, Subtenant}
	f.Fuzz(func(t *testing.T, raw []byte) {
		for _, k := range kinds {
			value, err := k.Decode(raw)
			if err != nil {
				if value != nil || len(err.Error()) > 100 {
					t.Errorf("kind %d: %v, %v", k, value, err)
				}
				continue
			}
			if !k.Equal(value, value) {
				t.Errorf("kind %d: %v does not equal itself", k, value)
			}
			if size := len(fmt.Sprint(value)); size > 6*len(raw)+10 {
				t.Errorf("kind %d: %d bytes are made of %d", k, size, len(raw))
			}
			if !json.Valid(raw) {
				continue // only values of a response, which is JSON, are ever encoded again
			}
			if _, err := json.Marshal(k.Encode(value)); err != nil {
				t.Errorf("kind %d: %v cannot be written: %v", k, value, err)
			}
		}
		for _, entity := range entities {
			if object, err := ParseObject(raw); err == nil {
				for _, m := range entity.Fields {
					_, _ = object.Value(m)
				}
			}
		}
		if objects, err := ParseObjects(raw); err == nil && objects == nil {
			t.Error("a list that is neither read nor refused")
		}
	})
}
