package client

import (
	"context"
	"strings"
)

// Find returns the objects whose member has that value, in whatever spelling. The API's own filter narrows what is
// transferred; the comparison here decides, since a server may ignore a filter that it does not know.
func (c *Collection) Find(ctx context.Context, m Member, value string) ([]Object, error) {
	var found []Object
	for object, err := range c.List(ctx, m.query(value)) {
		if err != nil {
			return nil, err
		}
		have, err := object.Value(m)
		if err != nil {
			return nil, err
		}
		if m.Kind.Equal(have, value) {
			found = append(found, object)
		}
	}
	return found, nil
}

// query asks for a value in all the spellings in which the API may hold it.
func (m Member) query(value string) Query {
	switch m.Kind {
	case Email:
		return Query{m.Name + "__iexact": value}
	case PersonalNumber, OrganizationNumber:
		digits := bareDigits(value)
		head, tail := digits[:max(0, len(digits)-4)], digits[max(0, len(digits)-4):]
		all := []string{digits, head + "-" + tail}
		if m.Kind == PersonalNumber {
			all = append(all, head+"+"+tail)
		}
		return Query{m.Name + "__in": strings.Join(all, ",")}
	default:
		return Query{m.Name: value}
	}
}

func bareDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}
