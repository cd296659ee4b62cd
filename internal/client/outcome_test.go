package client_test

import (
	"bytes"
	"cmp"
	"errors"
	"io"
	"net/http"
	"regexp"
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

// people are users that a server may store with other values than those that were sent.
var creations = map[string]model.Body{
	"custom_id":       {"detail_access": 0, "first_name": "Ada", "custom_id": " Emp-42", "phone_number": "0701234567"},
	"email":           {"detail_access": 0, "first_name": "Ada", "email": "Ada.L@EXAMPLE.com", "phone_number": "0701234567"},
	"ssn":             {"detail_access": 0, "first_name": "Ada", "ssn": "19900101-2385", "phone_number": "0701234567"},
	"names":           {"detail_access": 0, "first_name": "Ada", "last_name": "Lovelace ", "phone_number": "0701234567"},
	"corporate name":  {"detail_access": 0, "corporate_name": "Ada AB", "org_no": "556012-0452"},
	"all of it":       {"detail_access": 0, "first_name": "ada", "last_name": "lovelace", "custom_id": "emp-42", "email": "Ada@example.com", "ssn": "199001012385"},
	"with an instant": {"detail_access": 0, "first_name": "Ada", "custom_id": "emp-42", "active_to": "2030-01-01T00:00:00.123456789Z"},
}

// each changes all texts that were sent.
func each(change func(name, value string) string) func(string, map[string]any) {
	return func(_ string, fields map[string]any) {
		for name, value := range fields {
			if text, ok := value.(string); ok {
				fields[name] = change(name, text)
			}
		}
	}
}

// only changes one text, if it was sent.
func only(name string, change func(string) string) func(string, map[string]any) {
	return each(func(this, value string) string {
		if this == name {
			return change(value)
		}
		return value
	})
}

// exceptInstants changes all texts but instants.
func exceptInstants(change func(string) string) func(string, map[string]any) {
	return each(func(name, value string) string {
		if name == "active_to" {
			return value
		}
		return change(value)
	})
}

// rewrites are changes that servers make to the values that they store.
var rewrites = map[string]func(kind string, fields map[string]any){
	"country code":            only("phone_number", func(s string) string { return "+46" + strings.TrimPrefix(s, "0") }),
	"trims":                   each(func(_, s string) string { return strings.TrimSpace(s) }),
	"lower case":              exceptInstants(strings.ToLower),
	"custom_id in upper case": only("custom_id", strings.ToUpper),
	"prefix of the customer":  only("custom_id", func(s string) string { return "PIG-" + s }),
	"names in capitals":       only("first_name", strings.ToUpper),
	"whole seconds":           only("active_to", func(string) string { return "2030-01-01T00:00:00Z" }),
	"separators cut out":      only("custom_id", func(s string) string { return strings.ReplaceAll(s, "-", "") }),
	"a default for another": func(_ string, fields map[string]any) {
		fields["custom_id"] = cmp.Or(fields["custom_id"], any("P-0001"))
	},
	"its own access level": func(kind string, fields map[string]any) {
		if kind == sandbox.OrganizationUser {
			fields["detail_access"] = 1
		}
	},
}

// atMostOne fails the test unless a creation with a lost response has created one person, who is either returned or named by the error.
func atMostOne(t *testing.T, s *sandbox.Sandbox, kind string, object model.Object, err error) (adopted bool) {
	t.Helper()
	all := s.All(kind)
	if len(all) != 1 || posts(s) != 1 {
		t.Fatalf("%d people after %d creations were sent: %v", len(all), posts(s), err)
	}
	id := all[0]["id"].(string)
	if err == nil && strings.EqualFold(object.ID(), id) {
		return true
	}
	if found := unknownOutcome(err); found == nil || found.Result != client.NearMatch || !slices.Contains(found.IDs, id) {
		t.Errorf("the person %s is neither returned nor named: %v, %+v", id, err, found)
	}
	return false
}

// TestRewrittenCreation has servers that store other values than those that were sent, and loses the response.
func TestRewrittenCreation(t *testing.T) {
	for rewrite, change := range rewrites {
		for person, body := range creations {
			t.Run(rewrite+"/"+person, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					s := sandbox.New(func(b *sandbox.Behaviour) { b.Rewrite = change })
					s.Inject(sandbox.Fault{Method: http.MethodPost, Drop: true, AfterCommit: true})
					object, err := newClient(t, s).OrganizationUsers().Create(t.Context(), body)
					atMostOne(t, s, kind, object, err)
				})
			})
		}
	}
}

