package model

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/pigello/terraform-provider-pigello/internal/ident"
)

// Ordering is the order of a list: by the first key, then by the second, and so on.
type Ordering []orderKey

type orderKey struct {
	field      Field
	descending bool
}

// CheckOrder returns what is wrong with a field to order by, which has a "-" in front for descending order. The error completes a sentence
// that begins with a name ("must be …").
func (e Entity) CheckOrder(field string) error {
	_, err := e.parseOrder(field)
	return err
}

func (e Entity) parseOrder(field string) (orderKey, error) {
	name, descending := strings.CutPrefix(field, "-")
	f, err := e.filterField(name)
	if err == nil && f.Kind == Relations {
		err = errors.New("must be a field with one value, and " + f.Name + " is a list")
	}
	return orderKey{f, descending}, err
}

// Ordering parses the fields to order by. It adds the id as the last one, since paging needs an order in which no two objects are equal.
func (e Entity) Ordering(fields []string) (Ordering, error) {
	var by Ordering
	for i, field := range append(slices.Clip(fields), "id") {
		key, err := e.parseOrder(field)
		if err != nil {
			return nil, fmt.Errorf("the field %d to order by %w", i+1, err)
		}
		if !by.has(key.field) {
			by = append(by, key)
		}
	}
	return by, nil
}

// ByID is the order of ids, in which no two objects are equal.
func (e Entity) ByID() Ordering {
	id, _ := e.Field("id")
	return Ordering{{field: id}}
}

// IsByID reports whether the id is the only key.
func (by Ordering) IsByID() bool { return len(by) == 1 && by[0].field.Name == "id" }

func (by Ordering) has(f Field) bool {
	for _, key := range by {
		if key.field == f {
			return true
		}
	}
	return false
}

// String returns the order as the API spells it.
func (by Ordering) String() string {
	names := make([]string, len(by))
	for i, key := range by {
		if names[i] = key.field.Name; key.descending {
			names[i] = "-" + names[i]
		}
	}
	return strings.Join(names, ",")
}

// Compare compares two objects. sure reports whether every server would order them in the same way: servers differ in the position of null,
// and in the order of texts that differ in more than ASCII letters and digits.
func (by Ordering) Compare(a, b Object) (n int, sure bool) {
	sure = true
	for _, key := range by {
		x, _ := a.Value(key.field)
		y, _ := b.Value(key.field)
		one, sureOfOne := key.field.Kind.compare(x, y)
		if sure = sure && sureOfOne; one != 0 {
			if key.descending {
				one = -one
			}
			return one, sure
		}
	}
	return 0, sure
}

// compare compares two values of a kind. Null is the greatest, as in PostgreSQL.
func (k Kind) compare(a, b any) (n int, sure bool) {
	if a == nil || b == nil {
		return cmp.Compare(boolRank(a == nil), boolRank(b == nil)), a == nil && b == nil
	}
	switch x := a.(type) {
	case bool:
		y, ok := b.(bool)
		return cmp.Compare(boolRank(x), boolRank(y)), ok
	case int64:
		y, ok := b.(int64)
		return cmp.Compare(x, y), ok
	case string:
		y, ok := b.(string)
		n, sure = k.compareTexts(x, y)
		return n, sure && ok
	}
	return 0, false
}

func boolRank(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (k Kind) compareTexts(a, b string) (n int, sure bool) {
	if a == b {
		return 0, true
	}
	switch k {
	case Date:
		return cmp.Compare(a, b), ident.Date{}.Check(a) == nil && ident.Date{}.Check(b) == nil
	case Instant:
		x, err := time.Parse(time.RFC3339, a)
		y, err2 := time.Parse(time.RFC3339, b)
		return x.Truncate(time.Microsecond).Compare(y.Truncate(time.Microsecond)), err == nil && err2 == nil
	case UUID:
		return cmp.Compare(strings.ToLower(a), strings.ToLower(b)), true
	case Relation: // a server may order by the name of the other object
		n = cmp.Compare(strings.ToLower(a), strings.ToLower(b))
		return n, n == 0
	}
	// Servers differ in how they order case, accents and punctuation. If all of these ways agree, all servers agree.
	byCase := cmp.Compare(a, b)
	folded := cmp.Compare(fold(a), fold(b))
	letters := cmp.Compare(alphanumeric(a), alphanumeric(b))
	sure = byCase == folded && folded == letters && isASCII(a) && isASCII(b)
	return cmp.Or(folded, byCase), sure
}

// alphanumeric returns the ASCII letters and digits of a text, without their case.
func alphanumeric(s string) string {
	return strings.Map(func(r rune) rune {
		if r > unicode.MaxASCII || !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, s)
}

func isASCII(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r > unicode.MaxASCII })
}
