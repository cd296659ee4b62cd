// Package discovery_test shows how an organization that exists is found and adopted: lists, generated configuration, imports.
package discovery_test

import (
	"os"
	"strings"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

func TestMain(m *testing.M) { acctest.Main(m) }

const (
	userType     = "pigello_organization_user"
	identityType = "pigello_protected_identity"
)

// nouns are what can be listed.
var nouns = map[string]struct {
	kind  string
	path  string
	messy func(n int) map[string]any
}{
	userType:     {sandbox.OrganizationUser, "/accounts/users/organization/organizationuser/", messyUser},
	identityType: {sandbox.ProtectedIdentity, "/accounts/users/tenant/protectedidentity/", messyIdentity},
}

// fill stores n messy objects of a type.
func fill(api *sandbox.Sandbox, of string, n int) {
	for i := range n {
		api.Put(nouns[of].kind, nouns[of].messy(i))
	}
}

// guide returns the configurations in the guide: a query, an import block, and a user of whom something is ignored.
func guide(t *testing.T) []string {
	t.Helper()
	content, err := os.ReadFile("../../../templates/guides/adopt-an-organization.md")
	if err != nil {
		t.Fatal(err)
	}
	blocks := strings.Split(string(content), "```terraform\n")[1:]
	for i := range blocks {
		blocks[i], _, _ = strings.Cut(blocks[i], "```")
	}
	if len(blocks) != 3 {
		t.Fatalf("%d configurations in the guide, want 3", len(blocks))
	}
	return blocks
}
