package conformance_test

import (
	"regexp"
	"regexp/syntax"
	"strings"
	"unicode/utf8"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/pigello/terraform-provider-pigello/internal/apispec"
)

// candidate is a value to put a validator to the test, and what the description says about it.
type candidate struct {
	value   any
	allowed bool
	// own is why the provider decides otherwise than the description. These are all of its own rules.
	own ownRule
}

type ownRule string

// The provider's own rules, each with its reason.
const (
	longName      ownRule = "a file's name has 255 characters at most: the API gives no limit, and file systems that one"
	noEmptyText   ownRule = "an empty text is refused: null clears a field, and what the API makes of an empty text is not documented"
	realDates     ownRule = "a personal number begins with a real date, a coordination number at least with a part of one: that is Sweden's rule, which the format luhn leaves out"
	oneSeparator  ownRule = "the separator is - or, in a personal number, +, and stands before the last four digits"
	noNullArray   ownRule = "the text null is refused: leaving the attribute out says the same"
	anyElements   ownRule = "an array may hold anything: the API does not document the elements"
	distinctIDs   ownRule = "the same id twice, in two spellings, is refused: relations are a set"
	upperCaseTime ownRule = "an instant is written with upper-case T and Z and with a second that exists: what servers agree on"
)

// accepted is what the provider makes of a candidate.
func (c candidate) accepted() bool { return c.allowed != (c.own != "") }

// values generates candidates from the description of a field.
func values(m apispec.Field) []candidate {
	switch {
	case m.Relation:
		return texts(formats["uuid"])
	case m.RelationList:
		return relationLists()
	case m.Type == "array":
		return texts(arrays)
	case m.Type == "object":
		return pictures()
	case m.Type == "boolean":
		return []candidate{{value: true, allowed: true}, {value: false, allowed: true}}
	case m.Type == "integer":
		return integers(m)
	}
	var samples []sample
	switch {
	case m.Format == "luhn":
		samples = checkDigits(m)
	case formats[m.Format] != nil:
		samples = append(samples, formats[m.Format]...)
		if m.Format == "email" {
			samples = append(samples, emailLengths(m)...)
		}
	case m.Pattern != "":
		samples = patterned(m)
	default:
		samples = plainTexts(m)
	}
	empty := sample{"", m.MinLength == 0 && m.Format == "" && m.Pattern == "", ""}
	if empty.allowed {
		empty.own = noEmptyText
	}
	return texts(append(samples, empty))
}

type sample struct {
	text    string
	allowed bool
	own     ownRule
}

func texts(samples []sample) []candidate {
	var all []candidate
	for _, s := range samples {
		all = append(all, candidate{s.text, s.allowed, s.own})
	}
	return all
}

// formats are samples of what has a format.
var formats = map[string][]sample{
	"uuid": {
		{someID, true, ""}, {strings.ToUpper(someID), true, ""}, {"00000000-0000-0000-0000-000000000000", true, ""},
		{"x", false, ""}, {"497f6eca62764993bfeb53cbbbba6f08", false, ""}, {"{" + someID + "}", false, ""},
		{"urn:uuid:" + someID, false, ""}, {someID[1:], false, ""}, {someID + "0", false, ""}, {" " + someID, false, ""},
		{someID + "\n", false, ""}, {"g" + someID[1:], false, ""}, {"", false, ""},
	},
	"date": {
		{"1990-01-01", true, ""}, {"0001-01-01", true, ""}, {"9999-12-31", true, ""}, {"2000-02-29", true, ""}, {"2024-02-29", true, ""},
		{"1900-02-29", false, ""}, {"2023-02-29", false, ""}, {"2023-04-31", false, ""}, {"2023-13-01", false, ""}, {"2023-00-01", false, ""},
		{"2023-01-00", false, ""}, {"2023-1-1", false, ""}, {"20230101", false, ""}, {"01-01-2023", false, ""}, {"2023/01/01", false, ""},
		{"2023-01-01T00:00:00Z", false, ""}, {" 2023-01-01", false, ""}, {"2023-01-01\n", false, ""}, {"yesterday", false, ""}, {"٢٠٢٣-٠١-٠١", false, ""},
	},
	"date-time": {
		{"2030-12-31T23:59:59Z", true, ""}, {"2030-12-31T23:59:59.1Z", true, ""}, {"2030-12-31T23:59:59.123456789+05:45", true, ""},
		{"2030-12-31T23:59:59-12:00", true, ""}, {"2024-02-29T00:00:00+00:00", true, ""},
		{"2030-12-31t23:59:59z", true, upperCaseTime}, {"2016-12-31T23:59:60Z", true, upperCaseTime},
		{"2030-12-31", false, ""}, {"2030-12-31T23:59:59", false, ""}, {"2030-12-31T23:59Z", false, ""}, {"2030-12-31 23:59:59", false, ""},
		{"2023-02-29T00:00:00Z", false, ""}, {"2030-12-31T24:00:00Z", false, ""}, {"2030-12-31T23:60:00Z", false, ""},
		{"2030-12-31T23:59:59+24:00", false, ""}, {"2030-12-31T23:59:59+0100", false, ""}, {"2030-12-31T23:59:59,5Z", false, ""},
		{"20301231T235959Z", false, ""}, {"2030-12-31T23:59:59Z\n", false, ""}, {"1924992000", false, ""},
	},
	"email": {
		{"ada@example.com", true, ""}, {"Ada.Lovelace+pigello@mail.example.co.uk", true, ""}, {"a@b.se", true, ""},
		{"ada@räksmörgås.se", true, ""}, {"åda@example.com", true, ""}, {"o'brien@example.com", true, ""}, {"a_b-c%d@example.com", true, ""},
		{"ada", false, ""}, {"ada@", false, ""}, {"@example.com", false, ""}, {"ada@@example.com", false, ""}, {"a b@example.com", false, ""},
		{"ada@exa mple.com", false, ""}, {"ada@example..com", false, ""}, {"ada@.example.com", false, ""}, {"ada@example.com\n", false, ""},
		{"Ada <ada@example.com>", false, ""}, {"a@example.com, b@example.com", false, ""},
	},
}

