package client_test

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pigello/terraform-provider-pigello/internal/client/transport"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// TestWaitForAnotherCreation lets a creation wait for one with the same key until it ends: the error names the limit, or says that it was canceled.
func TestWaitForAnotherCreation(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := sandbox.New()
		s.Inject(sandbox.Fault{Method: http.MethodPost, Delay: 20 * time.Second})
		users := newClient(t, s).OrganizationUsers()
		var first sync.WaitGroup
		first.Go(func() {
			if _, err := users.Create(t.Context(), bodies["custom_id"]); err != nil {
				t.Errorf("the first: %v", err)
			}
		})
		synctest.Wait()
		limited, cancel := transport.WithLimit(t.Context(), "timeouts.create", 2*time.Second)
		defer cancel()
		_, err := users.Create(limited, bodies["custom_id"])
		if limit, ok := errors.AsType[*transport.LimitError](err); !ok || limit.Name != "timeouts.create" {
			t.Errorf("%#v", err)
		}
		canceled, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		if _, err := users.Create(canceled, bodies["custom_id"]); !errors.Is(err, context.Canceled) {
			t.Errorf("%#v", err)
		}
		first.Wait()
	})
}
