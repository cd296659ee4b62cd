package client_test

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/pigello/terraform-provider-pigello/internal/client"
	"github.com/pigello/terraform-provider-pigello/internal/client/model"
	"github.com/pigello/terraform-provider-pigello/internal/client/transport"
	"github.com/pigello/terraform-provider-pigello/internal/sandbox"
)

const kind = sandbox.OrganizationUser

// newClient returns a client of a sandbox, without a network.
func newClient(t *testing.T, s *sandbox.Sandbox, changes ...func(*transport.Config)) *client.Client {
	t.Helper()
	base, err := transport.ParseBaseURL("https://host.example")
	if err != nil {
		t.Fatal(err)
	}
	config := transport.Config{
		BaseURL: base, UserAgent: "test", RequestTimeout: transport.DefaultRequestTimeout,
		MaxRetries: transport.DefaultMaxRetries, Network: s.Transport(),
	}
	for _, variable := range s.Environment("")[1:] {
		name, value, _ := strings.Cut(variable, "=")
		c := &config.Credentials
		*map[string]*string{
			"PIGELLO_CUSTOMER_ID": &c.CustomerID, "PIGELLO_APPLICATION_ID": &c.ApplicationID, "PIGELLO_SERVICE_ID": &c.ServiceID,
			"PIGELLO_SERVICE_VERSION_ID": &c.ServiceVersionID, "PIGELLO_CLIENT_CT": &c.ClientCT,
			"PIGELLO_CLIENT_ENTITY": &c.ClientEntity, "PIGELLO_CLIENT_SECRET": &c.ClientSecret,
		}[name] = value
	}
	for _, change := range changes {
		change(&config)
	}
	return client.New(config)
}

// unknownOutcome returns the search of an unknown outcome, or nil for other errors.
func unknownOutcome(err error) *client.Search {
	if e, ok := errors.AsType[*client.UnknownOutcomeError](err); ok {
		return &e.Search
	}
	return nil
}

// bodies are users who differ only in their best identifying field.
var bodies = map[string]model.Body{
	"custom_id": {"detail_access": 0, "first_name": "Ada", "custom_id": "emp-42", "email": "ada@EXAMPLE.com"},
	"email":     {"detail_access": 0, "first_name": "Ada", "email": "Ada@EXAMPLE.com"},
	"ssn":       {"detail_access": 0, "first_name": "Ada", "ssn": "19900101-2385"},
	"names":     {"detail_access": 0, "first_name": "Ada", "last_name": "Lovelace"},
}

// ends are the ways in which the response to a creation may be lost.
var ends = map[string]sandbox.Fault{
	"reset":           {Drop: true},
	"cut in two":      {Truncate: true},
	"client timeout":  {Delay: time.Minute},
	"408":             {Status: 408},
	"500":             {Status: 500},
	"502, a web page": {Status: 502, Body: "<html>"},
	"503 with a wait": {Status: 503, Header: http.Header{"Retry-After": {"3"}}},
	"504":             {Status: 504},
	"524":             {Status: 524},
	"a slow 503":      {Status: 503, Delay: 12 * time.Second},
	"a web page":      {Status: 200, Body: "<html>"},
	"{}":              {Status: 201, Body: "{}"},
	"null":            {Status: 201, Body: "null"},
	"nothing":         {Status: 204},
}

func posts(s *sandbox.Sandbox) int {
	n := 0
	for _, r := range s.Requests() {
		if r.Method == http.MethodPost {
			n++
		}
	}
	return n
}

func forEachEnd(t *testing.T, test func(t *testing.T, body model.Body, fault sandbox.Fault)) {
	for name, fault := range ends {
		for by, body := range bodies {
			fault.Method = http.MethodPost
			t.Run(name+" by "+by, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) { test(t, body, fault) })
			})
		}
	}
}

// TestCommittedAndLost is the most important case: the object was created, and the response was lost.
func TestCommittedAndLost(t *testing.T) {
	servers := map[string]func(*sandbox.Behaviour){
		"plain":                func(*sandbox.Behaviour) {},
		"slow to list":         func(b *sandbox.Behaviour) { b.LagInLists = 4 * time.Second },
		"ahead":                func(b *sandbox.Behaviour) { b.ClockSkew = 48 * time.Hour },
		"behind":               func(b *sandbox.Behaviour) { b.ClockSkew = -48 * time.Hour },
		"hiding":               func(b *sandbox.Behaviour) { b.Hide = []string{"first_name", "last_name", "email", "ssn"} },
		"spelling":             func(b *sandbox.Behaviour) { b.LowerEmailDomain, b.Separators = true, "strip" },
		"ignoring filters":     func(b *sandbox.Behaviour) { b.IgnoreFilters = true },
		"slow":                 func(b *sandbox.Behaviour) { b.Latency = 900 * time.Millisecond },
		"without page after 1": func(b *sandbox.Behaviour) { b.PastEnd = "404" },
	}
	for name, server := range servers {
		t.Run(name, func(t *testing.T) {
			forEachEnd(t, func(t *testing.T, body model.Body, fault sandbox.Fault) {
				s := sandbox.New(server)
				fault.AfterCommit = true
				s.Inject(fault)
				object, err := newClient(t, s).OrganizationUsers().Create(t.Context(), body)
				if err != nil {
					t.Fatal(err)
				}
				if all := s.All(kind); len(all) != 1 || all[0]["id"] != object.ID() || posts(s) != 1 {
					t.Errorf("got %s, the server has %v after %d requests", object.ID(), all, posts(s))
				}
			})
		})
	}
}

