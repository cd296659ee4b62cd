package provider_test

import (
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
)

// TestStartAsksNothing holds that the provider does not even connect before there is an object to look at. Terraform starts it
// for much that needs none, and a workspace may hold many providers.
func TestStartAsksNothing(t *testing.T) {
	w := acctest.New(t)
	var connections atomic.Int32
	server := httptest.NewUnstartedServer(w.Sandbox)
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			connections.Add(1)
		}
	}
	server.Start()
	t.Cleanup(server.Close)
	w.Setenv("PIGELLO_BASE_URL", server.URL)
	log := w.TraceTo("provider.log")

	w.Config(explicit + acctest.UserWithID("u", "count = 0"))
	w.OK("providers", "schema", "-json")
	w.OK("validate")
	w.OK("plan")
	content := acctest.ReadFile(t, log)
	if !strings.Contains(content, "Called provider defined Provider Configure") {
		t.Error("the plan has not configured the provider, so it shows nothing")
	}
	if n := connections.Load(); n != 0 {
		t.Errorf("%d connections were made", n)
	}

	// For an object that is yet to be made, the plan looks whether somebody has what identifies it.
	w.Config(explicit + acctest.UserWithID("u"))
	w.OK("plan")
	if connections.Load() == 0 {
		t.Error("no connection was made where one is needed")
	}
}
