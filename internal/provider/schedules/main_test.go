// Package schedules_test runs the provider in process, in time that passes by itself, on networks and against servers that behave oddly.
package schedules_test

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/provider"
	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

const userType = "pigello_organization_user"

// nobody is a user whom Terraform does not know.
var nobody = acctest.Object{Of: userType}

// start starts a provider that sends its requests to a sandbox through a transport, as Terraform starts a new one for each walk.
func start(t *testing.T, transport http.RoundTripper, api *sandbox.Sandbox) *acctest.InProcess {
	t.Helper()
	p := acctest.Serve(t, &provider.Provider{Version: "test", Transport: transport})
	return p.Configure(acctest.Configuration(api, "https://host.example"))
}

// creations holds the plans of creations, which depend on the configuration alone: the framework takes its time for a plan, and
// the schedules create the same users again and again.
var creations sync.Map

// plan plans a change, which may not be a replacement.
func plan(ctx context.Context, p *acctest.InProcess, prior acctest.Object, config map[string]any) (acctest.Change, error) {
	key := fmt.Sprint(config)
	if planned, ok := creations.Load(key); ok && prior.State.IsNull() {
		return planned.(acctest.Change), nil
	}
	c, diags := p.Plan(ctx, prior, config)
	if err := diags.Err(); err != nil {
		return c, err
	}
	if len(c.Replaces) > 0 {
		return c, fmt.Errorf("the plan replaces: %v", c.Replaces)
	}
	if prior.State.IsNull() {
		creations.Store(key, c)
	}
	return c, nil
}

// id returns the id of a user, "" if there is none.
func id(user acctest.Object) string { return acctest.Text(user.Fields()["id"]) }
