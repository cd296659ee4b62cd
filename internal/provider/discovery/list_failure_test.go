package discovery_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/pigello/terraform-provider-pigello/internal/provider/acctest"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

// TestListFails breaks lists off: what follows what was found already is an error, and nothing else.
func TestListFails(t *testing.T) {
	all := func(f sandbox.Fault) sandbox.Fault { f.Times = -1; return f }
	for name, c := range map[string]struct {
		fault sandbox.Fault
		want  string
	}{
		"server error":    {all(sandbox.Fault{Status: 500}), "500"},
		"throttled":       {all(sandbox.Fault{Status: 429, Header: http.Header{"Retry-After": {"0"}}}), "429"},
		"credentials":     {sandbox.Fault{Status: 401}, "credentials"},
		"forbidden":       {sandbox.Fault{Status: 403}, "permission"},
		"not found":       {sandbox.Fault{Status: 404}, "404"},
		"cut off":         {all(sandbox.Fault{Truncate: true}), "/list/"},
		"dropped":         {all(sandbox.Fault{Drop: true}), "/list/"},
		"a page":          {sandbox.Fault{Body: "<html>maintenance</html>"}, "list of objects"},
		"an object":       {sandbox.Fault{Body: `{"detail": "later"}`}, "list of objects"},
		"null":            {sandbox.Fault{Body: "null"}, "list of objects"},
		"half":            {sandbox.Fault{Body: `[{"id": "497f6eca-6276-4993-bfeb-53cbbbba6f08"}`}, "list of objects"},
		"no id":           {sandbox.Fault{Body: `[{"first_name": "Ada"}]`}, "an id in every object"},
		"an id that lies": {sandbox.Fault{Body: `[{"id": "19900101-2385"}]`}, "an id in every object"},
	} {
		for _, page := range []int{1, 2} {
			t.Run(fmt.Sprintf("%s on page %d", name, page), func(t *testing.T) {
				if name == "not found" && page == 2 {
					t.Skip("that is an end")
				}
				t.Parallel()
				api := sandbox.New(func(b *sandbox.Behaviour) { b.PageCap = 10 })
				var requests atomic.Int32
				p := startBehind(t, api, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if int(requests.Add(1)) == page {
						api.Inject(c.fault)
					}
					api.ServeHTTP(w, r)
				}))
				fill(api, userType, 25)
				found := p.List(t.Context(), acctest.ListRequest{Of: userType, Include: true})
				if len(found.IDs) != 10*(page-1) || len(found.Errors()) != 1 || len(found.Warnings()) != 0 {
					t.Fatalf("%d results, errors %v", len(found.IDs), found.Errors())
				}
				said := found.Errors()[0].Text()
				if !strings.Contains(said, c.want) || !strings.HasPrefix(said, "Could not list the organization users\n") {
					t.Errorf("the error says\n%s", said)
				}
				for _, secret := range secrets {
					if strings.Contains(said, secret) {
						t.Errorf("the error holds %s:\n%s", secret, said)
					}
				}
			})
		}
	}
}

// TestListOfTheUnreadable leaves out an object that an import could not read, and says so. One error would make Terraform drop
// all results.
func TestListOfTheUnreadable(t *testing.T) {
	for of, fields := range map[string]map[string]string{
		userType:     {"email": "5", "is_active": `"Hemlig"`, "role": `"Hemlig"`, "external_clients": "[5]", "ssn": "199001012385", "detail_access": "1.5"},
		identityType: {"tenant": `"Hemlig"`, "ssn": "199001012385", "created_at": "5"},
	} {
		for field, broken := range fields {
			t.Run(of+" "+field, func(t *testing.T) {
				t.Parallel()
				api := sandbox.New()
				fill(api, of, 5)
				id := api.All(nouns[of].kind)[2]["id"].(string)
				p := startBehind(t, api, acctest.Rewrite(api, func(object map[string]any) {
					if object["id"] == id {
						object[field] = json.RawMessage(broken)
					}
				}))
				found := p.List(t.Context(), acctest.ListRequest{Of: of, Include: true})
				if len(found.IDs) != 4 || slices.Contains(found.IDs, id) || len(found.Errors()) > 0 || len(found.Warnings()) != 1 {
					t.Fatalf("%v, errors %v, warnings %v", found.IDs, found.Errors(), found.Warnings())
				}
				warning := found.Warnings()[0]
				if !strings.Contains(warning.Summary, id) || !strings.Contains(warning.Detail, field) {
					t.Error(warning)
				}
				for _, secret := range secrets {
					if strings.Contains(warning.Text(), secret) {
						t.Errorf("the warning holds %s", secret)
					}
				}
				// An id can always be shown.
				if found := p.List(t.Context(), acctest.ListRequest{Of: of}); len(found.IDs) != 5 || len(found.Diagnostics) > 0 {
					t.Errorf("%v, errors %v, warnings %v", found.IDs, found.Errors(), found.Warnings())
				}
			})
		}
	}
}

