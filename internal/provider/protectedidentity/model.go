package protectedidentity

import (
	"sync"

	"github.com/pigello/terraform-provider-pigello/internal/client"
	"github.com/pigello/terraform-provider-pigello/internal/provider/managed"
)

// layout is made once: Terraform makes a new resource for every call.
var layout = sync.OnceValue(func() *managed.Layout {
	return managed.NewLayout(client.ProtectedIdentity, resourceSchema(), nil)
})
