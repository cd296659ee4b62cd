package organizationuser

import (
	"context"
	"sync"

	"github.com/pigello/terraform-provider-pigello/internal/client/model"
	"github.com/pigello/terraform-provider-pigello/internal/provider/managed"
)

const typeName = "pigello_organization_user"

// names are what the API makes full_name and communication_name of.
var names = []string{"first_name", "last_name", "corporate_name", "anonymized", "anonymization_name"}

// layout is made once: Terraform makes a new resource for every call.
var layout = sync.OnceValue(func() *managed.Layout {
	return managed.NewLayout(typeName, model.OrganizationUser, resourceSchema(context.Background()), map[string][]string{
		"full_name":          names,
		"communication_name": names,
	}, managed.WriteOnly{
		Attribute: "ssn_wo", Version: "ssn_wo_version", Declared: "ssn_wo_declared", WrittenAt: "ssn_written_at", Fields: []string{"ssn"},
	})
})
