package organizationuser

import (
	"sync"

	"github.com/pigello/terraform-provider-pigello/internal/client"
	"github.com/pigello/terraform-provider-pigello/internal/provider/managed"
)

// names are what the API makes full_name and communication_name of.
var names = []string{"first_name", "last_name", "corporate_name", "anonymized", "anonymization_name"}

// layout is made once: Terraform makes a new resource for every call.
var layout = sync.OnceValue(func() *managed.Layout {
	return managed.NewLayout(client.OrganizationUser, resourceSchema(), map[string][]string{
		"full_name":          names,
		"communication_name": names,
	}, managed.WriteOnly{
		Attribute: "ssn_wo", Version: "ssn_wo_version", WrittenAt: "ssn_written_at", Members: []string{"ssn"},
	})
})