// TestRewrittenIdentity is the same for protected identities. They are found by their tenant, whatever their other values are.
func TestRewrittenIdentity(t *testing.T) {
	for _, by := range []string{"tenant", "sub_tenant"} {
		for rewrite, change := range rewrites {
			t.Run(by+"/"+rewrite, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					s := sandbox.New(func(b *sandbox.Behaviour) { b.Rewrite = change })
					s.Inject(sandbox.Fault{Method: http.MethodPost, Drop: true, AfterCommit: true})
					object, err := newClient(t, s).ProtectedIdentities().Create(t.Context(), model.Body{
						by: model.Relation.Encode("497F6ECA-6276-4993-BFEB-53CBBBBA6F08"), "first_name": "Ada ", "email": "Ada@example.com",
						"phone_number": "0701234567", "ssn": "19900101-2385",
					})
					atMostOne(t, s, sandbox.ProtectedIdentity, object, err)
				})
			})
		}
	}
}

// TestTwoClocks has a gateway and a database with different clocks: Date comes from one, and created_at from the other.
func TestTwoClocks(t *testing.T) {
	for name, c := range map[string]struct {
		date  time.Duration // of the responses, ahead of created_at
		adopt bool          // the contract promises it
	}{
		"together":       {0, true},
		"half a second":  {500 * time.Millisecond, true},
		"one second":     {time.Second, true},
		"two seconds":    {2 * time.Second, false},
		"half a minute":  {30 * time.Second, false},
		"nine minutes":   {9 * time.Minute, false},
		"created later":  {-2 * time.Second, true},
		"minutes later":  {-9 * time.Minute, true},
		"an hour later":  {-time.Hour, true},
		"seconds behind": {-time.Second, true},
	} {
		for _, skew := range []time.Duration{0, 72 * time.Hour, -72 * time.Hour} { // of both against ours
			for at := time.Duration(0); at < time.Second; at += 130 * time.Millisecond {
				synctest.Test(t, func(t *testing.T) {
					time.Sleep(at)
					for _, kind := range []string{sandbox.OrganizationUser, sandbox.ProtectedIdentity} {
						s := sandbox.New(func(b *sandbox.Behaviour) { b.DateSkew, b.ClockSkew, b.Latency = c.date, skew, 60*time.Millisecond })
						s.Inject(sandbox.Fault{Method: http.MethodPost, Drop: true, AfterCommit: true})
						people, body := newClient(t, s).OrganizationUsers(), bodies["email"]
						if kind == sandbox.ProtectedIdentity {
							people = newClient(t, s).ProtectedIdentities()
							body = model.Body{"tenant": model.Relation.Encode("497f6eca-6276-4993-bfeb-53cbbbba6f08")}
						}
						object, err := people.Create(t.Context(), body)
						if adopted := atMostOne(t, s, kind, object, err); c.adopt && !adopted {
							t.Errorf("%s, %s, after %s: not adopted, %v", name, kind, at, err)
						}
					}
				})
			}
		}
	}
}