// TestListUnconfigured lists while nobody knows with which credentials.
func TestListUnconfigured(t *testing.T) {
	p := unconfigured(t)
	for of := range nouns {
		found := p.List(t.Context(), acctest.ListRequest{Of: of})
		if len(found.IDs) > 0 || len(found.Errors()) != 1 || !strings.Contains(found.Errors()[0].Detail, "configuration is not known") {
			t.Errorf("%v, %v", found.IDs, found.Errors())
		}
	}
}

// TestListLeaksNothing looks for what is secret in all that a list sends to Terraform.
func TestListLeaksNothing(t *testing.T) {
	p, api := start(t)
	for of := range nouns {
		fill(api, of, 100)
		var sent bytes.Buffer
		for result := range p.OpenList(t.Context(), acctest.ListRequest{Of: of, Include: true}).Results {
			for _, part := range []*tfprotov6.DynamicValue{result.Resource, result.Identity.IdentityData} {
				sent.Write(part.JSON)
				sent.Write(part.MsgPack)
			}
			sent.WriteString(result.DisplayName)
		}
		if sent.Len() < 100*len("497f6eca-6276-4993-bfeb-53cbbbba6f08") {
			t.Errorf("%s: only %d bytes", of, sent.Len())
		}
		for _, secret := range secrets {
			if bytes.Contains(sent.Bytes(), []byte(secret)) {
				t.Errorf("%s: %s was sent", of, secret)
			}
		}
	}
}

// TestListInterrupted stops the provider in the middle of a list, as Terraform does for Ctrl-C. The error must be out before the
// response: after it, nothing that the list says is heard.
func TestListInterrupted(t *testing.T) {
	p, api := start(t, func(b *sandbox.Behaviour) { b.PageCap = 10 })
	fill(api, userType, 25)
	var all acctest.Listed
	var failed atomic.Bool
	over, paged := make(chan struct{}), make(chan struct{})
	second := sync.OnceFunc(func() {
		api.Inject(sandbox.Fault{Delay: time.Hour})
		close(paged)
	})
	stream := p.OpenList(t.Context(), acctest.ListRequest{Of: userType, Include: true})
	go func() {
		for result := range stream.Results {
			p.Add(&all, userType, result)
			failed.Store(len(all.Errors()) > 0)
			if len(all.IDs) == 10 {
				second()
			}
		}
		close(over)
	}()
	<-paged
	if _, err := p.StopProvider(t.Context(), &tfprotov6.StopProviderRequest{}); err != nil {
		t.Fatal(err)
	}
	if !failed.Load() {
		t.Error("the provider says that it has stopped, and the list has not said that it is not whole")
	}
	<-over
	if len(all.IDs) != 10 || len(all.Errors()) != 1 || !strings.Contains(all.Errors()[0].Detail, "canceled") {
		t.Errorf("%d results, %v", len(all.IDs), all.Errors())
	}
	// A list that nobody reads keeps nobody waiting for ever, and another one works.
	p.OpenList(t.Context(), acctest.ListRequest{Of: userType})
	if _, err := p.StopProvider(t.Context(), &tfprotov6.StopProviderRequest{}); err != nil {
		t.Fatal(err)
	}
	if found := p.List(t.Context(), acctest.ListRequest{Of: userType}); len(found.IDs) != 25 || len(found.Errors()) > 0 {
		t.Errorf("%d results, %v", len(found.IDs), found.Errors())
	}
}
