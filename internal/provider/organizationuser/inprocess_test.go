package organizationuser_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/compare"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/terraform"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/pigello/terraform-provider-pigello/internal/provider"
	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

const resourceType = "pigello_organization_user"

// serve returns a sandbox and the provider's configuration for it. The environment stays out of it: it belongs to the
// whole process.
func serve(t *testing.T) (*sandbox.Sandbox, attributes) {
	t.Helper()
	t.Parallel()
	api := sandbox.New()
	return api, acctest.Configuration(api, acctest.Listen(t, api))
}

// start starts the provider, as Terraform starts one for each walk. Without a configuration it is not configured.
func start(t *testing.T, configuration attributes) *acctest.InProcess {
	t.Helper()
	p := acctest.Serve(t, provider.New("test")())
	if configuration != nil {
		p.Configure(configuration)
	}
	return p
}

// TestLifecycle runs the provider in the process of the test, where the race detector sees it.
func TestLifecycle(t *testing.T) {
	api, configuration := serve(t)
	config := func(declared attributes) string {
		return configuration.Block(`provider "pigello"`) + users(map[string]attributes{"u": declared, "v": rich, "w": spelling})
	}
	u := address("u")
	bystander := api.Put(kind, map[string]any{"detail_access": 0, "first_name": "Bystander"})
	remote := func() string {
		for _, object := range api.All(kind) {
			if object["custom_id"] == "u" {
				return object["id"].(string)
			}
		}
		t.Fatal("the server has no u")
		return ""
	}
	declared := rich.With(attributes{"custom_id": "u", "anonymized": false})
	changed := other.With(attributes{
		"custom_id": "u", "ssn": nil, "role_id": nil,
		"send_out_distribution_instruction": `[{}]`, // an import takes [] for the null that it means
	})
	sameID, otherID := statecheck.CompareValue(compare.ValuesSame()), statecheck.CompareValue(compare.ValuesDiffer())
	action := func(action plancheck.ResourceActionType, checks ...plancheck.PlanCheck) resource.ConfigPlanChecks {
		return resource.ConfigPlanChecks{PreApply: append(checks, plancheck.ExpectResourceAction(u, action))}
	}

	resource.UnitTest(t, resource.TestCase{
		ProtoV6ProviderFactories: map[string]func() (tfprotov6.ProviderServer, error){
			"pigello": func() (tfprotov6.ProviderServer, error) {
				return providerserver.NewProtocol6WithError(provider.New("test")())()
			},
		},
		CheckDestroy: func(*terraform.State) error {
			if left := api.All(kind); len(left) != 1 || left[0]["id"] != bystander {
				return fmt.Errorf("%d users left", len(left))
			}
			return nil
		},
		Steps: []resource.TestStep{
			{
				Config:           config(declared),
				ConfigPlanChecks: action(plancheck.ResourceActionCreate, plancheck.ExpectUnknownValue(u, tfjsonpath.New("id"))),
				ConfigStateChecks: []statecheck.StateCheck{
					statecheck.ExpectKnownValue(u, tfjsonpath.New("email"), knownvalue.StringExact("ada@example.com")),
					statecheck.ExpectSensitiveValue(u, tfjsonpath.New("ssn")),
					sameID.AddStateValue(u, tfjsonpath.New("id")),
					otherID.AddStateValue(u, tfjsonpath.New("id")),
				},
			},
			{
				ResourceName: u, ImportState: true, ImportStateVerify: true,
				ImportStateVerifyIgnore: []string{"ssn"}, // an import leaves it out
			},
			{
				Config:            config(changed),
				ConfigPlanChecks:  action(plancheck.ResourceActionUpdate, plancheck.ExpectUnknownValue(u, tfjsonpath.New("role_id"))),
				ConfigStateChecks: []statecheck.StateCheck{sameID.AddStateValue(u, tfjsonpath.New("id"))},
			},
			{ResourceName: u, ImportState: true, ImportStateVerify: true},
			{ResourceName: u, ImportState: true, ImportStateKind: resource.ImportBlockWithID},
			{
				PreConfig: func() { api.Change(kind, remote(), map[string]any{"email": "somebody@example.com"}) },
				Config:    config(changed),
				ConfigPlanChecks: action(plancheck.ResourceActionUpdate,
					plancheck.ExpectKnownValue(u, tfjsonpath.New("email"), knownvalue.StringExact("augusta@example.com"))),
				ConfigStateChecks: []statecheck.StateCheck{sameID.AddStateValue(u, tfjsonpath.New("id"))},
			},
			{
				PreConfig:         func() { api.Remove(kind, remote()) },
				Config:            config(changed),
				ConfigPlanChecks:  action(plancheck.ResourceActionCreate),
				ConfigStateChecks: []statecheck.StateCheck{otherID.AddStateValue(u, tfjsonpath.New("id"))},
			},
		},
	})
}

