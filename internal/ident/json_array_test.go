package ident

import (
	"encoding/json"
	"strings"
	"testing"
	"time"
)

func TestJSONArrayCheck(t *testing.T) {
	checkCases{
		`[]`:                     true,
		" [ ]\n":                 true,
		`[null]`:                 true,
		`[{"a":[1,"x",true]}]`:   true,
		`[1e999999999999999999]`: true,
		`["\ud83d\ude00"]`:       true,
		`["\\ud800"]`:            true, // a backslash, not an escape
		strings.Repeat("[", 1000) + strings.Repeat("]", 1000): true,

		`["\ud800"]`:       false, // half a pair
		`["\udc00"]`:       false,
		`["\ud800\u0041"]`: false,
		`["\\\ud800"]`:     false,
		"[\"\xff\"]":       false,
		"":                 false,
		" ":                false,
		"null":             false,
		"{}":               false,
		`"[]"`:             false,
		"1":                false,
		"[] []":            false,
		"[]]":              false,
		"[1,]":             false,
		"[01]":             false,
		"[.5]":             false,
		"[NaN]":            false,
		"['a']":            false,
		"[] // comment":    false,
		strings.Repeat("[", 100_000) + strings.Repeat("]", 100_000): false,
	}.run(t, JSONArray{})
}

func TestJSONArrayEqual(t *testing.T) {
	runEqual(t, JSONArray{}, []equalCase{
		{`[]`, `null`, true},
		{`[]`, ` null `, true},
		{`[]`, `[ ]`, true},
		{`[]`, `[null]`, false},
		{`[]`, `{}`, false},
		{`[]`, ``, false},
		{`[[]]`, `[null]`, false}, // only the whole value may be either

		{`[{"a":1,"b":2}]`, `[ {"b":2, "a":1} ]`, true},
		{`[{"a":1}]`, `[{"a":1,"b":null}]`, false},
		{`[{"a":1}]`, `[{"b":1}]`, false},
		{`[{"a":null}]`, `[{"b":null}]`, false},
		{`[1,2]`, `[2,1]`, false},
		{`[1]`, `[1,1]`, false},

		{`[1.0]`, `[1]`, true},
		{`[1e2]`, `[100]`, true},
		{`[1E+2]`, `[100.00]`, true},
		{`[0.001]`, `[1e-3]`, true},
		{`[120]`, `[0.12e3]`, true},
		{`[-0]`, `[0]`, true},
		{`[0e99999999999999]`, `[0.0]`, true},
		{`[-1]`, `[1]`, false},
		{`[12]`, `[21]`, false},
		{`[12]`, `[1.2]`, false},
		{`[1e1]`, `[1e-1]`, false},
		{`[9007199254740993]`, `[9007199254740992]`, false}, // one number as a float
		{`[0.1]`, `[0.10000000000000001]`, false},
		{`[1]`, `["1"]`, false},
		{`[1]`, `[true]`, false},
		{`[1e999999999]`, `[10e999999998]`, true},
		{`[1e999999999]`, `[1e999999998]`, false},
		{`[1e99999999999999999999]`, `[1e99999999999999999999]`, true},
		{`[1e99999999999999999999]`, `[1e99999999999999999998]`, false},
		{`[1e-99999999999999999999]`, `[0]`, false},

		{`["\u00e9"]`, `["é"]`, true},
		{`["\/"]`, `["/"]`, true},
		{`["\ud83d\ude00"]`, `["😀"]`, true},
		{`["a"]`, `["A"]`, false},
		{`[false]`, `[null]`, false},

		// Not well formed: identical or different.
		{`[`, `[`, true},
		{`[`, `[ `, false},
		{`[1] x`, `[1]`, false},
		{`["\ud800"]`, `["\ud801"]`, false},
		{"[\"\xff\"]", "[\"\xfe\"]", false},
		// JSON that is not an array is compared, too.
		{`{"a":1}`, `{ "a": 1.0 }`, true},
	})
}

// TestJSONArrayNumbersAreNotWrittenOut checks that a short text cannot take much time.
func TestJSONArrayNumbersAreNotWrittenOut(t *testing.T) {
	long := strings.Repeat("9", 1_000_000)
	start := time.Now()
	for _, number := range []string{"1e2147483647", "1e-2147483648", "1e" + long, long, "0." + long} {
		if !(JSONArray{}).Equal("["+number+"]", "[ "+number+"]") {
			t.Errorf("%.20s does not equal itself", number)
		}
	}
	if took := time.Since(start); took > 10*time.Second {
		t.Errorf("took %s", took)
	}
}

func FuzzJSONArraySpellings(f *testing.F) {
	f.Add(`[{"a":1.50,"b":["\u00e9",null,true]}]`)
	f.Fuzz(func(t *testing.T, s string) {
		v, ok := parseJSON(s)
		if !ok || (JSONArray{}).Check(s) != nil {
			return
		}
		compact, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		indented, err := json.MarshalIndent(v, " ", "\t")
		if err != nil {
			t.Fatal(err)
		}
		checkSpellings(t, JSONArray{}, s, string(compact), string(indented))
	})
}

// FuzzJSONNumbers checks that a number is equal to itself with other zeros and another power of ten.
func FuzzJSONNumbers(f *testing.F) {
	f.Add(int64(1500), uint8(3))
	f.Add(int64(-7), uint8(0))
	f.Fuzz(func(t *testing.T, n int64, zeros uint8) {
		if n == 0 {
			zeros = 0 // JSON has no 00
		}
		text, err := json.Marshal([]int64{n})
		if err != nil {
			t.Fatal(err)
		}
		number := strings.Trim(string(text), "[]")
		pad := strings.Repeat("0", int(zeros))
		exponent, err := json.Marshal(-int(zeros))
		if err != nil {
			t.Fatal(err)
		}
		checkSpellings(t, JSONArray{}, string(text),
			"["+number+"."+pad+"0]",
			"["+number+pad+"E"+string(exponent)+"]",
		)
	})
}
