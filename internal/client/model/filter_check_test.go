package model

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestCheckFilter(t *testing.T) {
	id := uuid(7)
	for _, c := range []struct {
		name, operand string
		want          string // a part of the error; "" for none
	}{
		{"email", "a@b.example", ""},
		{"email!", "a@b.example", ""},
		{"email__iendswith", "@b.example", ""},
		{"email__iendswith!", " ", ""}, // nothing is trimmed
		{"first_name__in", "Ada, Bo", ""},
		{"role", id, ""},
		{"role_id", strings.ToUpper(id), ""},
		{"role_id__isnull!", "true", ""},
		{"external_clients__in", id + "," + id, ""},
		{"external_client_ids!", id, ""},
		{"custom_id", "c", ""}, // which is no relation
		{"detail_access__lte!", "-2147483648", ""},
		{"is_active", "false", ""},
		{"is_active__in", "true,false", ""},
		{"birth_date__gt", "2000-02-29", ""},
		{"created_at__lt", "2026-01-01T00:00:00.123456000+02:00", ""},
		{"ssn", "19900101-2385", ""},
		{"ssn__in", "199001012385,19900101+2385", ""},
		{"ssn__startswith", "19900101-", ""},
		{"org_no__contains!", "0-0", ""},
		{"username__iexact", "ada", ""},

		{"", "x", "must name a field of the organization user. The fields are active_to, "},
		{"!", "x", "must name a field of"},
		{"nothing", "x", "must name a field of"},
		{"Email", "a@b.example", "must name a field of"},
		{"email ", "a@b.example", "must name a field of"},
		{"custom", "x", "must name a field of"},
		{"custom_ids", "x", "must name a field of"},
		{"role_ids", id, "must name a field of"},
		{"external_client_id", id, "must name a field of"},
		{"external_clients_id", id, "must name a field of"},
		{"_page", "7", "must name a field of"},
		{"__in", "x", "must name a field of"},
		{"role__name", "x", "an operator that role has: none (the exact match), in, isnull"},
		{"full_name", "x", "which full_name is not"},
		{"tags__isnull", "true", "which tags is not"},
		{"profile_picture", "x", "which profile_picture is not"},
		{"invoice_distribution_instruction", "[]", "must name a field that"},
		{"email__gt", "a", "an operator that email has: none (the exact match), contains, endswith, "},
		{"email__exact", "a@b.example", "an operator"},
		{"email__", "a@b.example", "an operator"},
		{"email__in__in", "a@b.example", "an operator"},
		{"email!!", "a@b.example", "must name a field of"},
		{"email!__in", "a@b.example", "must name a field of"},
		{"email__iexact!!", "a@b.example", "an operator"},
		{"email__IEXACT", "a@b.example", "an operator"},
		{"is_active__gt", "true", "an operator that is_active has"},
		{"role__contains", "a", "an operator"},
		{"detail_access__contains", "1", "an operator"},
		{"created_at__range", "x", "an operator"},

		{"email", "", "is empty"},
		{"email__contains", "", "is empty"},
		{"email__isnull", "", "is empty"},
		{"email__isnull", "True", "must be true or false"},
		{"email__isnull", "1", "must be true or false"},
		{"role__isnull", "null", "must be true or false"},
		{"is_active", "yes", "must be true or false"},
		{"is_active__in", "true,maybe", "is a list whose element 2 must be true or false"},
		{"first_name__in", "Ada,", "is a list whose element 2 is empty"},
		{"first_name__in", ",", "is a list whose element 1 is empty"},
		{"detail_access", "1.0", "must be a whole number"},
		{"detail_access", "01", "must be a whole number"},
		{"detail_access", "+1", "must be a whole number"},
		{"detail_access", " 1", "must be a whole number"},
		{"detail_access__gt", "2147483648", "must be a whole number"},
		{"birth_date", "2001-02-29", "must be a real date"},
		{"birth_date__lt", "2001-01-01T00:00:00Z", "must be a real date"},
		{"created_at", "2026-01-01", "must be a time as in RFC 3339"},
		{"created_at__gte", "2026-01-01T00:00:00.1234567Z", "must have at most six digits"},
		{"role", "ada", "must be a UUID"},
		{"id__in", id + ", " + id, "is a list whose element 2 must be a UUID"},
		{"external_clients", "[]", "must be a UUID"},
		{"ssn", "199001012386", "must be a personal number"},
		{"ssn__in", "199001012385,9001012385", "is a list whose element 2 must be 12 digits"},
		{"ssn__contains", "canary", "must be a part of a number"},
		{"ssn__startswith", "-", "must be a part of a number"},
		{"org_no__endswith", "079３", "must be a part of a number"},
		{"org_no__iexact", "556036-0794", "must be an organization number"},
		{"email", "canary", "must be an e-mail address"},
		{"email__iexact", "@b.example", "must be an e-mail address"},
		{"phone_number", "070-canary", "must be a phone number"},
	} {
		err := OrganizationUser.CheckFilter(c.name, c.operand)
		switch {
		case err == nil:
			if c.want != "" {
				t.Errorf("%s = %q is accepted", c.name, c.operand)
			}
		case c.want == "" || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "canary") ||
			!strings.HasPrefix(err.Error(), "must ") && !strings.HasPrefix(err.Error(), "is empty; ") && !strings.HasPrefix(err.Error(), "is a list whose element "):
			t.Errorf("%s = %q: %v, want %q", c.name, c.operand, err, c.want)
		}
		if named := OrganizationUser.CheckFilterName(c.name); (named != nil) != (strings.Contains(c.want, "operator that") || c.want == "an operator" || strings.Contains(c.want, "field") || strings.Contains(c.want, "which")) {
			t.Errorf("%s: the name alone: %v", c.name, named)
		}
	}
}

