package sandbox

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// show encodes an object for a response, with the changes of the behaviour. The caller must hold the mutex of the store.
func (c *call) show(e *entity, r *record, uploadForm bool) ([]byte, error) {
	constant := r.picture == nil && !c.b.BumpVolatile && len(c.b.HideInReads) == 0
	if constant && r.cached != nil && r.cachedFor == c.b {
		return r.cached, nil
	}
	c.s.store.responses++
	object := make(map[string]any, len(e.byName))
	for _, m := range e.byName {
		value := c.canonical(m.Format, r.fields[m.Name])
		if c.b.RewriteInstants && m.Format == "date-time" {
			value = rewriteInstant(value)
		}
		object[m.Name] = value
	}
	if r.picture != nil {
		object["profile_picture"] = c.showPicture(r.picture, uploadForm)
	}
	if c.b.BumpVolatile {
		for name, value := range volatile(c.s.store.responses) {
			if _, ok := e.fields[name]; ok {
				object[name] = value
			}
		}
	}
	// The following behaviours violate the description on purpose.
	if err := e.schema.VisitJSON(object, responseRules...); err != nil {
		return nil, fmt.Errorf("%s %s breaks the API description: %w", e.kind, r.id, err)
	}
	for _, m := range e.byName {
		if slices.Contains(c.b.Hide, m.Name) || c.r.Method == http.MethodGet && slices.Contains(c.b.HideInReads, m.Name) {
			if _, ok := object[m.Name].(string); ok && c.b.Mask != "" {
				object[m.Name] = c.b.Mask
			} else {
				object[m.Name] = nil
			}
		}
		if c.b.EmptyForNull && m.Type == "string" && m.Nullable && object[m.Name] == nil {
			object[m.Name] = ""
		}
	}
	if c.b.UnknownFields {
		object["a_member_of_tomorrow"] = map[string]any{"nested": []any{true, nil, 1.5}}
		object["zz_revision"] = 7
	}
	text, err := json.Marshal(object)
	if err != nil {
		return nil, err
	}
	if constant {
		r.cached, r.cachedFor = text, c.b
	}
	return text, nil
}

// canonical returns a value in the spelling in which the server stores it, according to the behaviour.
func (c *call) canonical(format string, value any) any {
	s, ok := value.(string)
	if !ok {
		return value
	}
	switch {
	case format == "email" && c.b.LowerEmailDomain:
		at := strings.LastIndexByte(s, '@') + 1
		return s[:at] + strings.ToLower(s[at:])
	case format == "luhn" && c.b.Separators != "":
		digits := strings.Map(func(r rune) rune {
			if r < '0' || r > '9' {
				return -1
			}
			return r
		}, s)
		if c.b.Separators == "strip" || len(digits) < 4 {
			return digits
		}
		return digits[:len(digits)-4] + "-" + digits[len(digits)-4:]
	}
	return s
}

func rewriteInstant(value any) any {
	instant, err := time.Parse(time.RFC3339, text(value))
	if err != nil {
		return value
	}
	return instant.In(time.FixedZone("", 2*60*60)).Format(instantLayout)
}

// volatile returns, for the n-th response, the fields that a server changes by itself.
func volatile(n int) map[string]any {
	instant := time.Date(2026, 1, 1, 0, 0, n, 0, time.UTC).Format(instantLayout)
	odd := n%2 == 1
	return map[string]any{
		"last_login":               instant,
		"hotp_invite_sendout_time": instant,
		"email_verified":           odd,
		"phone_number_verified":    odd,
		"mfa_has_totp":             odd,
		"mfa_has_hotp":             odd,
		"tags":                     []any{fmt.Sprint("tag ", n)},
		"customer_columns":         map[string]any{"column": fmt.Sprint(n)},
	}
}
