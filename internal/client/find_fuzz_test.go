package client

import (
	"encoding/json"
	"net/url"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/client/model"
)

// FuzzFind searches for any value in any response: the filter is sent as one parameter with the correct value, and only objects with the value
// are found.
func FuzzFind(f *testing.F) {
	for _, value := range []string{"19900101-2385", "4020001238", "Ada@EXAMPLE.com", "a,b&_page=9", "%2C+\x00", "ÅÄÖ", "-", ""} {
		f.Add(value, `[`+theObject+`, {"id": "`+uuidOf(1)+`", "email": "Ada@example.com", "ssn": "199001012385"}]`)
	}
	f.Add("x", `[{"id": 7}]`)
	f.Add("x", `[{"id": "`+theID+`", "custom_id": {}}]`)
	f.Fuzz(func(t *testing.T, value, respond string) {
		for _, name := range []string{"custom_id", "email", "ssn", "org_no", "organization"} {
			m, _ := model.OrganizationUser.Field(name)
			for parameter, requested := range m.Lookup(value) {
				sent := url.Values{parameter: {requested}}
				if back, err := url.ParseQuery(sent.Encode()); err != nil || len(back) != 1 || back.Get(parameter) != requested {
					t.Errorf("%q is sent as %q", requested, sent.Encode())
				}
			}
			found, err := newTestClient(t, inSequence(ok(respond), ok("[]")), retries(0)).OrganizationUsers().Find(t.Context(), m, value)
			if err != nil {
				continue
			}
			var all []json.RawMessage
			if json.Unmarshal([]byte(respond), &all) != nil || len(found) > len(all) {
				t.Errorf("%d objects are found in %q", len(found), respond)
			}
			for _, object := range found {
				if have, err := object.Value(m); err != nil || !m.Kind.Equal(have, value) {
					t.Errorf("%s is %v, not %q (%v)", name, have, value, err)
				}
			}
		}
	})
}