// arrays are samples of JSON arrays whose elements, objects or null, have no documented form.
var arrays = []sample{
	{`[]`, true, ""}, {`[{}]`, true, ""}, {` [ {"a": [1, {"å": "\"\\ 🎉"}]}, null ] `, true, ""},
	{`["a", 1]`, false, anyElements}, {`null`, true, noNullArray},
	{`{}`, false, ""}, {`"a"`, false, ""}, {`7`, false, ""}, {`true`, false, ""}, {`[`, false, ""}, {`[]]`, false, ""}, {`[] []`, false, ""},
	{`[{},]`, false, ""}, {`['a']`, false, ""}, {`a`, false, ""}, {`[{"a": NaN}]`, false, ""}, {``, false, ""},
}

// pictureType is a file as a resource declares it: the path is Terraform's own, and the signed forms of the API are nowhere.
var pictureType = tftypes.Object{AttributeTypes: map[string]tftypes.Type{
	"source": tftypes.String, "name": tftypes.String, "md5_hash": tftypes.String,
}}

func pictures() []candidate {
	picture := func(name any, allowed bool, own ownRule) candidate {
		return candidate{map[string]any{"source": "ada.png", "name": name}, allowed, own}
	}
	return []candidate{
		picture(nil, true, ""), picture("a", true, ""), picture("Ada \"å\" 🎉.png", true, ""), picture(unknown, true, ""),
		picture("", true, noEmptyText), picture(strings.Repeat("å", 255), true, ""), picture(strings.Repeat("å", 256), true, longName),
	}
}

func relationLists() []candidate {
	set := func(allowed bool, own ownRule, ids ...any) candidate {
		return candidate{ids, allowed, own}
	}
	all := []candidate{
		set(true, ""), set(true, "", someID, "00000000-0000-0000-0000-000000000000"),
		set(true, distinctIDs, someID, strings.ToUpper(someID)), set(false, "", nil), set(false, "", someID, nil),
	}
	for _, s := range formats["uuid"] {
		all = append(all, set(s.allowed, s.own, s.text))
	}
	return all
}

func integers(m apispec.Field) []candidate {
	var all []candidate
	for _, n := range []int64{-1, 0, 1, 2, 3, 4, 10, 1<<31 - 1} {
		allowed := m.Enum == nil || m.OpenEnum
		for _, choice := range m.Enum {
			allowed = allowed || choice == float64(n)
		}
		all = append(all, candidate{value: n, allowed: allowed})
	}
	return all
}

// within reports whether a text has a length that the description allows, counted in characters.
func within(m apispec.Field, s string) bool {
	n := uint64(utf8.RuneCountInString(s))
	return n >= m.MinLength && (m.MaxLength == nil || n <= *m.MaxLength)
}