// TestSecondsCutOff has a server that stores created_at without fractions of a second. It sends requests at different times within a second.
func TestSecondsCutOff(t *testing.T) {
	for at := time.Duration(0); at < time.Second; at += 90 * time.Millisecond {
		synctest.Test(t, func(t *testing.T) {
			s := sandbox.New(func(b *sandbox.Behaviour) {
				b.Rewrite = func(_ string, fields map[string]any) { fields["created_at"] = time.Now().UTC().Format(time.RFC3339) }
			})
			time.Sleep(at)
			s.Inject(sandbox.Fault{Method: http.MethodPost, Drop: true, AfterCommit: true})
			object, err := newClient(t, s).OrganizationUsers().Create(t.Context(), bodies["names"])
			if !atMostOne(t, s, kind, object, err) {
				t.Errorf("after %s: not adopted, %v", at, err)
			}
		})
	}
}

// inUpperCase writes the ids in lists in upper case.
type inUpperCase struct{ next http.RoundTripper }

var uuids = regexp.MustCompile(`"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"`)

// RoundTrip implements http.RoundTripper.
func (u inUpperCase) RoundTrip(req *http.Request) (*http.Response, error) {
	resp, err := u.next.RoundTrip(req)
	if err != nil || !strings.HasSuffix(req.URL.Path, "/list/") {
		return resp, err
	}
	body, err := io.ReadAll(resp.Body)
	resp.Body = io.NopCloser(bytes.NewReader(uuids.ReplaceAllFunc(body, bytes.ToUpper)))
	return resp, err
}

// TestIDsInAnotherCase has a server that writes ids in another case in lists: managed users must still be recognized.
func TestIDsInAnotherCase(t *testing.T) {
	for _, committed := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			s := sandbox.New()
			users := newClient(t, s, func(c *transport.Config) { c.Network = inUpperCase{s.Transport()} }).OrganizationUsers()
			first, err := users.Create(t.Context(), bodies["names"])
			if err != nil {
				t.Fatal(err)
			}
			s.Inject(sandbox.Fault{Method: http.MethodPost, Status: 502, AfterCommit: committed, BeforeCommit: !committed})
			second, err := users.Create(t.Context(), bodies["names"])
			if err != nil || strings.EqualFold(first.ID(), second.ID()) || len(s.All(kind)) != 2 {
				t.Errorf("committed is %v: %v, %d people", committed, err, len(s.All(kind)))
			}
		})
	}
}

// TestReplacementInDoubt creates the replacement of a user while the old user still exists and is as declared. With any outcome of the creation,
// one user must be left.
func TestReplacementInDoubt(t *testing.T) {
	for name, c := range map[string]struct {
		fault  sandbox.Fault
		delete bool // before the creation
	}{
		"not made, create first": {sandbox.Fault{Status: 502, BeforeCommit: true}, false},
		"made, create first":     {sandbox.Fault{Status: 502, AfterCommit: true}, false},
		"not made, delete first": {sandbox.Fault{Status: 502, BeforeCommit: true}, true},
		"made, delete first":     {sandbox.Fault{Status: 502, AfterCommit: true}, true},
	} {
		for _, readBefore := range []bool{true, false} {
			for _, lag := range []time.Duration{0, 3 * time.Second} {
				synctest.Test(t, func(t *testing.T) {
					s := sandbox.New(func(b *sandbox.Behaviour) { b.LagInLists = lag })
					old := s.Put(kind, bodies["names"])
					users := newClient(t, s).OrganizationUsers()
					if readBefore {
						if _, err := users.Get(t.Context(), old); err != nil {
							t.Fatal(err)
						}
					}
					if c.delete {
						if err := users.Delete(t.Context(), old); err != nil {
							t.Fatal(err)
						}
					}
					c.fault.Method = http.MethodPost
					s.Inject(c.fault)
					object, err := users.Create(t.Context(), bodies["names"])
					if err == nil && !c.delete {
						err = users.Delete(t.Context(), old)
						if object.ID() == old && !errors.Is(err, client.ErrAdopted) {
							t.Errorf("%s, read before is %v: the deletion of what the creation has adopted ends with %v", name, readBefore, err)
						}
					}
					if left := len(s.All(kind)); left == 0 && err == nil {
						t.Errorf("%s, read before is %v: nobody is left", name, readBefore)
					}
				})
			}
		}
	}
}
