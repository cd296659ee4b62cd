package ident

import (
	"errors"
	"regexp"
	"time"
)

// instant checks what time.Parse with the layout RFC3339 does not check: two digits for the hour, a point before the fraction, and an offset
// of less than a day.
var instant = regexp.MustCompile(`^[-\d]{10}T[\d:]{8}(\.\d+)?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)$`)

// Instant is a moment in time, such as 2026-03-01T08:00:00+01:00: the format "date-time" of the apispec, in strict
// RFC 3339 (section 5.6) with upper-case T and Z and a point before fractions of a second.
type Instant struct{}

// Check accepts moments that exist. A leap second (:60) is refused: neither Go nor the server's language can represent one.
func (Instant) Check(s string) error {
	if _, ok := parseInstant(s); !ok {
		return errors.New("must be a time as in RFC 3339, such as 2026-03-01T08:00:00Z")
	}
	return nil
}

// Equal reports whether a and b are less than a microsecond apart, whatever their offsets are: servers store microseconds, and either
// truncate or round the rest.
func (Instant) Equal(a, b string) bool {
	if a == b {
		return true
	}
	ta, okA := parseInstant(a)
	tb, okB := parseInstant(b)
	return okA && okB && ta.Sub(tb).Abs() < time.Microsecond
}

func parseInstant(s string) (time.Time, bool) {
	if !instant.MatchString(s) {
		return time.Time{}, false
	}
	t, err := time.Parse(time.RFC3339, s)
	return t, err == nil
}