// TestSecondPrecision sends the request at different times within a second, with different clocks.
func TestSecondPrecision(t *testing.T) {
	for after := time.Duration(0); after < time.Second; after += 7 * time.Millisecond {
		synctest.Test(t, func(t *testing.T) {
			s := sandbox.New(func(b *sandbox.Behaviour) { b.ClockSkew = 333 * time.Millisecond; b.Latency = 70 * time.Millisecond })
			users := newClient(t, s).OrganizationUsers()
			time.Sleep(after)
			s.Inject(sandbox.Fault{Method: http.MethodPost, Drop: true, AfterCommit: true})
			go func() {
				time.Sleep(100 * time.Millisecond)
				made := s.All(kind)[0]
				at, _ := time.Parse(time.RFC3339, made["created_at"].(string))
				s.Change(kind, made["id"].(string), map[string]any{"created_at": at.Truncate(time.Second).Format(time.RFC3339)})
			}()
			if _, err := users.Create(t.Context(), bodies["custom_id"]); err != nil || len(s.Requests()) > 3 {
				t.Errorf("after %s: %v, %d requests", after, err, len(s.Requests()))
			}
		})
	}
}

// TestLostBeforeCommit is the other case: the object was not created. The request is sent again, unless the server may still be processing it.
func TestLostBeforeCommit(t *testing.T) {
	forEachEnd(t, func(t *testing.T, body model.Body, fault sandbox.Fault) {
		s := sandbox.New()
		fault.BeforeCommit = true
		final := fault.Truncate || fault.Delay > 0 || fault.Status == 504 || fault.Status == 524 || fault.Status == 408 ||
			fault.Status >= 200 && fault.Status < 300
		if fault.Truncate {
			fault.Status, fault.Body = 201, `{"id": "497f6eca-6276-4993-bfeb-53cbbbba6f08"}`
		}
		s.Inject(fault)
		start := time.Now()
		object, err := newClient(t, s).OrganizationUsers().Create(t.Context(), body)
		if !final {
			if err != nil || posts(s) != 2 || len(s.All(kind)) != 1 || s.All(kind)[0]["id"] != object.ID() {
				t.Fatalf("%v after %d requests, %d users", err, posts(s), len(s.All(kind)))
			}
			if took := time.Since(start); took < 5*time.Second {
				t.Errorf("sent again after %s of looking", took)
			}
			return
		}
		var e *transport.Error
		if !errors.As(err, &e) || unknownOutcome(err) == nil || posts(s) != 1 || len(s.All(kind)) != 0 || len(unknownOutcome(err).IDs) != 0 {
			t.Errorf("%#v after %d requests", err, posts(s))
		}
	})
}

// TestEqualObjectsAreNotAdopted has an object as declared that existed before, or that is in a state already.
func TestEqualObjectsAreNotAdopted(t *testing.T) {
	forEachEnd(t, func(t *testing.T, body model.Body, fault sandbox.Fault) {
		s := sandbox.New()
		users := newClient(t, s).OrganizationUsers()
		equal := s.Put(kind, body)
		time.Sleep(5 * time.Second)
		known, err := users.Create(t.Context(), body)
		if err != nil {
			t.Fatal(err)
		}
		fault.AfterCommit = true
		s.Inject(fault)
		object, err := users.Create(t.Context(), body)
		if err != nil || object.ID() == equal || object.ID() == known.ID() || len(s.All(kind)) != 3 {
			t.Errorf("%v, %s, %d users", err, object.ID(), len(s.All(kind)))
		}
	})
}

// TestSearchImpossible leaves the outcome unknown, and says why.
func TestSearchImpossible(t *testing.T) {
	for name, c := range map[string]struct {
		server func(*sandbox.Behaviour)
		faults []sandbox.Fault
		says   string
	}{
		"lists forbidden": {server: func(b *sandbox.Behaviour) { b.ForbidLists = true }, says: "403"},
		"lists broken":    {faults: []sandbox.Fault{{Path: "/list/", Status: 500, Times: -1}}, says: "500"},
		"no clock": {
			faults: []sandbox.Fault{{Path: "/list/", Header: http.Header{"Date": {"soon"}}, Times: -1}},
		},
	} {
		t.Run(name, func(t *testing.T) {
			for _, after := range []bool{true, false} {
				if name == "no clock" && !after {
					continue // without an object, its time does not matter
				}
				synctest.Test(t, func(t *testing.T) {
					s := sandbox.New()
					if c.server != nil {
						s.Configure(c.server)
					}
					s.Inject(append(c.faults, sandbox.Fault{Method: http.MethodPost, Drop: true, AfterCommit: after})...)
					_, err := newClient(t, s).OrganizationUsers().Create(t.Context(), bodies["email"])
					var e *transport.Error
					if !errors.As(err, &e) || unknownOutcome(err) == nil || posts(s) != 1 {
						t.Fatalf("%#v after %d requests", err, posts(s))
					}
					if name == "no clock" {
						if found := unknownOutcome(err); found.Result != client.NearMatch || len(found.IDs) != 1 {
							t.Errorf("%+v, want the one user as a near match", found)
						}
						return
					}
					if unknownOutcome(err).Err == nil || !strings.Contains(unknownOutcome(err).Err.Error(), c.says) {
						t.Errorf("%v", unknownOutcome(err).Err)
					}
				})
			}
		})
	}
}

