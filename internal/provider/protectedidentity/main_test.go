package protectedidentity_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

func TestMain(m *testing.M) { acctest.Main(m) }

const (
	kind         = sandbox.ProtectedIdentity
	path         = "/accounts/users/customer/protectedidentity/"
	resourceType = "pigello_protected_identity"
)

// personal are the attributes that say who somebody is.
var personal = []string{"first_name", "last_name", "email", "phone_number", "birth_date", "ssn"}

// uuid returns the n-th of the ids in a group of them.
func uuid(group string, n int) string { return fmt.Sprintf("%s-0000-4000-8000-%012d", group, n) }

const (
	tenants       = "7e000000"
	subTenants    = "5b000000"
	addresses     = "ad000000"
	organizations = "0a000000"
)

type (
	expr       = acctest.Expr
	attributes = acctest.Attributes
)

// bodyOf is what a request says that declares the attributes, given those that are relations as ids.
func bodyOf(a attributes) map[string]any {
	body := map[string]any{}
	for name, value := range a {
		if field, ok := strings.CutSuffix(name, "_id"); ok && name != "custom_id" {
			body[field] = nil
			if value != nil {
				body[field] = map[string]any{"id": value}
			}
			continue
		}
		body[name] = value
	}
	return body
}

// resource returns the block of a protected identity with a name.
func resource(name string, a attributes) string { return a.Resource(resourceType, name) }

func address(name string) string { return "pigello_protected_identity." + name }

// rich declares every attribute, for the n-th tenant.
func rich(n int) attributes {
	return attributes{
		"tenant_id":                     uuid(tenants, n),
		"custom_id":                     fmt.Sprintf("case-%d", n),
		"organization_id":               uuid(organizations, 1),
		"previous_address_id":           uuid(addresses, 1),
		"current_registered_address_id": uuid(addresses, 2),
		"future_address_id":             uuid(addresses, 3),
		"first_name":                    `Åsa "Ö" \ 👩‍🚒 ${x} %{y}`,
		"last_name":                     strings.Repeat("é", 255),
		"email":                         "Asa.Ö@Example.com",
		"phone_number":                  "+46701234567",
		"birth_date":                    "1990-01-01",
		"ssn":                           "19900101-2385",
	}
}

// id returns the id of a resource in the state.
func id(t *testing.T, w *acctest.Workspace, name string) string {
	t.Helper()
	id, _ := w.Attributes(address(name))["id"].(string)
	if id == "" {
		t.Fatalf("%s has no id", name)
	}
	return id
}

// ids returns the ids of all resources in the state by name.
func ids(t *testing.T, w *acctest.Workspace) map[string]string {
	t.Helper()
	found := map[string]string{}
	for _, i := range w.Instances() {
		if i.Mode == "managed" {
			found[i.Name], _ = i.Attributes["id"].(string)
		}
	}
	return found
}
