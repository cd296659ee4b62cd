package client

import (
	"context"
	"maps"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/pigello/terraform-provider-pigello/internal/client/model"
	"github.com/pigello/terraform-provider-pigello/internal/client/transport"
)

// ids is a set of ids, whose case does not count.
type ids struct {
	mu  sync.Mutex
	set map[string]bool
}

// add adds an id and reports whether it is new.
func (s *ids) add(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.set == nil {
		s.set = map[string]bool{}
	}
	id = strings.ToLower(id)
	known := s.set[id]
	s.set[id] = true
	return !known
}

func (s *ids) has(id string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.set[strings.ToLower(id)]
}

// keyedLock lets one holder of a key proceed at a time.
type keyedLock struct {
	mu   sync.Mutex
	held map[string]chan struct{}
}

// lock waits for the key and returns what frees it. It fails only when ctx ends.
func (l *keyedLock) lock(ctx context.Context, key string) (unlock func(), err error) {
	for {
		l.mu.Lock()
		if l.held == nil {
			l.held = map[string]chan struct{}{}
		}
		other, taken := l.held[key]
		if !taken {
			mine := make(chan struct{})
			l.held[key] = mine
			l.mu.Unlock()
			return func() {
				l.mu.Lock()
				defer l.mu.Unlock()
				delete(l.held, key)
				close(mine)
			}, nil
		}
		l.mu.Unlock()
		select {
		case <-other:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// pendingCreates is the set of creations that have not ended yet.
type pendingCreates struct {
	mu     sync.Mutex
	bodies map[*creation]bool
}

type creation struct {
	entity string
	body   model.Body
}

// begin adds a creation and returns what ends it.
func (u *pendingCreates) begin(entity model.Entity, body model.Body) (end func()) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.bodies == nil {
		u.bodies = map[*creation]bool{}
	}
	mine := &creation{entity.Name, body}
	u.bodies[mine] = true
	return func() {
		u.mu.Lock()
		defer u.mu.Unlock()
		delete(u.bodies, mine)
	}
}

// claims reports whether another creation than that of body may have made an object. Creations with an equal key wait for each other,
// but one may be found by another key: an e-mail address alone, say, and the same with a custom_id.
func (u *pendingCreates) claims(entity model.Entity, body model.Body, object model.Object) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	others := 0
	for other := range u.bodies {
		if other.entity == entity.Name && entity.IsAs(object, other.body) && !entity.Contradict(body, other.body) {
			others++
		}
	}
	return others > 1 // the creation itself is one of them
}

// explains reports whether an object is that of another creation, and cannot be that of body.
func (u *pendingCreates) explains(entity model.Entity, body model.Body, object model.Object) bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	for other := range u.bodies {
		if other.entity == entity.Name && entity.IsAs(object, other.body) && entity.Contradict(body, other.body) {
			return true
		}
	}
	return false
}

// Scope is what decides which objects the API shows: its host, and the six header values that are not secret, by the name of
// the provider's attribute. The version of the client, at the end of client_ct, is no part of it.
type Scope map[string]string

func scopeOf(cfg transport.Config) Scope {
	return Scope{
		"host":               strings.ToLower(cfg.BaseURL.Host),
		"customer_id":        cfg.Credentials.CustomerID,
		"application_id":     cfg.Credentials.ApplicationID,
		"service_id":         cfg.Credentials.ServiceID,
		"service_version_id": cfg.Credentials.ServiceVersionID,
		"client_ct":          withoutVersion(cfg.Credentials.ClientCT),
		"client_entity":      cfg.Credentials.ClientEntity,
	}
}

// versionSuffix is the last part of a client_ct such as prod,mypages,1.0.0, if it looks like a version: a number with dots.
var versionSuffix = regexp.MustCompile(`,\s*v?\d+(\.\d+)+([-+][0-9A-Za-z.+-]*)?\s*$`)

func withoutVersion(clientCT string) string { return versionSuffix.ReplaceAllString(clientCT, "") }

// Scope returns what decides which objects the API shows to this client.
func (c *Client) Scope() Scope { return maps.Clone(c.scope) }

// Differing returns the names of what differs between two scopes.
func (s Scope) Differing(other Scope) []string {
	var names []string
	for _, name := range slices.Sorted(maps.Keys(s)) {
		if s[name] != other[name] {
			names = append(names, name)
		}
	}
	return names
}

// HasShown reports whether the API has shown an object of this kind, so that the credentials are good for something.
func (c *Collection) HasShown() bool { return c.client.shown.has(c.Entity.Name) }

// Shown reports whether the API shows any object of this kind at all. It asks only if no object was read before.
func (c *Collection) Shown(ctx context.Context) (bool, error) {
	if c.client.shown.has(c.Entity.Name) {
		return true, nil
	}
	page, err := c.page(ctx, nil, 1, 1)
	if transport.IsNotFound(err) {
		return false, nil // how some servers answer that there is not even a first page
	}
	if len(page.objects) > 0 {
		c.client.shown.add(c.Entity.Name)
	}
	return len(page.objects) > 0, err
}