// TestIdentity imports by identity and by id, which Terraform does from 1.12 on, and finds the same user.
func TestIdentity(t *testing.T) {
	api, configuration := serve(t)
	userID := api.Put(kind, body(rich))
	schemas := start(t, nil).Schemas
	for name, from := range map[string]struct {
		id       string
		identity *tfprotov6.ResourceIdentityData
	}{
		"id":             {id: userID},
		"upper-case id":  {id: strings.ToUpper(userID)},
		"identity":       {identity: schemas.Identity(resourceType, userID)},
		"upper identity": {identity: schemas.Identity(resourceType, strings.ToUpper(userID))},
	} {
		read, diags := start(t, configuration).Adopt(t.Context(), resourceType, from.id, from.identity)
		diags.NoErrors(t)
		for attribute, want := range map[string]string{"id": userID, "email": "ada@example.com", "ssn": ""} {
			if got := acctest.Text(read.Fields()[attribute]); got != want {
				t.Errorf("%s: %s: want %q, got %q", name, attribute, want, got)
			}
		}
		if got := schemas.IdentityID(read); got != userID {
			t.Errorf("%s: want the identity %s, got %q", name, userID, got)
		}
	}

	for _, id := range []string{"emp-42", "deadbeef-0000-4000-8000-abcdefabcdef"} {
		_, diags := start(t, configuration).Adopt(t.Context(), resourceType, "", schemas.Identity(resourceType, id))
		if len(diags) != 1 || diags.Err() == nil || strings.Contains(diags[0].Summary, "Identity") {
			t.Errorf("%s: want one error, got %v", id, diags)
		}
	}
}

// TestGoneWithoutIdentity reads a user who is gone, from a state without identities: those of Terraform 1.11 and before are
// all so (TestRemovedBehindTheBack lives through it with a real one), and those of later versions until the first apply.
// The framework takes a null identity after a read for the provider's mistake, even if the object is gone.
func TestGoneWithoutIdentity(t *testing.T) {
	api, configuration := serve(t)
	schemas := start(t, nil).Schemas
	api.Put(kind, map[string]any{"detail_access": 0, "first_name": "Bystander"})
	gone := api.Put(kind, map[string]any{"detail_access": 0, "first_name": "Ada"})
	// Without created_at, since what is new would be waited for.
	state := acctest.Value(schemas.Resource(resourceType), attributes{"id": gone})
	seen, diags := start(t, configuration).Read(t.Context(), acctest.Object{Of: resourceType, State: state})
	diags.NoErrors(t)
	api.Remove(kind, gone)
	identity := schemas.Identities[resourceType].ValueType()
	for name, identity := range map[string]*tfprotov6.ResourceIdentityData{
		"no identity":   nil,
		"null identity": {IdentityData: acctest.Dynamic(identity, nil)},
		"null id":       {IdentityData: acctest.Dynamic(identity, attributes{})},
		"identity":      schemas.Identity(resourceType, gone),
	} {
		read, diags := start(t, configuration).Read(t.Context(), acctest.Object{
			Of: resourceType, State: state, Private: seen.Private, Identity: identity,
		})
		diags.NoErrors(t)
		if len(diags) != 1 || !strings.Contains(diags[0].Text(), gone) {
			t.Errorf("%s: want one warning with the id, got %v", name, diags)
		}
		if !read.State.IsNull() {
			t.Errorf("%s: the state remains: %v", name, read.State)
		}
	}
}
