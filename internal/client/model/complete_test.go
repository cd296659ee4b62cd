package model

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestComplete checks that a body is completed with the current values of the object, and that no other fields are added.
func TestComplete(t *testing.T) {
	for name, c := range map[string]struct {
		entity  Entity
		body    Body
		current string
		want    string
	}{
		"names and access as they are": {
			OrganizationUser, Body{"email": "a@b.example"}, `{"detail_access": 0, "first_name": "Married", "last_name": null, "custom_id": "x"}`,
			`{"detail_access": 0, "email": "a@b.example", "first_name": "Married"}`,
		},
		"what the body says wins": {
			OrganizationUser, Body{"first_name": nil, "detail_access": 2}, `{"detail_access": 0, "first_name": "Ada", "corporate_name": "AB"}`,
			`{"corporate_name": "AB", "detail_access": 2, "first_name": null}`,
		},
		"another tenant": {
			ProtectedIdentity, Body{"tenant": map[string]any{"id": "b"}}, `{"tenant": {"id": "a"}, "sub_tenant": null}`, `{"tenant": {"id": "b"}}`,
		},
		"a tenant that has become a subtenant": {
			ProtectedIdentity, Body{"tenant": map[string]any{"id": "b"}}, `{"tenant": null, "sub_tenant": {"id": "s"}}`, `{"sub_tenant": null, "tenant": {"id": "b"}}`,
		},
		"the tenant as it is now": {
			ProtectedIdentity, Body{"custom_id": "x"}, `{"tenant": null, "sub_tenant": {"id": "s"}}`, `{"custom_id": "x", "sub_tenant": {"id": "s"}}`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			var current Object
			if err := json.Unmarshal([]byte(c.current), &current); err != nil {
				t.Fatal(err)
			}
			completed, err := c.entity.Complete(c.body, current)
			if err != nil {
				t.Fatal(err)
			}
			got, _ := json.Marshal(completed)
			var x, y any
			_ = json.Unmarshal(got, &x)
			_ = json.Unmarshal([]byte(c.want), &y)
			if diff := cmp.Diff(y, x); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
	if _, err := OrganizationUser.Complete(Body{"email": nil}, Object{"detail_access": []byte(`"x"`)}); err == nil {
		t.Error("a body is completed with a value that cannot be read")
	}
}