// plainTexts are texts of all kinds of characters in all lengths that matter.
func plainTexts(m apispec.Field) []sample {
	lengths := []uint64{max(1, m.MinLength), m.MinLength + 1}
	if m.MinLength > 1 {
		lengths = append(lengths, m.MinLength-1, 1)
	}
	if m.MaxLength != nil {
		lengths = append(lengths, *m.MaxLength-1, *m.MaxLength, *m.MaxLength+1, 2**m.MaxLength)
	} else {
		lengths = append(lengths, 1000, 10_000)
	}
	var all []sample
	for _, character := range []string{"a", "7", "å", "界", "🎉", `"`, `\`, "<", "&", "%", "-", " ", "\n", "@"} {
		for _, n := range lengths {
			s := strings.Repeat(character, int(n))
			all = append(all, sample{s, within(m, s), ""})
		}
	}
	return all
}

func emailLengths(m apispec.Field) []sample {
	lengths := []uint64{1000}
	if m.MaxLength != nil {
		lengths = []uint64{*m.MaxLength - 1, *m.MaxLength, *m.MaxLength + 1}
	}
	var all []sample
	for _, n := range lengths {
		const domain = "@example.com"
		s := strings.Repeat("å", max(1, int(n)-len(domain))) + domain
		all = append(all, sample{s, within(m, s), ""})
	}
	return all
}

// checkDigits are numbers whose last digit is computed from the nine before it, in all lengths that matter.
func checkDigits(m apispec.Field) []sample {
	least := int(m.MinLength)
	if least == 0 {
		least = 5
	}
	separators := 3
	if m.MaxLength != nil {
		separators = int(*m.MaxLength) - least
	}
	const long = "1990010123855603607"
	var all []sample
	for digits := least - 1; digits <= least+1; digits++ {
		whole := withCheckDigit(long[:digits-1])
		for n := range separators + 2 {
			s := whole[:digits-4] + strings.Repeat("-", n) + whole[digits-4:]
			all = append(all, sample{s, digits == least && n <= separators, ""})
		}
	}
	valid := withCheckDigit(long[:least-1])
	head, last := valid[:least-1], valid[least-1]
	for digit := byte('0'); digit <= '9'; digit++ {
		all = append(all, sample{head + string(digit), digit == last, ""})
	}
	for _, s := range []string{head, head + "x", head + "٣", valid + "\n", " " + valid, valid[:1] + "_" + valid[1:], strings.Repeat("0", least-1) + "1"} {
		all = append(all, sample{s, false, ""})
	}
	before := len(valid) - 4
	all = append(all, sample{valid[:before] + " " + valid[before:], true, oneSeparator}, sample{valid[:2] + "-" + valid[2:], true, oneSeparator})
	if least < 12 {
		return append(all, sample{valid[:before] + "+" + valid[before:], true, oneSeparator})
	}
	all = append(all, sample{valid[:before] + "+" + valid[before:], true, ""})
	for day, exists := range map[string]bool{
		"19900161": true, "20000229": true, "20000289": true, "19900191": true, "00010101": true, "99991231": true,
		"19150072": true, "19150088": true, "19900091": true, "19900160": true, "19901260": true, "19900060": true,
		"19900132": false, "19900100": false, "19900192": false, "19901301": false, "19900001": false, "19000229": false,
		"20230289": false, "00000101": false, "19900000": false, "19900092": false, "19901360": false, "00000060": false,
	} {
		s := sample{withCheckDigit(day + "238"), true, ""}
		if !exists {
			s.own = realDates
		}
		all = append(all, s)
	}
	return all
}

// withCheckDigit appends the digit that makes the last ten digits divisible by ten (Luhn).
func withCheckDigit(digits string) string {
	sum := 0
	for i := range min(9, len(digits)) {
		n := int(digits[len(digits)-1-i]-'0') * (2 - i%2)
		sum += n/10 + n%10
	}
	return digits + string(rune('0'+(10-sum%10)%10))
}

// patterned are texts at the edges of a pattern, and just beyond them.
func patterned(m apispec.Field) []sample {
	pattern := regexp.MustCompile(m.Pattern)
	parsed, _ := syntax.Parse(m.Pattern, syntax.Perl)
	shortest, longest := edges(parsed)
	all := plainTexts(m)
	for i := range all {
		all[i].allowed = all[i].allowed && pattern.MatchString(all[i].text)
	}
	for _, s := range []string{
		shortest, longest, shortest[1:], longest + longest[len(longest)-1:], "x" + shortest, shortest + " ", shortest + "\n", " " + longest,
		shortest[:2] + "-" + shortest[2:], shortest[:2] + " " + shortest[2:], strings.Repeat("٣", len(shortest)), strings.Repeat("x", len(shortest)),
		"+" + shortest, "++" + shortest, shortest + "+", longest[1:], "0" + shortest, strings.Repeat("9", len(shortest)), "å", "plain text",
	} {
		all = append(all, sample{s, pattern.MatchString(s) && within(m, s), ""})
	}
	return all
}

// edges returns one of the shortest and one of the longest texts that a pattern matches.
func edges(re *syntax.Regexp) (shortest, longest string) {
	switch re.Op {
	case syntax.OpLiteral:
		return string(re.Rune), string(re.Rune)
	case syntax.OpCharClass:
		return string(re.Rune[0]), string(re.Rune[len(re.Rune)-1])
	case syntax.OpQuest:
		_, longest = edges(re.Sub[0])
		return "", longest
	case syntax.OpRepeat, syntax.OpStar, syntax.OpPlus:
		a, b := edges(re.Sub[0])
		least, most := re.Min, re.Max
		if re.Op == syntax.OpPlus {
			least = 1
		}
		if re.Op != syntax.OpRepeat || most < 0 {
			most = least + 100
		}
		return strings.Repeat(a, least), strings.Repeat(b, most)
	case syntax.OpConcat:
		for _, sub := range re.Sub {
			a, b := edges(sub)
			shortest, longest = shortest+a, longest+b
		}
	case syntax.OpCapture:
		return edges(re.Sub[0])
	case syntax.OpAlternate:
		shortest, _ = edges(re.Sub[0])
		_, longest = edges(re.Sub[len(re.Sub)-1])
	}
	return shortest, longest
}
