// Package discovery_test shows how an organization that exists is found and adopted: lists, generated configuration, imports.
package discovery_test

import (
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
	messy func(n int) map[string]any
}{
	userType:     {sandbox.OrganizationUser, messyUser},
	identityType: {sandbox.ProtectedIdentity, messyIdentity},
}

// fill stores n messy objects of a type.
func fill(api *sandbox.Sandbox, of string, n int) {
	for i := range n {
		api.Put(nouns[of].kind, nouns[of].messy(i))
	}
}

// guideBlock returns the one block of code in a language of the guide that holds a mark.
func guideBlock(t *testing.T, language, mark string) string {
	t.Helper()
	var found []string
	for _, block := range acctest.GuideBlocks(t, "adopt-an-organization.md", language) {
		if strings.Contains(block, mark) {
			found = append(found, block)
		}
	}
	if len(found) != 1 {
		t.Fatalf("%d blocks with %s in the guide, want 1", len(found), mark)
	}
	return found[0]
}
