// Package protectedidentity is the resource pigello_protected_identity.
package protectedidentity

import (
	"context"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/resource"

	"github.com/pigello/terraform-provider-pigello/internal/client"
	"github.com/pigello/terraform-provider-pigello/internal/client/model"
	"github.com/pigello/terraform-provider-pigello/internal/provider/managed"
)

// NewResource returns the resource pigello_protected_identity.
func NewResource() resource.Resource { return managed.NewResource(spec()) }

// personalData are the fields that can be write-only values.
var personalData = []string{"first_name", "last_name", "email", "phone_number", "birth_date", "ssn"}

// spec is created once, since the framework creates a new resource for every call.
var spec = sync.OnceValue(func() *managed.Spec {
	return managed.Prepare(managed.Spec{
		TypeName:    typeName,
		Description: description,
		Entity:      model.ProtectedIdentity,
		Objects:     (*client.Client).ProtectedIdentities,
		ImportKeys:  []string{"tenant", "sub_tenant", "custom_id"},
		Attributes:  attributes(context.Background()),
		WriteOnly: &managed.WriteOnly{
			Attribute: "personal_data_wo", Version: "personal_data_wo_version", Declared: "personal_data_wo_members",
			WrittenAt: "personal_data_written_at", Fields: personalData,
		},
	})
})
