package sandbox

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pigello/terraform-provider-pigello/internal/apispec"
)

// The kinds of objects: the entities of the API description.
const (
	OrganizationUser  = apispec.OrganizationUser
	ProtectedIdentity = apispec.ProtectedIdentity
	Subtenant         = apispec.Subtenant
)

// Sandbox is one Pigello customer in memory. Use [New]; all methods may be called concurrently.
type Sandbox struct {
	description *description

	configuring sync.Mutex
	behaviour   atomic.Pointer[Behaviour]

	store  store
	log    requestLog
	faults faultQueue
}

// New returns an empty sandbox with the default behaviour and the given changes.
func New(changes ...func(*Behaviour)) *Sandbox {
	d, err := describe()
	if err != nil {
		panic(err) // the description is part of the program
	}
	s := &Sandbox{description: d, store: newStore(d)}
	s.behaviour.Store(&Behaviour{Credentials: map[string]string{
		d.headers["customer_id"]:        "11111111-1111-4111-8111-111111111111",
		d.headers["application_id"]:     "22222222-2222-4222-8222-222222222222",
		d.headers["service_id"]:         "33333333-3333-4333-8333-333333333333",
		d.headers["service_version_id"]: "44444444-4444-4444-8444-444444444444",
		d.headers["client_ct"]:          "accounts.integrationuseragent",
		d.headers["client_object_id"]:   "55555555-5555-4555-8555-555555555555",
		d.headers["client_secret"]:      "sandbox-client-secret",
	}})
	for _, change := range changes {
		s.Configure(change)
	}
	return s
}

// Environment returns the environment variables with which the provider uses the sandbox at the given address: PIGELLO_BASE_URL, and one
// for each credential, in the form NAME=value.
func (s *Sandbox) Environment(baseURL string) []string {
	credentials := s.behaviour.Load().Credentials
	environment := []string{"PIGELLO_BASE_URL=" + strings.TrimSuffix(baseURL, "/")}
	for _, header := range slices.Sorted(maps.Keys(credentials)) {
		name := strings.ReplaceAll(strings.TrimPrefix(header, "X-"), "-", "_")
		environment = append(environment, name+"="+credentials[header])
	}
	return environment
}

// Put stores an object without validating it, and returns its id. Other fields get the values that a server would give them. An object with
// the same id is replaced.
func (s *Sandbox) Put(kind string, fields map[string]any) string {
	e := s.description.entity(kind)
	given := e.normalise(fields)
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	return s.store.put(e, given, s.now()).id
}

// Get returns a copy of an object as it is stored, without the changes of a [Behaviour]. Numbers are float64.
func (s *Sandbox) Get(kind, id string) (map[string]any, bool) {
	e := s.description.entity(kind)
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	r := s.store.tables[e].get(id)
	if r == nil {
		return nil, false
	}
	return copyPlainObject(r.fields), true
}

// All returns copies of all objects of a kind, like [Sandbox.Get], in the order in which they were stored.
func (s *Sandbox) All(kind string) []map[string]any {
	e := s.description.entity(kind)
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	t := s.store.tables[e]
	all := make([]map[string]any, 0, len(t.inOrder))
	for _, r := range t.inOrder {
		all = append(all, copyPlainObject(r.fields))
	}
	return all
}

// Change sets fields of an object without validating them, like a change that is not made with Terraform.
func (s *Sandbox) Change(kind, id string, fields map[string]any) {
	e := s.description.entity(kind)
	given := e.normalise(fields)
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	r := s.store.tables[e].get(id)
	if r == nil {
		panic(fmt.Sprintf("sandbox: no %s %s to change", kind, id))
	}
	s.store.update(e, r, given)
}

// Remove deletes an object, if it exists, like a deletion that is not made with Terraform.
func (s *Sandbox) Remove(kind, id string) {
	e := s.description.entity(kind)
	s.store.mu.Lock()
	defer s.store.mu.Unlock()
	s.store.tables[e].remove(id)
}

// now is the server's clock.
func (s *Sandbox) now() time.Time {
	return time.Now().Add(s.behaviour.Load().ClockSkew)
}

// normalise converts Go values of a test into what decode returns for their JSON.
func (e *entity) normalise(fields map[string]any) map[string]any {
	for name := range fields {
		if _, ok := e.fields[name]; !ok {
			panic(fmt.Sprintf("sandbox: %s has no field %s", e.kind, name))
		}
	}
	text, err := json.Marshal(fields)
	if err != nil {
		panic(fmt.Sprintf("sandbox: %s: %v", e.kind, err))
	}
	decoded, err := decode(text)
	if err != nil {
		panic(fmt.Sprintf("sandbox: %s: %v", e.kind, err))
	}
	object, _ := decoded.(map[string]any)
	return object
}

// decode keeps the spelling of numbers, so that an object is returned with the digits that were sent.
func decode(text []byte) (any, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var value any
	if err := d.Decode(&value); err != nil {
		return nil, err
	}
	if d.More() {
		return nil, fmt.Errorf("something follows the value")
	}
	return value, nil
}

// copyPlainObject and copyPlain copy a value with numbers as float64, like the default of encoding/json.
func copyPlainObject(object map[string]any) map[string]any {
	if object == nil {
		return nil
	}
	copied := make(map[string]any, len(object))
	for name, value := range object {
		copied[name] = copyPlain(value)
	}
	return copied
}

func copyPlain(value any) any {
	switch value := value.(type) {
	case map[string]any:
		return copyPlainObject(value)
	case []any:
		copied := make([]any, len(value))
		for i, element := range value {
			copied[i] = copyPlain(element)
		}
		return copied
	case json.Number:
		number, err := value.Float64()
		if err != nil {
			return value.String()
		}
		return number
	}
	return value
}
