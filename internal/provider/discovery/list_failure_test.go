package discovery_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

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
				p := inFront(t, api, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					if int(requests.Add(1)) == page {
						api.Inject(c.fault)
					}
					api.ServeHTTP(w, r)
				}))
				fill(api, userType, 25)
				found := p.list(t, request{of: userType, include: true})
				if len(found.ids) != 10*(page-1) || len(found.errors) != 1 || len(found.warnings) != 0 {
					t.Fatalf("%d results, errors %v", len(found.ids), found.errors)
				}
				said := found.errors[0].Summary + "\n" + found.errors[0].Detail
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

// broken answers lists with a member of one object that cannot be read.
func broken(api http.Handler, id, member, value string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		recorder := httptest.NewRecorder()
		api.ServeHTTP(recorder, r)
		var objects []map[string]json.RawMessage
		if json.Unmarshal(recorder.Body.Bytes(), &objects) == nil {
			for _, object := range objects {
				if string(object["id"]) == `"`+id+`"` {
					object[member] = json.RawMessage(value)
				}
			}
			recorder.Body.Reset()
			_ = json.NewEncoder(recorder.Body).Encode(objects)
		}
		w.WriteHeader(recorder.Code)
		_, _ = w.Write(recorder.Body.Bytes())
	})
}

// TestListOfTheUnreadable leaves out an object that an import could not read, and says so. One error would make Terraform drop
// all results.
func TestListOfTheUnreadable(t *testing.T) {
	for of, members := range map[string]map[string]string{
		userType:     {"email": "5", "is_active": `"Hemlig"`, "role": `"Hemlig"`, "external_clients": "[5]", "ssn": "199001012385", "detail_access": "1.5"},
		identityType: {"tenant": `"Hemlig"`, "ssn": "199001012385", "created_at": "5"},
	} {
		for member, broke := range members {
			t.Run(of+" "+member, func(t *testing.T) {
				t.Parallel()
				api := sandbox.New()
				fill(api, of, 5)
				id := api.All(nouns[of].kind)[2]["id"].(string)
				p := inFront(t, api, broken(api, id, member, broke))
				found := p.list(t, request{of: of, include: true})
				if len(found.ids) != 4 || slices.Contains(found.ids, id) || len(found.errors) > 0 || len(found.warnings) != 1 {
					t.Fatalf("%v, errors %v, warnings %v", found.ids, found.errors, found.warnings)
				}
				warning := found.warnings[0]
				if !strings.Contains(warning.Summary, id) || !strings.Contains(warning.Detail, member) {
					t.Errorf("%s\n%s", warning.Summary, warning.Detail)
				}
				for _, secret := range secrets {
					if strings.Contains(warning.Summary+warning.Detail, secret) {
						t.Errorf("the warning holds %s", secret)
					}
				}
				// An id can always be shown.
				if found := p.list(t, request{of: of}); len(found.ids) != 5 || len(found.warnings)+len(found.errors) > 0 {
					t.Errorf("%v, errors %v, warnings %v", found.ids, found.errors, found.warnings)
				}
			})
		}
	}
}

// TestListUnconfigured lists while nobody knows with which credentials.
func TestListUnconfigured(t *testing.T) {
	p := unconfigured(t)
	for of := range nouns {
		found := p.list(t, request{of: of})
		if len(found.ids) > 0 || len(found.errors) != 1 || !strings.Contains(found.errors[0].Detail, "configuration is not known") {
			t.Errorf("%v, %v", found.ids, found.errors)
		}
	}
}

// TestListLeaksNothing looks for what is secret in all that a list sends to Terraform.
func TestListLeaksNothing(t *testing.T) {
	p := newInProcess(t)
	for of := range nouns {
		fill(p.api, of, 100)
		var sent bytes.Buffer
		for result := range p.open(t.Context(), t, request{of: of, include: true}).Results {
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
// answer: after it, nothing that the list says is heard.
func TestListInterrupted(t *testing.T) {
	p := newInProcess(t, func(b *sandbox.Behaviour) { b.PageCap = 10 })
	fill(p.api, userType, 25)
	var all results
	var failed atomic.Bool
	over, paged := make(chan struct{}), make(chan struct{})
	second := sync.OnceFunc(func() {
		p.api.Inject(sandbox.Fault{Delay: time.Hour})
		close(paged)
	})
	stream := p.open(t.Context(), t, request{of: userType, include: true})
	go func() {
		for result := range stream.Results {
			p.add(t, userType, &all, result)
			failed.Store(len(all.errors) > 0)
			if len(all.ids) == 10 {
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
	if len(all.ids) != 10 || len(all.errors) != 1 || !strings.Contains(all.errors[0].Detail, "canceled") {
		t.Errorf("%d results, %v", len(all.ids), all.errors)
	}
	// A list that nobody reads keeps nobody waiting for ever, and another one works.
	p.open(t.Context(), t, request{of: userType})
	if _, err := p.StopProvider(t.Context(), &tfprotov6.StopProviderRequest{}); err != nil {
		t.Fatal(err)
	}
	if found := p.list(t, request{of: userType}); len(found.ids) != 25 || len(found.errors) > 0 {
		t.Errorf("%d results, %v", len(found.ids), found.errors)
	}
}
