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
	query := Query{}
	if name, asked, ok := (condition{member: m, operands: []string{value}}).parameter(); ok {
		query[name] = asked
	}
	return query
}

func bareDigits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}