func TestCheckOrder(t *testing.T) {
	for field, want := range map[string]string{
		"id": "", "-id": "", "email": "", "-created_at": "", "role": "", "-role_id": "", "ssn": "", "is_active": "",
		"": "must name a field of", "-": "must name a field of", "--id": "must name a field of", "+id": "must name a field of", "id,email": "must name a field of",
		"email__in": "must name a field of", "email!": "must name a field of", "nothing": "must name a field of",
		"full_name": "must name a field that", "tags": "must name a field that", "external_clients": "with one value", "-external_client_ids": "with one value",
	} {
		if err := OrganizationUser.CheckOrder(field); (err == nil) != (want == "") || err != nil && !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", field, err, want)
		}
	}
}

// FuzzFilter parses any filter. A valid one is sent as one parameter that the API has, can be compared with any object, and finds objects with
// exactly its value.
func FuzzFilter(f *testing.F) {
	for _, name := range []string{
		"email", "email__in!", "ssn__startswith", "ssn__contains!", "org_no__endswith", "role_id__isnull!", "created_at__gte", "detail_access__in",
		"external_client_ids", "first_name__icontains", "email__endswith", "is_active", "__", "!", "email!!", "x__y__z",
	} {
		for _, operand := range []string{"true", "1", uuid(7), "19900101-2385", "@Ä.example", "a@b.example", "2026-01-01T00:00:00.5Z", "a,b", "%2C&_page=9\x00", "İß"} {
			f.Add(name, operand, `{"id": "`+uuid(0xabc)+`", "email": "a@B.example", "ssn": "199001012385", "first_name": "iSS"}`)
		}
	}
	f.Add("email__endswith", "@", `{"email": "no address"}`)
	f.Add("created_at__lt", "2026-01-01T00:00:00Z", `{"created_at": "yesterday"}`)
	f.Fuzz(func(t *testing.T, name, operand, respond string) {
		c, err := OrganizationUser.ParseFilter(name, operand)
		if err != nil {
			if strings.Contains(err.Error(), "\x00") || len(operand) > 8 && strings.Contains(err.Error(), operand) && !strings.Contains(name, operand) {
				t.Errorf("%q quotes its operand: %v", name, err)
			}
			return
		}
		if parameter, value, ok := c.Parameter(); ok {
			back, err := url.ParseQuery(url.Values{parameter: {value}}.Encode())
			if err != nil || len(back) != 1 || back.Get(parameter) != value || strings.HasPrefix(parameter, "_") {
				t.Errorf("%s = %q is sent as %q = %q", name, operand, parameter, value)
			}
			if err := OrganizationUser.CheckFilter(parameter, value); err != nil && !c.field.isNumber() {
				t.Errorf("%s = %q is sent as %q = %q: %v", name, operand, parameter, value, err)
			}
		}
		var object Object
		if json.Unmarshal([]byte(respond), &object) == nil {
			found, _, err := c.Matches(object)
			contrary := c
			contrary.negated = !c.negated
			opposite, _, err2 := contrary.Matches(object)
			value, _ := object.Value(c.field)
			ids, isList := value.([]string)
			present := value != nil && (!isList || len(ids) > 0)
			if (err == nil) != (err2 == nil) || err == nil && present && found == opposite {
				t.Errorf("%s = %q and its contrary on %s: %v (%v), %v (%v)", name, operand, respond, found, err, opposite, err2)
			}
		}
		if text, err := json.Marshal(operand); err == nil && c.field.isText() && c.operator != "in" && c.operator != "isnull" && utf8.ValidString(operand) {
			if found, _, err := c.Matches(Object{c.field.Name: text}); err != nil || found == c.negated {
				t.Errorf("%s = %q does not decide on its own operand: %v, %v", name, operand, found, err)
			}
		}
	})
}
