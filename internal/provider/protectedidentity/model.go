package protectedidentity

import (
	"context"
	"sync"

	"github.com/pigello/terraform-provider-pigello/internal/client/model"
	"github.com/pigello/terraform-provider-pigello/internal/provider/managed"
)

const typeName = "pigello_protected_identity"

// personalData are the members that may come as write-only values.
var personalData = []string{"first_name", "last_name", "email", "phone_number", "birth_date", "ssn"}

// layout is made once: Terraform makes a new resource for every call.
var layout = sync.OnceValue(func() *managed.Layout {
	return managed.NewLayout(typeName, model.ProtectedIdentity, resourceSchema(context.Background()), nil, managed.WriteOnly{
		Attribute: "personal_data_wo", Version: "personal_data_wo_version", Declared: "personal_data_wo_members",
		WrittenAt: "personal_data_written_at", Fields: personalData,
	})
})