// TestSeveralCandidates has several objects as declared, so the outcome is unknown.
func TestSeveralCandidates(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := sandbox.New(func(b *sandbox.Behaviour) { b.Latency = 50 * time.Millisecond })
		s.Inject(sandbox.Fault{Method: http.MethodPost, Drop: true, AfterCommit: true})
		other := make(chan string, 1)
		time.AfterFunc(10*time.Millisecond, func() { other <- s.Put(kind, bodies["email"]) })
		_, err := newClient(t, s).OrganizationUsers().Create(t.Context(), bodies["email"])
		var e *transport.Error
		if !errors.As(err, &e) || unknownOutcome(err) == nil || len(unknownOutcome(err).IDs) != 2 || posts(s) != 1 {
			t.Fatalf("%#v after %d requests", err, posts(s))
		}
		if id := <-other; !slices.Contains(unknownOutcome(err).IDs, id) {
			t.Errorf("%v lacks %s", unknownOutcome(err).IDs, id)
		}
	})
}

// TestTakenByOneself has a server that shows a new object late, and refuses the second request because of it, in whatever words.
func TestTakenByOneself(t *testing.T) {
	for _, says := range []string{"This field must be unique.", "Det här fältet måste vara unikt.", "Dieser Wert ist vergeben."} {
		synctest.Test(t, func(t *testing.T) {
			s := sandbox.New(func(b *sandbox.Behaviour) { b.LagInLists = 7 * time.Second })
			s.Configure(func(b *sandbox.Behaviour) {
				b.Refuse = func(method, _ string, _ map[string]any) (int, any) {
					if method == http.MethodPost && len(s.All(kind)) > 0 {
						return http.StatusBadRequest, map[string]any{"custom_id": []string{says}}
					}
					return 0, nil
				}
			})
			s.Inject(sandbox.Fault{Method: http.MethodPost, Drop: true, AfterCommit: true})
			object, err := newClient(t, s).OrganizationUsers().Create(t.Context(), bodies["custom_id"])
			if err != nil || len(s.All(kind)) != 1 || s.All(kind)[0]["id"] != object.ID() {
				t.Errorf("%s: %v, %d users", says, err, len(s.All(kind)))
			}
		})
	}
}

// TestShownLate has a server that shows the object of the first request only after the second request, whose response was lost.
func TestShownLate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := sandbox.New(func(b *sandbox.Behaviour) { b.LagInLists = 7 * time.Second })
		s.Inject(sandbox.Fault{Method: http.MethodPost, Drop: true, AfterCommit: true}, sandbox.Fault{Method: http.MethodPost, Drop: true})
		object, err := newClient(t, s).OrganizationUsers().Create(t.Context(), bodies["email"])
		if err != nil || len(s.All(kind)) != 1 || s.All(kind)[0]["id"] != object.ID() {
			t.Errorf("%v, %d users", err, len(s.All(kind)))
		}
	})
}

// TestProtectedIdentities searches for protected identities by their tenant or subtenant.
func TestProtectedIdentities(t *testing.T) {
	for _, by := range []string{"tenant", "sub_tenant"} {
		body := model.Body{
			by: model.Relation.Encode("497F6ECA-6276-4993-BFEB-53CBBBBA6F08"), "first_name": "Ada", "email": "ada@example.com",
		}
		for name, fault := range ends {
			for _, hide := range [][]string{nil, {"first_name", "email"}} {
				t.Run(fmt.Sprint(by, " ", name, " ", hide != nil), func(t *testing.T) {
					synctest.Test(t, func(t *testing.T) {
						s := sandbox.New(func(b *sandbox.Behaviour) { b.Hide = hide })
						other := map[string]any{by: map[string]any{"id": "deadbeef-6276-4993-bfeb-53cbbbba6f08"}, "first_name": "Ada", "email": "ada@example.com"}
						s.Put(sandbox.ProtectedIdentity, other)
						fault.Method, fault.AfterCommit = http.MethodPost, true
						s.Inject(fault)
						object, err := newClient(t, s).ProtectedIdentities().Create(t.Context(), body)
						if err != nil {
							t.Fatal(err)
						}
						if all := s.All(sandbox.ProtectedIdentity); len(all) != 2 || all[1]["id"] != object.ID() {
							t.Errorf("%s is not among %v", object.ID(), all)
						}
					})
				})
			}
		}
	}
}
